/**
 * A payout journal in an SQL database: PostgreSQL for any number of processes, or SQLite.
 */
import { PayoutJournal, PayoutJournalError } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { MigrationError } from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { fromColumns, toColumns } from "./internal/columns.ts"
import { reasonOf } from "./internal/sqlReason.ts"
import { migrate, tableOf } from "./internal/table.ts"
import { within } from "./internal/within.ts"

/** Where the journal keeps its rows, and how long it waits for them. */
export interface Options {
  /** What the names of its two tables begin with: `palomma_`, which makes `palomma_payouts` and `palomma_migrations`. */
  readonly prefix?: string | undefined
  /** How long the database may take over one row: 10 seconds. */
  readonly timeout?: Duration.Input | undefined
}

// A transaction that the database gave up on has written nothing, so that it may be tried again.
const wroteNothing = ({ reason }: SqlError): boolean =>
  reason._tag === "SerializationError" || reason._tag === "DeadlockError"

const soon = Schedule.exponential("5 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 8 }))

const asReason = (error: SqlError | MigrationError): string => {
  if (isSqlError(error)) return reasonOf(error)
  return isSqlError(error.cause) ? reasonOf(error.cause) : "its tables could not be brought up to date"
}

// What a database forgets on a power failure it would let be paid twice.
const durability = Effect.gen(function* () {
  const sql = yield* SqlClient
  const setting = (statement: string, column: string) =>
    sql.unsafe<Record<string, unknown>>(statement).withoutTransform.pipe(
      Effect.map((rows) => rows[0]?.[column]),
      // Not every kind of SQLite lets itself be asked.
      Effect.orElseSucceed(() => undefined)
    )
  return yield* sql.onDialectOrElse({
    pg: () =>
      Effect.map(setting("SHOW synchronous_commit", "synchronous_commit"), (value) =>
        value === "off"
          ? "synchronous_commit is off in this database, so that a commit can be lost: switch it on"
          : undefined
      ),
    sqlite: () =>
      Effect.map(setting("PRAGMA synchronous", "synchronous"), (value) =>
        value === 0 || value === 1
          ? "PRAGMA synchronous is below FULL, so that a commit can be lost: set it"
          : undefined
      ),
    orElse: () => Effect.succeed("a journal needs PostgreSQL or SQLite")
  })
})

const make = Effect.fnUntraced(function* (options: Options) {
  const sql = yield* SqlClient
  const prefix = options.prefix ?? "palomma_"
  const table = sql(tableOf(prefix))
  const timeout = Duration.fromInputUnsafe(options.timeout ?? "10 seconds")

  const failed = (operation: string, reference: string | undefined, reason: string) =>
    new PayoutJournalError({ operation, reason, ...(reference === undefined ? {} : { reference }) })

  /** Runs one statement, each in a transaction of its own that is committed when it answers. */
  const run = (
    operation: string,
    reference: string | undefined,
    statement: Effect.Effect<ReadonlyArray<Record<string, unknown>>, SqlError>
  ): Effect.Effect<ReadonlyArray<Record<string, unknown>>, PayoutJournalError> =>
    Effect.flatMap(Effect.serviceOption(sql.transactionService), (ambient) => {
      // A claim that is rolled back afterwards would permit a second payment.
      if (Option.isSome(ambient)) {
        const reason = "it was called within an SQL transaction, whose end would decide about it: call it outside"
        return Effect.fail(failed(operation, reference, reason))
      }
      return within(Effect.retry(statement, { while: wroteNothing, schedule: soon }), timeout).pipe(
        Effect.mapError((error) => failed(operation, reference, reasonOf(error))),
        Effect.flatMap(
          Option.match({
            onNone: () => Effect.fail(failed(operation, reference, `no answer within ${Duration.format(timeout)}`)),
            onSome: Effect.succeed
          })
        )
      )
    })

  const read = (operation: string, reference: string | undefined, statement: Parameters<typeof run>[2]) =>
    Effect.flatMap(run(operation, reference, statement), (rows) =>
      Effect.forEach(rows, (columns) =>
        Effect.mapError(fromColumns(columns), () => {
          const named = typeof columns["reference"] === "string" ? columns["reference"] : reference
          return failed(operation, named, "it is written in a way that this version of the library does not know")
        })
      )
    )

  const journal: PayoutJournal["Service"] = {
    isDurable: true,
    find: ({ environment, reference }) =>
      Effect.map(
        read(
          "find",
          reference,
          sql`SELECT * FROM ${table} WHERE environment = ${environment} AND reference = ${reference}`.withoutTransform
        ),
        (rows) => Option.fromUndefinedOr(rows[0])
      ),
    findByPayoutRequestId: (environment, payoutRequestId) =>
      Effect.map(
        read(
          "find",
          undefined,
          sql`SELECT * FROM ${table} WHERE environment = ${environment} AND payout_request_id = ${payoutRequestId}
            ORDER BY reference`.withoutTransform
        ),
        (rows) => Option.fromUndefinedOr(rows[0])
      ),
    insert: (row) =>
      Effect.map(
        run(
          "insert",
          row.reference,
          sql`INSERT INTO ${table} ${sql.insert(toColumns(row))} ON CONFLICT DO NOTHING RETURNING version`
            .withoutTransform
        ),
        (written) => written.length === 1
      ),
    replace: (row) =>
      Effect.map(
        run(
          "replace",
          row.reference,
          sql`UPDATE ${table} SET ${sql.update(toColumns(row), ["environment", "reference"])}
            WHERE environment = ${row.environment} AND reference = ${row.reference} AND version = ${row.version - 1}
            RETURNING version`.withoutTransform
        ),
        (written) => written.length === 1
      ),
    list: (environment, state) =>
      Effect.map(
        read(
          "list",
          undefined,
          state === undefined
            ? sql`SELECT * FROM ${table} WHERE environment = ${environment}`.withoutTransform
            : sql`SELECT * FROM ${table} WHERE environment = ${environment} AND state = ${state}`.withoutTransform
        ),
        // Databases order texts by bytes, JavaScript by UTF-16: every journal lists alike.
        (rows) => rows.sort((a, b) => (a.reference < b.reference ? -1 : 1))
      )
  }

  const unsafe = yield* durability
  if (unsafe !== undefined) return yield* failed("open", undefined, unsafe)
  yield* Effect.mapError(migrate(prefix), (error) => failed("open", undefined, asReason(error)))
  return journal
})

/**
 * Keeps the journal in the database of an `SqlClient`: PostgreSQL (`PgClient.layer` of `@effect/sql-pg`) or SQLite.
 *
 * It makes its tables when it is built, and refuses a database that is set to lose commits. Every change is one conditional statement,
 * committed when it returns. Only ids, the reference, the amount, the state and what went wrong last are stored, and nothing about the
 * person who is paid.
 *
 * **Gotchas**
 *
 * Never pay within `sql.withTransaction`: a claim that is rolled back later would permit a second payment. The journal fails with a
 * `PayoutJournalError` there, and nothing is sent. With SQLite one process alone may use the file: `SqlitePayoutJournal` sees to that.
 */
export const layer = (options: Options = {}): Layer.Layer<PayoutJournal, PayoutJournalError, SqlClient> =>
  Layer.effect(PayoutJournal, make(options))
