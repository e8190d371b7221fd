/**
 * The sweep: it gives a job to every transfer that should have one and has none. So the queue can be lost, and be made
 * again from the journal.
 */
import type { TransferKind } from "@palomma-effect/client/Transfer"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { PersistedQueueError } from "effect/persistence/PersistedQueue"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { type Columns, fromColumns, type Unreadable, type Value } from "../columns.ts"
import * as Statements from "../statements.ts"
import { inOwnTransaction } from "../transaction.ts"
import { isUnfinished, isUntold, jobKey, tableOf, toldStates } from "../transfersTable.ts"
import { digits } from "./job.ts"
import * as Metrics from "./metrics.ts"
import * as Queue from "./queue.ts"
import { carryingJob, CurrentPace, tellingJob } from "./times.ts"

/** Errors of a sweep. */
export type SweepError = SqlError | PersistedQueueError

/** How many rows one statement reads. On SQLite a statement blocks the whole process. */
const pageSize = 250

const kinds: ReadonlyArray<TransferKind> = ["payout", "payin"]

// Each condition has one state, so that its index has the rows in the order of the pages.
//
// The turns in these states send nothing. A transfer that is `intended` is sent, so only one that was handed to a
// worker gets a job: the caller of a plain `send` that failed was told that nothing was sent.
const unfinished: ReadonlyArray<string> = [
  `${isUnfinished} AND state = 'sending'`,
  `${isUnfinished} AND state = 'unknown'`,
  `${isUnfinished} AND state = 'accepted'`,
  `${isUnfinished} AND state = 'intended' AND carried_by IS NOT NULL`
]

const untold: ReadonlyArray<string> = [
  ...toldStates.map((state) => `${isUntold} AND state = '${state}'`),
  "alarm_kind IS NOT NULL AND carried_by IS NOT NULL AND told_at IS NULL AND state <> 'sending'"
]

/** What a sweep reads and writes. */
export interface Swept {
  readonly sql: SqlClient
  readonly prefix: string
  readonly namespace: string
  readonly queue: Queue.JobQueue
  readonly queueName: string
}

/** The rows that a sweep searches, and the jobs that it looks for: those that tell, or those that carry. */
interface Searched {
  readonly condition: string
  readonly tells: boolean
}

interface Page {
  readonly rows: ReadonlyArray<Columns>
  /** The last reference of the page, if there may be another page. */
  readonly next: string | undefined
}

const statementsOf = ({ namespace, prefix, queueName, sql }: Swept) => {
  const plain = sql.withoutTransforms()
  const isPostgres = sql.onDialectOrElse({ pg: () => true, orElse: () => false })
  const place = (position: number): string => (isPostgres ? `$${position}` : `?${position}`)
  const run = (text: string, values: ReadonlyArray<Value>) => plain.unsafe<Columns>(text, values.slice()).unprepared
  const clock = Statements.clocks[isPostgres ? "pg" : "sqlite"]
  // The order of the ids must be that of their index.
  const asId = (text: string): string => (isPostgres ? `(${text}) COLLATE "default"` : text)
  const version = isPostgres
    ? `lpad(to_hex(page.version), ${digits.version}, '0')`
    : `printf('%0${digits.version}x', page.version)`
  // A job of an older version does not count. The row has changed since, and it may be due only in a day.
  const bound = (tells: boolean, digit: string) =>
    asId(`page.${jobKey} || ${version} || '${tells ? 1 : 0}${digit.repeat(digits.nth + digits.period)}'`)
  // If the clock of the database was ahead, a job can be due, or taken, in a future that no worker meant. The queue
  // writes `updated_at` whenever it sets when a job is due, by the same clock, so it shows this for every delay.
  const [now, dayAhead, minuteAhead] = isPostgres
    ? ["NOW()", "NOW() + INTERVAL '25 hours'", "NOW() + INTERVAL '1 minute'"]
    : ["datetime('now')", "datetime('now', '+25 hours')", "datetime('now', '+1 minute')"]
  const inTime =
    `job.visible_at <= ${dayAhead} AND job.updated_at <= ${minuteAhead} ` +
    `AND coalesce(job.acquired_at, ${now}) <= ${minuteAhead}`
  // Without statistics a planner prefers the index of the jobs that are due, and reads all of them for each row.
  // `|| ''` prevents that, since only a plain column can use an index. The order and the limit prevent a join of all
  // jobs.
  const pendingJob = (tells: boolean) =>
    `(SELECT job.id FROM ${Queue.jobsTableOf(prefix)} AS job ` +
    `WHERE job.id >= ${bound(tells, "0")} AND job.id <= ${bound(tells, "f")} ` +
    `AND job.queue_name || '' = ${place(3)} AND job.state || '' = 'pending' AND ${inTime} ORDER BY job.id LIMIT 1)`

  const page = (
    { condition, tells }: Searched,
    kind: TransferKind,
    after: string | undefined
  ): Effect.Effect<Page, SqlError> => {
    const isNext = after === undefined ? "" : ` AND reference > ${place(4)}`
    const text =
      `WITH page AS MATERIALIZED (SELECT * FROM ${tableOf(prefix)} WHERE namespace = ${place(1)} ` +
      `AND kind = ${place(2)} AND ${condition}${isNext} ORDER BY reference LIMIT ${pageSize}) ` +
      `SELECT ends.count_of_page, ends.end_of_page, page.* ` +
      `FROM (SELECT count(*) AS count_of_page, max(reference) AS end_of_page FROM page) AS ends ` +
      `LEFT JOIN page ON ${pendingJob(tells)} IS NULL`
    const values = [namespace, kind, queueName, ...(after === undefined ? [] : [after])]
    return Effect.map(run(text, values), (rows) => ({
      rows: rows.filter((row) => row["reference"] !== null),
      next: Number(rows[0]?.["count_of_page"]) < pageSize ? undefined : String(rows[0]?.["end_of_page"])
    }))
  }

  const open = run(
    `WITH clock AS (${clock}) SELECT kind, state, count(*) AS count, (SELECT at FROM clock) - min(created_at) AS age ` +
      `FROM ${tableOf(prefix)} WHERE ${isUnfinished} AND namespace = ${place(1)} GROUP BY kind, state`,
    [namespace]
  )

  // With statistics PostgreSQL estimates the look-up of a job so high that it compiles each statement, which takes 40
  // times as long as the statement.
  const withoutJit = isPostgres ? run("SET LOCAL jit = off", []) : Effect.void

  return { withoutJit, now: Effect.map(run(clock, []), ([row]) => Number(row?.["at"])), page, open }
}

/** Makes the sweep of a database. With `tells`, it also finds transfers that the program was not told of. */
export const make = (swept: Swept): ((tells: boolean) => Effect.Effect<void, SweepError>) => {
  const { namespace, queue, sql } = swept
  const statements = statementsOf(swept)

  const giveJob = Effect.fnUntraced(function* (
    columns: Columns,
    tells: boolean,
    period: number
  ): Effect.fn.Return<void, PersistedQueueError | Unreadable> {
    const row = yield* fromColumns(columns)
    const due = (tells ? tellingJob : carryingJob)(row, String(columns[jobKey]), period)
    if (due !== undefined) yield* Queue.offer(queue, due)
  })

  const giveJobs = (
    rows: ReadonlyArray<Columns>,
    tells: boolean,
    period: number,
    unreadable: Array<unknown>
  ): Effect.Effect<void, PersistedQueueError> =>
    Effect.forEach(
      rows,
      (columns) =>
        Effect.catchTag(giveJob(columns, tells, period), "Unreadable", () =>
          Effect.sync(() => void unreadable.push(columns["reference"]))
        ),
      { discard: true }
    )

  return Effect.fnUntraced(function* (tells: boolean) {
    // All sweeps of a period write the same jobs, so that those of several workers do not add up.
    const { sweepEvery } = yield* CurrentPace
    const period = Math.floor((yield* statements.now) / Duration.toMillis(sweepEvery))
    const unreadable: Array<unknown> = []
    const searched: ReadonlyArray<Searched> = [
      ...unfinished.map((condition) => ({ condition, tells: false })),
      ...(tells ? untold : []).map((condition) => ({ condition, tells: true }))
    ]
    for (const search of searched) {
      for (const kind of kinds) {
        let after: string | undefined
        do {
          // One commit for a page: SQLite waits for the disk with each.
          after = yield* inOwnTransaction(
            sql,
            Effect.gen(function* () {
              yield* statements.withoutJit
              const { next, rows } = yield* statements.page(search, kind, after)
              yield* giveJobs(rows, search.tells, period, unreadable)
              return next
            })
          )
          // Other fibers run between two pages.
          yield* Effect.yieldNow
        } while (after !== undefined)
      }
    }
    if (unreadable.length > 0) {
      const first = JSON.stringify(String(unreadable[0]).slice(0, 400))
      yield* Effect.logError(
        `${unreadable.length} transfers cannot be read by this version of the library, so no worker carries them. The first: ${first}.`
      )
    }
    const seen = new Map<string, readonly [count: number, age: number]>()
    for (const { age, count, kind, state } of yield* statements.open) {
      seen.set(`${String(kind)} ${String(state)}`, [Number(count), Number(age)])
    }
    yield* Metrics.setOpen(namespace, seen)
  })
}
