/**
 * What the failure of a `fetch` proves, for random error trees, compared with a verdict from the same data.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { transportFailure } from "../src/internal/http/transportFailure.ts"

// An error tree as data. The tree and the verdict are made from it.
interface Tree {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly cause?: Tree | undefined
  readonly reason?: Tree | undefined
  readonly errors?: ReadonlyArray<Tree | null> | undefined
  readonly make: "error" | "object" | "frozen" | "proxy" | "class" | "null prototype"
  /** A property that throws when it is read. */
  readonly throws?: string | undefined
}

const proofs = {
  syscalls: ["getaddrinfo", "connect"],
  timeouts: ["UND_ERR_CONNECT_TIMEOUT"],
  certificates: [
    "CERT_HAS_EXPIRED",
    "CERT_NOT_YET_VALID",
    "CERT_REVOKED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "HOSTNAME_MISMATCH",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
  ]
}

const codes = [
  ...proofs.timeouts,
  ...proofs.certificates,
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_SOCKET",
  "UND_ERR_HEADERS_TIMEOUT",
  "ERR_SSL_NO_CIPHER",
  "ABORT_ERR",
  "ConnectionRefused",
  "UnexpectedRedirect",
  "connect",
  "",
  "cert_has_expired",
  "CERT_HAS_EXPIRED ",
  "HPE_X"
]
const syscalls = [...proofs.syscalls, "read", "write", "", "CONNECT", "connect ", "connectx", "shutdown", "getnameinfo"]

const oddity = fc.constantFrom<unknown>(undefined, null, 0, -111, 23, true, ["connect"], { syscall: "connect" }, 10n)

const codeOf = fc.option(
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom<unknown>(...codes) }, { weight: 1, arbitrary: oddity }, fc.string()),
  { nil: undefined }
)
const syscallOf = fc.option(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<unknown>(...syscalls) },
    { weight: 1, arbitrary: oddity },
    fc.string()
  ),
  { nil: undefined }
)

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    code: codeOf,
    syscall: syscallOf,
    cause: fc.option(tie("tree"), { nil: undefined, freq: 3, depthIdentifier: "tree" }),
    reason: fc.option(tie("tree"), { nil: undefined, freq: 1, depthIdentifier: "tree" }),
    errors: fc.option(fc.array(fc.option(tie("tree"), { freq: 8 }), { maxLength: 3, depthIdentifier: "tree" }), {
      nil: undefined,
      freq: 1,
      depthIdentifier: "tree"
    }),
    make: fc.constantFrom("error", "object", "frozen", "proxy", "class", "null prototype"),
    throws: fc.option(fc.constantFrom("code", "syscall", "cause", "reason", "errors", "message"), {
      nil: undefined,
      freq: 1
    })
  })
}))

const build = (tree: Tree): object => {
  const fields: Record<string, unknown> = { code: tree.code, syscall: tree.syscall }
  if (tree.cause !== undefined) fields["cause"] = build(tree.cause)
  if (tree.reason !== undefined) fields["reason"] = build(tree.reason)
  if (tree.errors !== undefined)
    fields["errors"] = tree.errors.map((member) => (member === null ? undefined : build(member)))
  const base: object =
    tree.make === "error"
      ? new TypeError("fetch failed")
      : tree.make === "null prototype"
        ? (Object.create(null) as object)
        : tree.make === "class"
          ? new (class Odd {
              get message(): string {
                throw new Error("no message")
              }
            })()
          : {}
  for (const [key, value] of Object.entries(fields)) {
    Object.defineProperty(base, key, {
      configurable: true,
      ...(tree.throws === key
        ? {
            get: () => {
              throw new Error("no reading")
            }
          }
        : { value, enumerable: true })
    })
  }
  if (tree.make === "proxy") {
    return new Proxy(base, {
      has: () => {
        throw new Error("no asking")
      },
      ownKeys: () => {
        throw new Error("no listing")
      },
      getPrototypeOf: () => {
        throw new Error("no descent")
      }
    })
  }
  return tree.make === "frozen" ? Object.freeze(base) : base
}

// The expected verdict, computed independently: every code and system call must be on the allow-list, also those of the
// members of an aggregate.
type Verdict = "proof" | "nothing" | "no proof"

const judge = (tree: Tree): Verdict => {
  const read = (key: "code" | "syscall"): string | undefined => {
    const value = tree[key]
    return tree.throws !== key && typeof value === "string" ? value : undefined
  }
  const members = tree.throws === "errors" ? [] : (tree.errors ?? [])
  const code = read("code")
  const syscall = read("syscall")
  const verdicts: Array<Verdict> = []
  for (const member of members) verdicts.push(member !== null && judge(member) === "proof" ? "proof" : "no proof")
  if (code !== undefined || syscall !== undefined) {
    const isAlone =
      tree.make !== "proxy" && [tree.cause, tree.reason, tree.errors].every((below) => below === undefined)
    const isProof =
      syscall === undefined && code === "ECONNREFUSED"
        ? isAlone
        : syscall === undefined || syscall === ""
          ? proofs.timeouts.includes(code ?? "") || proofs.certificates.includes(code ?? "")
          : proofs.syscalls.includes(syscall)
    // The code of an aggregate repeats that of a member, so it adds nothing if the members are proofs.
    const isRepeated = syscall === undefined && members.some((member) => member !== null && isProven(member, code))
    if (!isRepeated) verdicts.push(isProof ? "proof" : "no proof")
  }
  if (tree.cause !== undefined && tree.throws !== "cause") verdicts.push(judge(tree.cause))
  if (tree.reason !== undefined && tree.throws !== "reason") verdicts.push(judge(tree.reason))
  return verdicts.includes("no proof") ? "no proof" : verdicts.includes("proof") ? "proof" : "nothing"
}

const isProven = (tree: Tree, code: string | undefined): boolean =>
  (tree.throws !== "code" && tree.code === code) ||
  [tree.throws === "cause" ? undefined : tree.cause, tree.throws === "reason" ? undefined : tree.reason]
    .concat(tree.throws === "errors" ? [] : (tree.errors ?? []).map((member) => member ?? undefined))
    .some((below) => below !== undefined && isProven(below, code))

describe("100,000 random error trees", () => {
  it("are reported as not sent only by the allow-list, and always if it applies", () => {
    let proven = 0
    fc.assert(
      fc.property(tree, (tree) => {
        const expected = judge(tree) === "proof"
        if (expected) proven += 1
        assert.strictEqual(transportFailure(build(tree)).isNotSent, expected)
      }),
      { numRuns: 100_000 }
    )
    // Otherwise the property would prove little.
    assert.isAbove(proven, 1_000)
  })

  it("are reported in fixed words", () => {
    fc.assert(
      fc.property(tree, (tree) => {
        const { code, reason } = transportFailure(build(tree))
        assert.include(["dns", "connect", "tls", "reset", "redirect", "other"], reason)
        if (code !== undefined) assert.match(code, /^[A-Z][A-Z0-9_]{1,63}$/)
      }),
      { numRuns: 20_000 }
    )
  })

  it("may be any value of JavaScript", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true }),
        (value) => {
          assert.isFalse(transportFailure(value).isNotSent)
          assert.isFalse(transportFailure({ cause: value }).isNotSent)
          assert.isFalse(transportFailure({ errors: value }).isNotSent)
        }
      ),
      { numRuns: 10_000 }
    )
  })
})
