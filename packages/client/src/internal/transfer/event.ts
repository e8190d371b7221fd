/**
 * What can happen to a transfer.
 *
 * An event that is true of any version of the row is applied again if the row changed meanwhile; one that names a version never is.
 */
import type { TransferRecord } from "./record.ts"
import type { Content } from "./samePayment.ts"

/** What happened to a transfer. */
export type Event =
  /** A process claims it, to send this content. */
  | {
      readonly _tag: "claimed"
      readonly claim: { readonly id: string; readonly length: number }
      readonly version: number
      readonly content: Content
    }
  /** The request of a claim is proven not to have been sent. */
  | { readonly _tag: "notSent"; readonly claim: string; readonly error: string }
  /** The request of a claim was refused. */
  | { readonly _tag: "refused"; readonly claim: string; readonly error: string }
  /** The request of a claim was answered with this record. */
  | { readonly _tag: "answered"; readonly claim: string; readonly record: TransferRecord }
  /** What became of the request of a claim is not known; an id may have been read. */
  | {
      readonly _tag: "answerLost"
      readonly claim: string
      readonly recordId?: string | undefined
      readonly error: string
    }
  /** The time of a claim is over, and its owner did not say how it ended. */
  | { readonly _tag: "expired"; readonly claim: string }
  /** Palomma shows this record, to a process that looked for this content, or for that of the row. */
  | { readonly _tag: "seen"; readonly record: TransferRecord; readonly content?: Content | undefined }
  /** A look-up found nothing. */
  | { readonly _tag: "looked" }
  /** Its time is over, and every look-up was clean. */
  | { readonly _tag: "absent"; readonly version: number; readonly error: string }
  /** Its time is over, and the last look-up was not clean. */
  | { readonly _tag: "gaveUp"; readonly version: number; readonly error: string }
  /** A person says that it is this record of Palomma's. */
  | {
      readonly _tag: "resolvedPaid"
      readonly version: number
      readonly record: TransferRecord
      readonly notOurs: ReadonlyArray<string>
      readonly by: string
      readonly note: string
    }
  /** A person says that it does not exist. */
  | {
      readonly _tag: "resolvedNotPaid"
      readonly version: number
      readonly notOurs: ReadonlyArray<string>
      readonly incomplete: boolean
      readonly by: string
      readonly note: string
    }
  /** A person knows of its alarm; Palomma shows its record like this now, if it has one. */
  | {
      readonly _tag: "acknowledged"
      readonly version: number
      /** The record that the transfer is, if it is another one than the row has. */
      readonly recordId?: string | undefined
      readonly record: TransferRecord | undefined
      readonly notOurs: ReadonlyArray<string>
      readonly by: string
      readonly note: string
    }
  /** A person calls it off. */
  | {
      readonly _tag: "withdrawn"
      readonly version: number | undefined
      readonly notOurs: ReadonlyArray<string>
      readonly by: string
      readonly note: string
    }

/** Whether an event is true of any version of a row, so that it is applied again if the row changed meanwhile. */
export const isTrueOfAnyVersion = (event: Event): boolean => {
  switch (event._tag) {
    case "withdrawn":
      return event.version === undefined
    case "notSent":
    case "refused":
    case "answered":
    case "answerLost":
    case "expired":
    case "seen":
      return true
    case "claimed":
    case "looked":
    case "absent":
    case "gaveUp":
    case "resolvedPaid":
    case "resolvedNotPaid":
    case "acknowledged":
      return false
  }
}
