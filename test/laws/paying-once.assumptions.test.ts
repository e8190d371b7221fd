/**
 * The assumptions of the documentation. Each test needs exactly the condition in its name, and then money moves twice.
 * A failing test here has found a stronger law.
 */
import { assert, describe, it } from "@effect/vitest"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { TestClock } from "effect/testing"
import { LawBroken } from "./support/judge.ts"
import { awaitEnd, begin, type Intent, type Life } from "./support/lives.ts"
import { decisionOf } from "./support/person.ts"
import { check, kinds, makeWorld, operationsOf, restore, rowOf, truthOf, type World } from "./support/world.ts"

type Simulation = NonNullable<Parameters<typeof PalommaSimulator.layer>[0]>

const sends = (life: Life, intent: Intent) => Effect.forkDetach(Effect.exit(life.send(intent)))

const sent = Effect.fnUntraced(function* (life: Life, intent: Intent) {
  yield* awaitEnd(yield* sends(life, intent), life)
})

// Begins to send, and runs until time has to pass.
const beginsToSend = Effect.fnUntraced(function* (life: Life, intent: Intent) {
  yield* sends(life, intent)
  for (let i = 0; i < 100; i++) yield* Effect.yieldNow
})

// A person whose decision is true at this moment.
const decides = Effect.fnUntraced(function* (world: World, life: Life, { kind, reference }: Intent) {
  yield* TestClock.adjust("21 minutes")
  const row = rowOf(world, kind, reference)
  assert.isDefined(row)
  if (row === undefined) return
  const decision = decisionOf(row, truthOf(world, yield* world.books, kind, reference))
  assert.strictEqual(decision.as, "not-paid")
  const decided = life.call("resolve", kind, reference, ({ resolve }) => resolve(reference, decision))
  assert.isTrue(Exit.isSuccess(yield* Effect.exit(decided)), "the decision was refused")
})

const late = (world: World, { kind }: Intent, by: "1 hour" | "15 minutes") =>
  world.simulator.fault({ operation: operationsOf[kind].create, kind: Fault.slow(by, { takesEffect: "after" }) })

// Up to the last step before the body is handed over: the row was read for the last time, and the clocks are read next.
const stopInTheWindow = (life: Life) => life.stop(5, "after")

interface Assumption {
  readonly simulation?: Simulation
  readonly run: (world: World, intent: Intent) => Effect.Effect<void>
}

const assumptions: Readonly<Record<string, Assumption>> = {
  "no request lives longer than the quiet time": {
    run: Effect.fnUntraced(function* (world, intent) {
      const life = yield* begin(world)
      yield* late(world, intent, "1 hour")
      yield* sent(life, intent)
      yield* decides(world, life, intent)
      yield* sent(life, intent)
      yield* TestClock.adjust("1 hour")
    })
  },
  "the list shows what was paid before a backup is restored": {
    run: Effect.fnUntraced(function* (world, intent) {
      const backup = world.journal.backUp()
      const life = yield* begin(world)
      yield* sent(life, intent)
      life.kill()
      yield* TestClock.adjust("30 minutes")
      restore(world, backup)
      yield* world.simulator.fault({ operation: operationsOf[intent.kind].list, kind: Fault.lag("1 hour"), rate: 1 })
      yield* sent(yield* begin(world), intent)
    })
  },
  "no request is in flight when a backup is restored": {
    run: Effect.fnUntraced(function* (world, intent) {
      const backup = world.journal.backUp()
      const life = yield* begin(world)
      yield* late(world, intent, "15 minutes")
      yield* beginsToSend(life, intent)
      life.kill()
      restore(world, backup)
      yield* sent(yield* begin(world), intent)
      yield* TestClock.adjust("20 minutes")
    })
  },
  "no program runs while a backup is restored": {
    run: Effect.fnUntraced(function* (world, intent) {
      const backup = world.journal.backUp()
      const life = yield* begin(world)
      stopInTheWindow(life)
      yield* beginsToSend(life, intent)
      restore(world, backup)
      yield* beginsToSend(yield* begin(world), intent)
      life.resume()
      yield* TestClock.adjust("1 minute")
    })
  },
  "a computer that stops between the last read and the hand-over has one true clock": {
    run: Effect.fnUntraced(function* (world, intent) {
      const life = yield* begin(world)
      const other = yield* begin(world)
      stopInTheWindow(life)
      yield* beginsToSend(life, intent)
      const since = world.clock.currentTimeMillisUnsafe()
      yield* sent(other, intent)
      yield* decides(world, other, intent)
      yield* sent(other, intent)
      const stoodFor = world.clock.currentTimeMillisUnsafe() - since
      life.clock.sleptFor(stoodFor)
      life.clock.jump(-stoodFor)
      life.resume()
      yield* TestClock.adjust("1 minute")
    })
  },
  "a record that was made despite a refusal is in the list at the next send": {
    run: Effect.fnUntraced(function* (world, intent) {
      world.exceptions = { ...world.exceptions, refusesAfterEffect: true }
      const life = yield* begin(world)
      const { create, list } = operationsOf[intent.kind]
      const kind = Fault.respond({ status: 400, body: { message: "No" }, takesEffect: true })
      yield* world.simulator.fault({ operation: create, kind })
      yield* sent(life, intent)
      yield* world.simulator.fault({ operation: list, kind: Fault.lag("1 hour"), rate: 1 })
      yield* sent(life, intent)
    })
  },
  "Palomma stores references as they are sent, if a backup without the row is restored": {
    simulation: { storeAs: { reference: "lower-case" } },
    run: Effect.fnUntraced(function* (world, intent) {
      const backup = world.journal.backUp()
      const life = yield* begin(world)
      yield* sent(life, intent)
      life.kill()
      yield* TestClock.adjust("2 hours")
      restore(world, backup)
      yield* sent(yield* begin(world), intent)
    })
  }
}

describe("the assumptions", () => {
  for (const kind of kinds) {
    const intent: Intent = { kind, reference: "Rent of November 2026", amount: 1_234_567 }
    for (const [assumption, { run, simulation = {} }] of Object.entries(assumptions)) {
      it.effect(`${kind}: that ${assumption}`, () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(Date.UTC(2026, 10, 1))
          const world = yield* makeWorld()
          yield* run(world, intent)
          // Results after the double payment may be false too, so only the money is checked.
          world.broken.length = 0
          const exit = yield* Effect.exit(check(world))
          assert.isTrue(Exit.isFailure(exit), "money moved only once")
          const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
          assert.instanceOf(error, LawBroken)
          assert.include(String(error), "Money moved at most once")
        }).pipe(Effect.provide(Layer.mergeAll(PalommaSimulator.layer({ ...simulation, seed: 1 }), Logger.layer([]))))
      )
    }
  }
})
