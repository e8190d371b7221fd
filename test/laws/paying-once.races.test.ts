/**
 * Law 6 under every order in which answers, webhooks, polls and look-ups of two processes can come in.
 */
import { describe, it } from "@effect/vitest"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { setImmediate } from "node:timers/promises"
import { agrees, baseUrl, begin, makeWorld } from "./support/lives.ts"

const reference = "rent"

const faults = fc.constantFrom(undefined, Fault.commitThenDrop, Fault.drop(), Fault.cut(), Fault.slow("20 seconds"))

const race = async (scheduler: fc.Scheduler, fault: Fault.Fault | undefined): Promise<void> => {
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(TestClock.layer(), PalommaSimulator.layer({ seed: 1 }), Logger.layer([]))
  )
  try {
    const between = (step: string) => Effect.promise(() => scheduler.schedule(Promise.resolve(), step))
    const { journal, simulator, running } = await runtime.runPromise(
      Effect.gen(function* () {
        const world = yield* makeWorld
        if (fault !== undefined) yield* world.simulator.fault({ operation: "payoutRequests.create", kind: fault })
        const one = (yield* begin(world, {}, undefined, (step) => between(`one ${step}`))).payouts
        const other = (yield* begin(world, {}, undefined, (step) => between(`other ${step}`))).payouts
        const intent = { reference, payoutTargetId: world.payoutTargetId, amount: 50_000 }
        const hear = Effect.flatMap(world.simulator.webhooks.events, (events) =>
          Effect.forEach(events, (event) => other.applyWebhook(event), { discard: true })
        )
        const settle = Effect.flatMap(world.simulator.ledger.payoutsByReference(reference), (paid) =>
          Effect.forEach(paid, ({ id }) => world.simulator.settle(id, { as: "approved" }), { discard: true })
        )
        const actions: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
          one.send(intent),
          other.send(intent),
          Effect.andThen(settle, hear),
          one.awaitFinal(reference),
          other.reconcile(reference),
          hear
        ]
        const running = yield* Effect.forEach(actions, (action, i) =>
          Effect.forkDetach(Effect.exit(Effect.andThen(between(`begin ${i}`), action)))
        )
        return { ...world, running }
      }).pipe(Effect.scoped)
    )
    let idle = 0
    while (running.some((fiber) => fiber.pollUnsafe() === undefined) && idle < 200) {
      if (scheduler.count() === 0) {
        // Nobody is waiting for anything but time.
        if (++idle % 3 === 0) await runtime.runPromise(TestClock.adjust("7 seconds"))
      } else await scheduler.waitOne()
      await setImmediate()
    }
    const [paid, row] = await runtime.runPromise(
      Effect.all([simulator.ledger.payoutsByReference(reference), journal.find({ environment: baseUrl, reference })])
    )
    agrees(Option.getOrThrow(row), paid)
  } finally {
    await runtime.dispose()
  }
}

describe("law 6: answers, webhooks, polls and look-ups in any order", () => {
  it("pays at most once and claims nothing that is not so", async () => {
    await fc.assert(fc.asyncProperty(fc.scheduler(), faults, race), { numRuns: Number(process.env["LAW_RUNS"] ?? 300) })
  }, 300_000)
})
