/** The expected result of a fault, by the error table of the design. */
import type { Expected } from "./matrix.ts"

type More = Partial<Expected>

/** The reported reason of a connection failure. */
export type Broken = "dns" | "connect" | "tls" | "reset" | "redirect" | "other"

/** Paid once, and reported so. */
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

/** The connection broke, and it is unknown whether the payout was made. The server of these rows makes it. */
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

/**
 * The connection broke after the hand-over of the body, before the server had it completely. The library cannot know
 * that.
 */
export const brokenBefore = (detail: Broken, more: More = {}): Expected =>
  broken(detail, { posts: 0, payouts: 0, ...more })

/** The attempt timed out after the hand-over of the body. */
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

/** It is proven that nothing was sent: the body was never handed over. A retry is safe, and allowed if it can help. */
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

/** The attempt timed out, and the body was never requested. */
export const timedOutBefore = (): Expected => ({
  ...notSent("other"),
  error: "PalommaTimeout",
  detail: ""
})

/** The certificate is not trusted. Nothing was sent, and nothing will be: one connection, no retry. */
export const untrusted = (codes?: ReadonlyArray<string>): Expected => ({
  ...notSent("tls"),
  connections: 1,
  ...(codes === undefined ? {} : { codes })
})

/** A success that cannot be read. */
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

/** A status without information about the payout. */
export const unexpected = answered("PalommaUnexpectedStatus", "unknown")
export const serverError = answered("PalommaServerError", "unknown")
export const rateLimited = answered("PalommaRateLimited", "unknown")
/** Rejected as documented. */
export const badRequest = (more: More = {}): Expected => answered("PalommaBadRequest", "rejected")(400, more)
export const unauthorized = (more: More = {}): Expected => answered("PalommaUnauthorized", "rejected")(401, more)

/** The result of a read, and the number of its requests. */
export const read = (error: Expected["error"], detail: string, gets: number, isSafeToResend: boolean): Expected => ({
  error,
  detail,
  outcome: error === "success" ? "done" : "none",
  isSafeToResend,
  posts: 0,
  payouts: 0,
  gets
})
