/**
 * Workers: programs that give transfers to them, and processes that carry them to their ends.
 */
import type { AdvanceOptions } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { createFaults } from "./faults.ts"
import { ofOne, which } from "./drawn.ts"
import type { Intent, Life } from "./lives.ts"
import { type Command, follow, launch, type Real } from "./model.ts"
import type { Drive } from "./person.ts"
import { nameOf, operationsOf, rowOf } from "./world.ts"

const endSearch = fc.constantFrom(undefined, undefined, "if-complete" as const, "always" as const)

const failNext = ({ world }: Real, { kind, reference }: Intent, name: string): Effect.Effect<void> => {
  const fault = createFaults("payout")[name]
  const operation = operationsOf[kind].create
  return fault === undefined
    ? Effect.void
    : world.simulator.fault({ operation, containing: JSON.stringify(reference), kind: fault })
}

const isGiven = ofOne(
  [which, fc.boolean()],
  (which, isOther) => `${which} gives it to a worker${isOther ? " with another amount" : ""}`,
  (intent, which, isOther) => (real) =>
    launch(real, real.lives[which].intend(isOther ? { ...intent, amount: 1_876_543 } : intent))
)

// A worker may call a claim lost that is not: then a transfer is in doubt of which nothing was sent.
const lostClaimOf = ({ world }: Real, { kind, reference }: Intent): AdvanceOptions => {
  const claim = rowOf(world, kind, reference)?.claim?.id
  world.troubled.add(nameOf(kind, reference))
  return claim === undefined ? {} : { lostClaim: claim }
}

const isCarried = ofOne(
  [
    which,
    fc.integer({ min: 1, max: 2 }),
    fc.option(fc.constantFrom(...Object.keys(createFaults("payout")))),
    endSearch
  ],
  (which, times, fault, endSearch) =>
    `${which} carries it ${times} times${fault === null ? "" : `, and its request is ${fault}`}` +
    (endSearch === undefined ? "" : `, and ends the search ${endSearch}`),
  (intent, which, times, fault, endSearch) =>
    Effect.fnUntraced(function* (real: Real) {
      if (fault !== null) yield* failNext(real, intent, fault)
      for (let n = 0; n < times; n++) yield* launch(real, real.lives[which].carry(intent, { endSearch }))
    })
)

const claimIsLost = ofOne(
  [which, fc.constantFrom(0, 70_000)],
  (which, millis) => `${millis} ms pass, and ${which} calls the claim of it lost`,
  (intent, which, millis) =>
    Effect.fnUntraced(function* (real: Real) {
      const lost = lostClaimOf(real, intent)
      yield* TestClock.adjust(millis)
      yield* launch(real, real.lives[which].carry(intent, lost))
    })
)

// Stopped at a step of the worker, so long that another one takes over.
const workerIsStopped = ofOne(
  [which, fc.nat(8), fc.constantFrom("before" as const, "after" as const)],
  (which, step, side) => `${which} carries it and is stopped ${side} step ${step} for two minutes`,
  (intent, which, step, side) =>
    Effect.fnUntraced(function* (real: Real) {
      if (real.setting.isCalm) return
      const life = real.lives[which]
      yield* launch(real, life.intend(intent))
      yield* TestClock.adjust(1)
      life.stop(step, side)
      yield* launch(real, life.carry(intent))
      yield* TestClock.adjust("2 minutes")
      const other = real.lives[which === 0 ? 1 : 0]
      yield* launch(real, other.carry(intent, lostClaimOf(real, intent)))
      yield* TestClock.adjust("1 minute")
      yield* launch(real, other.carry(intent, { endSearch: "if-complete" }))
      life.resume()
    })
)

const isTold = ofOne(
  [which, fc.boolean()],
  (which, isFresh) => `${which} tells the program of it${isFresh ? "" : ", as a person last read it"}`,
  (intent, which, isFresh) => (real) =>
    Effect.suspend(() => {
      const { kind, reference } = intent
      const { lastRead, world } = real
      const row = isFresh ? rowOf(world, kind, reference) : lastRead.get(nameOf(kind, reference))
      if (row === undefined) return Effect.void
      const name = nameOf(kind, reference)
      world.told.set(name, [...(world.told.get(name) ?? []), row])
      return follow(real, which, "markTold", intent, (to) => to.markTold(reference, row.version))
    })
)

/** The commands of workers. One that is listed more often is drawn more often. */
export const workerCommands: ReadonlyArray<fc.Arbitrary<Command>> = [
  isGiven,
  isGiven,
  isCarried,
  isCarried,
  isCarried,
  claimIsLost,
  workerIsStopped,
  isTold,
  isTold
]

/** Drives a transfer as a worker does, until it waits for a person or for Palomma. Another worker may have its claim. */
export const carriesOn: Drive = Effect.fnUntraced(function* (life: Life, intent: Intent) {
  yield* life.intend(intent)
  let lostClaim: string | undefined
  for (let turn = 0; turn < 8; turn++) {
    // The search ends after some look-ups, as it does with the schedule of a worker.
    const { _tag: tag, transfer } = yield* life.carry(intent, { lostClaim, endSearch: turn > 4 ? "always" : undefined })
    if (tag !== "Wait" || transfer.state === "accepted" || transfer.state === "rejected") return
    const { claim, state } = transfer
    lostClaim = state === "sending" ? claim?.id : undefined
    yield* Effect.sleep(state === "sending" ? (claim?.length ?? 0) : 15_000)
  }
})
