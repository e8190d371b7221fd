/**
 * The journal in an SQL database. It can write a job together with the change of a row.
 */
import type { Transfer } from "@palomma-effect/client/Transfer"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import type { TransferJournalService } from "@palomma-effect/client/TransferJournal"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { optionsProblem } from "./checks.ts"
import { type Columns, fromColumns, isStorableKey } from "./columns.ts"
import { durabilityProblem } from "./durability.ts"
import { migrate } from "./migrations.ts"
import { isPrefix, prefixRule } from "./prefix.ts"
import { type Failure, failureOf } from "./sqlReason.ts"
import * as Statements from "./statements.ts"
import { inOwnTransaction, inTransaction, isInOtherTransaction, notRolledBack } from "./transaction.ts"
import { jobKey, migrations, tableOf } from "./transfersTable.ts"
import { withTimeLimit } from "./withTimeLimit.ts"

// If it is set, the journal may take part in a transaction of the caller. A statement that runs in this transaction has
// its permit.
const Joining = Context.Reference<Semaphore.Semaphore | undefined>("@palomma-effect/durable/Joining", {
  defaultValue: () => undefined
})

/**
 * Runs an operation of `Durable` that sends nothing, so that it may take part in a transaction of the caller.
 *
 * A statement that is interrupted or too late may still be running when the operation has failed. The caller's next
 * statement must not come in between, since it could be rolled back together with a job, so this waits for the end.
 */
export const joining = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const running = Semaphore.makeUnsafe(1)
    return Effect.ensuring(Effect.provideService(self, Joining, running), running.withPermit(Effect.void))
  })

/** Options of the journal. */
export interface Options {
  readonly prefix?: string | undefined
  readonly timeout?: Duration.Input | undefined
}

// The type asks for each option that is added.
const known: Record<keyof Options, true> = { prefix: true, timeout: true }

/** The names of the options. */
export const names: ReadonlyArray<string> = Object.keys(known)

/** Fails if there is an option of another name: if a misspelt prefix was ignored, the journal would be empty. */
export const checkNames = (options: unknown, known: ReadonlyArray<string>): Effect.Effect<void, TransferJournalError> =>
  Effect.suspend(() => {
    const reason = optionsProblem(options, known)
    return reason === undefined ? Effect.void : Effect.fail(openError({ reason }))
  })

/** A job could not be written. */
export class JobNotWritten extends Schema.TaggedError<JobNotWritten>()("JobNotWritten", {}) {}

/** What has to be written together with the change of a row. */
export interface Jobs {
  /** Whether a row in this form needs a job. */
  readonly isNeeded: (row: Transfer) => boolean
  /** Writes the job of a row with this key. It runs in the transaction that stores the row. */
  readonly write: (row: Transfer, key: string) => Effect.Effect<void, JobNotWritten>
  /** Runs after each change of a row, for example to measure it. */
  readonly onWritten: (row: Transfer) => Effect.Effect<void>
}

const refused = (reason: string): Failure => ({ reason, written: "no" })

const failed = (operation: string, reference: string | undefined, { reason, written }: Failure) =>
  new TransferJournalError({ operation, reason, written, ...(reference === undefined ? {} : { reference }) })

// No request is sent before the journal is open.
const openError = ({ reason }: Pick<Failure, "reason">) =>
  new TransferJournalError({ operation: "open", sent: "no", reason })

// The database has rolled back such a transaction, so it can be run again.
const wroteNothing = ({ reason }: SqlError): boolean =>
  reason._tag === "SerializationError" || reason._tag === "DeadlockError"

const shortBackoff = Schedule.exponential("5 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 8 }))

const isInside = refused("it was called inside an SQL transaction, which could roll it back: call it outside")

const isInsideOther = refused(
  "it was called inside a transaction of another SqlClient, which does not include the journal: use one SqlClient for both"
)

const jobLost = "The job of a transfer could not be written. A worker finds the transfer without it, a little later."

const unreadable = refused("its columns are not in a form that this version of the library can read")

/** Makes the journal, which writes these jobs. */
export type WithJobs = (jobs?: Jobs) => TransferJournalService

const noProblem: Effect.Effect<string | undefined> = Effect.undefined

/**
 * Opens the journal of the `SqlClient`. Before it writes anything, it fails if the database cannot keep its promises,
 * or if there is a problem of the caller's.
 */
export const open = Effect.fnUntraced(function* (
  options: Options,
  otherProblem: Effect.Effect<string | undefined, SqlError, SqlClient> = noProblem
): Effect.fn.Return<WithJobs, TransferJournalError, SqlClient> {
  const sql = yield* SqlClient
  const prefix = options.prefix ?? "palomma_"
  if (!isPrefix(prefix)) return yield* openError({ reason: `the option prefix ${prefixRule}` })
  const timeout = Option.getOrUndefined(Duration.fromInput(options.timeout ?? "10 seconds"))
  if (timeout === undefined)
    return yield* openError({ reason: "the option timeout must be a duration, such as 10 seconds" })

  const isAmbient = Effect.map(Effect.serviceOption(sql.transactionService), Option.isSome)

  /**
   * Fails inside a transaction of the caller that may not include the journal: if a claim is rolled back later, the
   * transfer could be paid twice.
   */
  const mayRun = Effect.gen(function* () {
    const mayJoin = (yield* Joining) !== undefined
    if (yield* isAmbient) return mayJoin ? undefined : yield* Effect.fail(isInside)
    // The program expects that both are written together, which is not possible.
    if (mayJoin && (yield* isInOtherTransaction(sql))) return yield* Effect.fail(isInsideOther)
  })

  const limited = <A>(self: Effect.Effect<A, SqlError>): Effect.Effect<A, Failure> =>
    withTimeLimit(self, timeout).pipe(
      Effect.mapError(failureOf),
      Effect.flatMap(
        Option.match({
          onNone: () =>
            Effect.fail({ reason: `no answer within ${Duration.format(timeout)}`, written: "unknown" as const }),
          onSome: Effect.succeed
        })
      )
    )

  // A transaction of the caller that failed once cannot be continued, so nothing is tried again in it.
  const inTime = <A>(self: Effect.Effect<A, SqlError>): Effect.Effect<A, Failure> =>
    Effect.gen(function* () {
      const running = yield* Joining
      return yield* (yield* isAmbient)
        ? limited(running === undefined ? self : running.withPermit(self))
        : limited(Effect.retry(self, { while: wroteNothing, schedule: shortBackoff }))
    })

  /** Runs one statement in a separate transaction, which is committed when it returns. */
  const run = (
    operation: string,
    reference: string | undefined,
    statement: Statements.Run
  ): Effect.Effect<ReadonlyArray<Columns>, TransferJournalError> =>
    Effect.andThen(mayRun, inTime(statement)).pipe(Effect.mapError((failure) => failed(operation, reference, failure)))

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
      return yield* failed("find", reference, refused("a standby answered, whose rows may be old: use the primary"))
    }
    return yield* readFirst(
      "find",
      reference,
      rows.filter((row) => row["reference"] !== null)
    )
  })

  // The change and the job are committed together. Without the job, a worker finds the row with its next sweep, so a
  // queue that fails must not stop a change that says where the money is.
  const withJob = (statement: Statements.Run, row: Transfer, jobs: Jobs): Statements.Run => {
    const writeJob = ([columns]: ReadonlyArray<Columns>) =>
      columns === undefined ? Effect.void : jobs.write(row, String(columns[jobKey]))
    const warn = Effect.logWarning(jobLost)
    // At some errors of the job, SQLite rolls back the row too.
    const joinJob = (rows: ReadonlyArray<Columns>) =>
      inTransaction(sql, writeJob(rows)).pipe(
        Effect.as(Effect.void),
        Effect.catchTag("JobNotWritten", () => Effect.succeed(warn)),
        (self) => notRolledBack(sql, self),
        Effect.flatten
      )
    return Effect.flatMap(isAmbient, (ambient) =>
      ambient
        ? Effect.tap(statement, joinJob)
        : Effect.catchTag(inOwnTransaction(sql, Effect.tap(statement, writeJob)), "JobNotWritten", () =>
            Effect.andThen(warn, statement)
          )
    )
  }

  const write = Effect.fnUntraced(function* (
    jobs: Jobs | undefined,
    operation: string,
    row: Transfer,
    statementOf: (row: Transfer) => Statements.Run
  ) {
    const { reference } = row
    if (!isStorableKey(row)) {
      return yield* failed(
        operation,
        reference,
        refused("its namespace or reference contains characters that the database cannot store")
      )
    }
    const statement = statementOf(row)
    const rows = yield* run(
      operation,
      reference,
      jobs?.isNeeded(row) === true ? withJob(statement, row, jobs) : statement
    )
    const stored = yield* readFirst(operation, reference, rows)
    if (jobs !== undefined && Option.isSome(stored)) yield* jobs.onWritten(stored.value)
    return stored
  })

  const absent = Effect.mapError(Effect.as(mayRun, Option.none<Transfer>()), (failure) =>
    failed("find", undefined, failure)
  )
  const statements = Statements.make(sql, prefix)
  const withJobs: WithJobs = (jobs) => ({
    isDurable: true,
    now: Effect.flatMap(run("read the clock", undefined, statements.now), (rows) => {
      const at = Number(rows[0]?.["at"])
      return Number.isSafeInteger(at)
        ? Effect.succeed(at)
        : Effect.fail(failed("read the clock", undefined, refused("the database did not return its time")))
    }),
    find: (key) =>
      // The journal never writes such a key. A database that replaces invalid characters could return another row.
      isStorableKey(key) ? select(key.reference, statements.find(key)) : absent,
    findByRecordId: (namespace, kind, recordId) =>
      select(undefined, statements.findByRecordId(namespace, kind, recordId)),
    insert: (row) => write(jobs, "insert", row, statements.insert),
    replace: (row) => write(jobs, "replace", row, statements.replace),
    list: (query) => {
      const statement = statements.list(query)
      return statement === undefined
        ? Effect.as(
            Effect.mapError(mayRun, (failure) => failed("list", undefined, failure)),
            []
          )
        : Effect.flatMap(run("list", undefined, statement), (rows) =>
            Effect.forEach(rows, (columns) => read("list", undefined, columns))
          )
    }
  })

  yield* Effect.mapError(mayRun, openError)
  const problem = yield* inTime(
    Effect.gen(function* () {
      return (yield* durabilityProblem) ?? (yield* otherProblem)
    }).pipe(Effect.provideService(SqlClient, sql))
  ).pipe(Effect.mapError(openError))
  if (problem !== undefined) return yield* openError({ reason: problem })
  yield* Effect.mapError(migrate(`${tableOf(prefix)}_migrations`, migrations(prefix)), (reason) =>
    openError({ reason })
  )
  return withJobs
})

/** Opens the journal of the `SqlClient`. */
export const make = (options: Options): Effect.Effect<TransferJournalService, TransferJournalError, SqlClient> =>
  Effect.map(open(options), (withJobs) => withJobs())
