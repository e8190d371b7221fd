/**
 * The texts of `TransferInvalidState`, by reason.
 */

interface ReasonText {
  readonly why: string
  readonly advice: string
}

/** Why the operation is not possible, and what to do. */
export const reasons = {
  "unknown-reference": {
    why: "the journal has no transfer with this reference",
    advice: "Check the reference, the namespace and the service."
  },
  "wrong-state": { why: "its state does not allow this operation", advice: "Read the transfer with find." },
  "changed-since": { why: "another process or a person changed it", advice: "Read it again, then decide again." },
  "quiet-time": {
    why: "a late request may still take effect",
    advice: "Decide again when the quiet time is over."
  },
  "record-shown": {
    why: "Palomma shows, or the journal names, a record that is or may be this transfer",
    advice:
      "If it is this transfer, name it as recordId in resolve or acknowledge. Name its id in notOurs only if it is " +
      "another payment."
  },
  "record-not-found": {
    why: "the journal names a record of this transfer that was not found at Palomma",
    advice:
      "The id may be mistyped, and the real record may have another reference. Check the id where adopt took it from, " +
      "and ask Palomma about the payment. If it was made, resolve it as paid with the right recordId. Name the id in " +
      "notOurs only if Palomma confirms that the payment was not made."
  },
  "record-of-another": {
    why: "the record belongs to another transfer, was ruled out, is not in the alarm, or does not exist at Palomma",
    advice: "Check the id."
  },
  "record-differs": {
    why: "the record has another account, amount, merchant account or reference",
    advice:
      "If it is this transfer all the same, repeat the values that differ (accountId, amount, merchantAccountId, " +
      "reference) in differs."
  },
  "look-up-incomplete": {
    why: "the look-up reached its limit",
    advice: "Raise the limit, or resolve it as not paid with incomplete: true if Palomma confirmed that."
  },
  "no-alarm": { why: "it has no alarm", advice: "There is nothing to acknowledge." }
} as const satisfies { readonly [reason: string]: ReasonText }
