/**
 * Laws of handlers that succeed.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { ids, references } from "../journal/samples.ts"
import { anyEnds, counter, type Law, law } from "./law.ts"

class Service extends Context.Service<Service, { readonly name: string }>()(
  "@palomma-effect/testing/internal/inbox/Service"
) {}

const names: ReadonlyArray<string> = [...new Set([...ids, ...references])]

export const laws: ReadonlyArray<Law> = [
  law("runs the handler of a webhook once", (trial) =>
    Effect.gen(function* () {
      const counted = counter()
      yield* trial.delivers(trial.id("w"), counted.run, "handled")
      for (let i = 0; i < 3; i++) yield* trial.delivers(trial.id("w"), counted.run, "already-handled")
      yield* trial.equal("how often the handler ran", counted.runs, 1)
      yield* trial.delivers(trial.id("other"), counted.run, "handled")
      yield* trial.equal("how often the handlers of two webhooks ran", counted.runs, 2)
    })
  ),

  law("distinguishes webhooks by their complete id", (trial) =>
    Effect.gen(function* () {
      const counted = counter()
      for (const name of names) yield* trial.delivers(trial.id(name), counted.run, "handled")
      for (const name of names) yield* trial.delivers(trial.id(name), counted.run, "already-handled")
      yield* trial.equal(`how often the handlers of ${names.length} webhooks ran`, counted.runs, names.length)
    })
  ),

  law("does not return before the handler has ended", (trial) =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const counted = counter()
      const handle = counted.counted(Deferred.await(gate))
      const delivery = yield* Effect.forkChild(trial.delivers(trial.id("w"), handle, "handled"))
      yield* trial.equal("whether the delivery ended before the handler", yield* anyEnds([delivery]), false)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(delivery)
      yield* trial.equal("how many handlers run after the delivery", counted.running, 0)
    })
  ),

  law("runs the handler with the services of its delivery", (trial) =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const handle = Effect.map(Service, ({ name }) => void seen.push(name))
      for (const name of ["first", "second"]) {
        yield* Effect.provideService(trial.inbox.process(trial.id(name), handle), Service, { name })
      }
      yield* trial.equal("the services of the handlers", seen.join(), "first,second")
    })
  )
]
