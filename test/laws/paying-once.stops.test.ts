/**
 * Laws 6 and 10 under every stop: a process stops at any step of a request, and continues while or after another
 * process takes over.
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

// Begins a call, and runs until time has to pass.
const begins = Effect.fnUntraced(function* <A, E>(call: Effect.Effect<A, E>) {
  yield* Effect.forkDetach(Effect.exit(call))
  for (let i = 0; i < 100; i++) yield* Effect.yieldNow
})

// The actions of the other process and of a person meanwhile, in order, with the duration of each.
const stages: ReadonlyArray<
  readonly [string, (world: World, other: Life, intent: Intent) => Effect.Effect<void>, number]
> = [
  ["a moment passes", () => Effect.void, 1_000],
  ["the claim ends", (_, other, intent) => begins(other.send(intent)), 66_000],
  ["it needs manual review", () => Effect.void, 300_000],
  [
    "the person decides",
    (world, other, { kind, reference }) =>
      Effect.gen(function* () {
        yield* TestClock.adjust("21 minutes")
        const row = rowOf(world, kind, reference)
        if (row === undefined) return
        const word = decisionOf(row, truthOf(world, yield* world.books, kind, reference))
        yield* begins(other.call("resolve", kind, reference, ({ resolve }) => resolve(reference, word)))
      }),
    1_000
  ],
  ["the other process sends it", (_, other, intent) => begins(other.send(intent)), 1_000],
  ["the other process has sent it", () => Effect.void, 120_000]
]

interface Clocks {
  /** The effect of the stop on the clocks of the stopped process. */
  readonly change: (life: Life, stoodFor: number) => void
  /** Whether one clock still shows how long the process was stopped. */
  readonly oneIsTrue: boolean
}

const clocks: Readonly<Record<string, Clocks>> = {
  "is stopped": { change: () => {}, oneIsTrue: true },
  "sleeps, so that its monotonic clock stops,": {
    change: (life, stoodFor) => life.clock.sleptFor(stoodFor),
    oneIsTrue: true
  },
  "is stopped, and its wall clock is set back,": {
    change: (life, stoodFor) => life.clock.jump(-stoodFor),
    oneIsTrue: true
  },
  "is paused with its machine, so that both its clocks stop,": {
    change: (life, stoodFor) => {
      life.clock.sleptFor(stoodFor)
      life.clock.jump(-stoodFor)
    },
    oneIsTrue: false
  }
}

// A look-up, a claim, a request, its response and the steps after it.
const steps = Array.from({ length: 10 }, (_, step) => step)
const sides = ["before", "after"] as const
const stops = steps.flatMap((step) => sides.map((side) => ({ step, side })))

// The row was read for the last time, and the body is handed over next. Without a true clock nothing shows that time
// has passed.
const isInTheWindow = ({ side, step }: (typeof stops)[number]): boolean => step === 5 && side === "after"

const faults: Readonly<Record<string, Fault.Fault | undefined>> = {
  "every response arrives": undefined,
  "its response is lost": Fault.commitThenDrop,
  "its request is dropped": Fault.drop(),
  "its request is late": Fault.slow("15 minutes", { takesEffect: "after" })
}

// The stopped process and the one that took over must not both send one row.
const scenario = Effect.fnUntraced(function* (
  kind: TransferKind,
  { side, step }: (typeof stops)[number],
  stage: number,
  { change }: Clocks,
  fault: Fault.Fault | undefined
) {
  const intent = intentOf(kind)
  yield* TestClock.setTime(Date.UTC(2026, 10, 1))
  const world = yield* makeWorld()
  if (fault !== undefined) yield* world.simulator.fault({ operation: operationsOf[kind].create, kind: fault })
  const one = yield* begin(world)
  const other = yield* begin(world)
  one.stop(step, side)
  yield* begins(one.send(intent))
  const since = world.clock.currentTimeMillisUnsafe()
  for (const [index, [, run, millis]] of stages.entries()) {
    yield* run(world, other, intent)
    yield* TestClock.adjust(millis)
    if (index === stage) {
      change(one, world.clock.currentTimeMillisUnsafe() - since)
      one.resume()
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

describe("laws 6 and 10: a process that stops, and another that takes over", () => {
  for (const kind of kinds) {
    for (const [trouble, clock] of Object.entries(clocks)) {
      for (const [name, fault] of Object.entries(faults)) {
        it.live(
          `a process that sends a ${kind} ${trouble} at any step, and continues at any time, and ${name}`,
          Effect.fnUntraced(function* () {
            for (const stop of stops.filter((stop) => clock.oneIsTrue || !isInTheWindow(stop))) {
              for (const [stage, [when]] of stages.entries()) {
                const run = scenario(kind, stop, stage, clock, fault).pipe(Effect.provide(simulated, { local: true }))
                yield* Effect.catchDefect(run, (cause) =>
                  Effect.die(new Error(`stopped ${stop.side} step ${stop.step}, continuing after "${when}"`, { cause }))
                )
              }
            }
          })
        )
      }
    }
  }
})
