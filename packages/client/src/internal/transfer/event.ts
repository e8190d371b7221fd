/**
 * The events of a transfer.
 */
import type { TransferRecord } from "./record.ts"
import type { Content } from "./samePayment.ts"

/** Something that happened to a transfer. */
export type Event =
  /** A process claims the transfer, to send this content. */
  | {
      readonly _tag: "claimed"
      readonly claim: { readonly id: string; readonly length: number }
      readonly version: number
      readonly content: Content
    }
  /** The program wants a worker to carry the transfer, with this content, to its end. */
  | { readonly _tag: "carried"; readonly version: number; readonly content: Content }
  /** The program was told how the transfer ended, or that a person has to decide about it. */
  | { readonly _tag: "told"; readonly version: number }
  /** Another program sent the transfer, or may have sent it. The claim is one that no process sends with. */
  | { readonly _tag: "adopted"; readonly claim: { readonly id: string } }
  /** The request of a claim is proven not to have been sent. */
  | { readonly _tag: "notSent"; readonly claim: string; readonly error: string }
  /** Palomma rejected the request of a claim. */
  | { readonly _tag: "rejected"; readonly claim: string; readonly error: string }
  /** Palomma answered the request of a claim with this record. */
  | { readonly _tag: "answered"; readonly claim: string; readonly record: TransferRecord }
  /** The outcome of the request of a claim is not known. The answer may still have shown an id. */
  | {
      readonly _tag: "answerLost"
      readonly claim: string
      readonly recordId?: string | undefined
      readonly error: string
    }
  /** A claim expired, and its owner did not record an outcome. */
  | { readonly _tag: "expired"; readonly claim: string }
  /** Palomma shows this record. The process looked for `content`, or for the content of the row if it is not set. */
  | { readonly _tag: "seen"; readonly record: TransferRecord; readonly content?: Content | undefined }
  /** A look-up found nothing. */
  | { readonly _tag: "looked" }
  /** The time to find the transfer is over, and the last look-up was complete. */
  | { readonly _tag: "absent"; readonly version: number; readonly error: string }
  /** The time to find the transfer is over, and the last look-up failed or was incomplete. */
  | { readonly _tag: "gaveUp"; readonly version: number; readonly error: string }
  /** A person decided that the transfer is this record. */
  | {
      readonly _tag: "resolvedPaid"
      readonly version: number
      readonly record: TransferRecord
      readonly notOurs: ReadonlyArray<string>
      readonly by: string
      readonly note: string
    }
  /** A person decided that the transfer does not exist at Palomma. */
  | {
      readonly _tag: "resolvedNotPaid"
      readonly version: number
      readonly notOurs: ReadonlyArray<string>
      readonly incomplete: boolean
      readonly by: string
      readonly note: string
    }
  /** A person acknowledged the alarm. */
  | {
      readonly _tag: "acknowledged"
      readonly version: number
      /** The record that is the transfer, if it is not the one that the row names. */
      readonly recordId?: string | undefined
      /** The record as Palomma shows it now, if there is one. */
      readonly record: TransferRecord | undefined
      readonly notOurs: ReadonlyArray<string>
      readonly by: string
      readonly note: string
    }
  /** A person or the program withdrew the transfer. */
  | {
      readonly _tag: "withdrawn"
      readonly version: number | undefined
      readonly notOurs: ReadonlyArray<string>
      readonly by: string
      readonly note: string
    }

/**
 * Whether an event is true for every version of a row. If the row changed between the read and the write, such an event
 * is applied again. An event that names a version is not.
 */
export const isTrueOfAnyVersion = (event: Event): boolean => {
  switch (event._tag) {
    case "withdrawn":
      return event.version === undefined
    case "notSent":
    case "rejected":
    case "answered":
    case "answerLost":
    case "expired":
    case "seen":
      return true
    case "claimed":
    case "carried":
    case "told":
    case "adopted":
    case "looked":
    case "absent":
    case "gaveUp":
    case "resolvedPaid":
    case "resolvedNotPaid":
    case "acknowledged":
      return false
  }
}
