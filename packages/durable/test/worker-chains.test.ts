/** The jobs that carry a transfer on and those that tell the program of it do not depend on each other. */
import { assert, describe } from "@effect/vitest"
import { Transfer, TransferAlarm } from "@palomma-effect/client"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { aClaim, amount, both, gaps, has, type Kind, makeScene, metricsOf, pass, type Scene } from "./support/worker.ts"

const differs = new TransferAlarm({ kind: "differs", records: ["01HB"], at: 0 })

const minutes = (count: number): number => count * 60
const hours = (count: number): number => minutes(count) * 60

/** Adds a second record with a reference, as if it was paid by hand. */
const addRecord = ({ accountId, kind, simulator }: Scene, reference: string) =>
  kind.name === "payout"
    ? simulator.addPayoutRequest({ payoutTargetId: PayoutTargetId.make(accountId), reference, amount })
    : simulator.addPayinRequest({ payinSourceId: PayinSourceId.make(accountId), reference, amount })

/** The times of the calls of `onEnd`, which fails until `isOpen`. */
const failing = (scene: Scene) => {
  const calls: Array<number> = []
  const program = { isOpen: false }
  const onEnd = () =>
    Effect.flatMap(scene.seconds, (at) => {
      calls.push(at)
      return program.isOpen ? Effect.void : Effect.fail("closed")
    })
  return { calls, onEnd, program }
}

/** The delays of the first day. */
const untold = [5, 30, minutes(2), minutes(10), ...Array.from({ length: 46 }, () => minutes(30))]

describe("a program that cannot be told for a day of an alarm", () => {
  for (const concurrency of [1, 3]) {
    both(`does not change when an accepted transfer is followed, with ${concurrency} takers`, (kind) =>
      Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        const process = yield* scene.start()
        const { calls, onEnd, program } = failing(scene)
        yield* process.carry({ concurrency, onEnd })
        yield* process.intend(scene.intent("a"))
        yield* TestClock.adjust("1 second")
        const row = yield* scene.row("a")
        yield* process.backend.journal.replace(new Transfer({ ...row, version: row.version + 1, alarm: differs }))
        yield* pass("1 day", "30 seconds")
        // The change began the delays again.
        const gets = [1, ...(yield* scene.times("get"))]
        assert.deepStrictEqual(gaps(gets), [...[1, 5, 15].map(minutes), ...[1, 6, 6, 6].map(hours)])
        assert.strictEqual(calls[0], 1)
        assert.deepStrictEqual(gaps(calls).slice(0, 45), untold.slice(0, 45))
        assert.strictEqual((yield* metricsOf(kind))["untold"], calls.length)
        program.isOpen = true
        yield* pass("31 minutes", "30 seconds")
        const told = calls.at(-1) ?? 0
        assert.isDefined((yield* scene.row("a")).toldAt)
        // That it was told changed the row, which begins the delays again, once.
        yield* pass("20 hours", "30 seconds")
        const after = (yield* scene.times("get")).filter((at) => at > told)
        assert.deepStrictEqual(gaps([told, ...after]), [...[1, 5, 15].map(minutes), ...[1, 6, 6, 6].map(hours)])
        assert.strictEqual(calls.at(-1), told)
      })
    )
  }

  both("does not change when a transfer in doubt is looked up", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.write(
        scene.aRow("a", { state: "unknown", claims: 1, recordId: "01HNONE", alarm: differs, carriedBy: "worker" })
      )
      const { calls, onEnd } = failing(scene)
      yield* (yield* scene.start()).carry({ concurrency: 1, onEnd })
      yield* pass("31 hours", "1 minute")
      assert.deepStrictEqual(gaps(yield* scene.times("list")), [15, ...[1, 5, 15].map(minutes), ...[1, 6].map(hours)])
      assert.isAtMost(calls.length, 70 * 6)
      has(yield* scene.row("a"), { state: "unknown" })
      yield* pass("1 hour", "1 minute")
      has(yield* scene.row("a"), { state: "needsReview" })
    })
  )

  both("does not change when a transfer that was not sent is tried", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("list", Fault.respond({ status: 503 }), { rate: 1 })
      yield* scene.write(scene.aRow("a", { alarm: differs, carriedBy: "worker" }))
      const { calls, onEnd } = failing(scene)
      yield* (yield* scene.start()).carry({ concurrency: 1, onEnd })
      yield* pass("3 hours", "10 seconds")
      assert.deepStrictEqual(gaps(yield* scene.times("list")), untold.slice(0, 9))
      assert.deepStrictEqual(gaps(calls), untold.slice(0, 9))
      yield* scene.simulator.clearFaults
      yield* pass("31 minutes", "1 minute")
      has(yield* scene.row("a"), { state: "accepted" })
      assert.lengthOf(yield* scene.records("a"), 1)
    })
  )
})

const recordTold = () => {
  const told: Array<string> = []
  const onEnd = ({ alarm, state }: Transfer) =>
    Effect.sync(() => told.push([state, ...(alarm === undefined ? [] : [alarm.kind])].join(" ")))
  return { told, onEnd }
}

describe("the program is told at once of an alarm", () => {
  both("that a webhook raises of an accepted transfer, hours before its next turn", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 1, onEnd })
      yield* process.intend(scene.intent("a"))
      yield* pass("3 hours", "1 minute")
      yield* scene.finish((yield* addRecord(scene, "a")).id)
      for (const event of yield* scene.simulator.webhooks.events) yield* process.applyWebhook(event)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told, ["accepted duplicate"])
    })
  )

  both("once the claim that it was raised in has ended, and not before", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      const fields = { state: "sending", claims: 1, claim: aClaim(), alarm: differs, carriedBy: "worker" } as const
      yield* scene.write(scene.aRow("a", fields))
      yield* (yield* scene.start()).carry({ concurrency: 1, onEnd })
      yield* pass("64 seconds", "1 second")
      assert.deepStrictEqual(told, [])
      yield* pass("2 seconds", "1 second")
      assert.deepStrictEqual(told, ["unknown differs"])
    })
  )

  for (const state of ["accepted", "unknown", "intended"] as const) {
    both(`of a transfer that is ${state}, hours before its next turn, and its turns go on`, (kind) =>
      Effect.gen(function* () {
        const { onEnd, told } = recordTold()
        const scene = yield* makeScene(kind)
        for (const operation of ["list", "get"] as const) {
          yield* scene.fault(operation, Fault.respond({ status: 503 }), { rate: 1 })
        }
        const recordId = state === "accepted" ? { recordId: "01HA" } : {}
        const process = yield* scene.start()
        yield* scene.write(scene.aRow("a", { state, claims: 1, lastError: "no", carriedBy: "worker", ...recordId }))
        yield* process.carry({ concurrency: 1, onEnd })
        yield* pass("3 hours", "1 minute")
        const row = yield* scene.row("a")
        yield* process.backend.journal.replace(new Transfer({ ...row, version: row.version + 1, alarm: differs }))
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(told, [`${state} differs`])
        const operation = state === "accepted" ? "get" : "list"
        const before = yield* scene.count(operation)
        yield* pass("1 day", "1 minute")
        assert.isAbove(yield* scene.count(operation), before)
        assert.deepStrictEqual(told, [`${state} differs`])
      })
    )
  }

  both("that its own look-up raises", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.commitThenDrop)
      const process = yield* scene.start()
      // Between the request that was lost and the look-up after it.
      yield* scene.fault("list", Fault.respond({ status: 503 }), { nth: 2, times: 2 })
      yield* process.carry({ concurrency: 1, onEnd })
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      yield* addRecord(scene, "a")
      yield* pass("5 minutes", "1 second")
      assert.include(told.join(), "duplicate")
    })
  )
})

/** The other kind of transfers. */
const otherOf = (kind: Kind): "payout" | "payin" => (kind.name === "payout" ? "payin" : "payout")

const otherIntent = (scene: Scene, reference: string) =>
  otherOf(scene.kind) === "payout"
    ? Effect.map(scene.simulator.addPayoutTarget(), ({ id }) => ({
        kind: "payout" as const,
        reference,
        payoutTargetId: id,
        amount
      }))
    : Effect.map(scene.simulator.addPayinSource(), ({ id }) => ({
        kind: "payin" as const,
        reference,
        payinSourceId: id,
        amount
      }))

describe("a worker whose requests of one kind are answered with 429 and Retry-After 300", () => {
  both("goes on with the other kind, with what was not told, and with claims", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.write(scene.aRow("claimed", { state: "sending", claims: 1, claim: aClaim() }))
      yield* scene.fault("list", Fault.rateLimited(300))
      yield* process.carry({ concurrency: 2, onEnd })
      yield* process.intend(scene.intent("first"))
      yield* TestClock.adjust("1 second")
      for (const n of [1, 2, 3, 4]) yield* process.intend(scene.intent(`paused ${n}`))
      yield* TestClock.adjust("1 second")
      yield* process.intend(yield* otherIntent(scene, "other"))
      yield* process.withdraw(scene.name("paused 4"), { by: "ana", note: "a typing error" })
      yield* TestClock.adjust("1 second")
      const other = yield* process.poll({ kind: otherOf(kind), reference: "other" })
      has(Option.getOrThrow(other), { state: "accepted" })
      assert.deepStrictEqual(told, ["withdrawn"])
      yield* pass("67 seconds", "1 second")
      has(yield* scene.row("claimed"), { state: "unknown" })
      // Nothing of the kind is requested in the pause.
      yield* pass("229 seconds", "1 second")
      assert.deepStrictEqual(yield* scene.times("list"), [0])
      assert.strictEqual(yield* scene.count("create"), 0)
      yield* pass("5 seconds", "1 second")
      for (const n of [1, 2, 3]) has(yield* scene.row(`paused ${n}`), { state: "accepted" })
      has(yield* scene.row("first"), { state: "accepted" })
      for (const reference of ["first", "paused 1", "paused 2", "paused 3"]) {
        assert.lengthOf(yield* scene.records(reference), 1)
      }
    })
  )

  both("gives a transfer that waited its turns as if there was no pause", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.fault("list", Fault.rateLimited(300))
      yield* process.carry({ concurrency: 2 })
      yield* process.intend(scene.intent("first"))
      yield* TestClock.adjust("1 second")
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("200 seconds")
      yield* scene.fault("list", Fault.respond({ status: 503 }), { rate: 1 })
      yield* pass("2 hours", "1 second")
      const jobs = (yield* scene.times("list")).slice(1)
      // Both at once: the first had one turn before the pause, and the other none.
      assert.deepStrictEqual(
        jobs.map((at) => Math.round(at - 300)),
        [0, 0, 5, 30, 35, 150, 155, 750, 755, 2550, 2555, 4350, 4355, 6150, 6155]
      )
    })
  )

  both("looks a transfer up at the same turn after the pause", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 2 })
      yield* process.intend(scene.intent("a"))
      yield* pass("1000 seconds", "1 second")
      yield* scene.fault("list", Fault.rateLimited(300))
      yield* process.intend(scene.intent("first"))
      yield* TestClock.adjust("1 second")
      yield* process.withdraw(scene.name("first"), { by: "ana", note: "a typing error" })
      yield* pass("2 hours", "1 second")
      // The third turn was due after 1260 seconds.
      assert.deepStrictEqual(gaps(yield* scene.times("get")), [300, 940, 3_600])
    })
  )
})

describe("a rejected transfer that the program sends again itself", () => {
  both("with other content, and that was not sent, is never sent by the worker", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.respond({ status: 400, body: { message: "no" } }), { times: 1 })
      const process = yield* scene.start()
      yield* process.carry({ onEnd: () => Effect.fail("closed") })
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "rejected", carriedBy: "worker" })
      yield* scene.fault("create", Fault.refuse, { times: 3 })
      const intent = scene.intent("a", { amount: 60_000 })
      const send = Effect.suspend(() => {
        if (intent.kind === "payout") {
          const { kind: _, ...payout } = intent
          return Effect.asVoid(process.payouts.send(payout))
        }
        const { kind: _, ...payin } = intent
        return Effect.asVoid(process.payins.charge(payin))
      })
      const sent = yield* Effect.forkChild(Effect.flip<void, unknown, never>(send))
      yield* pass("1 minute", "1 second")
      has(Object(yield* Fiber.join(sent)), { _tag: "TransferNotSent" })
      const creates = yield* scene.count("create")
      yield* pass("1 day")
      has(yield* scene.row("a"), { state: "intended", amount: 60_000, carriedBy: undefined })
      assert.strictEqual(yield* scene.count("create"), creates)
      assert.deepStrictEqual(yield* scene.records("a"), [])
    })
  )
})
