/**
 * A payout request or payin request of Palomma, in one shape for both.
 */
import { type Page, Timestamp, type UnreadableItem } from "@palomma-effect/schema"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { PalommaInvalidResponse } from "../../PalommaError.ts"
import { sha256 } from "../sha256.ts"

/** A payout or debit as Palomma shows it. */
export interface TransferRecord {
  /** The id. If it cannot be read, a name made from a hash of the record's text. */
  readonly id: string
  /** Whether all fields could be read. If not, only the readable fields are compared. */
  readonly isReadable: boolean
  readonly status: "processing" | "approved" | "partial" | "cancelled" | "unrecognised"
  /** The status in Palomma's spelling. */
  readonly statusText?: string | undefined
  /** `undefined` if the record has no reference or an unreadable one. */
  readonly reference: string | undefined
  readonly accountId: string | undefined
  /** Whole pesos. */
  readonly amount: number | undefined
  readonly merchantAccountId: string | undefined
  /** Whole pesos that were collected. */
  readonly amountCollected: number | undefined
  /** When Palomma created the record, in milliseconds since 1970 by Palomma's clock. */
  readonly createdAt: number | undefined
}

interface Common {
  readonly id: string
  readonly reference?: string
  readonly createdAt?: Timestamp
}

// A person rules records out by their ids, and an option that names a blank id is invalid.
const idOf = (id: string): string => (id.trim() === "" ? JSON.stringify(id) : id)

/** Reads the fields that payouts and debits have in common. */
export const common = (record: Common): Pick<TransferRecord, "id" | "isReadable" | "reference" | "createdAt"> => ({
  id: idOf(record.id),
  isReadable: true,
  reference: record.reference,
  createdAt: Option.fromUndefinedOr(record.createdAt).pipe(
    Option.flatMap(Timestamp.toDateTime),
    Option.map(DateTime.toEpochMillis),
    Option.getOrUndefined
  )
})

// A person rules a record out by its name. A record without a readable id is named by the hash of its text.
const nameOf = (operation: string, raw: unknown): Effect.Effect<string, PalommaInvalidResponse> =>
  Effect.try({
    try: () => JSON.stringify(raw) ?? "",
    // JSON.stringify throws for a value that is nested too deeply.
    catch: () =>
      new PalommaInvalidResponse({ operation, outcome: "none", status: 200, defect: "wrong-shape", problems: [] })
  }).pipe(
    Effect.flatMap(sha256),
    Effect.map((hash) => `unreadable:${hash.slice(0, 32)}`)
  )

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const fromUnreadable = (
  operation: string,
  item: UnreadableItem,
  account: string
): Effect.Effect<TransferRecord, PalommaInvalidResponse> => {
  const raw = Redacted.value(item.raw)
  const fields: { readonly [field: string]: unknown } = Predicate.isObject(raw) ? { ...raw } : {}
  const { amount } = fields
  return Effect.map(item.id === undefined ? nameOf(operation, raw) : Effect.succeed(idOf(item.id)), (id) => ({
    id,
    isReadable: false,
    status: "unrecognised",
    reference: item.reference,
    accountId: textOf(fields[account]),
    amount: typeof amount === "number" ? amount : undefined,
    merchantAccountId: undefined,
    amountCollected: undefined,
    createdAt: undefined
  }))
}

/**
 * Returns all records of a page, unreadable ones included. A record that cannot be named fails the page, since no
 * person could rule it out.
 */
export const recordsOf =
  <A extends Common>(operation: string, read: (record: A) => TransferRecord, account: string) =>
  ({
    items,
    unreadable = []
  }: Page<A>): Effect.Effect<ReadonlyArray<ReadonlyArray<TransferRecord>>, PalommaInvalidResponse> =>
    Effect.map(
      Effect.forEach(unreadable, (item) => fromUnreadable(operation, item, account)),
      (others) => [[...items.map(read), ...others]]
    )
