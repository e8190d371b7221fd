/**
 * What a payment costs while many others are open, in comparison with an empty database.
 */
import * as Effect from "effect/Effect"
import { type Effort, median } from "../measure.ts"
import type { MakeStore, Store } from "../../../durable/test/support/commits.ts"
import { type Opened, open } from "./payments.ts"

/** How many transfers are open. */
const openRows = 100_000

/** Writes accepted transfers, each with a job that is due later. */
const fill = (store: Store, from: Opened) =>
  Effect.gen(function* () {
    const { sql } = from
    const transfers = `${store.prefix}transfers`
    const jobs = `${store.prefix}transfer_jobs`
    // A payment shows what the columns of such a row and of its job contain.
    yield* from.pay(1)
    const columns = (table: string, skipped: ReadonlyArray<string>) =>
      Effect.map(sql.unsafe<Record<string, unknown>>(`SELECT * FROM ${table} LIMIT 1`), ([row]) =>
        Object.keys(row ?? {}).filter((name) => !skipped.includes(name))
      )
    const rowColumns = yield* columns(transfers, ["reference", "record_id", "job_key"])
    const jobColumns = yield* columns(jobs, ["sequence", "id", "element", "visible_at", "state"])
    const isPostgres = store.name === "PostgreSQL"
    const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${openRows})`
    yield* sql.unsafe(
      `${numbers} INSERT INTO ${transfers} (reference, record_id, ${rowColumns.join(", ")}) ` +
        `SELECT 'open-' || i, 'record-' || i, ${rowColumns.join(", ")} FROM n, ` +
        `(SELECT * FROM ${transfers} WHERE state = 'accepted' LIMIT 1) AS one`
    )
    const later = isPostgres ? "now() + interval '1 hour'" : "datetime('now', '+1 hour')"
    yield* sql.unsafe(
      `INSERT INTO ${jobs} (id, element, visible_at, state, ${jobColumns.join(", ")}) ` +
        `SELECT job_key || '0000000003' || '00000000' || '0000000000', ` +
        `'{"key":"' || job_key || '","kind":"payout","reference":"' || reference || '","version":3,"turn":0}', ` +
        `${later}, 'pending', ${jobColumns.map((name) => `one.${name}`).join(", ")} ` +
        `FROM ${transfers}, (SELECT * FROM ${jobs} WHERE state = 'completed' LIMIT 1) AS one ` +
        `WHERE reference LIKE 'open-%'`
    )
  }).pipe(Effect.orDie)

const millisOf = Effect.fnUntraced(function* (self: Effect.Effect<void>) {
  const start = performance.now()
  yield* self
  return performance.now() - start
})

const idleSeconds = 61

/** The part of a core that this process uses while its worker has nothing to do, with two of its sweeps. */
const idleShare = Effect.gen(function* () {
  const before = process.cpuUsage()
  yield* Effect.sleep(`${idleSeconds} seconds`)
  const { system, user } = process.cpuUsage(before)
  return (system + user) / (idleSeconds * 1_000_000)
})

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Measures payments in an empty and in a full database in turn, and what a worker of each costs while it waits. */
export const withOpenRows = (make: MakeStore, { rounds }: Effort): Effect.Effect<string> =>
  Effect.gen(function* () {
    const seen = yield* Effect.scoped(
      Effect.gen(function* () {
        const filled = yield* make
        const full = { opened: yield* open(filled), times: [] as Array<number>, statements: 0 }
        const empty = { opened: yield* open(yield* make), times: [] as Array<number>, statements: 0 }
        yield* fill(filled, full.opened)
        for (let i = 0; i < rounds * 10; i++) {
          for (const one of i % 2 === 0 ? [empty, full] : [full, empty]) {
            const before = one.opened.recorder.statements
            one.times.push(yield* millisOf(one.opened.pay(1)))
            one.statements += one.opened.recorder.statements - before
          }
        }
        return {
          ratio: (median(full.times) / median(empty.times)).toFixed(2),
          statements: (full.statements / empty.statements).toFixed(2)
        }
      })
    )
    const idleWith = (isFull: boolean) =>
      Effect.scoped(
        Effect.gen(function* () {
          const store = yield* make
          const opened = yield* open(store)
          if (isFull) yield* fill(store, opened)
          return percent(yield* idleShare)
        })
      )
    const few = yield* idleWith(false)
    const many = yield* idleWith(true)
    return (
      `with ${openRows} open transfers, the median of a payment is ${seen.ratio} of that in an empty database, and its ` +
      `statements ${seen.statements}\n  a worker that waits uses ${few} of a core, with the open transfers ${many}`
    )
  }).pipe(Effect.orDie)
