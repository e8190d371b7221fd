/**
 * A row of the journal as the columns of a table.
 */
import { PayoutRow } from "@palomma-effect/client"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

type Plain = Exclude<keyof PayoutRow, "resolution">

const columnOf: Record<Plain, string> = {
  environment: "environment",
  reference: "reference",
  payoutTargetId: "payout_target_id",
  amount: "amount",
  sourceMerchantAccountId: "source_merchant_account_id",
  state: "state",
  version: "version",
  claims: "claims",
  claimedAt: "claimed_at",
  deadlineAt: "deadline_at",
  payoutRequestId: "payout_request_id",
  lastError: "last_error",
  updatedAt: "updated_at"
}

const resolutionColumnOf: Record<keyof NonNullable<PayoutRow["resolution"]>, string> = {
  as: "resolved_as",
  by: "resolved_by",
  note: "resolution_note",
  at: "resolved_at"
}

// What others have written, such as a server's message, must not keep a row from being stored: PostgreSQL refuses these characters.
const storable = (text: string | undefined): string | null => text?.toWellFormed().replaceAll("\0", "\ufffd") ?? null

/** The columns of a row; what it does not hold is null. */
export const toColumns = (row: PayoutRow): Record<string, string | number | null> => {
  const columns: Record<string, string | number | null> = {}
  for (const [field, column] of entries(columnOf)) columns[column] = row[field] ?? null
  for (const [field, column] of entries(resolutionColumnOf)) columns[column] = row.resolution?.[field] ?? null
  return {
    ...columns,
    [columnOf.lastError]: storable(row.lastError),
    [resolutionColumnOf.by]: storable(row.resolution?.by),
    [resolutionColumnOf.note]: storable(row.resolution?.note)
  }
}

const read = (columns: Readonly<Record<string, unknown>>, names: Readonly<Record<string, string>>) => {
  const found: Record<string, unknown> = {}
  for (const [field, column] of Object.entries(names)) {
    const value = columns[column]
    // PostgreSQL's BIGINT is a bigint here, and a string with other drivers.
    if (value !== null && value !== undefined) found[field] = isNumber(column, value) ? Number(value) : value
  }
  return found
}

const numbers = new Set(["amount", "version", "claims", "claimed_at", "deadline_at", "resolved_at", "updated_at"])

const isNumber = (column: string, value: unknown): boolean =>
  numbers.has(column) && (typeof value === "bigint" || typeof value === "string")

const decode = Schema.decodeUnknownEffect(PayoutRow)

/** The row that the columns hold. */
export const fromColumns = (columns: Readonly<Record<string, unknown>>): Effect.Effect<PayoutRow, Schema.SchemaError> =>
  decode({
    ...read(columns, columnOf),
    ...(columns[resolutionColumnOf.as] === null ? {} : { resolution: read(columns, resolutionColumnOf) })
  })

const entries = <K extends string, V>(record: Readonly<Record<K, V>>): Array<[K, V]> =>
  Object.entries(record) as Array<[K, V]>
