/** Jobs that are old, doubled or about nothing, and changes that give a transfer its next turn at once. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { Job } from "../src/internal/worker/job.ts"
import * as Queue from "../src/internal/worker/queue.ts"
import { makeMachine } from "../../../test/transfers/support/machine.ts"
import { aClaim, both, has, makeScene, metricsOf, pass, recordLog, type Scene } from "./support/worker.ts"

const jobFor = ({ kind }: Scene, reference: string, fields: Partial<ConstructorParameters<typeof Job>[0]> = {}): Job =>
  new Job({ key: `${kind.name}:${reference}:`, kind: kind.name, reference, version: 1, turn: 0, nth: 0, ...fields })

const decision = { by: "ana", note: "looked at the dashboard" }

describe("a job", () => {
  both("that is older than its transfer does nothing", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.carry()
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      const gets = yield* scene.count("get")
      for (const turn of [5, 6, 30]) {
        yield* Queue.offer(process.backend.queue, {
          job: jobFor(scene, "a", { version: 1, turn, nth: turn }),
          delay: Duration.zero
        })
        yield* Queue.offer(process.backend.queue, {
          job: jobFor(scene, "a", { version: 2, turn, nth: turn }),
          delay: Duration.zero
        })
      }
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(yield* scene.count("create"), 1)
      assert.strictEqual(yield* scene.count("get"), gets)
    })
  )

  both("that is there many times sends once, and counts each look-up once", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.fault("create", Fault.slow("2 seconds"), { rate: 1 })
      yield* process.intend(scene.intent("a"))
      for (let period = 1; period <= 20; period++) {
        yield* Queue.offer(process.backend.queue, { job: jobFor(scene, "a", { period }), delay: Duration.zero })
      }
      yield* process.carry({ concurrency: 20 })
      yield* pass("5 minutes", "1 second")
      assert.strictEqual((yield* scene.records("a")).length, 1)
      assert.strictEqual(yield* scene.count("create"), 1)
      has(yield* scene.row("a"), { state: "accepted" })
      assert.strictEqual((yield* metricsOf(kind))["take_overs"], undefined)
    })
  )

  both("of a transfer that does not exist is logged once a minute, and not repeated", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        const process = yield* scene.start()
        yield* process.carry({ concurrency: 1 })
        for (let version = 1; version <= 5; version++) {
          yield* Queue.offer(process.backend.queue, {
            job: jobFor(scene, "nothing", { version }),
            delay: Duration.zero
          })
        }
        yield* pass("1 hour", "1 minute")
        assert.strictEqual(lines.length, 1)
        assert.include(lines[0], `"nothing": the queue has a job of it, but the journal has no row.`)
        yield* process.intend(scene.intent("a"))
        yield* TestClock.adjust("1 second")
        has(yield* scene.row("a"), { state: "accepted" })
      }).pipe(logged)
    })
  )

  both("of a queue that is done is given again by the sweep of the next process", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const first = yield* scene.start()
      yield* first.intend(scene.intent("a"))
      yield* first.close
      yield* (yield* scene.start()).carry()
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "accepted" })
    })
  )
})

describe("the worker acts at once", () => {
  both("if a person decides that a transfer was not paid, and sends it once", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.drop())
      const process = yield* scene.start()
      yield* process.carry()
      yield* process.intend(scene.intent("a"))
      yield* pass("30 minutes", "1 minute")
      const { state, version } = yield* scene.row("a")
      assert.strictEqual(state, "unknown")
      const creates = yield* scene.count("create")
      yield* process.resolve(scene.name("a"), { as: "not-paid", version, ...decision })
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "accepted" })
      assert.strictEqual(yield* scene.count("create"), creates + 1)
      yield* pass("1 day")
      assert.strictEqual((yield* scene.records("a")).length, 1)
    })
  )

  both("if a person decides that a transfer was paid", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.commitThenDrop)
      yield* scene.fault("list", Fault.respond({ status: 503 }), { nth: 2, rate: 1 })
      const process = yield* scene.start()
      const told: Array<string> = []
      yield* process.carry({ onEnd: ({ state }) => Effect.sync(() => told.push(state)) })
      yield* process.intend(scene.intent("a"))
      yield* pass("1 hour", "1 minute")
      yield* scene.simulator.clearFaults
      const { version } = yield* scene.row("a")
      const recordId = (yield* scene.records("a"))[0]?.id ?? ""
      yield* scene.finish(recordId)
      yield* process.resolve(scene.name("a"), { as: "paid", recordId, version, ...decision })
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "approved" })
      assert.deepStrictEqual(told, ["approved"])
    })
  )

  both("if a webhook says that a transfer ended", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      const told: Array<string> = []
      yield* process.carry({ onEnd: ({ state }) => Effect.sync(() => told.push(state)) })
      yield* process.intend(scene.intent("a"))
      yield* pass("2 hours", "1 minute")
      yield* scene.finish((yield* scene.records("a"))[0]?.id ?? "")
      for (const event of yield* scene.simulator.webhooks.events) yield* process.applyWebhook(event)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told, ["approved"])
    })
  )

  both("if a transfer that waits for half an hour is withdrawn, and never sends it", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.refuse, { times: 8 })
      const process = yield* scene.start()
      const told: Array<string> = []
      yield* process.carry({ onEnd: ({ state }) => Effect.sync(() => told.push(state)) })
      yield* process.intend(scene.intent("a"))
      yield* pass("2 hours", "1 minute")
      yield* process.withdraw(scene.name("a"), decision)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told, ["withdrawn"])
      yield* pass("1 day")
      assert.deepStrictEqual(yield* scene.records("a"), [])
    })
  )

  both("if a plain transfer that was not sent is handed over later", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.write(scene.aRow("a", { claims: 3, lastError: "not sent" }))
      const process = yield* scene.start()
      yield* process.carry()
      yield* pass("10 minutes", "1 minute")
      has(yield* scene.row("a"), { state: "intended" })
      yield* process.intend(scene.intent("a"))
      // It was tried before, so it has the delay after the third attempt.
      yield* TestClock.adjust("2 minutes")
      has(yield* scene.row("a"), { state: "accepted" })
      assert.strictEqual((yield* scene.records("a")).length, 1)
    })
  )

  both("with a correction of a transfer that was rejected", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.respond({ status: 400, body: { message: "no" } }))
      const process = yield* scene.start()
      yield* process.carry()
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      const row = yield* scene.row("a")
      assert.strictEqual(row.state, "rejected")
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "accepted" })
      assert.strictEqual((yield* scene.records("a")).length, 1)
    })
  )
})

describe("wall clocks", () => {
  for (const days of [1, -1]) {
    both(`that are turned by ${days} day change no delay`, (kind) =>
      Effect.gen(function* () {
        const machine = makeMachine(yield* Clock.clockWith(Effect.succeed), { wall: 0, monotonic: 0 })
        const scene = yield* makeScene(kind)
        yield* scene.fault("create", Fault.drop())
        const process = yield* scene.start()
        yield* Effect.provideService(process.carry({ concurrency: 1 }), Clock.Clock, machine.clock)
        yield* process.intend(scene.intent("a"))
        yield* pass("1 hour", "1 minute")
        machine.setWall(days * 86_400_000)
        yield* pass("30 hours")
        assert.strictEqual((yield* scene.row("a")).state, "unknown")
        yield* pass("30 minutes")
        assert.strictEqual((yield* scene.row("a")).state, "needsReview")
      })
    )

    both(`that are turned by ${days} day do not change how long a claim is waited for`, (kind) =>
      Effect.gen(function* () {
        const machine = makeMachine(yield* Clock.clockWith(Effect.succeed), { wall: 0, monotonic: 0 })
        const scene = yield* makeScene(kind)
        yield* scene.write(scene.aRow("a", { state: "sending", claim: aClaim(), claims: 1 }))
        const process = yield* scene.start()
        yield* Effect.provideService(process.carry({ concurrency: 1 }), Clock.Clock, machine.clock)
        yield* TestClock.adjust("10 seconds")
        machine.setWall(days * 86_400_000)
        yield* TestClock.adjust("54999 millis")
        has(yield* scene.row("a"), { state: "sending" })
        yield* TestClock.adjust("1 milli")
        has(yield* scene.row("a"), { state: "unknown" })
      })
    )
  }
})
