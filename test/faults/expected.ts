/**
 * What must come of a fault, by DESIGN's error table.
 */
import type { Expected } from "./matrix.ts"

type More = Partial<Expected>

/** What the connection is said to have died of. */
export type Broken = "dns" | "connect" | "tls" | "reset" | "redirect" | "other"

/** Paid once, and said so. */
export const paid = (more: More = {}): Expected => ({
  error: "success",
  detail: "",
  outcome: "done",
  isSafeToResend: false,
  handedOver: true,
  posts: 1,
  payouts: 1,
  ...more
})

/** The connection broke, and it is not known whether the payout was made. The server of these rows makes it. */
export const broken = (detail: Broken, more: More = {}): Expected => ({
  error: "PalommaConnectionError",
  detail,
  outcome: "unknown",
  isSafeToResend: false,
  handedOver: true,
  posts: 1,
  payouts: 1,
  ...more
})

/** It broke when the body was on its way, and before the server had it whole. The library cannot know that. */
export const brokenBefore = (detail: Broken, more: More = {}): Expected =>
  broken(detail, { posts: 0, payouts: 0, ...more })

/** The attempt's time ran out when the body was on its way. */
export const timedOut = (more: More = {}): Expected => ({
  error: "PalommaTimeout",
  detail: "",
  outcome: "unknown",
  isSafeToResend: false,
  handedOver: true,
  posts: 1,
  payouts: 1,
  ...more
})

/** It is proven that nothing was sent: the body was never handed over. It may be sent again if that can help. */
export const notSent = (detail: Broken, more: More = {}): Expected => ({
  error: "PalommaConnectionError",
  detail,
  outcome: "not-sent",
  isSafeToResend: detail !== "tls",
  handedOver: false,
  posts: 0,
  payouts: 0,
  ...more
})

/** The attempt's time ran out, and the body was never asked for. */
export const timedOutBefore = (): Expected => ({
  ...notSent("other"),
  error: "PalommaTimeout",
  detail: ""
})

/** The certificate is not to be trusted. Nothing was sent, and nothing will be: one connection, no second try. */
export const untrusted = (codes?: ReadonlyArray<string>): Expected => ({
  ...notSent("tls"),
  connections: 1,
  ...(codes === undefined ? {} : { codes })
})

/** A success that cannot be understood. */
export const unreadable = (
  detail: "cut-short" | "too-large" | "not-json" | "wrong-shape",
  more: More = {}
): Expected => ({
  error: "PalommaInvalidResponse",
  detail,
  outcome: "unknown",
  isSafeToResend: false,
  posts: 1,
  payouts: 1,
  ...more
})

const answered =
  (error: Expected["error"], outcome: "unknown" | "rejected") =>
  (status: number, more: More = {}): Expected => ({
    error,
    detail: String(status),
    outcome,
    isSafeToResend: false,
    posts: 1,
    payouts: 0,
    ...more
  })

/** A status that says nothing of the payout. */
export const unexpected = answered("PalommaUnexpectedStatus", "unknown")
export const serverError = answered("PalommaServerError", "unknown")
export const rateLimited = answered("PalommaRateLimited", "unknown")
/** Refused, by the documentation. */
export const badRequest = (more: More = {}): Expected => answered("PalommaBadRequest", "rejected")(400, more)
export const unauthorized = (more: More = {}): Expected => answered("PalommaUnauthorized", "rejected")(401, more)

/** What became of a read, and how many requests it took. */
export const read = (error: Expected["error"], detail: string, gets: number, isSafeToResend: boolean): Expected => ({
  error,
  detail,
  outcome: error === "success" ? "done" : "none",
  isSafeToResend,
  posts: 0,
  payouts: 0,
  gets
})
