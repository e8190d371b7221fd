/**
 * What the failure of a `fetch` proves.
 *
 * Measured on five Node versions: no code separates "sent" from "not sent", except a failed name look-up, a failed connect, a connect
 * timeout and a refused certificate. Everything else may have reached Palomma, whatever it looks like. Other runtimes use other
 * codes, which thereby fall on the safe side.
 */
import * as Predicate from "effect/Predicate"
import type { ConnectionFailure } from "../PalommaError.ts"

/** What is known of a failure to get an answer. */
export interface TransportFailure {
  readonly reason: ConnectionFailure
  readonly code: string | undefined
  /** Whether it is proven that nothing was sent. */
  readonly isNotSent: boolean
}

const unsentSyscalls: ReadonlySet<string> = new Set(["getaddrinfo", "connect"])

const connectTimeout = "UND_ERR_CONNECT_TIMEOUT"

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

const brokenCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "UND_ERR_SOCKET"])

interface Evidence {
  readonly code: string | undefined
  readonly syscall: string | undefined
}

// Reading a property of somebody else's error may run a getter that throws.
const read = (u: object, key: string): unknown => {
  try {
    return (u as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}

const text = (u: object, key: string): string | undefined => {
  const value = read(u, key)
  return typeof value === "string" ? value : undefined
}

// All that an error tree says: what stands in `cause` (and in `reason`, where Effect keeps it), and in every member of an aggregate,
// whose own code only repeats that of a member.
const evidenceOf = (root: unknown): ReadonlyArray<Evidence> => {
  const seen = new Set<object>()
  const found: Array<Evidence> = []
  const pending: Array<unknown> = [root]
  while (pending.length > 0) {
    const node = pending.pop()
    if (!Predicate.isObject(node) || seen.has(node)) continue
    seen.add(node)
    const members = read(node, "errors")
    const isAggregate = Array.isArray(members) && members.length > 0
    const code = text(node, "code")
    const syscall = text(node, "syscall")
    if (isAggregate) {
      for (const member of members) {
        // A member that tells nothing proves nothing.
        if (evidenceOf(member).length === 0) found.push({ code: undefined, syscall: undefined })
        pending.push(member)
      }
    } else if (code !== undefined || syscall !== undefined) found.push({ code, syscall })
    const cause = read(node, "cause")
    if (Predicate.isObject(cause)) pending.push(cause)
    const reason = read(node, "reason")
    if (Predicate.isObject(reason)) pending.push(reason)
  }
  return found
}

const reasonOf = ({ code = "", syscall = "" }: Evidence): ConnectionFailure => {
  if (syscall === "getaddrinfo") return "dns"
  if (syscall === "connect" || code === connectTimeout) return "connect"
  if (certificateCodes.has(code) || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) return "tls"
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
