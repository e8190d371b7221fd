/**
 * Turns the result of a payout into the answer to an HTTP client. It says what is known about the money, and not more.
 */
import { isTransferError, type Transfer } from "@palomma-effect/client"

interface Answer {
  readonly status: number
  readonly body: { readonly state: string; readonly [field: string]: unknown }
}

/** The answer about an order that the journal does not have. */
export const none: Answer = { status: 404, body: { state: "none" } }

// A client may repeat the request: the order is the reference, and it is paid once.
const unknown: Answer = {
  status: 202,
  body: {
    state: "unknown",
    advice: "The money may have moved. Ask GET /refunds/{order}, or repeat the same order. Never use another order."
  }
}
const notSent: Answer = {
  status: 503,
  body: { state: "not-sent", advice: "This request sent nothing. Repeat the same order later." }
}
// To repeat the request does not help until a person has corrected the key or the address.
const notReady: Answer = {
  status: 503,
  body: { state: "not-sent", advice: "This request sent nothing. The service must be corrected first." }
}
const review: Answer = {
  status: 409,
  body: { state: "review", advice: "A person must look at this order. Never use another order." }
}

/** The answer to a payout that the journal has. Only the fields that a client may see. */
export const found = ({ alarm, amount, reference, state }: Transfer): Answer => {
  // Palomma contradicts the state: the bank may have returned the money of an approved payout.
  if (alarm !== undefined) return review
  return { status: state === "accepted" ? 202 : 200, body: { reference, amount, state } }
}

/** The answer to a rejected Promise. */
export const failed = (error: unknown): Answer => {
  // An abort, the end of the process, or a defect. A payout may have begun, and continues.
  if (!isTransferError(error)) return unknown
  switch (error._tag) {
    case "PalommaInvalidInput":
      return { status: 400, body: { state: "invalid", problems: error.problems } }
    case "TransferNotSent":
      return error.needsCorrection ? notReady : notSent
    case "TransferRejected":
      return error.cause._tag === "PalommaUnauthorized" ? notReady : { status: 422, body: { state: "rejected" } }
    case "TransferJournalError":
      return error.sent === "no" ? notSent : unknown
    case "TransferOutcomeUnknown":
      return unknown
    case "TransferConflict":
    case "TransferDuplicate":
    case "TransferInvalidState":
      return review
  }
}
