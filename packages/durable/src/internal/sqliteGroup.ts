/**
 * Group commit: statements that fibers run at about the same time share one `BEGIN ... COMMIT`.
 *
 * A commit waits for the disk and blocks the process meanwhile, so the number of commits limits the number of
 * payments. Statements outside a transaction wait in a queue until the next turn, usually until the end of the current
 * tick of the event loop. The turn runs them synchronously and in order, as one group. A caller gets its result only
 * after the COMMIT has returned, also the result of a read, which may contain rows of the group.
 *
 * A turn holds the permit of the connection, as an explicit transaction does, so the two never mix. Statements that
 * wait for the end of an explicit transaction become one group too.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Borrower } from "effect/sql/SqlConnection"
import { SqlError, UnknownError } from "effect/sql/SqlError"

/** What a group needs of a database. */
export interface Database {
  readonly exec: (sql: string) => Result.Result<void, SqlError>
  readonly isTransaction: () => boolean
}

/** Runs a statement outside an explicit transaction: `evaluate` runs it once, synchronously. */
export type Run = <A>(sql: string, evaluate: () => Result.Result<A, SqlError>) => Effect.Effect<A, SqlError>

type Kind = "read" | "write" | "other"

/** A statement whose caller waits for its result. */
interface Waiting {
  readonly kind: Kind
  /** Runs the statement and keeps its result, in place of an earlier one that was rolled back. */
  readonly run: () => void
  /** Keeps an error as the result. */
  readonly fail: (error: SqlError) => void
  /** Gives the caller the result. */
  readonly answer: () => void
}

// A read that is taken for a write makes a group larger, which does no harm. Every other statement runs by itself: a
// PRAGMA or VACUUM has no effect or fails in a transaction.
const kindOf = (sql: string): Kind => {
  const first = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? ""
  if (/^(SELECT|VALUES)$/.test(first)) return "read"
  if (/^(INSERT|UPDATE|DELETE|REPLACE)$/.test(first)) return "write"
  if (first === "WITH") return /\b(INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql) ? "write" : "read"
  return "other"
}

const unknown = (message: string, cause: unknown): SqlError =>
  new SqlError({ reason: new UnknownError({ message, operation: "execute", cause }) })

const leftOpen = unknown(
  "The statement began a transaction, which was rolled back: use sql.withTransaction",
  new Error("a transaction outside sql.withTransaction")
)

const runGroup = (database: Database, group: ReadonlyArray<Waiting>): void => {
  const runEach = () => {
    for (const statement of group) statement.run()
  }
  // A read that can still see the rows of the group fails too.
  const refuseWrites = (error: SqlError) => {
    for (const statement of group) {
      if (statement.kind === "write" || database.isTransaction()) statement.fail(error)
      else statement.run()
    }
  }
  // Each statement is a transaction of its own, with at most one commit for all.
  if (group.filter(({ kind }) => kind === "write").length < 2) return runEach()
  // IMMEDIATE, since a group that begins with a read could not write after another process has written.
  const begun = database.exec("BEGIN IMMEDIATE")
  if (Result.isFailure(begun)) return refuseWrites(begun.failure)
  for (const statement of group) {
    // SQLite undoes a statement that fails, and keeps the others of the transaction.
    statement.run()
    // Sometimes, as with OR ROLLBACK or without space on the disk, it rolls back the transaction. Nothing is left of
    // the statements before, so they can run again.
    if (!database.isTransaction()) return runEach()
  }
  const committed = database.exec("COMMIT")
  if (Result.isSuccess(committed)) return
  if (database.isTransaction()) database.exec("ROLLBACK")
  // A deferred constraint is checked by the COMMIT. By itself, only the statement that violates it fails.
  if (committed.failure.reason._tag === "ConstraintError" && !database.isTransaction()) return runEach()
  refuseWrites(committed.failure)
}

const runInOrder = (database: Database, statements: ReadonlyArray<Waiting>): void => {
  let group: Array<Waiting> = []
  for (const statement of statements) {
    if (statement.kind !== "other") {
      group.push(statement)
      continue
    }
    runGroup(database, group)
    group = []
    statement.run()
    if (database.isTransaction()) {
      database.exec("ROLLBACK")
      statement.fail(leftOpen)
    }
  }
  runGroup(database, group)
}

/** Makes the function that runs statements in groups. `borrow` holds the permit of the connection. */
export const make = (database: Database, borrow: Borrower): Run => {
  const queue = new Set<Waiting>()
  let isTurnAhead = false

  const take = (): ReadonlyArray<Waiting> => {
    const taken = [...queue]
    queue.clear()
    isTurnAhead = false
    return taken
  }

  const turn = Effect.suspend(() => {
    let taken: ReadonlyArray<Waiting> = []
    // It takes the permit before it waits for the other fibers of this tick, so that a transaction that begins later
    // does not run first.
    return borrow(() =>
      Effect.andThen(
        Effect.yieldNow,
        Effect.sync(() => {
          taken = take()
          runInOrder(database, taken)
        })
      )
    ).pipe(
      Effect.catchCause((cause) =>
        Effect.sync(() => {
          if (taken.length === 0) taken = take()
          const error = Cause.squash(cause)
          for (const statement of taken) {
            statement.fail(error instanceof SqlError ? error : unknown("The statement could not be run", error))
          }
        })
      ),
      Effect.andThen(
        Effect.sync(() => {
          for (const statement of taken) statement.answer()
        })
      )
    )
  })

  return <A>(sql: string, evaluate: () => Result.Result<A, SqlError>) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const deferred = Deferred.makeUnsafe<A, SqlError>()
        let result: Result.Result<A, SqlError> | undefined
        const statement: Waiting = {
          kind: kindOf(sql),
          run: () => {
            result = evaluate()
          },
          fail: (error) => {
            result = Result.fail(error)
          },
          answer: () => {
            if (result !== undefined) Deferred.doneUnsafe(deferred, Effect.fromResult(result))
          }
        }
        queue.add(statement)
        const answer = restore(Deferred.await(deferred)).pipe(
          Effect.onInterrupt(() => Effect.sync(() => queue.delete(statement)))
        )
        if (isTurnAhead) return answer
        isTurnAhead = true
        // The fiber of the turn is not a child of the caller, whose end would interrupt it.
        return Effect.andThen(Effect.forkDetach(turn, { startImmediately: true }), answer)
      })
    )
}
