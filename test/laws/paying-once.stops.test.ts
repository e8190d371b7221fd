/**
 * Laws 6 and 10 under every stop: a process stands still at any step of a request, and goes on at any stage of another one's taking over.
 */
import { assert, describe, it } from "@effect/vitest"
import type { TransferKind } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { TestClock } from "effect/testing"
import { begin, type Intent, type Life } from "./support/lives.ts"
import { bringToEnd, decisionOf } from "./support/person.ts"
import { check, kinds, makeWorld, operationsOf, rowOf, truthOf, type World } from "./support/world.ts"

const intentOf = (kind: TransferKind): Intent => ({ kind, reference: "Rent of November 2026", amount: 1_234_567 })

// What the other process and a person do meanwhile, one after the other, and how long each takes.
const stages: ReadonlyArray<
  readonly [string, (world: World, other: Life, intent: Intent) => Effect.Effect<void>, number]
> = [
  ["a moment passes", () => Effect.void, 1_000],
  ["the claim ends", (_, other, intent) => Effect.asVoid(Effect.forkDetach(Effect.exit(other.send(intent)))), 66_000],
  ["it goes to a person", () => Effect.void, 300_000],
  [
    "the person decides",
    (world, other, { kind, reference }) =>
      Effect.gen(function* () {
        yield* TestClock.adjust("21 minutes")
        const row = rowOf(world, kind, reference)
        if (row === undefined) return
        const word = decisionOf(row, truthOf(world, yield* world.books, kind, reference))
        yield* Effect.forkDetach(
          Effect.exit(other.call("resolve", kind, reference, ({ resolve }) => resolve(reference, word)))
        )
      }),
    1_000
  ],
  [
    "the other process sends it",
    (_, other, intent) => Effect.asVoid(Effect.forkDetach(Effect.exit(other.send(intent)))),
    1_000
  ],
  ["the other process is done", () => Effect.void, 120_000]
]

/** What becomes of the clocks of the one that stands still. */
const clocks: Readonly<Record<string, (life: Life, stoodFor: number) => void>> = {
  "is stopped": () => {},
  "sleeps, so that its monotonic clock stands still,": (life, stoodFor) => life.clock.sleptFor(stoodFor),
  "is stopped, and its wall clock is set back,": (life, stoodFor) => life.clock.jump(-stoodFor)
}

// A look-up, a claim, a request, its answer and what follows.
const steps = Array.from({ length: 10 }, (_, step) => step)
const sides = ["before", "after"] as const
const stops = steps.flatMap((step) => sides.map((side) => ({ step, side })))

const faults: Readonly<Record<string, Fault.Fault | undefined>> = {
  "every answer comes": undefined,
  "its answer is lost": Fault.commitThenDrop,
  "its request is dropped": Fault.drop(),
  "its request is refused": Fault.respond({ status: 400, body: { message: "No" } }),
  "its request is late": Fault.slow("15 minutes", { effect: "last" })
}

// One row must not be sent by the one that stood still and by the one that took over.
const scenario = Effect.fnUntraced(function* (
  kind: TransferKind,
  { side, step }: (typeof stops)[number],
  stage: number,
  clock: (life: Life, stoodFor: number) => void,
  fault: Fault.Fault | undefined
) {
  const intent = intentOf(kind)
  yield* TestClock.setTime(Date.UTC(2026, 10, 1))
  const world = yield* makeWorld()
  if (fault !== undefined) yield* world.simulator.fault({ operation: operationsOf[kind].create, kind: fault })
  const one = yield* begin(world)
  const other = yield* begin(world)
  one.stop(step, side)
  yield* Effect.forkDetach(Effect.exit(one.send(intent)))
  const since = world.clock.currentTimeMillisUnsafe()
  for (const [index, [, run, millis]] of stages.entries()) {
    yield* run(world, other, intent)
    yield* TestClock.adjust(millis)
    if (index === stage) {
      clock(one, world.clock.currentTimeMillisUnsafe() - since)
      one.goOn()
      yield* TestClock.adjust("1 second")
    }
    yield* check(world)
  }
  yield* world.simulator.clearFaults
  yield* TestClock.adjust("1 day")
  yield* bringToEnd(world, other, intent)
  assert.strictEqual(truthOf(world, yield* world.books, kind, intent.reference).records.length, 1, "it never moved")
})

const simulated = Layer.mergeAll(TestClock.layer(), PalommaSimulator.layer({ seed: 1 }), Logger.layer([]))

describe("laws 6 and 10: a process that stands still, and another that takes over", () => {
  for (const kind of kinds) {
    for (const [trouble, clock] of Object.entries(clocks)) {
      for (const [name, fault] of Object.entries(faults)) {
        it.live(`a process that sends a ${kind} ${trouble} at any step, and goes on at any time, and ${name}`, () =>
          Effect.forEach(
            stops,
            (stop) =>
              Effect.forEach(
                stages.keys(),
                (stage) =>
                  scenario(kind, stop, stage, clock, fault).pipe(
                    Effect.provide(simulated, { local: true }),
                    Effect.catchDefect((defect) =>
                      Effect.die(
                        new Error(
                          `stopped ${stop.side} step ${stop.step}, going on after "${stages[stage]?.[0] ?? ""}"`,
                          {
                            cause: defect
                          }
                        )
                      )
                    )
                  ),
                { discard: true }
              ),
            { discard: true }
          )
        )
      }
    }
  }
})
