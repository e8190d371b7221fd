/**
 * Where requests may go.
 */
import { palommaServers } from "@palomma-effect/schema"

// Ports that every `fetch` refuses by the Fetch standard ("bad port"), which looks like a failure on the way.
const blockedPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080
])

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname)

// A dot at the end names the same host.
const hostOf = ({ hostname }: URL): string => hostname.replace(/\.+$/, "")

const isPalommaHost = (hostname: string): boolean => hostname === "palomma.com" || hostname.endsWith(".palomma.com")

/** What is wrong with a base URL, if anything. The text itself is not repeated. */
export const problem = (text: unknown): { readonly code: string; readonly rule: string } | undefined => {
  const form = {
    code: "base-url",
    rule: "must be an https URL (http for this machine alone) without user, query or fragment"
  }
  if (typeof text !== "string" || !URL.canParse(text)) return form
  const url = new URL(text)
  const isSecure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))
  // An empty query or fragment shows in the whole URL alone, and would swallow every path.
  if (!isSecure || url.username !== "" || url.password !== "" || /[?#]/.test(url.href)) return form
  if (url.port !== "" && blockedPorts.has(Number(url.port))) {
    return { code: "blocked-port", rule: `must not use port ${url.port}, which fetch never connects to` }
  }
  if (isPalommaHost(hostOf(url)) && url.pathname.replace(/\/+$/, "") !== "/v0") {
    return { code: "palomma-path", rule: "must end in /v0 if it is one of palomma.com" }
  }
  return undefined
}

/** The base URL as it is used: what was checked, however the text was written, without a slash at its end. */
export const normalized = (text: string): string => {
  const { origin, pathname } = new URL(text)
  return `${origin}${pathname}`.replace(/\/+$/, "")
}

/** What stands behind a base URL. */
export const kindOf = (baseUrl: string): "sandbox" | "production" | "loopback" | "other" => {
  const url = new URL(baseUrl)
  if (isLoopback(url)) return "loopback"
  const host = hostOf(url)
  if (host === new URL(palommaServers.sandbox).hostname) return "sandbox"
  return isPalommaHost(host) ? "production" : "other"
}
