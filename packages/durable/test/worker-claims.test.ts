/** Claims that a worker finds: it waits for their whole length, and no taker waits with it. */
import { assert, describe } from "@effect/vitest"
import { Transfer, TransferJournalError } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { aClaim, both, has, makeScene, metricsOf, pass } from "./support/worker.ts"

const sending = { state: "sending", claim: aClaim(), claims: 1 } as const

const broken = () => Effect.fail(new TransferJournalError({ operation: "replace", reason: "down" }))

describe("a claim of another process", () => {
  both("leaves the only taker free for other transfers", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.write(scene.aRow("a", sending))
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 1 })
      yield* TestClock.adjust("1 second")
      yield* process.intend(scene.intent("b"))
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("b"), { state: "accepted" })
      has(yield* scene.row("a"), { state: "sending" })
    })
  )

  for (const carriedBy of ["worker", undefined] as const) {
    both(`is lost only after its whole length, of a transfer ${carriedBy ? "with" : "without"} a worker`, (kind) =>
      Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        yield* scene.write(scene.aRow("a", { ...sending, ...(carriedBy && { carriedBy }) }))
        const process = yield* scene.start()
        yield* process.carry()
        yield* TestClock.adjust("64999 millis")
        has(yield* scene.row("a"), { state: "sending", version: 1 })
        yield* TestClock.adjust("1 milli")
        has(yield* scene.row("a"), { state: "unknown" })
        assert.strictEqual((yield* metricsOf(kind))["take_overs"], 1)
        yield* pass("32 hours")
        has(yield* scene.row("a"), { state: "needsReview" })
        assert.strictEqual(yield* scene.count("create"), 0)
      })
    )
  }

  both("is waited for again after evidence was seen", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = yield* scene.write(scene.aRow("a", sending))
      const process = yield* scene.start()
      yield* process.carry()
      yield* TestClock.adjust("60 seconds")
      yield* scene.write(new Transfer({ ...row, version: 2, evidence: ["01HR"] }))
      yield* TestClock.adjust("69 seconds")
      has(yield* scene.row("a"), { state: "sending", version: 2 })
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "needsReview" })
      assert.strictEqual((yield* metricsOf(kind))["take_overs"], 1)
    })
  )

  both("is waited for again if it is another one", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = yield* scene.write(scene.aRow("a", sending))
      const process = yield* scene.start()
      yield* process.carry()
      yield* TestClock.adjust("60 seconds")
      yield* scene.write(new Transfer({ ...row, version: 2, claim: aClaim("other"), claims: 2 }))
      yield* TestClock.adjust("69 seconds")
      has(yield* scene.row("a"), { state: "sending" })
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "unknown" })
    })
  )

  both("ends although the journal failed each time that it was waited out", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.write(scene.aRow("a", sending))
      let failures = 3
      const process = yield* scene.start({
        ...scene.journal,
        replace: (row) => Effect.suspend(() => (failures-- > 0 ? broken() : scene.journal.replace(row)))
      })
      yield* process.carry()
      yield* TestClock.adjust("65 seconds")
      assert.strictEqual(failures, 2)
      has(yield* scene.row("a"), { state: "sending" })
      // 1, 2 and 4 seconds.
      yield* TestClock.adjust("6999 millis")
      has(yield* scene.row("a"), { state: "sending" })
      yield* TestClock.adjust("1 milli")
      has(yield* scene.row("a"), { state: "unknown" })
    })
  )

  both("is not counted as taken over if its own process recorded the outcome", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = yield* scene.write(scene.aRow("a", sending))
      const process = yield* scene.start()
      yield* process.carry()
      yield* TestClock.adjust("60 seconds")
      yield* scene.write(new Transfer({ ...row, version: 2, state: "unknown" }))
      yield* TestClock.adjust("10 seconds")
      has(yield* scene.row("a"), { state: "unknown" })
      assert.strictEqual((yield* metricsOf(kind))["take_overs"], undefined)
      assert.isAtLeast(yield* scene.count("list"), 1)
    })
  )
})
