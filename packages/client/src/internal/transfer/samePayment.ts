/**
 * Whether a record at Palomma is a transfer of the journal.
 */
import type { Transfer } from "../../Transfer.ts"
import type { TransferRecord } from "./record.ts"

/** What a transfer is of. */
export interface Content {
  readonly accountId: string
  /** Whole pesos. */
  readonly amount: number
  readonly merchantAccountId?: string | undefined
}

/**
 * What a record is to a transfer.
 *
 * - `same`: it is the transfer.
 * - `differs`: it has the transfer's reference or id, and other content.
 * - `similar`: it may be the transfer, under a reference that Palomma changed or left out.
 * - `other`: it is not the transfer.
 */
export type Likeness = "same" | "differs" | "similar" | "other"

type Compared = Content & Pick<Transfer, "reference" | "recordId" | "notOurs" | "differs">

/** Whether two intents are of the same account, amount and merchant account. */
export const isSameContent = (a: Content, b: Content): boolean =>
  a.accountId === b.accountId && a.amount === b.amount && a.merchantAccountId === b.merchantAccountId

/**
 * Whether a record shows no other content than a transfer has: what it leaves out is no difference, and a merchant account counts only
 * if the transfer names one.
 */
export const agrees = (row: Content, record: TransferRecord): boolean =>
  (record.accountId === undefined || record.accountId === row.accountId) &&
  (record.amount === undefined || record.amount === row.amount) &&
  (row.merchantAccountId === undefined ||
    record.merchantAccountId === undefined ||
    record.merchantAccountId === row.merchantAccountId)

// A difference is accepted as it was shown: another one under the same id is new.
const isAccepted = ({ differs }: Compared, record: TransferRecord): boolean =>
  differs !== undefined &&
  differs.recordId === record.id &&
  differs.accountId === record.accountId &&
  differs.amount === record.amount &&
  differs.merchantAccountId === record.merchantAccountId

// A text that was cut inside of a character ends in a half of it, or in U+FFFD.
const plain = (reference: string): string =>
  reference
    .normalize("NFKC")
    .replace(/[\ufffd\ud800-\udbff]+$/u, "")
    .trim()

// In capitals, since a small letter may be another one at the end of a word, where a cut can be. By way of small letters, since some
// capitals are the same only so. With accents apart, since a cut can be there too. Languages differ on the dot of an i.
const folded = (reference: string): string =>
  plain(reference).toLowerCase().toUpperCase().normalize("NFD").replaceAll("I\u0307", "I")

/** The length from which the beginning of a reference is taken for a reference that was cut. */
const shortestCut = 16

/** Whether a reference that Palomma shows may be ours: left out, trimmed, normalised, in other letter case, or cut. */
export const isSimilarReference = (found: string | undefined, ours: string): boolean => {
  if (found === undefined) return true
  const cut = folded(found)
  const whole = folded(ours)
  return cut === whole || (Array.from(plain(found)).length >= shortestCut && whole.startsWith(cut))
}

/** What a record that Palomma shows is to a transfer. */
export const likeness = (row: Compared, record: TransferRecord): Likeness => {
  if (row.notOurs.includes(record.id)) return "other"
  const isOurs = record.id === row.recordId || record.reference === row.reference
  if (!record.isReadable) {
    return isOurs || (agrees(row, record) && isSimilarReference(record.reference, row.reference)) ? "similar" : "other"
  }
  if (isOurs) return agrees(row, record) || isAccepted(row, record) ? "same" : "differs"
  return agrees(row, record) && isSimilarReference(record.reference, row.reference) ? "similar" : "other"
}

/** What the answer to the transfer's own request is to it: a reference that Palomma changed or left out is no difference. */
export const answerLikeness = (row: Compared, record: TransferRecord): Likeness => {
  if (row.notOurs.includes(record.id)) return "other"
  const isSame = agrees(row, record) && isSimilarReference(record.reference, row.reference)
  return isSame || isAccepted(row, record) ? "same" : "differs"
}
