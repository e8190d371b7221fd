/** The sweeps of a worker whose database does not answer. */
import { assert, describe } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { makeLimitedLog } from "../src/internal/worker/limitedLog.ts"
import { work } from "../src/internal/worker/work.ts"
import { both, has, makeScene, pass, recordLog } from "./support/worker.ts"

describe("a sweep that never ends", () => {
  for (const [what, wrap] of [
    ["", <A, E, R>(self: Effect.Effect<A, E, R>) => self],
    [", and cannot be interrupted,", Effect.uninterruptible]
  ] as const) {
    both(`${what} is logged after five minutes, and the next one runs`.trim(), (kind) =>
      Effect.gen(function* () {
        const { lines, logged } = recordLog()
        yield* Effect.gen(function* () {
          const scene = yield* makeScene(kind)
          const process = yield* scene.start()
          const end = yield* Deferred.make<void>()
          yield* Effect.addFinalizer(() => Deferred.succeed(end, undefined))
          let sweeps = 0
          const sweep = (tells: boolean) =>
            Effect.suspend(() => (++sweeps === 1 ? wrap(Deferred.await(end)) : process.backend.sweep(tells)))
          yield* Effect.forkScoped(
            work<never, never>(
              {
                backend: { ...process.backend, sweep },
                transfers: { payout: process.payouts, payin: process.payins },
                onEnd: undefined,
                onEndTimeout: Duration.seconds(5),
                warn: makeLimitedLog()
              },
              1
            ),
            { startImmediately: true }
          )
          yield* scene.write(scene.aRow("lost", { carriedBy: "worker" }))
          yield* process.intend(scene.intent("a"))
          yield* TestClock.adjust("1 second")
          // Transfers with a job are carried on meanwhile.
          has(yield* scene.row("a"), { state: "accepted" })
          yield* pass("298 seconds", "1 second")
          assert.strictEqual(sweeps, 1)
          assert.deepStrictEqual(lines, [])
          yield* TestClock.adjust("1 second")
          assert.strictEqual(lines.length, 1)
          assert.include(lines[0], "The database does not answer a sweep. The worker tries again.")
          has(yield* scene.row("lost"), { state: "intended" })
          yield* pass("1 minute", "1 second")
          assert.isAtLeast(sweeps, 2)
          has(yield* scene.row("lost"), { state: "accepted" })
          assert.deepStrictEqual(lines.slice(1), [])
        }).pipe(logged)
      })
    )
  }
})
