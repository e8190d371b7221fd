/**
 * A transfer journal in an SQL database: PostgreSQL for many processes, or SQLite for one.
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
import { durabilityProblem } from "./internal/durability.ts"
import { migrate } from "./internal/migrations.ts"
import { reasonOf } from "./internal/sqlReason.ts"
import * as Statements from "./internal/statements.ts"
import { migrations, tableOf } from "./internal/transfersTable.ts"
import { withTimeLimit } from "./internal/withTimeLimit.ts"

/**
 * Options of the journal: its tables and its timeout.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The beginning of the names of its two tables. The default is `palomma_`, for `palomma_transfers` and
   * `palomma_transfers_migrations`. At most 40 lower-case letters, digits and underscores.
   */
  readonly prefix?: string | undefined
  /** The time limit of one statement. The default is 10 seconds. */
  readonly timeout?: Duration.Input | undefined
}

const failed = (operation: string, reference: string | undefined, reason: string) =>
  new TransferJournalError({ operation, reason, ...(reference === undefined ? {} : { reference }) })

// No request is sent before the journal is open.
const openError = (reason: string) => new TransferJournalError({ operation: "open", sent: "no", reason })

// The database has rolled back such a transaction, so it can be run again.
const wroteNothing = ({ reason }: SqlError): boolean =>
  reason._tag === "SerializationError" || reason._tag === "DeadlockError"

const shortBackoff = Schedule.exponential("5 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 8 }))

const inTransaction = "it was called inside an SQL transaction, which could roll it back: call it outside"

const unreadable = "its columns are not in a form that this version of the library can read"

const make = Effect.fnUntraced(function* (options: Options) {
  const sql = yield* SqlClient
  const prefix = options.prefix ?? "palomma_"
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(prefix)) {
    return yield* openError(
      "the option prefix must be 1 to 40 lower-case letters, digits and underscores, and must not begin with a digit"
    )
  }
  const timeout = Option.getOrUndefined(Duration.fromInput(options.timeout ?? "10 seconds"))
  if (timeout === undefined) return yield* openError("the option timeout must be a duration, such as 10 seconds")

  /** Fails inside a transaction of the caller: if a claim is rolled back later, the transfer could be paid twice. */
  const outside = Effect.flatMap(Effect.serviceOption(sql.transactionService), (ambient) =>
    Option.isSome(ambient) ? Effect.fail(inTransaction) : Effect.void
  )

  const inTime = <A>(self: Effect.Effect<A, SqlError>): Effect.Effect<A, string> =>
    withTimeLimit(Effect.retry(self, { while: wroteNothing, schedule: shortBackoff }), timeout).pipe(
      Effect.mapError((error) => reasonOf(error)),
      Effect.flatMap(
        Option.match({
          onNone: () => Effect.fail(`no answer within ${Duration.format(timeout)}`),
          onSome: Effect.succeed
        })
      )
    )

  /** Runs one statement in a separate transaction, which is committed when it returns. */
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

  /** Reads a row, and fails if a standby answers. */
  const select = Effect.fnUntraced(function* (reference: string | undefined, statement: Statements.Run) {
    const rows = yield* run("find", reference, statement)
    if (rows[0]?.[Statements.isCopy] === true) {
      return yield* failed("find", reference, "a standby answered, whose rows may be old: use the primary")
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
      return yield* failed(
        operation,
        row.reference,
        "its namespace or reference contains characters that the database cannot store"
      )
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
        : Effect.fail(failed("read the clock", undefined, "the database did not return its time"))
    }),
    find: (key) =>
      // The journal never writes such a key. A database that replaces invalid characters could return another row.
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

  yield* Effect.mapError(outside, openError)
  const problem = yield* Effect.mapError(inTime(Effect.provideService(durabilityProblem, SqlClient, sql)), openError)
  if (problem !== undefined) return yield* openError(problem)
  yield* Effect.mapError(migrate(`${tableOf(prefix)}_migrations`, migrations(prefix)), openError)
  return journal
})

/**
 * Keeps the journal in the database of an `SqlClient`: PostgreSQL (`PgClient.layer` of `@effect/sql-pg`) or SQLite.
 *
 * The layer creates the tables. It fails with a `TransferJournalError` if the tables are of a later version, if the
 * database is configured to lose commits, or if it is a standby. Every change is one conditional statement, committed
 * when it returns. All times are from the clock of the database. The journal stores only ids, the reference, the
 * amount, the state and the last error, and nothing about the person who is paid or debited.
 *
 * **Gotchas**
 *
 * Never send inside `sql.withTransaction`: if a claim is rolled back later, the transfer could be paid twice. The
 * journal fails there with a `TransferJournalError`, and nothing is sent. With SQLite only one process may use the
 * file, which `SqliteTransferJournal` ensures.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<TransferJournal, TransferJournalError, SqlClient> =>
  Layer.effect(TransferJournal, make(options))
