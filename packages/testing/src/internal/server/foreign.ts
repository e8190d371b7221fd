import type { Headers } from "effect/http/Headers"

const urlOf = (host: string): URL | undefined =>
  URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined

const isAddress = (name: string): boolean => name.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(name)

/**
 * Whether a request comes from another site: its host name is neither an IP address nor an allowed name, or its origin
 * is not this server.
 *
 * A web page can resolve its own host name to this machine (DNS rebinding) and so send requests to this server. It
 * cannot do that with an IP address, and cannot hide its host name or its origin.
 */
export const isForeign = (headers: Headers, allowedNames: ReadonlyArray<string>): boolean => {
  const host = urlOf(headers["host"] ?? "")
  if (host === undefined) return true
  const isAllowed = ["localhost", ...allowedNames].some((name) => urlOf(name)?.hostname === host.hostname)
  if (!isAllowed && !isAddress(host.hostname)) return true
  return headers["origin"] !== undefined && headers["origin"] !== host.origin
}
