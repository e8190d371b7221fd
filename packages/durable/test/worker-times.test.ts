/** When a worker gives a transfer its next turn. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { both, gaps, has, makeScene, metricsOf, pass, recordLog } from "./support/worker.ts"

const unavailable = Fault.respond({ status: 503 })

const minutes = (count: number): number => count * 60
const hours = (count: number): number => minutes(count) * 60

describe("a transfer that was not sent", () => {
  both("is tried at once, after 5 s, 30 s, 2 min and 10 min, and then every 30 min", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("list", unavailable, { rate: 1 })
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 1 })
      yield* process.intend(scene.intent("a"))
      yield* pass("3 hours")
      const times = yield* scene.times("list")
      assert.strictEqual(times[0], 0)
      assert.deepStrictEqual(gaps(times), [5, 30, ...[2, 10, 30, 30, 30, 30, 30].map(minutes)])
      assert.strictEqual(yield* scene.count("create"), 0)
    })
  )

  both("has the same delays if only its request cannot be sent", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.refuse, { rate: 1 })
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 1 })
      yield* process.intend(scene.intent("a"))
      yield* pass("3 hours")
      const times = yield* scene.times("list")
      assert.strictEqual(times[0], 0)
      assert.deepStrictEqual(gaps(times), [5, 30, ...[2, 10, 30, 30, 30, 30, 30].map(minutes)])
      assert.strictEqual((yield* scene.row("a")).state, "intended")
    })
  )

  for (const operation of ["list", "create"] as const) {
    both(`raises an alarm after an hour, then once a day, if ${operation} fails`, (kind) =>
      Effect.gen(function* () {
        const { lines, logged } = recordLog()
        const scene = yield* makeScene(kind)
        yield* Effect.gen(function* () {
          yield* scene.fault(operation, Fault.refuse, { rate: 1 })
          const process = yield* scene.start()
          yield* process.carry({ concurrency: 1 })
          yield* process.intend(scene.intent("a"))
          const alarms = () => lines.filter((line) => !line.includes("calls to Palomma keep failing"))
          yield* pass("2 minutes")
          assert.deepStrictEqual(lines, [])
          yield* pass("58 minutes")
          assert.strictEqual(lines.length, 3, "from the turn with the number 3 on")
          assert.deepStrictEqual(alarms(), [])
          assert.strictEqual((yield* metricsOf(kind))["overdue"], undefined)
          yield* pass("15 minutes")
          assert.strictEqual((yield* metricsOf(kind))["overdue"], 1)
          assert.strictEqual(alarms().length, 1)
          assert.include(alarms()[0], `"a": intended for unusually long`)
          assert.include(alarms()[0], "PalommaConnectionError")
          yield* pass("10 hours")
          assert.strictEqual((yield* metricsOf(kind))["overdue"], 21)
          assert.strictEqual(alarms().length, 1)
          yield* pass("14 hours")
          assert.strictEqual(alarms().length, 2)
        }).pipe(logged)
      })
    )
  }
})

describe("a transfer in doubt", () => {
  both("is looked up eight times in 31 hours, and then waits for a person", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.drop())
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 1 })
      yield* process.intend(scene.intent("a"))
      yield* pass("31 hours")
      assert.strictEqual((yield* scene.row("a")).state, "unknown")
      yield* pass("1 hour")
      assert.strictEqual((yield* scene.row("a")).state, "needsReview")
      const times = yield* scene.times("list")
      // The look-up before it was sent, and the first one in doubt, are at once.
      assert.strictEqual(times.filter((time) => time === 0).length, 3)
      assert.deepStrictEqual(gaps(times), [15, ...[1, 5, 15].map(minutes), ...[1, 6, 24].map(hours)])
      yield* pass("2 days")
      assert.strictEqual((yield* scene.times("list")).length, times.length)
    })
  )

  both("is looked up every hour for a day more if look-ups fail, and then waits for a person", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.drop())
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 1 })
      yield* process.intend(scene.intent("a"))
      // From the look-up before it was sent on.
      yield* scene.fault("list", unavailable, { nth: 2, rate: 1 })
      yield* pass("54 hours")
      assert.strictEqual((yield* scene.row("a")).state, "unknown")
      yield* pass("2 hours")
      assert.strictEqual((yield* scene.row("a")).state, "needsReview")
      const times = yield* scene.times("list")
      assert.deepStrictEqual(gaps(times), [
        15,
        ...[1, 5, 15].map(minutes),
        ...[1, 6, 24].map(hours),
        ...Array.from({ length: 24 }, () => hours(1))
      ])
    })
  )

  both("waits for a person after the first complete look-up of the last day", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.drop())
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 1 })
      yield* process.intend(scene.intent("a"))
      // The eight look-ups of the schedule, and two of the hourly ones.
      yield* scene.fault("list", unavailable, { nth: 2, times: 10 })
      yield* pass("33 hours")
      assert.strictEqual((yield* scene.row("a")).state, "unknown")
      yield* pass("2 hours")
      assert.strictEqual((yield* scene.row("a")).state, "needsReview")
    })
  )
})

describe("a transfer in progress", () => {
  both("is followed after 1, 5, 15 min and 1 h, then every 6 h, and never given up", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      const scene = yield* makeScene(kind)
      yield* Effect.gen(function* () {
        const process = yield* scene.start()
        yield* process.carry({ concurrency: 1 })
        yield* process.intend(scene.intent("a"))
        yield* pass("73 hours")
        assert.deepStrictEqual(lines, [])
        yield* pass("1 hour")
        assert.strictEqual(lines.length, 1)
        assert.include(lines[0], `"a": accepted for unusually long`)
        assert.strictEqual((yield* metricsOf(kind))["overdue"], 1)
        const times = [0, ...(yield* scene.times("get"))]
        assert.deepStrictEqual(gaps(times), [
          ...[1, 5, 15].map(minutes),
          hours(1),
          ...Array.from({ length: 12 }, () => hours(6))
        ])
        yield* pass("18 hours")
        assert.strictEqual(lines.length, 1)
        yield* pass("1 day")
        assert.strictEqual((yield* scene.row("a")).state, "accepted")
        assert.strictEqual(lines.length, 2)
        yield* scene.finish((yield* scene.records("a"))[0]?.id ?? "")
        yield* pass("6 hours")
        has(yield* scene.row("a"), { state: "approved" })
      }).pipe(logged)
    })
  )
})

describe("a program that cannot be told", () => {
  both("is told at once, after 5 s, 30 s, 2 min and 10 min, and then every 30 min", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      const times: Array<number> = []
      yield* process.intend(scene.intent("a"))
      yield* process.withdraw(scene.name("a"), { by: "ana", note: "a typing error" })
      const onEnd = () =>
        Effect.flatMap(scene.seconds, (at) => {
          times.push(at)
          return Effect.fail("no")
        })
      yield* process.carry({ concurrency: 1, onEnd })
      yield* pass("3 hours")
      assert.strictEqual(times[0], 0)
      assert.deepStrictEqual(gaps(times), [5, 30, ...[2, 10, 30, 30, 30, 30, 30].map(minutes)])
      assert.strictEqual((yield* metricsOf(kind))["untold"], times.length)
    })
  )
})
