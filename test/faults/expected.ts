/**
 * What must come of a fault, by DESIGN's error table.
 */
import type { Expected } from "./matrix.ts"

type More = Partial<Expected>

/** Paid once, and said so. */
export const paid = (more: More = {}): Expected => ({
  error: "success",
  detail: "",
  outcome: "done",
  isSafeToResend: false,
  posts: 1,
  payouts: 1,
  ...more
})

/** The connection broke, and nobody knows whether the payout was made. The server of these rows makes it. */
export const broken = (detail: "reset" | "other" | "tls", more: More = {}): Expected => ({
  error: "PalommaConnectionError",
  detail,
  outcome: "unknown",
  isSafeToResend: false,
  posts: 1,
  payouts: 1,
  ...more
})

/** It broke before the server had the whole request. The library cannot know that. */
export const brokenBefore = (detail: "reset" | "other" | "tls", more: More = {}): Expected =>
  broken(detail, { posts: 0, payouts: 0, ...more })

/** The attempt's time ran out. */
export const timedOut = (more: More = {}): Expected => ({
  error: "PalommaTimeout",
  detail: "",
  outcome: "unknown",
  isSafeToResend: false,
  posts: 1,
  payouts: 1,
  ...more
})

/** It is proven that nothing was sent, so it may be sent again. */
export const notSent = (detail: "dns" | "connect", more: More = {}): Expected => ({
  error: "PalommaConnectionError",
  detail,
  outcome: "not-sent",
  isSafeToResend: true,
  posts: 0,
  payouts: 0,
  ...more
})

/** The certificate is not to be trusted. Nothing was sent, and nothing will be: one connection, no second try. */
export const untrusted = (codes?: ReadonlyArray<string>): Expected => ({
  ...notSent("dns"),
  detail: "tls",
  isSafeToResend: false,
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
