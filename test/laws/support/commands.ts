/**
 * The commands of the random test.
 */
import type { TransferKind } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { createFaults, listFaults, readFaults } from "./faults.ts"
import type { Intent } from "./lives.ts"
import {
  clockErrors,
  Command,
  follow,
  intents,
  launch,
  processes,
  type Real,
  replaceBy,
  restoreBackup,
  type Step
} from "./model.ts"
import { acknowledgementOf, decisionOf } from "./person.ts"
import { kinds, nameOf, operationsOf, rowOf, truthOf } from "./world.ts"

const intent = fc.constantFrom(...intents)
const which = fc.constantFrom(...processes)
const kind = fc.constantFrom(...kinds)

const show = ({ kind, reference }: Intent): string => `${kind} "${reference}"`

const command = <Args extends ReadonlyArray<unknown>>(
  args: { readonly [K in keyof Args]: fc.Arbitrary<Args[K]> },
  name: (...args: Args) => string,
  step: (...args: Args) => Step
): fc.Arbitrary<Command> => fc.tuple<Args>(...args).map((drawn) => new Command(name(...drawn), step(...drawn)))

// Nothing of this kind happens in a calm run.
const unlessCalm =
  (step: Step): Step =>
  (real) =>
    real.setting.isCalm ? Effect.void : step(real)

const orDie = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<void> => Effect.asVoid(Effect.orDie(effect))

const sends = command(
  [intent, which, fc.integer({ min: 1, max: 3 })],
  (intent, which, callers) => `${which} sends ${show(intent)} for ${callers} callers`,
  (intent, which, callers) => (real) =>
    Effect.forEach(Array.from({ length: callers }), () => launch(real, real.lives[which].send(intent)), {
      discard: true
    })
)

const sendsOther = command(
  [intent, which],
  (intent, which) => `${which} sends ${show(intent)} with another amount`,
  (intent, which) => (real) => launch(real, real.lives[which].send({ ...intent, amount: 1_876_543 }))
)

const callerLeaves = fc.constant(new Command("a caller leaves", (real) => Effect.sync(() => real.callers.pop()?.())))

const timePasses = fc
  .constantFrom(1, 1_000, 20_000, 70_000, 200_000, 1_300_000)
  .map((millis) => new Command(`${millis} ms pass`, () => TestClock.adjust(millis)))

const createFails = command(
  [intent, fc.constantFrom(...Object.keys(createFaults("payout")))],
  (intent, name) => `the next create of ${show(intent)} is ${name}`,
  ({ kind, reference }, name) =>
    ({ world }) => {
      const fault = createFaults(kind)[name] ?? Fault.drop()
      return world.simulator.fault({
        operation: operationsOf[kind].create,
        containing: JSON.stringify(reference),
        kind: fault
      })
    }
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
      world.simulator.fault({
        operation: operationsOf[kind].list,
        kind: listFaults[name] ?? Fault.drop(),
        times: times + 1
      })
)

// Ends every record of a transfer, or changes how it ended.
const endAs = (real: Real, { kind, reference }: Intent, status: "approved" | "cancelled" | "partial", again: boolean) =>
  Effect.gen(function* () {
    const { simulator } = real.world
    const { records } = truthOf(real.world, yield* real.world.books, kind, reference)
    for (const { id, statuses } of records) {
      if ((statuses.at(-1) === "processing") === again) continue
      if (kind === "payin") yield* simulator.settlePayin(id, { as: status })
      else if (again) yield* simulator.returnPayout(id)
      else yield* simulator.settle(id, { as: status === "partial" ? "approved" : status })
    }
  }).pipe(orDie)

const palommaEnds = command(
  [intent, fc.constantFrom("approved" as const, "cancelled" as const, "partial" as const)],
  (intent, status) => `Palomma ends ${show(intent)} as ${status}`,
  (intent, status) => (real) => endAs(real, intent, status, false)
)

const palommaChangesIts = command(
  [intent],
  (intent) => `Palomma returns ${show(intent)}`,
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
        typeof event.event === "object" && "reference" in event.event ? String(event.event.reference) : ""
      return Effect.forEach(
        Array.from({ length: times }),
        () => follow(real, which, "applyWebhook", { kind, reference, amount: 0 }, (to) => to.applyWebhook(event)),
        { discard: true }
      )
    })
)

const reconciles = command(
  [intent, which, fc.constantFrom("reconcile" as const, "advance" as const, "awaitFinal" as const)],
  (intent, which, operation) => `${which} calls ${operation} of ${show(intent)}`,
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

const personLooks = command(
  [intent],
  (intent) => `a person looks at ${show(intent)}`,
  ({ kind, reference }) =>
    ({ looked, world }) =>
      Effect.sync(() => {
        const row = rowOf(world, kind, reference)
        if (row !== undefined) looked.set(nameOf(kind, reference), row)
      })
)

// A person decides by what was seen last, or by a fresh look at the row. What is said is always what Palomma's books say now.
const personActs = command(
  [intent, which, fc.boolean(), fc.constantFrom("resolve" as const, "withdraw" as const, "acknowledge" as const)],
  (intent, which, isFresh, word) =>
    `a person says ${word} of ${show(intent)} at ${which}${isFresh ? "" : " by an old look"}`,
  (intent, which, isFresh, word) =>
    Effect.fnUntraced(function* (real: Real) {
      const { kind, reference } = intent
      const row = isFresh ? rowOf(real.world, kind, reference) : real.looked.get(nameOf(kind, reference))
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

const dayPasses = fc.constant(new Command("a day passes", () => TestClock.adjust("1 day")))

const isKilled = command(
  [which],
  (which) => `${which} is killed and starts again`,
  (which) =>
    unlessCalm((real) => {
      real.lives[which].kill()
      return replaceBy(real, which)
    })
)

const isClosed = command(
  [which],
  (which) => `${which} is closed and starts again`,
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
  (which) => (real) => Effect.sync(() => real.lives[which].goOn())
)

// Stopped, and so long that others take over: what was under way is resumed when it is too late.
const isStoppedForLong = command(
  [which, fc.nat(8), intent],
  (which, after, intent) => `${which} sends ${show(intent)} and is stopped after ${after} steps for half an hour`,
  (which, after, intent) =>
    unlessCalm((real) =>
      Effect.gen(function* () {
        real.lives[which].stop(after)
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
        life.goOn()
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
  (which, after, side) => `the journal of ${which} fails ${side} its use number ${after}`,
  (which, after, side) => unlessCalm((real) => Effect.sync(() => real.lives[which].breakJournal(after, side)))
)

const isBackedUp = fc.constant(
  new Command("the journal is backed up", (real) =>
    Effect.sync(() => {
      real.backup = real.world.journal.backUp()
    })
  )
)

// A row that is lost with a restored journal is found by its reference, if it is looked for, and Palomma keeps it as it was sent.
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

const dashboardMakes = command(
  [intent, fc.constantFrom("same", "lower-case", "none", "other"), fc.boolean()],
  (intent, reference, isSameAmount) =>
    `the dashboard makes a ${intent.kind} like ${show(intent)} with the reference ${reference} and ${isSameAmount ? "the same" : "another"} amount`,
  (intent, as, isSameAmount) =>
    unlessCalm(({ world }) => {
      const reference =
        { same: intent.reference, "lower-case": intent.reference.toLowerCase(), none: undefined }[as] ?? as
      const fields = {
        amount: isSameAmount ? intent.amount : 1_333_331,
        reference: as === "none" ? undefined : reference
      }
      return intent.kind === "payout"
        ? Effect.asVoid(world.simulator.addPayoutRequest({ ...fields, payoutTargetId: world.accounts.payout }))
        : Effect.asVoid(world.simulator.addPayinRequest({ ...fields, payinSourceId: world.accounts.payin }))
    })
)

const times = (n: number, of: fc.Arbitrary<Command>): ReadonlyArray<fc.Arbitrary<Command>> =>
  Array.from({ length: n }, () => of)

/** Every command; what is named more often is drawn more often. */
export const commands: Array<fc.Arbitrary<Command>> = [
  ...times(6, sends),
  sendsOther,
  callerLeaves,
  ...times(4, timePasses),
  dayPasses,
  ...times(4, createFails),
  ...times(2, readFails),
  ...times(2, listShows),
  ...times(2, palommaEnds),
  palommaChangesIts,
  ...times(2, webhookArrives),
  ...times(3, reconciles),
  reconcilesAll,
  personLooks,
  ...times(4, personActs),
  isKilled,
  isClosed,
  isStopped,
  isStoppedForLong,
  goesOn,
  machineSleeps,
  clockJumps,
  journalFails,
  isBackedUp,
  isRestored,
  dashboardMakes
]
