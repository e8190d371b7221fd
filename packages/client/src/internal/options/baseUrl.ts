/**
 * Checks and normalizes base URLs.
 */
import { palommaServers } from "@palomma-effect/schema"

// The Fetch standard forbids these ports ("bad port"). The failure of a request would look like a network failure.
const blockedPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080
])

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname)

// A host name with a trailing dot is the same host.
const hostOf = ({ hostname }: URL): string => hostname.replace(/\.+$/, "")

const isPalommaHost = (hostname: string): boolean => hostname === "palomma.com" || hostname.endsWith(".palomma.com")

/** Returns what is wrong with a base URL, if anything. The problem does not repeat the URL. */
export const problem = (text: unknown): { readonly code: string; readonly rule: string } | undefined => {
  const form = {
    code: "base-url",
    rule: "must be an https URL (http only for a loopback address, such as localhost) without user, query or fragment"
  }
  if (typeof text !== "string" || !URL.canParse(text)) return form
  const url = new URL(text)
  const isSecure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))
  // An empty query or fragment shows only in `href`, and every path would become a part of it.
  if (!isSecure || url.username !== "" || url.password !== "" || /[?#]/.test(url.href)) return form
  if (url.port !== "" && blockedPorts.has(Number(url.port))) {
    return { code: "blocked-port", rule: `must not use port ${url.port}, to which fetch never connects` }
  }
  if (isPalommaHost(hostOf(url)) && url.pathname.replace(/\/+$/, "") !== "/v0") {
    return { code: "palomma-path", rule: "must end in /v0 if the host is in palomma.com" }
  }
  return undefined
}

/** Returns the origin and path of a base URL, without a trailing slash. */
export const normalized = (text: string): string => {
  const { origin, pathname } = new URL(text)
  return `${origin}${pathname}`.replace(/\/+$/, "")
}

/** Returns which server a base URL names. */
export const kindOf = (baseUrl: string): "sandbox" | "production" | "loopback" | "other" => {
  const url = new URL(baseUrl)
  if (isLoopback(url)) return "loopback"
  const host = hostOf(url)
  if (host === new URL(palommaServers.sandbox).hostname) return "sandbox"
  return isPalommaHost(host) ? "production" : "other"
}
