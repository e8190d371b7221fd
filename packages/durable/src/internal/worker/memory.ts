/**
 * A journal and a queue in memory.
 */
import { TransferJournal, type TransferJournalService } from "@palomma-effect/client/TransferJournal"
import type { Transfer, TransferKind } from "@palomma-effect/client/Transfer"
import type { TransferJournalError } from "@palomma-effect/client/TransferError"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { unfinishedStates } from "../transfersTable.ts"
import { type Backend, cleanupOf, jobsOf, type SqlOptions } from "./backend.ts"
import * as Metrics from "./metrics.ts"
import * as Queue from "./queue.ts"
import { carryingJob, isUntold, tellingJob } from "./times.ts"

/** How many rows the sweep reads at once. */
const pageSize = 1_000

/** The length of a period of the sweep. Its number is part of the ids of its jobs. */
const periodLength = 30_000

const kinds: ReadonlyArray<TransferKind> = ["payout", "payin"]

// In memory, the name of the transfer can be the key.
const keyOf = ({ kind, reference }: Pick<Transfer, "kind" | "reference">): string => `${kind}:${reference}:`

// The jobs that tell the program and those that carry the transfer on are independent of each other.
const chainOf = (key: string, tells: boolean | undefined): string => `${key}${tells === true ? "tells" : "carries"}`

// Knows which transfers have a job that is not done, which the store in memory does not tell.
const watch = (queue: Queue.JobQueue) => {
  const known = new Set<string>()
  const pending = new Map<string, Set<string>>()
  const watched: Queue.JobQueue = {
    ...queue,
    offer: (job, options) =>
      Effect.suspend(() => {
        const id = options?.id
        // The queue ignores an id that it had before. A taker may be done with the job before the offer returns.
        if (id !== undefined && !known.has(id)) {
          known.add(id)
          const chain = chainOf(job.key, job.tells)
          pending.set(chain, (pending.get(chain) ?? new Set()).add(id))
        }
        return queue.offer(job, options)
      }),
    take: (handle) =>
      queue.take((job, metadata) =>
        Effect.tap(handle(job, metadata), () =>
          Effect.sync(() => {
            const chain = chainOf(job.key, job.tells)
            const ids = pending.get(chain)
            ids?.delete(metadata.id)
            if (ids?.size === 0) pending.delete(chain)
          })
        )
      )
  }
  return { queue: watched, hasJob: (row: Transfer, tells: boolean): boolean => pending.has(chainOf(keyOf(row), tells)) }
}

/** Makes a queue in memory over a journal, whose changes it writes jobs for. */
export const over = Effect.fnUntraced(function* (
  inner: TransferJournalService,
  namespace: string,
  retention: Duration.Duration
): Effect.fn.Return<Backend, never, Scope.Scope> {
  const store = Context.get(yield* Layer.build(PersistedQueue.layerStoreMemory), PersistedQueue.PersistedQueueStore)
  const { hasJob, queue } = watch((yield* Queue.make({ store, forDelayed: store }, namespace)).queue)
  const jobs = jobsOf(queue)
  const withJob = (written: Option.Option<Transfer>) =>
    Option.match(written, {
      onNone: () => Effect.void,
      onSome: (row) =>
        Effect.andThen(
          jobs.isNeeded(row) ? Effect.ignore(jobs.write(row, keyOf(row))) : Effect.void,
          jobs.onWritten(row)
        )
    })
  const journal: TransferJournalService = {
    isDurable: inner.isDurable,
    now: inner.now,
    find: (key) => inner.find(key),
    findByRecordId: (...args) => inner.findByRecordId(...args),
    list: (query) => inner.list(query),
    insert: (row) => Effect.tap(inner.insert(row), withJob),
    replace: (row) => Effect.tap(inner.replace(row), withJob)
  }

  const isUnfinished = ({ state }: Transfer): boolean => unfinishedStates.includes(state)

  const needsCarrying = ({ carriedBy, state }: Transfer): boolean =>
    ["sending", "unknown", "accepted"].includes(state) || (state === "intended" && carriedBy !== undefined)

  const giveJobs = Effect.fnUntraced(function* (row: Transfer, tells: boolean, now: number) {
    const period = Math.floor(now / periodLength)
    const carrying = needsCarrying(row) && !hasJob(row, false) ? carryingJob(row, keyOf(row), period) : undefined
    if (carrying !== undefined) yield* Queue.offer(queue, carrying)
    if (tells && isUntold(row) && row.state !== "sending" && !hasJob(row, true)) {
      yield* Queue.offer(queue, tellingJob(row, keyOf(row), period))
    }
  })

  const sweep = Effect.fnUntraced(function* (tells: boolean) {
    const now = yield* inner.now
    const open = new Map<string, readonly [count: number, age: number]>()
    const count = ({ createdAt, kind, state }: Transfer): void => {
      const [before, age] = open.get(`${kind} ${state}`) ?? [0, 0]
      open.set(`${kind} ${state}`, [before + 1, Math.max(age, now - createdAt)])
    }
    for (const kind of kinds) {
      const pages = Stream.paginate<string | undefined, Transfer, TransferJournalError>(undefined, (after) =>
        Effect.map(inner.list({ namespace, kind, after, limit: pageSize }), (rows) => [
          rows,
          rows.length < pageSize ? Option.none() : Option.fromUndefinedOr(rows.at(-1)?.reference)
        ])
      )
      yield* Stream.runForEach(pages, (row) => {
        if (isUnfinished(row)) count(row)
        return giveJobs(row, tells, now)
      })
    }
    yield* Metrics.setOpen(namespace, open)
  })

  return {
    journal,
    queue,
    queueFailures: Stream.empty,
    joining: (self) => self,
    transaction: (self, change) => Effect.andThen(self, change),
    sweep,
    cleanup: cleanupOf(store, retention)
  }
})

/** Opens a journal and a queue in memory. */
export const open = Effect.fnUntraced(function* (
  namespace: string,
  { retention }: SqlOptions
): Effect.fn.Return<Backend, never, Scope.Scope> {
  const journal = Context.get(yield* Layer.build(TransferJournal.layerMemory), TransferJournal)
  return yield* over(journal, namespace, retention)
})
