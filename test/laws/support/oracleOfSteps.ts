/**
 * Law 10 as code: what a step of a worker or of a schedule states about the money.
 */
import type { Advanced, TransferState } from "@palomma-effect/client"
import { type CallTruth, madeByThisCall, nothingWasSent, oneLeft, type Statement } from "./oracle.ts"

const reasons: { readonly [State in TransferState]: string } = {
  intended: "not-sent",
  rejected: "not-sent",
  sending: "claimed",
  unknown: "in-doubt",
  needsReview: "NeedsReview",
  accepted: "in-progress",
  approved: "Ended",
  partial: "Ended",
  cancelled: "Ended",
  withdrawn: "Ended"
}

const outcomeOf = (advanced: Advanced): string | undefined =>
  advanced._tag === "Wait" && advanced.error !== undefined
    ? "outcome" in advanced.error
      ? advanced.error.outcome
      : "none"
    : undefined

/** What a step of a worker or of a schedule states. */
export const ofAdvanced: ReadonlyArray<Statement<Advanced, CallTruth>> = [
  {
    says: "It waits for what the state of the transfer says.",
    isTrue: (advanced) =>
      reasons[advanced.transfer.state] === (advanced._tag === "Wait" ? advanced.reason : advanced._tag)
  },
  { says: "It started one request at the most.", isTrue: (_, { own }) => own.length <= 1 },
  {
    says: "If it was not sent for an error, no request of this call left the process.",
    isTrue: (advanced, truth) =>
      advanced._tag !== "Wait" ||
      advanced.reason !== "not-sent" ||
      outcomeOf(advanced) === undefined ||
      outcomeOf(advanced) === "rejected" ||
      nothingWasSent.isTrue(advanced, truth)
  },
  {
    says: "An error that says rejected is Palomma's rejection of the one request of this call, which made no record.",
    isTrue: (advanced, truth) =>
      outcomeOf(advanced) !== "rejected" ||
      (oneLeft(truth) && (truth.exceptions.refusesAfterEffect || madeByThisCall(truth).length === 0))
  },
  {
    says: "No error says that the outcome is unknown: the state does.",
    isTrue: (advanced) => outcomeOf(advanced) !== "unknown"
  }
]
