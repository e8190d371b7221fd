/**
 * Laws of handlers that fail.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Deferred from "effect/Deferred"
import { counter, type Law, law } from "./law.ts"

const failures: ReadonlyArray<readonly [how: string, failing: Effect.Effect<never, string>]> = [
  ["failed", Effect.fail("failed")],
  ["died", Effect.die("died")],
  ["interrupted itself", Effect.interrupt]
]

export const laws: ReadonlyArray<Law> = [
  law("fails with the error of the handler", (trial) =>
    Effect.gen(function* () {
      const error = { reason: "the error of the handler" }
      const failed = yield* Effect.exit(trial.inbox.process(trial.id("fails"), Effect.fail(error)))
      const isSame =
        Exit.isFailure(failed) && failed.cause.reasons.some((one) => Cause.isFailReason(one) && one.error === error)
      yield* trial.equal("whether the error is the one of the handler", isSame, true)
      const died = yield* Effect.exit(trial.inbox.process(trial.id("dies"), Effect.die(error)))
      const isDefect =
        Exit.isFailure(died) && died.cause.reasons.some((one) => Cause.isDieReason(one) && one.defect === error)
      yield* trial.equal("whether the defect is the one of the handler", isDefect, true)
    })
  ),

  ...failures.map(([how, failing]) =>
    law(`runs the next handler of a webhook after one that ${how}`, (trial) =>
      Effect.gen(function* () {
        const counted = counter()
        for (let i = 0; i < 2; i++) {
          const exit = yield* Effect.exit(trial.inbox.process(trial.id("w"), counted.counted(failing)))
          yield* trial.equal("whether the delivery failed", Exit.isFailure(exit), true)
        }
        yield* trial.delivers(trial.id("w"), counted.run, "handled")
        yield* trial.delivers(trial.id("w"), counted.run, "already-handled")
        yield* trial.equal("how often the handler ran", counted.runs, 3)
      })
    )
  ),

  law("stops the handler of an interrupted delivery, and runs the next one", (trial) =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const counted = counter()
      const endless = counted.counted(Effect.andThen(Deferred.succeed(started, undefined), Effect.never))
      const delivery = yield* Effect.forkChild(trial.inbox.process(trial.id("w"), endless))
      yield* Deferred.await(started)
      yield* Fiber.interrupt(delivery)
      yield* trial.equal("how many handlers run after the interruption", counted.running, 0)
      yield* trial.delivers(trial.id("w"), counted.run, "handled")
      yield* trial.delivers(trial.id("w"), counted.run, "already-handled")
    })
  )
]
