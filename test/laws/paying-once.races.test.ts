/** Laws 6 and 10 under every order of responses, webhooks, look-ups, expired claims and a person's decisions. */
import { assert, describe, it } from "@effect/vitest"
import type { TransferKind } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { setImmediate } from "node:timers/promises"
import { begin, type Intent, type Life } from "./support/lives.ts"
import { numRuns } from "./support/model.ts"
import { acknowledgementOf, bringToEnd, decisionOf } from "./support/person.ts"
import { check, kinds, makeWorld, operationsOf, rowOf, truthOf, type World } from "./support/world.ts"

const faults = fc.constantFrom(
  undefined,
  Fault.commitThenDrop,
  Fault.drop(),
  Fault.cut(),
  Fault.refuse,
  Fault.rewrite("id", undefined),
  Fault.rewrite("amount", 1),
  Fault.slow("20 seconds"),
  Fault.slow("10 minutes", { takesEffect: "after" }),
  Fault.respond({ status: 400, body: { message: "No" } })
)

const race = async (scheduler: fc.Scheduler, kind: TransferKind, fault: Fault.Fault | undefined): Promise<void> => {
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(TestClock.layer(), PalommaSimulator.layer({ seed: 1 }), Logger.layer([]))
  )
  const intent: Intent = { kind, reference: "Rent of November 2026", amount: 1_234_567 }
  const { reference } = intent
  let isOver = false
  const between = (step: string) =>
    Effect.suspend(() => (isOver ? Effect.void : Effect.promise(() => scheduler.schedule(Promise.resolve(), step))))

  const setStatus = (world: World) =>
    Effect.gen(function* () {
      for (const { id } of truthOf(world, yield* world.books, kind, reference).records) {
        const how = { status: "approved" } as const
        yield* kind === "payout" ? world.simulator.setPayoutStatus(id, how) : world.simulator.setPayinStatus(id, how)
      }
    })

  const hear = (world: World, life: Life) =>
    Effect.flatMap(world.simulator.webhooks.events, (events) =>
      Effect.forEach(events, (event) => life.call("applyWebhook", kind, reference, (to) => to.applyWebhook(event)), {
        discard: true
      })
    )

  // A person reads the row, asks Palomma, and some time later records what Palomma answered.
  const decide = (world: World, life: Life) =>
    Effect.gen(function* () {
      const row = rowOf(world, kind, reference)
      yield* between("the person asks Palomma")
      if (row === undefined) return
      const truth = truthOf(world, yield* world.books, kind, reference)
      yield* row.alarm === undefined
        ? life.call("resolve", kind, reference, (to) => to.resolve(reference, decisionOf(row, truth)))
        : life.call("acknowledge", kind, reference, (to) => to.acknowledge(reference, acknowledgementOf(row, truth)))
    })

  try {
    const { other, running, world } = await runtime.runPromise(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        if (fault !== undefined) yield* world.simulator.fault({ operation: operationsOf[kind].create, kind: fault })
        const one = yield* begin(world, { between: (step) => between(`one ${step}`) })
        const other = yield* begin(world, { between: (step) => between(`other ${step}`) })
        const actions: ReadonlyArray<readonly [string, Effect.Effect<unknown, unknown>]> = [
          ["one sends", one.send(intent)],
          ["other sends", other.send(intent)],
          ["Palomma approves", Effect.andThen(setStatus(world), hear(world, other))],
          [
            "one process waits for the end of a claim",
            one.call("awaitFinal", kind, reference, (to) => to.awaitFinal(reference))
          ],
          ["other reconciles", other.call("reconcile", kind, reference, (to) => to.reconcile(reference))],
          ["webhooks come", hear(world, one)],
          ["the claim ends", TestClock.adjust("66 seconds")],
          ["the quiet time ends", TestClock.adjust("25 minutes")],
          ["a person decides", decide(world, other)],
          ["a person decides again", decide(world, one)],
          ["other sends again", other.send(intent)]
        ]
        const running = yield* Effect.forEach(actions, ([name, action]) =>
          Effect.forkDetach(Effect.exit(Effect.andThen(between(name), action)))
        )
        return { world, other, running }
      })
    )
    let idle = 0
    while (running.some((fiber) => fiber.pollUnsafe() === undefined) && idle < 200) {
      // Every process is waiting for time to pass.
      if (scheduler.count() === 0) {
        if (++idle % 3 === 0) await runtime.runPromise(TestClock.adjust("7 seconds"))
      } else await scheduler.waitOne()
      await setImmediate()
      await runtime.runPromise(check(world))
    }
    isOver = true
    while (scheduler.count() > 0) await scheduler.waitAll()
    await runtime.runPromise(
      Effect.gen(function* () {
        yield* world.simulator.clearFaults
        yield* TestClock.adjust("1 day")
        yield* bringToEnd(world, other, intent)
        assert.strictEqual(truthOf(world, yield* world.books, kind, reference).records.length, 1, "it never moved")
      })
    )
  } finally {
    await runtime.dispose()
  }
}

describe("laws 6 and 10: responses, webhooks, look-ups, expired claims and a person's decisions, in any order", () => {
  it("money moves once, and each result is true", async () => {
    await fc.assert(fc.asyncProperty(fc.scheduler(), fc.constantFrom(...kinds), faults, race), {
      numRuns: numRuns(100, 400)
    })
  }, 3_600_000)
})
