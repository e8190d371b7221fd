/**
 * What Palomma shows of one payout or debit, in the words that both have in common.
 */
import { type Page, Timestamp, type UnreadableItem } from "@palomma-effect/schema"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { PalommaInvalidResponse } from "../../PalommaError.ts"
import { sha256 } from "../sha256.ts"

/** What Palomma shows of one payout or debit. */
export interface TransferRecord {
  /** Its id, or a name made of its text if it shows no id. */
  readonly id: string
  /** Whether it could be read whole. One that could not may be any record that fits what was read. */
  readonly isReadable: boolean
  readonly status: "processing" | "approved" | "partial" | "cancelled" | "unrecognised"
  /** The status as Palomma writes it. */
  readonly statusText?: string | undefined
  /** Not there if the record has none, or one that cannot be read. */
  readonly reference: string | undefined
  readonly accountId: string | undefined
  /** Whole pesos. */
  readonly amount: number | undefined
  readonly merchantAccountId: string | undefined
  /** Whole pesos that were collected. */
  readonly amountCollected: number | undefined
  /** When Palomma made it, in milliseconds since 1970 by Palomma's clock. */
  readonly createdAt: number | undefined
}

interface Common {
  readonly id: string
  readonly reference?: string
  readonly createdAt?: Timestamp
}

// A person rules records out by their ids, and nobody can name a blank.
const idOf = (id: string): string => (id.trim() === "" ? JSON.stringify(id) : id)

/** What every record has in common. */
export const common = (record: Common): Pick<TransferRecord, "id" | "isReadable" | "reference" | "createdAt"> => ({
  id: idOf(record.id),
  isReadable: true,
  // One that is there and cannot be read may be any.
  reference: record.reference,
  createdAt: Option.fromUndefinedOr(record.createdAt).pipe(
    Option.flatMap(Timestamp.toDateTime),
    Option.map(DateTime.toEpochMillis),
    Option.getOrUndefined
  )
})

// A person can rule it out only if it has a name, and what cannot be read may have none of its own.
const nameOf = (operation: string, raw: unknown): Effect.Effect<string, PalommaInvalidResponse> =>
  Effect.try({
    try: () => JSON.stringify(raw) ?? "",
    // One that is too deep to be written has no text.
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

/** All records of a page, those that cannot be read included. One that cannot be named either could never be ruled out: it fails the page. */
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
