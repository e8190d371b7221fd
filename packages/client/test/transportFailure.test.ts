/**
 * What the failure of a `fetch` proves: `not-sent` only by the allow-list, and an answer for whatever was thrown.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as fc from "fast-check"
import { transportFailure } from "../src/internal/http/transportFailure.ts"

const fetchFailed = (fields: object): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("no"), fields) })

// As the client meets it.
const wrapped = (cause: unknown): HttpClientError.HttpClientError =>
  new HttpClientError.HttpClientError({
    reason: new HttpClientError.TransportError({ request: HttpClientRequest.get("https://x.example"), cause })
  })

describe("the causes that were measured", () => {
  it.each([
    ["ENOTFOUND", "getaddrinfo", "dns", true],
    ["EAI_AGAIN", "getaddrinfo", "dns", true],
    ["EAI_FAIL", "getaddrinfo", "dns", true],
    ["ECONNREFUSED", "connect", "connect", true],
    ["EHOSTUNREACH", "connect", "connect", true],
    ["ENETUNREACH", "connect", "connect", true],
    ["EMFILE", "connect", "connect", true],
    ["ETIMEDOUT", "connect", "connect", true],
    ["ECONNRESET", "connect", "connect", true],
    ["UND_ERR_CONNECT_TIMEOUT", undefined, "connect", true],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", undefined, "tls", true],
    ["SELF_SIGNED_CERT_IN_CHAIN", undefined, "tls", true],
    ["ERR_TLS_CERT_ALTNAME_INVALID", undefined, "tls", true],
    ["CERT_HAS_EXPIRED", undefined, "tls", true],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", undefined, "tls", true],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", undefined, "tls", true],
    ["ERR_SSL_WRONG_VERSION_NUMBER", undefined, "tls", false],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", undefined, "tls", false],
    ["ERR_TLS_HANDSHAKE_TIMEOUT", undefined, "tls", false],
    ["ECONNRESET", "read", "reset", false],
    ["ECONNRESET", "write", "reset", false],
    ["ECONNRESET", undefined, "reset", false],
    ["ECONNABORTED", "read", "reset", false],
    ["EPIPE", "write", "reset", false],
    ["UND_ERR_SOCKET", undefined, "reset", false],
    ["ETIMEDOUT", "read", "other", false],
    ["EHOSTUNREACH", "read", "other", false],
    ["ECONNREFUSED", undefined, "connect", true],
    ["ECONNREFUSED", "", "other", false],
    ["ENETUNREACH", undefined, "other", false],
    ["EPROTO", undefined, "tls", false],
    ["UnexpectedRedirect", undefined, "redirect", false],
    ["ENOTFOUND", undefined, "other", false],
    ["UND_ERR_HEADERS_TIMEOUT", undefined, "other", false],
    ["UND_ERR_BODY_TIMEOUT", undefined, "other", false],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", undefined, "other", false],
    ["UND_ERR_HEADERS_OVERFLOW", undefined, "other", false],
    ["UND_ERR_INFO", undefined, "other", false],
    ["UND_ERR_ABORTED", undefined, "other", false],
    ["HPE_INVALID_CONSTANT", undefined, "other", false],
    ["Z_DATA_ERROR", undefined, "other", false],
    ["ERR_HTTP2_STREAM_ERROR", undefined, "other", false],
    ["ERR_INVALID_URL", undefined, "other", false],
    ["ConnectionRefused", undefined, "other", false],
    ["EPROTOX", undefined, "other", false],
    ["UND_ERR_CONNECT_TIMEOUT", "read", "connect", false],
    ["CERT_HAS_EXPIRED", "read", "tls", false]
  ] as const)("%s of %s is %s, proven not sent: %s", (code, syscall, reason, isNotSent) => {
    const failure = fetchFailed(syscall === undefined ? { code } : { code, syscall })
    for (const thrown of [failure, wrapped(failure), wrapped(wrapped(failure))]) {
      const judged = transportFailure(thrown)
      assert.strictEqual(judged.reason, reason)
      assert.strictEqual(judged.isNotSent, isNotSent)
    }
  })

  it.each([
    ["an abort", new DOMException("This operation was aborted", "AbortError")],
    ["a deadline", new DOMException("The operation was aborted due to timeout", "TimeoutError")],
    ["a refused port", new TypeError("fetch failed", { cause: new Error("bad port") })],
    ["a body that broke", new TypeError("terminated")],
    ["a bare TypeError", new TypeError("fetch failed")],
    ["nothing", undefined],
    ["null", null],
    ["a text", "ECONNREFUSED connect"],
    ["a number", 111],
    ["a symbol", Symbol("connect")],
    ["a function", Object.assign(() => {}, { syscall: "connect", code: "ECONNREFUSED" })],
    ["a list", [{ syscall: "connect" }]]
  ])("%s proves nothing", (_, thrown) => {
    for (const failure of [thrown, wrapped(thrown)]) {
      assert.deepStrictEqual(transportFailure(failure), { reason: "other", code: undefined, isNotSent: false })
    }
  })
})

describe("a redirect that is not followed", () => {
  it("is told in the words of Node, which has no code for it", () => {
    const failure = new TypeError("fetch failed", { cause: new Error("unexpected redirect") })
    for (const thrown of [failure, wrapped(failure)]) {
      assert.deepStrictEqual(transportFailure(thrown), { reason: "redirect", code: undefined, isNotSent: false })
    }
  })

  it("is told in the words of Bun", () => {
    const failure = Object.assign(new TypeError("UnexpectedRedirect fetching"), {
      code: "UnexpectedRedirect",
      errno: 0
    })
    assert.deepStrictEqual(transportFailure(wrapped(failure)), {
      reason: "redirect",
      code: undefined,
      isNotSent: false
    })
  })

  it("takes the proof from what stands beside it", () => {
    const refused = Object.assign(new Error(), { code: "ECONNREFUSED", syscall: "connect" })
    const failure = new AggregateError([refused, new Error("unexpected redirect")])
    assert.deepInclude(transportFailure(failure), { reason: "redirect", isNotSent: false })
  })

  it("is not what another error happens to be called", () => {
    const failure = Object.assign(new Error("unexpected redirect"), { code: "ECONNRESET", syscall: "read" })
    assert.strictEqual(transportFailure(failure).reason, "reset")
  })
})

describe("a refusal in the words of Bun, which names no system call", () => {
  const refused = { code: "ECONNREFUSED", errno: 0, path: "https://palomma.example/v0" }

  it("is proof", () => {
    const failure = wrapped(Object.assign(new TypeError("ECONNREFUSED: Unable to connect."), refused))
    assert.deepStrictEqual(transportFailure(failure), { reason: "connect", code: "ECONNREFUSED", isNotSent: true })
  })

  it.each([
    ["a cause", { cause: undefined }],
    ["a cause that tells nothing", { cause: new Error("I say nothing") }],
    ["members", { errors: [] }],
    ["a reason", { reason: undefined }]
  ])("is another's word where there is %s, and proves nothing", (_, more) => {
    assert.isFalse(transportFailure(wrapped(Object.assign(new Error(), refused, more))).isNotSent)
  })

  it("proves nothing where it cannot be seen whether there is more", () => {
    const hidden = new Proxy(Object.assign(new Error(), refused), {
      has: () => {
        throw new Error("no asking")
      }
    })
    assert.isFalse(transportFailure(hidden).isNotSent)
  })
})

describe("an aggregate", () => {
  const refused = Object.assign(new Error(), { code: "ECONNREFUSED", syscall: "connect" })
  const reset = Object.assign(new Error(), { code: "ECONNRESET", syscall: "read" })
  const silent = new Error("I say nothing")
  const aggregate = (errors: Array<unknown>, fields: object = {}): Error =>
    new TypeError("fetch failed", { cause: Object.assign(new AggregateError(errors), fields) })

  it("is proven not sent where every member is", () => {
    const judged = transportFailure(aggregate([refused, refused], { code: "ECONNREFUSED" }))
    assert.deepStrictEqual(judged, { reason: "connect", code: "ECONNREFUSED", isNotSent: true })
  })

  it.each([
    ["one member was reset", [refused, reset], {}],
    ["one member says nothing", [refused, silent], {}],
    ["one member is no error", [refused, undefined], {}],
    ["one member is an aggregate of which one was reset", [refused, new AggregateError([refused, reset])], {}],
    ["it is its own member's cause", [refused, new Error("", { cause: reset })], {}],
    ["it has no members", [], {}],
    ["it has no members but a code", [], { code: "ECONNREFUSED" }],
    ["it says something that no member says", [refused], { code: "ECONNRESET" }],
    ["it says itself that it read", [refused], { code: "ECONNREFUSED", syscall: "read" }]
  ])("is not proven where %s", (_, errors, fields) => {
    assert.isFalse(transportFailure(aggregate(errors, fields)).isNotSent)
  })

  it("tells the member that proves nothing", () => {
    assert.deepStrictEqual(transportFailure(aggregate([refused, reset])), {
      reason: "reset",
      code: "ECONNRESET",
      isNotSent: false
    })
  })
})

// An error tree as data, from which both the tree and the verdict are made.
interface Tree {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly cause?: Tree | undefined
  readonly reason?: Tree | undefined
  readonly errors?: ReadonlyArray<Tree | null> | undefined
  readonly make: "error" | "object" | "frozen" | "proxy" | "class" | "null prototype"
  /** A property whose reading throws. */
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

// The verdict, from the design's sentence: every piece of evidence is on the allow-list, and an aggregate has one in each member.
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
    // The code of an aggregate repeats that of a member, so it adds nothing where the members are proofs.
    const isRepeated = syscall === undefined && members.some((member) => member !== null && says(member, code))
    if (!isRepeated) verdicts.push(isProof ? "proof" : "no proof")
  }
  if (tree.cause !== undefined && tree.throws !== "cause") verdicts.push(judge(tree.cause))
  if (tree.reason !== undefined && tree.throws !== "reason") verdicts.push(judge(tree.reason))
  return verdicts.includes("no proof") ? "no proof" : verdicts.includes("proof") ? "proof" : "nothing"
}

const says = (tree: Tree, code: string | undefined): boolean =>
  (tree.throws !== "code" && tree.code === code) ||
  [tree.throws === "cause" ? undefined : tree.cause, tree.throws === "reason" ? undefined : tree.reason]
    .concat(tree.throws === "errors" ? [] : (tree.errors ?? []).map((member) => member ?? undefined))
    .some((below) => below !== undefined && says(below, code))

describe("100,000 error trees that nobody has seen", () => {
  it("are never taken for not sent but by the allow-list, and always where it says so", () => {
    let proven = 0
    fc.assert(
      fc.property(tree, (tree) => {
        const expected = judge(tree) === "proof"
        if (expected) proven += 1
        assert.strictEqual(transportFailure(build(tree)).isNotSent, expected)
      }),
      { numRuns: 100_000 }
    )
    // Otherwise the property would say little.
    assert.isAbove(proven, 1_000)
  })

  it("are told in fixed words", () => {
    fc.assert(
      fc.property(tree, (tree) => {
        const { code, reason } = transportFailure(build(tree))
        assert.include(["dns", "connect", "tls", "reset", "redirect", "other"], reason)
        if (code !== undefined) assert.match(code, /^[A-Z][A-Z0-9_]{1,63}$/)
      }),
      { numRuns: 20_000 }
    )
  })

  it("may be any value that JavaScript has", () => {
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

const refusedFields = { code: "ECONNREFUSED", syscall: "connect" }

const cyclic = (): object => {
  const a: Record<string, unknown> = { ...refusedFields }
  a["cause"] = { cause: a, reason: a }
  return a
}

const ownMember = (): object => {
  const a: Record<string, unknown> = {}
  a["errors"] = [a]
  return a
}

const ringOfAggregates = (): object => {
  const a: Record<string, unknown> = {}
  const b = { errors: [a, refusedFields] }
  a["errors"] = [b, refusedFields]
  return a
}

const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

const growing = (key: string): object => ({
  get [key]() {
    const below = growing(key)
    return key === "errors" ? [below] : below
  }
})

const deep = (depth: number, bottom: object): object => {
  let node = bottom
  for (let i = 0; i < depth; i++) node = { cause: node }
  return node
}

const wide = (depth: number): object => {
  let node: object = { ...refusedFields }
  for (let i = 0; i < depth; i++) node = { errors: [node, node, node] }
  return node
}

describe("a tree made to break its reader", () => {
  it.each([
    ["is its own cause", cyclic, true],
    ["is its own member", ownMember, false],
    ["goes round from aggregate to aggregate", ringOfAggregates, false],
    ["is a revoked proxy", () => revoked({}), false],
    ["has a revoked proxy for a cause", () => ({ cause: revoked({}) }), false],
    ["has a revoked proxy for its members", () => ({ ...refusedFields, errors: revoked([]) }), false],
    ["has a revoked proxy among its members", () => ({ errors: [refusedFields, revoked({})] }), false],
    [
      "has members whose length throws",
      () => ({
        errors: new Proxy([], {
          get: () => {
            throw new Error("no")
          }
        })
      }),
      false
    ],
    [
      "has a million million members",
      () => ({ errors: new Proxy([refusedFields], { get: (_, key) => (key === "length" ? 1e12 : refusedFields) }) }),
      false
    ],
    [
      "has a hole for a member",
      () => ({ errors: Object.assign(Array.from({ length: 2 }), { 0: refusedFields }) }),
      false
    ],
    ["has causes that grow while they are read", () => growing("cause"), false],
    ["has reasons that grow while they are read", () => growing("reason"), false],
    ["has members that grow while they are read", () => growing("errors"), false],
    ["has its proof 500 causes deep", () => deep(500, refusedFields), true],
    ["has its proof 100,000 causes deep", () => deep(100_000, refusedFields), false],
    ["is an aggregate of aggregates, 40 times three to the power", () => wide(40), false],
    [
      "answers every question with a proof of itself",
      () => new Proxy({}, { get: (_, key) => (key === "syscall" ? "connect" : undefined) }),
      true
    ]
  ] as ReadonlyArray<readonly [string, () => object, boolean]>)("%s", (_, make, isNotSent) => {
    const started = process.hrtime.bigint()
    assert.strictEqual(transportFailure(make()).isNotSent, isNotSent)
    assert.isBelow(Number(process.hrtime.bigint() - started) / 1e6, 1_000)
  })

  it.effect("becomes an error of the call and not a defect", () =>
    Effect.forEach([ownMember(), revoked({}), growing("cause"), wide(40)], (cause) =>
      Effect.sync(() => assert.strictEqual(transportFailure(wrapped(cause)).reason, "other"))
    )
  )
})
