/**
 * What the failure of a `fetch` proves.
 *
 * Measured on five Node versions and on Bun: no code separates "sent" from "not sent", except a failed name look-up, a failed connect, a
 * connect timeout and a refused certificate. Everything else may have reached Palomma, whatever it looks like. Other runtimes use other
 * codes, which thereby fall on the safe side.
 *
 * These codes prove something only if the client made one request: one that tries again by itself, or follows a redirect, may be refused
 * after the first request was carried out.
 */
import type { ConnectionFailure } from "../../PalommaError.ts"

/** What is known of a failure to get an answer. */
export interface TransportFailure {
  readonly reason: ConnectionFailure
  readonly code: string | undefined
  /** Whether it is proven that nothing was sent. */
  readonly isNotSent: boolean
}

const unsentSyscalls: ReadonlySet<string> = new Set(["getaddrinfo", "connect"])

const connectTimeout = "UND_ERR_CONNECT_TIMEOUT"

// In the words of Node, which has no code for it, and of Bun.
const redirectMessage = "unexpected redirect"
const redirectCode = "UnexpectedRedirect"

const certificateCodes: ReadonlySet<string> = new Set([
  "CERT_CHAIN_TOO_LONG",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
  "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
])

// A handshake that failed for another reason, by OpenSSL's words or by Bun's.
const handshakeCode = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/

const brokenCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "UND_ERR_SOCKET"])

interface Evidence {
  readonly code: string | undefined
  readonly syscall: string | undefined
}

const unfollowed: Evidence = { code: redirectCode, syscall: undefined }

// The error of another library may be anything: a getter or a proxy that throws, a list without end, a tree that grows while it is read.
const guarded = <A>(read: () => A): A | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

const text = (node: object, key: string): string | undefined => {
  const value: unknown = guarded(() => Reflect.get(node, key))
  return typeof value === "string" ? value : undefined
}

// Bun does not name the system call. It says so of a connection that was refused and of nothing else; where there is more to read, it
// is another's error, which says what it means there.
const isRefusedInBun = (node: object, code: string | undefined): boolean =>
  code === "ECONNREFUSED" && guarded(() => ["errors", "cause", "reason"].some((key) => key in node)) === false

const isObject = (u: unknown): u is object => typeof u === "object" && u !== null

/** The most nodes of a tree that are read. Real ones have a handful. */
const mostNodes = 1_000

const unproven: Evidence = { code: undefined, syscall: undefined }

// All that an error tree says: what stands in `cause` (and in `reason`, where Effect keeps it), and in every member of an aggregate,
// whose own code only repeats that of a member. What tells nothing where something must be told proves nothing.
const evidenceOf = (root: unknown): ReadonlyArray<Evidence> => {
  let left = mostNodes
  const visit = (node: unknown, above: ReadonlyArray<object>): ReadonlyArray<Evidence> => {
    if (!isObject(node) || above.includes(node)) return []
    left -= 1
    if (left < 0) return [unproven]
    const path = [...above, node]
    const below = (key: string): ReadonlyArray<Evidence> =>
      visit(
        guarded(() => Reflect.get(node, key)),
        path
      )
    const listed: unknown = guarded(() => Reflect.get(node, "errors"))
    const members = guarded(() => (Array.isArray(listed) ? listed.slice(0, mostNodes) : [])) ?? [undefined]
    const found = members.flatMap((member: unknown) => {
      const told = visit(member, path)
      return told.length === 0 ? [unproven] : told
    })
    const code = text(node, "code")
    const syscall = text(node, "syscall") ?? (isRefusedInBun(node, code) ? "connect" : undefined)
    const isRepeated = syscall === undefined && found.some((piece) => piece.code === code)
    const own: Array<Evidence> = (code === undefined && syscall === undefined) || isRepeated ? [] : [{ code, syscall }]
    if (text(node, "message") === redirectMessage) own.push(unfollowed)
    return [...own, ...found, ...below("cause"), ...below("reason")]
  }
  return visit(root, [])
}

const reasonOf = ({ code = "", syscall = "" }: Evidence): ConnectionFailure => {
  if (code === redirectCode) return "redirect"
  if (syscall === "getaddrinfo") return "dns"
  if (syscall === "connect" || code === connectTimeout) return "connect"
  if (certificateCodes.has(code) || handshakeCode.test(code)) return "tls"
  return brokenCodes.has(code) ? "reset" : "other"
}

const isProof = ({ code = "", syscall = "" }: Evidence): boolean =>
  syscall === "" ? code === connectTimeout || certificateCodes.has(code) : unsentSyscalls.has(syscall)

/** Reads a failure, whatever it is. `not-sent` is claimed only where all the evidence there is proves it. */
export const transportFailure = (failure: unknown): TransportFailure => {
  const evidence = evidenceOf(failure)
  const isNotSent = evidence.length > 0 && evidence.every(isProof)
  // Of several pieces of evidence, the one that proves nothing is the one to tell.
  const telling = evidence.find((piece) => !isProof(piece)) ?? evidence[0]
  const code = telling?.code
  return {
    reason: telling === undefined ? "other" : reasonOf(telling),
    // A code is a fixed word; whatever else stands there might be data.
    code: code !== undefined && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : undefined,
    isNotSent
  }
}
