/**
 * Laws of deliveries at the same time.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { anyEnds, counter, type Law, law } from "./law.ts"

const range = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, i) => i)

const count = (outcomes: ReadonlyArray<string>, outcome: string): number =>
  outcomes.filter((one) => one === outcome).length

export const laws: ReadonlyArray<Law> = [
  law("makes concurrent deliveries wait for the first", (trial) =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const counted = counter()
      const handle = counted.counted(Deferred.await(gate))
      const deliveries = yield* Effect.forEach(range(8), () =>
        Effect.forkChild(trial.inbox.process(trial.id("w"), handle))
      )
      yield* trial.equal("whether a delivery ended before the handler", yield* anyEnds(deliveries), false)
      yield* Deferred.succeed(gate, undefined)
      const outcomes = yield* Fiber.joinAll(deliveries)
      yield* trial.equal("how often the handler ran", counted.runs, 1)
      yield* trial.equal("how many of 8 deliveries handled the webhook", count(outcomes, "handled"), 1)
      yield* trial.equal("how many of 8 deliveries did not", count(outcomes, "already-handled"), 7)
    })
  ),

  law("runs the handler of one waiting delivery if the first one fails", (trial) =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      const counted = counter()
      const failing = Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(gate)).pipe(
        Effect.andThen(Effect.fail("failed"))
      )
      const first = yield* Effect.forkChild(trial.inbox.process(trial.id("w"), counted.counted(failing)))
      yield* Deferred.await(started)
      const others = yield* Effect.forEach(range(3), () =>
        Effect.forkChild(trial.inbox.process(trial.id("w"), counted.run))
      )
      yield* trial.equal("whether a delivery ended before the first", yield* anyEnds(others), false)
      yield* Deferred.succeed(gate, undefined)
      yield* trial.equal("whether the first delivery failed", Exit.isFailure(yield* Fiber.await(first)), true)
      const outcomes = yield* Fiber.joinAll(others)
      yield* trial.equal("how many of the others handled the webhook", count(outcomes, "handled"), 1)
      yield* trial.equal("how often a handler ran", counted.runs, 2)
      yield* trial.equal("how many handlers ran at the same time", counted.most, 1)
    })
  ),

  law("lets a waiting delivery be interrupted, and the first continues", (trial) =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      const counted = counter()
      const handle = Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(gate))
      const first = yield* Effect.forkChild(trial.inbox.process(trial.id("w"), counted.counted(handle)))
      yield* Deferred.await(started)
      const second = yield* Effect.forkChild(trial.inbox.process(trial.id("w"), counted.run))
      yield* anyEnds([second])
      yield* Fiber.interrupt(second)
      yield* trial.equal("whether the first delivery ended", first.pollUnsafe() !== undefined, false)
      yield* Deferred.succeed(gate, undefined)
      yield* trial.equal("the first delivery", yield* Fiber.join(first), "handled")
      yield* trial.delivers(trial.id("w"), counted.run, "already-handled")
      yield* trial.equal("how often a handler ran", counted.runs, 1)
    })
  ),

  law("runs at most one handler of a webhook at a time, and none after one succeeded, in any order", (trial) =>
    Effect.gen(function* () {
      for (const round of range(4)) {
        const id = trial.id(`w${round}`)
        const counted = counter()
        let succeeded = 0
        const delivery = Effect.gen(function* () {
          const [before, inside, end] = [
            yield* Random.nextIntBetween(0, 30),
            yield* Random.nextIntBetween(0, 30),
            yield* Random.next
          ]
          yield* Effect.forEach(range(before), () => Effect.yieldNow, { discard: true })
          const handle = Effect.forEach(range(inside), () => Effect.yieldNow, { discard: true }).pipe(
            Effect.andThen(end < 0.6 ? Effect.fail("failed" as const) : Effect.sync(() => void (succeeded += 1)))
          )
          return yield* trial.inbox.process(id, counted.counted(handle)).pipe(
            Effect.catchIf(
              (error): error is "failed" => error === "failed",
              () => Effect.succeed("failed" as const)
            )
          )
        })
        const outcomes = yield* Effect.forEach(range(12), () => delivery, { concurrency: "unbounded" })
        yield* trial.equal("how many handlers ran at the same time", counted.most, 1)
        yield* trial.equal("how many handlers succeeded", succeeded, Math.min(1, succeeded))
        yield* trial.equal("how many deliveries handled the webhook", count(outcomes, "handled"), succeeded)
        yield* trial.equal(
          "how many deliveries found it handled",
          count(outcomes, "already-handled"),
          12 - counted.runs
        )
      }
    })
  )
]
