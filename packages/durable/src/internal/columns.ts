/**
 * A transfer as the columns of a table.
 */
import { Transfer } from "@palomma-effect/client/Transfer"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** The value of a column. */
export type Value = string | number | null

/** The columns of one row, by name. */
export type Columns = Readonly<Record<string, unknown>>

// PostgreSQL stores neither NUL nor unpaired surrogates. In notes and errors, which are for people, a mark replaces
// them.
const note = (text: string | undefined): string | null => text?.toWellFormed().replaceAll("\0", "\ufffd") ?? null

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0")

/** Encodes an id for the database: as JSON if the database could not return it unchanged. */
export const storedId = (id: string): string => (isStorable(id) && !id.startsWith(`"`) ? id : JSON.stringify(id))

const optionalId = (id: string | undefined): string | null => (id === undefined ? null : storedId(id))

// The column holds whole milliseconds. A fraction must not make the statement fail.
const time = (millis: number | undefined): number | null => (millis === undefined ? null : Math.floor(millis))

const flag = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value))

/** Whether the database can store the namespace and the reference unchanged. */
export const isStorableKey = ({ namespace, reference }: Pick<Transfer, "namespace" | "reference">): boolean =>
  isStorable(namespace) && isStorable(reference)

/** The columns with the values of a row, the key first. The other columns are set by the database. */
const columns: Readonly<Record<string, (row: Transfer) => Value>> = {
  namespace: (row) => row.namespace,
  kind: (row) => row.kind,
  reference: (row) => row.reference,
  account_id: (row) => storedId(row.accountId),
  amount: (row) => row.amount,
  merchant_account_id: (row) => optionalId(row.merchantAccountId),
  state: (row) => row.state,
  version: (row) => row.version,
  claim_id: (row) => optionalId(row.claim?.id),
  claim_length: (row) => row.claim?.length ?? null,
  claim_at: (row) => time(row.claim?.at),
  claims: (row) => row.claims,
  record_id: (row) => optionalId(row.recordId),
  amount_collected: (row) => row.amountCollected ?? null,
  evidence: (row) => JSON.stringify(row.evidence),
  not_ours: (row) => JSON.stringify(row.notOurs),
  differs_record_id: (row) => optionalId(row.differs?.recordId),
  differs_account_id: (row) => optionalId(row.differs?.accountId),
  differs_amount: (row) => row.differs?.amount ?? null,
  differs_merchant_account_id: (row) => optionalId(row.differs?.merchantAccountId),
  alarm_kind: (row) => row.alarm?.kind ?? null,
  alarm_records: (row) => (row.alarm === undefined ? null : JSON.stringify(row.alarm.records)),
  alarm_at: (row) => time(row.alarm?.at),
  resolution_as: (row) => row.resolution?.as ?? null,
  resolution_by: (row) => note(row.resolution?.by),
  resolution_note: (row) => note(row.resolution?.note),
  resolution_incomplete: (row) => flag(row.resolution?.incomplete),
  resolution_at: (row) => time(row.resolution?.at),
  last_error: (row) => note(row.lastError),
  look_ups: (row) => row.lookUps,
  carried_by: (row) => row.carriedBy ?? null,
  told_at: (row) => time(row.toldAt)
}

/** The names of these columns: three for the key, then the others. */
export const names: ReadonlyArray<string> = Object.keys(columns)

/** Returns the values of these columns. */
export const valuesOf = (row: Transfer): ReadonlyArray<Value> => Object.values(columns).map((write) => write(row))

/** The columns with times of the clock of the database. */
export const clockNames: ReadonlyArray<string> = ["left_sending_at", "created_at", "updated_at"]

// Drivers return BIGINT as a bigint or as text. Any other value stays unchanged, and the schema rejects it.
const number = (value: unknown): unknown => {
  if (typeof value !== "bigint" && typeof value !== "string") return value
  const read = Number(value)
  return Number.isSafeInteger(read) ? read : value
}

const id = (value: unknown): unknown => (typeof value === "string" && value.startsWith(`"`) ? JSON.parse(value) : value)

const json = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value)

const bool = (value: unknown): unknown => (isNull(value) ? value : number(value) === 1)

const isNull = (value: unknown): boolean => value === null || value === undefined

const isPresent = ([, value]: readonly [string, unknown]): boolean => !isNull(value)

const present = (fields: Columns): Columns => Object.fromEntries(Object.entries(fields).filter(isPresent))

/** Returns the fields that are not null, or `undefined` if all of them are. */
const group = (fields: Columns): Columns | undefined =>
  Object.values(fields).every(isNull) ? undefined : present(fields)

const fieldsOf = (of: Columns) =>
  present({
    namespace: of["namespace"],
    kind: of["kind"],
    reference: of["reference"],
    accountId: id(of["account_id"]),
    amount: number(of["amount"]),
    merchantAccountId: id(of["merchant_account_id"]),
    state: of["state"],
    version: number(of["version"]),
    claim: group({
      id: id(of["claim_id"]),
      length: of["claim_length"],
      at: number(of["claim_at"])
    }),
    claims: number(of["claims"]),
    recordId: id(of["record_id"]),
    amountCollected: of["amount_collected"],
    evidence: json(of["evidence"]),
    notOurs: json(of["not_ours"]),
    differs: group({
      recordId: id(of["differs_record_id"]),
      accountId: id(of["differs_account_id"]),
      amount: of["differs_amount"],
      merchantAccountId: id(of["differs_merchant_account_id"])
    }),
    alarm: group({
      kind: of["alarm_kind"],
      records: json(of["alarm_records"]),
      at: number(of["alarm_at"])
    }),
    resolution: group({
      as: of["resolution_as"],
      by: of["resolution_by"],
      note: of["resolution_note"],
      incomplete: bool(of["resolution_incomplete"]),
      at: number(of["resolution_at"])
    }),
    lastError: of["last_error"],
    lookUps: number(of["look_ups"]),
    carriedBy: of["carried_by"],
    toldAt: number(of["told_at"]),
    leftSendingAt: number(of["left_sending_at"]),
    createdAt: number(of["created_at"]),
    updatedAt: number(of["updated_at"])
  } satisfies Record<keyof typeof Transfer.fields, unknown>)

const decode = Schema.decodeUnknownEffect(Transfer)

/** The columns are not a transfer that this version can read. */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", {}) {}

/** Decodes a transfer from its columns. */
export const fromColumns = (columns: Columns): Effect.Effect<Transfer, Unreadable> =>
  Effect.try({ try: () => fieldsOf(columns), catch: () => new Unreadable() }).pipe(
    Effect.flatMap(decode),
    Effect.mapError(() => new Unreadable())
  )
