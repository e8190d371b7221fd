/**
 * The rate of payments, and how soon a payment is requested, both in comparison with the statements of the journal
 * alone.
 */
import * as Effect from "effect/Effect"
import { compare, type Effort, median, quantileOf, type Table } from "../measure.ts"
import type { MakeStore } from "../../../durable/test/support/commits.ts"
import { open } from "./payments.ts"

/** Measures the rate of payments with a worker, on one database. */
export const rate = (make: MakeStore, effort: Effort): Effect.Effect<Table> =>
  Effect.gen(function* () {
    const store = yield* make
    const { pay, write } = yield* open(store)
    const rows = yield* Effect.promise(() =>
      compare(
        [
          { name: "the journal's statements alone", run: (times) => Effect.runPromise(write(times)) },
          { name: "Durable, from intend to the job that is done", run: (times) => Effect.runPromise(pay(times)) }
        ],
        effort
      )
    )
    return { title: `a payment on ${store.name}, 8 at a time`, rows }
  }).pipe(Effect.scoped, Effect.orDie)

/** Measures the time from the intent to the request, one payment after the other. */
export const untilRequest = (make: MakeStore, { rounds }: Effort): Effect.Effect<string> =>
  Effect.gen(function* () {
    const store = yield* make
    const opened = yield* open(store)
    const times: Array<number> = []
    const peer: Array<number> = []
    for (let i = 0; i < rounds * 10; i++) {
      times.push(yield* opened.timeUntilRequest)
      const start = performance.now()
      yield* opened.write(1)
      peer.push(performance.now() - start)
    }
    const one = median(peer)
    const ratio = (part: number): string => (quantileOf(times, part) / one).toFixed(2)
    return (
      "from intend to the request, one payment at a time, as a ratio to the journal's statements of one payment: " +
      `median ${ratio(0.5)}, 9 of 10 within ${ratio(0.9)}`
    )
  }).pipe(Effect.scoped, Effect.orDie)
