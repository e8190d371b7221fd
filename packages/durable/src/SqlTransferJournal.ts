/**
 * A transfer journal in an SQL database: PostgreSQL for any number of processes, or SQLite.
 *
 * @since 0.1.0
 */
import type { Transfer } from "@palomma-effect/client/Transfer"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { TransferJournal, type TransferJournalService } from "@palomma-effect/client/TransferJournal"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { type Columns, fromColumns, isStorableKey } from "./internal/columns.ts"
import { doubts } from "./internal/durability.ts"
import { migrate } from "./internal/migrations.ts"
import { reasonOf } from "./internal/sqlReason.ts"
import * as Statements from "./internal/statements.ts"
import { migrations, tableOf } from "./internal/transfersTable.ts"
import { within } from "./internal/within.ts"

/**
 * Where the journal keeps its rows, and how long it waits for them.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * What the names of its two tables begin with: `palomma_` by default, which makes `palomma_transfers` and
   * `palomma_transfers_migrations`. At most 40 lower-case letters, digits and underscores.
   */
  readonly prefix?: string | undefined
  /** How long the database may take over one statement: 10 seconds by default. */
  readonly timeout?: Duration.Input | undefined
}

const failed = (operation: string, reference: string | undefined, reason: string) =>
  new TransferJournalError({ operation, reason, ...(reference === undefined ? {} : { reference }) })

// Nothing is sent before a journal is open.
const notOpened = (reason: string) => new TransferJournalError({ operation: "open", sent: "no", reason })

// A transaction that the database gave up on has written nothing, so that it may be tried again.
const wroteNothing = ({ reason }: SqlError): boolean =>
  reason._tag === "SerializationError" || reason._tag === "DeadlockError"

const soon = Schedule.exponential("5 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 8 }))

const inTransaction = "it was called within an SQL transaction, whose end would decide about it: call it outside"

const unreadable = "it is written in a way that this version of the library does not know"

const make = Effect.fnUntraced(function* (options: Options) {
  const sql = yield* SqlClient
  const prefix = options.prefix ?? "palomma_"
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(prefix)) {
    return yield* notOpened(
      "the option prefix must be 1 to 40 lower-case letters, digits and underscores, the first no digit"
    )
  }
  const timeout = Option.getOrUndefined(Duration.fromInput(options.timeout ?? "10 seconds"))
  if (timeout === undefined) return yield* notOpened("the option timeout must be a duration, such as 10 seconds")

  /** Fails within a transaction of the caller: a claim that is rolled back afterwards would permit a second payment. */
  const outside = Effect.flatMap(Effect.serviceOption(sql.transactionService), (ambient) =>
    Option.isSome(ambient) ? Effect.fail(inTransaction) : Effect.void
  )

  const inTime = <A>(self: Effect.Effect<A, SqlError>): Effect.Effect<A, string> =>
    within(Effect.retry(self, { while: wroteNothing, schedule: soon }), timeout).pipe(
      Effect.mapError((error) => reasonOf(error)),
      Effect.flatMap(
        Option.match({
          onNone: () => Effect.fail(`no answer within ${Duration.format(timeout)}`),
          onSome: Effect.succeed
        })
      )
    )

  /** Runs one statement, in a transaction of its own that is committed when it answers. */
  const run = (
    operation: string,
    reference: string | undefined,
    statement: Statements.Run
  ): Effect.Effect<ReadonlyArray<Columns>, TransferJournalError> =>
    Effect.andThen(outside, inTime(statement)).pipe(Effect.mapError((reason) => failed(operation, reference, reason)))

  const read = (operation: string, reference: string | undefined, columns: Columns) =>
    Effect.mapError(fromColumns(columns), () => {
      const named = typeof columns["reference"] === "string" ? columns["reference"] : reference
      return failed(operation, named, unreadable)
    })

  const readFirst = (operation: string, reference: string | undefined, rows: ReadonlyArray<Columns>) =>
    rows[0] === undefined ? Effect.succeedNone : Effect.map(read(operation, reference, rows[0]), Option.some)

  /** Reads a row, from a primary alone. */
  const select = Effect.fnUntraced(function* (reference: string | undefined, statement: Statements.Run) {
    const rows = yield* run("find", reference, statement)
    if (rows[0]?.[Statements.isCopy] === true) {
      return yield* failed("find", reference, "a standby answered, which may lag behind: use the primary")
    }
    return yield* readFirst(
      "find",
      reference,
      rows.filter((row) => row["reference"] !== null)
    )
  })

  const write = Effect.fnUntraced(function* (
    operation: string,
    row: Transfer,
    statement: (row: Transfer) => Statements.Run
  ) {
    if (!isStorableKey(row)) {
      return yield* failed(operation, row.reference, "its namespace or reference has characters that cannot be stored")
    }
    return yield* readFirst(operation, row.reference, yield* run(operation, row.reference, statement(row)))
  })

  const absent = Effect.mapError(Effect.as(outside, Option.none<Transfer>()), (reason) =>
    failed("find", undefined, reason)
  )
  const statements = Statements.make(sql, prefix)
  const journal: TransferJournalService = {
    isDurable: true,
    now: Effect.flatMap(run("read the clock", undefined, statements.now), (rows) => {
      const at = Number(rows[0]?.["at"])
      return Number.isSafeInteger(at)
        ? Effect.succeed(at)
        : Effect.fail(failed("read the clock", undefined, "the database does not tell its time"))
    }),
    find: (key) =>
      // No such row was ever written, and a database that puts a mark for half a character would answer with another one.
      isStorableKey(key) ? select(key.reference, statements.find(key)) : absent,
    findByRecordId: (namespace, kind, recordId) =>
      select(undefined, statements.findByRecordId(namespace, kind, recordId)),
    insert: (row) => write("insert", row, statements.insert),
    replace: (row) => write("replace", row, statements.replace),
    list: (query) => {
      const statement = statements.list(query)
      return statement === undefined
        ? Effect.as(
            Effect.mapError(outside, (reason) => failed("list", undefined, reason)),
            []
          )
        : Effect.flatMap(run("list", undefined, statement), (rows) =>
            Effect.forEach(rows, (columns) => read("list", undefined, columns))
          )
    }
  }

  yield* Effect.mapError(outside, notOpened)
  const doubt = yield* Effect.mapError(inTime(Effect.provideService(doubts, SqlClient, sql)), notOpened)
  if (doubt !== undefined) return yield* notOpened(doubt)
  yield* Effect.mapError(migrate(`${tableOf(prefix)}_migrations`, migrations(prefix)), notOpened)
  return journal
})

/**
 * Keeps the journal in the database of an `SqlClient`: PostgreSQL (`PgClient.layer` of `@effect/sql-pg`) or SQLite.
 *
 * It makes its tables when it is built, and fails with a `TransferJournalError` if they are of a later version, or if the database is set
 * to lose commits or is a standby. Every change is one conditional statement, committed when it returns, and its times are those of the
 * database's clock. Only ids, the reference, the amount, the state and what went wrong last are stored, and nothing about the person who is
 * paid or debited.
 *
 * **Gotchas**
 *
 * Never send within `sql.withTransaction`: a claim that is rolled back later would permit a second payment. The journal fails with a
 * `TransferJournalError` there, and nothing is sent. With SQLite only one process may use the file: `SqliteTransferJournal` sees to
 * that.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<TransferJournal, TransferJournalError, SqlClient> =>
  Layer.effect(TransferJournal, make(options))
