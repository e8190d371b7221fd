/**
 * Every fault of one transfer, with a crash of the process at every step, and then once more. Then a truthful person
 * finishes it.
 */
import { assert, describe, it } from "@effect/vitest"
import type { TransferKind } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { TestClock } from "effect/testing"
import { createFaults, listFaults, readFaults, refusalsAfterEffect, stores } from "./faults.ts"
import { awaitEnd, begin, type Death, type Intent } from "./lives.ts"
import { bringToEnd, type Drive } from "./person.ts"
import { carriesOn } from "./workers.ts"
import { check, makeWorld, operationsOf, rowOf, truthOf, type World } from "./world.ts"

/** The faults of one scenario. */
interface Trouble {
  readonly arm: (world: World) => Effect.Effect<void>
  readonly simulator?: PalommaSimulatorOptions | undefined
}

type PalommaSimulatorOptions = Parameters<typeof PalommaSimulator.layer>[0]

const troubles = (kind: TransferKind): ReadonlyArray<readonly [string, Trouble]> => {
  const { create, list } = operationsOf[kind]
  const onCreate = (fault: Fault.Fault) => (world: World) => world.simulator.fault({ operation: create, kind: fault })
  const onList =
    (fault: Fault.Fault, timing: { readonly nth?: number; readonly rate?: number }) =>
    (world: World): Effect.Effect<void> =>
      world.simulator.fault({ operation: list, kind: fault, ...timing })
  const isLost = onCreate(Fault.commitThenDrop)
  const both = (one: Trouble["arm"], other: Trouble["arm"]) => (world: World) =>
    Effect.andThen(one(world), other(world))
  return [
    ["with no fault", { arm: () => Effect.void }],
    ...Object.entries(createFaults(kind)).map(
      ([name, fault]) => [`with the request ${name}`, { arm: onCreate(fault) }] as const
    ),
    ...Object.entries(refusalsAfterEffect).map(
      ([name, fault]) =>
        [
          `with the request responded to as ${name}`,
          {
            arm: (world: World) => {
              world.exceptions = { ...world.exceptions, refusesAfterEffect: true }
              return onCreate(fault)(world)
            }
          }
        ] as const
    ),
    ...Object.entries(readFaults).flatMap(([name, fault]) => [
      [`with the first list ${name}`, { arm: onList(fault, {}) }] as const,
      [`with the response lost and the next list ${name}`, { arm: both(onList(fault, { nth: 2 }), isLost) }] as const
    ]),
    ...Object.entries(listFaults).flatMap(([name, fault]) => [
      [`with every list ${name}`, { arm: onList(fault, { rate: 1 }) }] as const,
      // The look-up before the first request reads a correct list.
      [
        `with the response lost and then a list ${name}`,
        { arm: both(onList(fault, { rate: 1, nth: 2 }), isLost) }
      ] as const
    ]),
    ...Object.entries(stores).flatMap(([name, stores]) => [
      [`at a server that stores ${name}`, { arm: () => Effect.void, simulator: { storeAs: stores } }] as const,
      [
        `with the response lost at a server that stores ${name}`,
        { arm: isLost, simulator: { storeAs: stores } }
      ] as const
    ])
  ]
}

// The first life's look-up and request are tried with every crash. Crashes at later steps are crashes during look-ups,
// which are all alike.
const maxStep = 10

// All lists here are short, except the endless ones.
const fewPages = { transfers: { lookUpPages: 10 } }

/** Defines the tests of one kind. */
export const crashes = (kind: TransferKind): void => define(kind, troubles(kind), (life, intent) => life.send(intent))

/** Defines the tests of one kind that workers carry. Their look-ups are those of `send`, so faults of lists are left out. */
export const workerCrashes = (kind: TransferKind): void => {
  const ofRequests = troubles(kind).filter(([name]) => name === "with no fault" || name.startsWith("with the request"))
  define(kind, ofRequests, carriesOn, " by a worker")
}

const define = (kind: TransferKind, all: ReturnType<typeof troubles>, drive: Drive, by = ""): void => {
  const intent: Intent = { kind, reference: "Rent of November 2026", amount: 1_234_567 }

  // A life in which it is sent once, until no more events can happen.
  const live = Effect.fnUntraced(function* (world: World, death?: Death) {
    const life = yield* begin(world, { death })
    const fiber = yield* Effect.forkDetach(Effect.exit(drive(life, intent)))
    yield* awaitEnd(fiber, life)
    const hasEnded = fiber.pollUnsafe() !== undefined
    // A request in flight survives the crash of its process.
    if (life.isDead()) yield* TestClock.adjust("2 minutes")
    yield* check(world)
    return { life, hasEnded }
  })

  const finish = Effect.fnUntraced(function* (world: World) {
    yield* world.simulator.clearFaults
    yield* TestClock.adjust("1 day")
    yield* bringToEnd(world, yield* begin(world), intent, drive)
    const truth = truthOf(world, yield* world.books, kind, intent.reference)
    assert.strictEqual(truth.records.length, 1, "the money never moved")
    assert.strictEqual(rowOf(world, kind, intent.reference)?.state, "accepted")
  })

  describe(`laws 6 and 10: a ${kind === "payout" ? "payout leaves" : "debit is made"} once per reference${by}`, () => {
    for (const [index, [name, { arm, simulator = {} }]] of all.entries()) {
      const title = `for a crash of the process at any step, ${name}`
      const test = () => {
        const simulated = Layer.mergeAll(PalommaSimulator.layer({ ...simulator, seed: 1 }), Logger.layer([]))
        return Effect.gen(function* () {
          const stepCount = yield* Effect.gen(function* () {
            const world = yield* makeWorld(fewPages)
            yield* arm(world)
            const { hasEnded, life } = yield* live(world)
            assert.isTrue(hasEnded, "it never ended")
            yield* finish(world)
            return life.steps()
          }).pipe(Effect.provide(simulated))
          // The shortest case is a look-up that fails before the first request: the row is read, and the list.
          assert.isAtLeast(stepCount, 2)
          for (let step = 1; step <= Math.min(stepCount, maxStep); step++) {
            for (const side of ["before", "after"] as const) {
              yield* Effect.gen(function* () {
                const world = yield* makeWorld(fewPages)
                yield* arm(world)
                yield* live(world, { step, side })
                // The next life crashes at another step, one further on each time, and the one after it does not crash.
                yield* live(world, { step: 1 + ((step + index) % stepCount), side })
                yield* live(world)
                yield* finish(world)
              }).pipe(Effect.provide(simulated))
            }
          }
        })
      }
      it.effect(title, test, 120_000)
    }
  })
}
