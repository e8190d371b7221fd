/**
 * Whether a record at Palomma is a transfer of the journal.
 */
import type { Transfer } from "../../Transfer.ts"
import type { TransferRecord } from "./record.ts"

/** The account, the amount and the merchant account of a transfer. */
export interface Content {
  readonly accountId: string
  /** Whole pesos. */
  readonly amount: number
  readonly merchantAccountId?: string | undefined
}

/**
 * How a record compares with a transfer.
 *
 * - `same`: the record is the transfer.
 * - `differs`: the record has the transfer's reference or id, but other content.
 * - `similar`: the record may be the transfer, with a reference that Palomma changed or left out, or with fields that
 *   cannot be read.
 * - `other`: the record is not the transfer.
 */
export type Likeness = "same" | "differs" | "similar" | "other"

type Compared = Content & Pick<Transfer, "reference" | "recordId" | "notOurs" | "differs">

/** Whether two contents have the same account, amount and merchant account. */
export const isSameContent = (a: Content, b: Content): boolean =>
  a.accountId === b.accountId && a.amount === b.amount && a.merchantAccountId === b.merchantAccountId

/**
 * Whether a record has the content of a transfer. A field that the record leaves out is not a difference. The merchant
 * account is compared only if the transfer names one.
 */
export const agrees = (row: Content, record: TransferRecord): boolean =>
  (record.accountId === undefined || record.accountId === row.accountId) &&
  (record.amount === undefined || record.amount === row.amount) &&
  (row.merchantAccountId === undefined ||
    record.merchantAccountId === undefined ||
    record.merchantAccountId === row.merchantAccountId)

// A person accepted exact values. Other values under the same id are a new difference.
const isAccepted = ({ differs }: Compared, record: TransferRecord): boolean =>
  differs !== undefined &&
  differs.recordId === record.id &&
  differs.accountId === record.accountId &&
  differs.amount === record.amount &&
  differs.merchantAccountId === record.merchantAccountId

// A text that was cut inside a character ends in half of a surrogate pair or in U+FFFD.
const plain = (reference: string): string =>
  reference
    .normalize("NFKC")
    .replace(/[\ufffd\ud800-\udbff]+$/u, "")
    .trim()

// Compares upper case, since the lower case of a letter can depend on its position (the Greek final sigma) and a cut
// changes the position. Converts to lower case first, since some letters have equal upper case only after that. NFD
// separates accents, since a cut can separate them too. U+0307 is the dot that the Turkish capital I has.
const folded = (reference: string): string =>
  plain(reference).toLowerCase().toUpperCase().normalize("NFD").replaceAll("I\u0307", "I")

/** How long the beginning of a reference must be to count as a reference that Palomma cut. */
const shortestCut = 16

/** Whether a reference that Palomma shows may be ours: missing, trimmed, normalised, in other letter case, or cut. */
export const isSimilarReference = (found: string | undefined, ours: string): boolean => {
  if (found === undefined) return true
  const cut = folded(found)
  const full = folded(ours)
  return cut === full || (Array.from(plain(found)).length >= shortestCut && full.startsWith(cut))
}

/** Compares a record that Palomma shows with a transfer. */
export const likeness = (row: Compared, record: TransferRecord): Likeness => {
  if (row.notOurs.includes(record.id)) return "other"
  const isOurs = record.id === row.recordId || record.reference === row.reference
  if (!record.isReadable) {
    return isOurs || (agrees(row, record) && isSimilarReference(record.reference, row.reference)) ? "similar" : "other"
  }
  if (isOurs) return agrees(row, record) || isAccepted(row, record) ? "same" : "differs"
  return agrees(row, record) && isSimilarReference(record.reference, row.reference) ? "similar" : "other"
}

/**
 * Compares the answer to the transfer's own request with the transfer. A reference that Palomma changed or left out is
 * not a difference.
 */
export const answerLikeness = (row: Compared, record: TransferRecord): Likeness => {
  if (row.notOurs.includes(record.id)) return "other"
  const isSame = agrees(row, record) && isSimilarReference(record.reference, row.reference)
  return isSame || isAccepted(row, record) ? "same" : "differs"
}
