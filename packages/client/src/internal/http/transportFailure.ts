/**
 * Classifies the failure of a `fetch`, and finds out whether it proves that nothing was sent.
 *
 * Measured on five Node versions and on Bun: only a failed DNS look-up, a failed connect, a connect timeout and a
 * rejected certificate prove that nothing was sent. After any other failure the request may have reached Palomma. Other
 * runtimes use other codes, which count as no proof.
 *
 * The codes are a proof only if the client made one request. With a client that retries or follows redirects, the first
 * request may have taken effect before the second one failed.
 */
import type { ConnectionFailure } from "../../PalommaError.ts"

/** The classification of a request that got no response. */
export interface TransportFailure {
  readonly reason: ConnectionFailure
  readonly code: string | undefined
  /** Whether it is proven that nothing was sent. */
  readonly isNotSent: boolean
}

const unsentSyscalls: ReadonlySet<string> = new Set(["getaddrinfo", "connect"])

const connectTimeout = "UND_ERR_CONNECT_TIMEOUT"

// Node has no code for an unexpected redirect, only this message. Bun has the code.
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

// A TLS handshake that failed for another reason, by the codes of OpenSSL or Bun.
const handshakeCode = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/

const brokenCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "UND_ERR_SOCKET"])

interface Evidence {
  readonly code: string | undefined
  readonly syscall: string | undefined
}

const redirectEvidence: Evidence = { code: redirectCode, syscall: undefined }

// The error of another library may have getters that throw, may be a proxy, and may be endless.
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

// Bun does not name the system call. Its ECONNREFUSED always means a failed connect. An error with any of these fields
// is not from Bun, and its evidence is in those fields.
const isRefusedInBun = (node: object, code: string | undefined): boolean =>
  code === "ECONNREFUSED" && guarded(() => ["errors", "cause", "reason"].some((key) => key in node)) === false

const isObject = (u: unknown): u is object => typeof u === "object" && u !== null

/** How many nodes of an error tree are read. Real trees have a handful. */
const maxNodes = 1_000

const unproven: Evidence = { code: undefined, syscall: undefined }

// Collects the evidence of an error tree: `cause`, `reason` (where Effect keeps the cause), and every member of an
// aggregate. The code of an aggregate only repeats that of a member. A member without evidence counts as no proof.
const evidenceOf = (root: unknown): ReadonlyArray<Evidence> => {
  let left = maxNodes
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
    const members = guarded(() => (Array.isArray(listed) ? listed.slice(0, maxNodes) : [])) ?? [undefined]
    const found = members.flatMap((member: unknown) => {
      const evidence = visit(member, path)
      return evidence.length === 0 ? [unproven] : evidence
    })
    const code = text(node, "code")
    const syscall = text(node, "syscall") ?? (isRefusedInBun(node, code) ? "connect" : undefined)
    const isRepeated = syscall === undefined && found.some((piece) => piece.code === code)
    const own: Array<Evidence> = (code === undefined && syscall === undefined) || isRepeated ? [] : [{ code, syscall }]
    if (text(node, "message") === redirectMessage) own.push(redirectEvidence)
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

/**
 * Classifies a failure of any shape. `isNotSent` is true only if there is evidence and every piece of it is a proof.
 */
export const transportFailure = (failure: unknown): TransportFailure => {
  const evidence = evidenceOf(failure)
  const isNotSent = evidence.length > 0 && evidence.every(isProof)
  // If one piece proves nothing, it decides the outcome, so it is the one to report.
  const reported = evidence.find((piece) => !isProof(piece)) ?? evidence[0]
  const code = reported?.code
  return {
    reason: reported === undefined ? "other" : reasonOf(reported),
    // Codes of systems have this form. Any other text may contain data.
    code: code !== undefined && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : undefined,
    isNotSent
  }
}
