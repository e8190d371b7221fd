/** What stopping a worker waits for, and what it does not wait for. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, has, makeScene, pass } from "./support/worker.ts"

describe("stopping a worker", () => {
  both("waits for a request in flight, and its result is written", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.fault("create", Fault.slow("10 seconds"))
      yield* process.carry()
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "sending" })
      const closing = yield* Effect.forkChild(process.close, { startImmediately: true })
      yield* TestClock.adjust("8 seconds")
      assert.strictEqual(closing.pollUnsafe(), undefined)
      yield* TestClock.adjust("1 second")
      assert.isDefined(closing.pollUnsafe())
      has(yield* scene.row("a"), { state: "accepted" })
    })
  )

  both("waits for a request without an answer at most for sendTimeout", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start(scene.journal, { sendTimeout: "20 seconds" })
      yield* scene.fault("create", Fault.hang())
      yield* process.carry()
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      const closing = yield* Effect.forkChild(process.close, { startImmediately: true })
      yield* TestClock.adjust("18 seconds")
      assert.strictEqual(closing.pollUnsafe(), undefined)
      yield* TestClock.adjust("1 second")
      assert.isDefined(closing.pollUnsafe())
      has(yield* scene.row("a"), { state: "unknown" })
      // The next process finds it.
      yield* (yield* scene.start()).carry()
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "accepted" })
      assert.strictEqual(yield* scene.count("create"), 1)
    })
  )

  for (const [what, operation] of [
    ["before a transfer is sent", "list"],
    ["of a transfer in progress", "get"]
  ] as const) {
    both(`does not wait for a look-up ${what}, and the next process continues`, (kind) =>
      Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        const process = yield* scene.start()
        yield* scene.fault(operation, Fault.hang())
        yield* process.carry()
        yield* process.intend(scene.intent("a"))
        yield* pass("61 seconds", "1 second")
        if (operation === "list") yield* process.intend(scene.intent("b"))
        const closing = yield* Effect.forkChild(process.close, { startImmediately: true })
        yield* TestClock.adjust("1 milli")
        assert.isDefined(closing.pollUnsafe())
        yield* (yield* scene.start()).carry()
        yield* pass("2 minutes", "1 second")
        has(yield* scene.row("a"), { state: "accepted" })
        assert.strictEqual((yield* scene.records("a")).length, 1)
      })
    )
  }

  both("gives its jobs back: another worker of the same queue takes them at once", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.fault("list", Fault.hang())
      yield* process.intend(scene.intent("a"))
      const first = yield* process.carry()
      yield* TestClock.adjust("1 second")
      first.interruptUnsafe()
      yield* TestClock.adjust("1 milli")
      yield* process.carry()
      yield* TestClock.adjust("1 milli")
      has(yield* scene.row("a"), { state: "accepted" })
    })
  )
})
