// `onEnd` and the mark that the program was told are one transaction.
import { assert, describe, it } from "@effect/vitest"
import type { Transfer } from "@palomma-effect/client/Transfer"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as D from "./support/durable.ts"

class Broken extends Data.TaggedError("Broken") {}

const kinds = ["payout", "payin"] as const

const silent = Effect.provide(Logger.layer([]))

const by = { by: "Ana", note: "test" }

/** Opens `Durable` with a table of what the program was told. */
const opened = Effect.fnUntraced(function* (prefix: string) {
  const opened = yield* D.open(prefix)
  const { sql } = opened
  const told = sql(`${prefix}told`)
  yield* Effect.acquireRelease(sql`CREATE TABLE ${told} (reference TEXT NOT NULL, state TEXT NOT NULL)`, () =>
    Effect.orDie(sql`DROP TABLE ${told}`)
  )
  const tell = ({ reference, state }: Transfer) =>
    sql`INSERT INTO ${told} (reference, state) VALUES (${reference}, ${state})`
  const all = Effect.map(sql<{ reference: string; state: string }>`SELECT reference, state FROM ${told}`, (rows) =>
    rows.map(({ reference, state }) => `${reference} ${state}`).sort()
  )
  return { ...opened, tell, told: all }
})

const rowOf = ({ durable }: Pick<D.Opened, "durable">, kind: "payout" | "payin", reference: string) =>
  Effect.map(durable.poll({ kind, reference }), Option.getOrThrow)

/** Writes a transfer that ended without a request. */
const withdrawn = Effect.fnUntraced(function* (
  { durable }: Pick<D.Opened, "durable">,
  kind: "payout" | "payin",
  reference: string
) {
  yield* durable.intend(yield* D.intentOf(kind, reference))
  return yield* durable.withdraw({ kind, reference }, by)
})

for (const [store, make] of D.places) {
  describe(`onEnd over ${store}`, () => {
    it.live.each(kinds)("writes with the mark of a %s, once, also with two workers", (kind) =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          const other = yield* D.open(prefix)
          const references = Array.from({ length: 10 }, (_, i) => `r${i}`)
          for (const reference of references) yield* withdrawn(all, kind, reference)
          // Without the journal's own job, each sweep of each worker offers one more.
          yield* all.backend.sweep(true)
          yield* D.worker(all, { onEnd: all.tell })
          yield* D.worker(other, { onEnd: all.tell })
          yield* D.until(D.pending(all), (jobs) => jobs.length === 0)
          assert.deepStrictEqual(
            yield* all.told,
            references.map((reference) => `${reference} withdrawn`)
          )
          for (const reference of references) assert.isDefined((yield* rowOf(all, kind, reference)).toldAt)
        })
      )
    )

    it.live("writes nothing if it fails, and is called again", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          yield* withdrawn(all, "payout", "one")
          let calls = 0
          const onEnd = (transfer: Transfer) =>
            Effect.andThen(all.tell(transfer), () => (++calls === 1 ? Effect.fail(new Broken()) : Effect.void))
          yield* D.worker(all, { onEnd })
          yield* D.until(D.jobsIn(all), (jobs) => jobs.some(({ element }) => element.includes('"turn":1')))
          assert.deepStrictEqual(yield* all.told, [])
          assert.deepInclude(yield* rowOf(all, "payout", "one"), { state: "withdrawn", version: 2 })
          assert.isUndefined((yield* rowOf(all, "payout", "one")).toldAt)
          // The second call would be after 5 seconds.
          yield* all.sql`UPDATE ${all.sql(`${prefix}transfer_jobs`)} SET visible_at = created_at`
          yield* D.until(all.told, (told) => told.length > 0)
          assert.deepStrictEqual(yield* all.told, ["one withdrawn"])
          assert.isDefined((yield* rowOf(all, "payout", "one")).toldAt)
        }).pipe(silent)
      )
    )

    it.live("can hand over the next transfer, in the same transaction", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          yield* withdrawn(all, "payin", "debit")
          const next = yield* D.intentOf("payout", "payout")
          const onEnd = (transfer: Transfer) =>
            Effect.andThen(all.tell(transfer), transfer.kind === "payin" ? all.durable.intend(next) : Effect.void)
          yield* D.worker(all, { onEnd })
          yield* D.until(D.stateOf(all, "payout", "payout"), (state) => state === "accepted")
          assert.deepStrictEqual(yield* all.told, ["debit withdrawn"])
          assert.strictEqual(yield* D.sentTimes("payout", "payout"), 1)
        })
      )
    )

    it.live("hands nothing over if it fails afterwards", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          yield* withdrawn(all, "payin", "debit")
          const next = yield* D.intentOf("payout", "payout")
          yield* D.worker(all, { onEnd: () => Effect.andThen(all.durable.intend(next), Effect.fail(new Broken())) })
          yield* D.until(D.jobsIn(all), (jobs) => jobs.some(({ element }) => element.includes('"turn":1')))
          assert.isTrue(Option.isNone(yield* all.durable.poll({ kind: "payout", reference: "payout" })))
          // The job of the second call is left.
          yield* D.until(D.pending(all), (jobs) => jobs.join() === "debit@2")
        }).pipe(silent)
      )
    )

    it.live("cannot send, since its transaction could be rolled back after the request", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          yield* withdrawn(all, "payin", "debit")
          const next = yield* D.intentOf("payout", "payout")
          const errors: Array<unknown> = []
          if (next.kind !== "payout") return assert.fail()
          const { kind: _, ...payout } = next
          const send = Effect.tapError(all.payouts.send(payout), (error) => Effect.sync(() => errors.push(error)))
          yield* D.worker(all, { onEnd: () => send })
          yield* D.until(
            Effect.sync(() => errors),
            (errors) => errors.length > 0
          )
          const [error] = errors
          if (!(error instanceof TransferJournalError)) return assert.fail(String(error))
          assert.strictEqual(error.sent, "no")
          assert.include(error.reason, "inside an SQL transaction")
          assert.strictEqual(yield* D.sentTimes("payout", "payout"), 0)
        }).pipe(silent)
      )
    )

    it.live("is called by the sweep's job if a worker without it took the first one", () =>
      D.inPlace(make, ({ prefix }) =>
        Effect.gen(function* () {
          const all = yield* opened(prefix)
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* withdrawn(all, "payout", "one")
              yield* D.worker(all)
              yield* D.until(D.pending(all), (jobs) => jobs.length === 0)
            })
          )
          assert.deepStrictEqual(yield* all.told, [])
          yield* D.worker(all, { onEnd: all.tell })
          yield* D.until(all.told, (told) => told.length > 0)
          assert.deepStrictEqual(yield* all.told, ["one withdrawn"])
        })
      )
    )
  })
}
