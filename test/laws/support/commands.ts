/**
 * The commands of the random test.
 */
import type { TransferKind } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import type { Intent } from "./lives.ts"
import { createFaults, listFaults, readFaults, withoutReferences } from "./faults.ts"
import { command, kind, ofOne, unlessCalm, which } from "./drawn.ts"
import { clockErrors, Command, follow, launch, type Real, replaceBy, restoreBackup } from "./model.ts"
import { dashboardMakes, isAdopted } from "./otherSenders.ts"
import { acknowledgementOf, decisionOf } from "./person.ts"
import { workerCommands } from "./workers.ts"
import { nameOf, operationsOf, rowOf, truthOf } from "./world.ts"

const orDie = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<void> => Effect.asVoid(Effect.orDie(effect))

const faultName = fc.constantFrom(...Object.keys(createFaults("payout")))

// Makes the next request of a transfer fail.
const failNext = ({ world }: Real, { kind, reference }: Intent, name: string): Effect.Effect<void> =>
  world.simulator.fault({
    operation: operationsOf[kind].create,
    containing: JSON.stringify(reference),
    kind: createFaults(kind)[name] ?? Fault.drop()
  })

// An accepted transfer needs no further request, so most requests must fail for the run to be interesting.
const sends = ofOne(
  [which, fc.integer({ min: 1, max: 3 }), fc.option(faultName, { freq: 3, nil: undefined })],
  (which, callers, fault) =>
    `${which} sends it for ${callers} callers${fault === undefined ? "" : `, and its request is ${fault}`}`,
  (intent, which, callers, fault) =>
    Effect.fnUntraced(function* (real: Real) {
      if (fault !== undefined) yield* failNext(real, intent, fault)
      for (let n = 0; n < callers; n++) yield* launch(real, real.lives[which].send(intent))
    })
)

const sendsOther = ofOne(
  [which],
  (which) => `${which} sends it with another amount`,
  (intent, which) => (real) => launch(real, real.lives[which].send({ ...intent, amount: 1_876_543 }))
)

const callerLeaves = fc.constant(
  new Command("a caller is interrupted", (real) => Effect.sync(() => real.callers.pop()?.()))
)

const timePasses = fc
  .constantFrom(1, 1_000, 20_000, 70_000, 200_000, 1_300_000)
  .map((millis) => new Command(`${millis} ms pass`, () => TestClock.adjust(millis)))

const createFails = ofOne(
  [faultName],
  (fault) => `its next request is ${fault}`,
  (intent, fault) => (real) => failNext(real, intent, fault)
)

const readFails = command(
  [kind, fc.constantFrom("list" as const, "get" as const), fc.constantFrom(...Object.keys(readFaults)), fc.nat(3)],
  (kind, operation, name, times) => `the next ${times + 1} ${operation}s of ${kind}s are ${name}`,
  (kind, operation, name, times) =>
    ({ world }) =>
      world.simulator.fault({
        operation: operationsOf[kind][operation],
        kind: readFaults[name] ?? Fault.drop(),
        times: times + 1
      })
)

const listShows = command(
  [kind, fc.constantFrom(...Object.keys(listFaults)), fc.nat(3)],
  (kind, name, times) => `the next ${times + 1} lists of ${kind}s are ${name}`,
  (kind, name, times) =>
    ({ world }) =>
      // What the restored journal does not have is found by its reference only.
      world.restored !== undefined && name === withoutReferences
        ? Effect.void
        : world.simulator.fault({
            operation: operationsOf[kind].list,
            kind: listFaults[name] ?? Fault.drop(),
            times: times + 1
          })
)

// Gives every record of a transfer a final status, or another one.
const endAs = (real: Real, { kind, reference }: Intent, status: "approved" | "cancelled" | "partial", again: boolean) =>
  Effect.gen(function* () {
    const { simulator } = real.world
    const { records } = truthOf(real.world, yield* real.world.books, kind, reference)
    for (const { id, statuses } of records) {
      if ((statuses.at(-1) === "processing") === again) continue
      if (kind === "payin") yield* simulator.setPayinStatus(id, { status })
      else if (again) yield* simulator.returnPayout(id)
      else yield* simulator.setPayoutStatus(id, { status: status === "partial" ? "approved" : status })
    }
  }).pipe(orDie)

const palommaEnds = ofOne(
  [fc.constantFrom("approved" as const, "cancelled" as const, "partial" as const)],
  (status) => `Palomma finishes it as ${status}`,
  (intent, status) => (real) => endAs(real, intent, status, false)
)

const palommaReturns = ofOne(
  [],
  () => "Palomma returns it",
  (intent) => (real) => endAs(real, intent, "cancelled", true)
)

const webhookArrives = command(
  [fc.nat(), which, fc.integer({ min: 1, max: 2 })],
  (n, which, times) => `webhook ${n} reaches ${which} ${times} times`,
  (n, which, times) => (real) =>
    Effect.flatMap(real.world.simulator.webhooks.events, (events) => {
      const event = events[n % Math.max(1, events.length)]
      if (event === undefined) return Effect.void
      const kind: TransferKind = event.eventType === "payin-request.update" ? "payin" : "payout"
      const reference =
        typeof event.event === "object" && event.event !== null && "reference" in event.event
          ? String(event.event.reference)
          : ""
      return Effect.forEach(
        Array.from({ length: times }),
        () => follow(real, which, "applyWebhook", { kind, reference, amount: 0 }, (to) => to.applyWebhook(event)),
        { discard: true }
      )
    })
)

const reconciles = ofOne(
  [which, fc.constantFrom("reconcile" as const, "advance" as const, "awaitFinal" as const)],
  (which, operation) => `${which} calls ${operation}`,
  (intent, which, operation) => (real) =>
    follow(real, which, operation, intent, (to): Effect.Effect<unknown, unknown> =>
      operation === "awaitFinal"
        ? to.awaitFinal(intent.reference, { timeout: "1 minute" })
        : to[operation](intent.reference)
    )
)

const reconcilesAll = command(
  [kind, which],
  (kind, which) => `${which} reconciles every ${kind}`,
  (kind, which) => (real) =>
    follow(real, which, "reconcileAll", { kind, reference: "", amount: 0 }, (to) =>
      Stream.runCollect(to.reconcileAll({ olderThan: 0 }))
    )
)

const personLooks = ofOne(
  [],
  () => "a person reads it",
  ({ kind, reference }) =>
    ({ lastRead, world }) =>
      Effect.sync(() => {
        const row = rowOf(world, kind, reference)
        if (row !== undefined) lastRead.set(nameOf(kind, reference), row)
      })
)

// A person decides by the row as last read, or by a fresh read. The decision always matches Palomma's current records.
const personActs = ofOne(
  [which, fc.boolean(), fc.constantFrom("resolve" as const, "withdraw" as const, "acknowledge" as const)],
  (which, isFresh, word) => `a person decides ${word} at ${which}${isFresh ? "" : " by an outdated row"}`,
  (intent, which, isFresh, word) =>
    Effect.fnUntraced(function* (real: Real) {
      const { kind, reference } = intent
      const row = isFresh ? rowOf(real.world, kind, reference) : real.lastRead.get(nameOf(kind, reference))
      if (row === undefined) return
      const truth = truthOf(real.world, yield* real.world.books, kind, reference)
      const decision = decisionOf(row, truth)
      if (word === "acknowledge") {
        const acknowledgement = acknowledgementOf(row, truth)
        return yield* follow(real, which, word, intent, (to) => to.acknowledge(reference, acknowledgement))
      }
      if (word === "resolve") return yield* follow(real, which, word, intent, (to) => to.resolve(reference, decision))
      if (decision.as === "paid") return
      const { by, note, notOurs = [], version } = decision
      const withdrawal = row.state === "needsReview" ? { by, note, notOurs, version } : { by, note }
      yield* follow(real, which, word, intent, (to) => to.withdraw(reference, withdrawal))
    })
)

// The other process takes over: it sends, a person decides if it cannot, and it sends again.
const isTakenOver = ofOne(
  [which],
  (which) => `${which} takes over, and a person decides`,
  (intent, which) =>
    Effect.fnUntraced(function* (real: Real) {
      const { kind, reference } = intent
      yield* launch(real, real.lives[which].send(intent))
      yield* TestClock.adjust("30 minutes")
      const row = rowOf(real.world, kind, reference)
      if (row === undefined) return
      const decision = decisionOf(row, truthOf(real.world, yield* real.world.books, kind, reference))
      yield* follow(real, which, "resolve", intent, (to) => to.resolve(reference, decision))
      yield* TestClock.adjust("1 minute")
      yield* launch(real, real.lives[which].send(intent))
      yield* TestClock.adjust("1 minute")
    })
)

const dayPasses = fc.constant(new Command("a day passes", () => TestClock.adjust("1 day")))

const isKilled = command(
  [which],
  (which) => `${which} is killed and restarted`,
  (which) =>
    unlessCalm((real) => {
      real.lives[which].kill()
      return replaceBy(real, which)
    })
)

const isClosed = command(
  [which],
  (which) => `${which} is closed and restarted`,
  (which) => (real) => Effect.andThen(Effect.forkDetach(real.lives[which].close), replaceBy(real, which))
)

const isStopped = command(
  [which, fc.nat(8)],
  (which, after) => `${which} is stopped after ${after} steps more`,
  (which, after) => unlessCalm((real) => Effect.sync(() => real.lives[which].stop(after)))
)

const goesOn = command(
  [which],
  (which) => `${which} goes on`,
  (which) => (real) => Effect.sync(() => real.lives[which].resume())
)

// Stopped so long that others take over: the pending work continues too late.
const isStoppedForLong = ofOne(
  [which, fc.nat(8), fc.constantFrom("before" as const, "after" as const)],
  (which, step, side) => `${which} sends it and is stopped ${side} step ${step} for half an hour`,
  (intent, which, step, side) =>
    unlessCalm((real) =>
      Effect.gen(function* () {
        real.lives[which].stop(step, side)
        yield* launch(real, real.lives[which].send(intent))
        yield* TestClock.adjust("30 minutes")
      })
    )
)

const machineSleeps = command(
  [which, fc.constantFrom(30_000, 120_000, 1_800_000)],
  (which, millis) => `the machine of ${which} sleeps for ${millis} ms`,
  (which, millis) =>
    unlessCalm((real) => {
      if (real.setting.clockTrouble !== "sleeps") return Effect.void
      const life = real.lives[which]
      return Effect.gen(function* () {
        life.stop()
        yield* TestClock.adjust(millis)
        life.clock.sleptFor(millis)
        life.resume()
      })
    })
)

const clockJumps = command(
  [which, fc.constantFrom(...clockErrors), fc.boolean()],
  (which, millis, back) => `the wall clock of ${which} jumps ${millis} ms ${back ? "back" : "forward"}`,
  (which, millis, back) => (real) =>
    Effect.sync(() => {
      if (!back || real.setting.clockTrouble === "jumps") real.lives[which].clock.jump(back ? -millis : millis)
    })
)

const journalFails = command(
  [which, fc.nat(6), fc.constantFrom("before" as const, "after" as const)],
  (which, after, side) => `the journal of ${which} fails ${side} its call number ${after}`,
  (which, after, side) => unlessCalm((real) => Effect.sync(() => real.lives[which].breakJournal(after, side)))
)

const isBackedUp = fc.constant(
  new Command("the journal is backed up", (real) =>
    Effect.sync(() => {
      real.backup = real.world.journal.backUp()
    })
  )
)

// A row that is missing after a restore is found by its reference if it is looked up and Palomma stores the reference
// as it was sent.
const isRestored = fc.constant(
  new Command(
    "the journal is restored from its backup",
    unlessCalm((real) => {
      const { lookUpFirst, stores } = real.setting
      const keepsReferences = stores === undefined || stores === "amounts less a fee"
      return lookUpFirst && keepsReferences ? restoreBackup(real) : Effect.void
    })
  )
)

const times = (n: number, of: fc.Arbitrary<Command>): ReadonlyArray<fc.Arbitrary<Command>> =>
  Array.from({ length: n }, () => of)

/** Every command. A command that is listed more often is drawn more often. */
export const commands: Array<fc.Arbitrary<Command>> = [
  ...times(6, sends),
  sendsOther,
  callerLeaves,
  ...times(4, timePasses),
  dayPasses,
  ...times(2, createFails),
  ...times(2, readFails),
  ...times(2, listShows),
  ...times(2, palommaEnds),
  palommaReturns,
  ...times(2, webhookArrives),
  ...times(3, reconciles),
  reconcilesAll,
  personLooks,
  ...times(4, personActs),
  ...times(2, isTakenOver),
  isKilled,
  isClosed,
  isStopped,
  ...times(2, isStoppedForLong),
  goesOn,
  machineSleeps,
  clockJumps,
  journalFails,
  isBackedUp,
  isRestored,
  ...times(2, isAdopted),
  dashboardMakes,
  ...workerCommands
]
