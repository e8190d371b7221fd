/**
 * Laws 6 and 10 for a journal that is restored as the documentation says: from a backup of any moment of a transfer.
 */
import { assert, describe, it } from "@effect/vitest"
import type { TransferKind } from "@palomma-effect/client"
import { type Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { TestClock } from "effect/testing"
import { createFaults, refusalsAfterEffect } from "./support/faults.ts"
import { awaitEnd, begin, type Intent } from "./support/lives.ts"
import { bringToEnd } from "./support/person.ts"
import { check, kinds, makeWorld, operationsOf, restore, truthOf } from "./support/world.ts"

const scenario = Effect.fnUntraced(function* (
  kind: TransferKind,
  name: string,
  fault: Fault.Fault,
  looksFirst: boolean
) {
  const intent: Intent = { kind, reference: "Rent of November 2026", amount: 1_234_567 }
  yield* TestClock.setTime(Date.UTC(2026, 10, 1))
  const world = yield* makeWorld({ transfers: { lookUpFirst: looksFirst } })
  if (name in refusalsAfterEffect) world.exceptions = { ...world.exceptions, refusesAfterEffect: true }
  // Without the look-up before the first request, a reference that is not in the backup counts as new.
  const backups = looksFirst ? [world.journal.backUp()] : []
  const between = (step: string) =>
    Effect.sync(() => {
      if (/^after (insert|write)/u.test(step)) backups.push(world.journal.backUp())
    })
  yield* world.simulator.fault({ operation: operationsOf[kind].create, kind: fault })
  const life = yield* begin(world, { between })
  const fiber = yield* Effect.forkDetach(Effect.exit(life.send(intent)))
  yield* awaitEnd(fiber, life)
  yield* world.simulator.clearFaults
  yield* bringToEnd(world, life, intent)
  life.kill()
  for (const backup of backups.slice()) {
    // No request may be in flight, and the list must show all payments.
    yield* TestClock.adjust("1 hour")
    restore(world, backup)
    const next = yield* begin(world)
    yield* bringToEnd(world, next, intent)
    yield* check(world)
    next.kill()
  }
  assert.strictEqual(truthOf(world, yield* world.books, kind, intent.reference).records.length, 1)
})

const simulated = Layer.mergeAll(TestClock.layer(), PalommaSimulator.layer({ seed: 1 }), Logger.layer([]))

describe("laws 6 and 10: a journal is restored from a backup of any moment", () => {
  for (const kind of kinds) {
    for (const looksFirst of [true, false]) {
      const how = looksFirst ? "" : ", and only existing rows are looked up"
      it.live(`a ${kind} that was made is not made again, after any failure of its first request${how}`, () =>
        Effect.forEach(
          Object.entries({ ...createFaults(kind), ...refusalsAfterEffect }),
          ([name, fault]) =>
            scenario(kind, name, fault, looksFirst).pipe(
              Effect.provide(simulated, { local: true }),
              Effect.catchDefect((cause) => Effect.die(new Error(`with the request ${name}`, { cause })))
            ),
          { discard: true }
        )
      )
    }
  }
})
