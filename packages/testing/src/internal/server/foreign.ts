import type { Headers } from "effect/http/Headers"

const urlOf = (host: string): URL | undefined =>
  URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined

const isAddress = (name: string): boolean => name.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(name)

/**
 * Whether a request was made under a name that is not ours, or by a page of another origin.
 *
 * A web page can let its own name lead to this machine (DNS rebinding) and so speak to what listens here. It cannot do so with an address,
 * nor hide its name or its origin.
 */
export const isForeign = (headers: Headers, names: ReadonlyArray<string>): boolean => {
  const host = urlOf(headers["host"] ?? "")
  if (host === undefined) return true
  const isOurs = ["localhost", ...names].some((name) => urlOf(name)?.hostname === host.hostname)
  if (!isOurs && !isAddress(host.hostname)) return true
  return headers["origin"] !== undefined && headers["origin"] !== host.origin
}
