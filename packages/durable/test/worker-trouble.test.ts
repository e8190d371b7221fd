/** A Palomma that limits, refuses or is down, and a journal that fails. */
import { assert, describe } from "@effect/vitest"
import { TransferJournalError } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, has, makeScene, metricsOf, pass, recordLog } from "./support/worker.ts"

const references = Array.from({ length: 12 }, (_, index) => `r-${index}`)

describe("a worker", () => {
  both("pauses all its takers after a 429, and then sends everything once", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.fault("list", Fault.rateLimited(60))
      yield* process.intend(scene.intent("first"))
      yield* process.carry({ concurrency: 4 })
      yield* TestClock.adjust("1 second")
      for (const reference of references) yield* process.intend(scene.intent(reference))
      const before = (yield* scene.times("list")).length
      yield* TestClock.adjust("58 seconds")
      assert.strictEqual((yield* scene.times("list")).length, before)
      assert.strictEqual(yield* scene.count("create"), 0)
      yield* pass("2 minutes", "1 second")
      for (const reference of references) assert.strictEqual((yield* scene.records(reference)).length, 1)
      assert.strictEqual((yield* scene.records("first")).length, 1)
    })
  )

  both("pays everything once after a day without Palomma, and asks nobody", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      const told: Array<string> = []
      yield* scene.simulator.fault({ kind: Fault.refuse, rate: 1 })
      yield* process.carry({ onEnd: ({ state }) => Effect.sync(() => told.push(state)) })
      for (const reference of references) yield* process.intend(scene.intent(reference))
      yield* pass("1 day")
      assert.deepStrictEqual(told, [])
      yield* scene.simulator.clearFaults
      yield* pass("31 minutes", "1 minute")
      for (const reference of references) {
        assert.strictEqual((yield* scene.records(reference)).length, 1)
        has(yield* scene.row(reference), { state: "accepted" })
      }
      assert.deepStrictEqual(told, [])
      assert.strictEqual((yield* metricsOf(kind))["reviews"], undefined)
    })
  )

  both("logs at most once a minute that its key is wrong, and without any text of Palomma", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        const process = yield* scene.start()
        yield* scene.simulator.fault({
          kind: Fault.respond({ status: 401, body: { message: "palomma-says" } }),
          rate: 1
        })
        yield* process.carry()
        for (const reference of references) yield* process.intend(scene.intent(reference))
        yield* TestClock.adjust("4 seconds")
        assert.strictEqual(lines.length, 1)
        assert.include(lines[0], "intended, and the last call to Palomma failed with PalommaUnauthorized.")
        assert.include(lines[0], "until this is corrected")
        yield* pass("40 minutes", "1 minute")
        // After 0 s, 30 s (with those of 5 s), 2 min, 10 min.
        assert.isAtMost(lines.length, 5)
        assert.include(lines[1], "more since the last line of this kind.")
        assert.notInclude(lines.join(), "palomma-says")
        assert.notInclude(lines.join(), scene.accountId)
        assert.notInclude(lines.join(), "sim-key")
        yield* scene.simulator.clearFaults
        yield* pass("1 hour", "1 minute")
        for (const reference of references) assert.strictEqual((yield* scene.records(reference)).length, 1)
      }).pipe(logged)
    })
  )

  both("logs at most once a minute that the journal fails, and goes on when it works again", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        let isDown = false
        const down = Effect.suspend(() =>
          isDown
            ? Effect.fail(new TransferJournalError({ operation: "find", reason: "the disk is full" }))
            : Effect.void
        )
        const process = yield* scene.start({
          ...scene.journal,
          now: Effect.andThen(down, scene.journal.now),
          find: (key) => Effect.andThen(down, scene.journal.find(key)),
          list: (query) => Effect.andThen(down, scene.journal.list(query)),
          replace: (row) => Effect.andThen(down, scene.journal.replace(row))
        })
        for (const reference of references) yield* process.intend(scene.intent(reference))
        isDown = true
        yield* process.carry()
        yield* pass("10 minutes", "1 second")
        assert.isAtMost(lines.length, 22)
        assert.isAtLeast(lines.length, 2)
        const turns = lines.filter((line) => line.includes("A turn of a transfer failed"))
        assert.isAtMost(turns.length, 11)
        assert.include(turns[0], "TransferJournalError: find: the disk is full")
        assert.isAtLeast(lines.filter((line) => line.includes("A sweep failed")).length, 1)
        isDown = false
        yield* pass("1 minute", "1 second")
        for (const reference of references) assert.strictEqual((yield* scene.records(reference)).length, 1)
      }).pipe(logged)
    })
  )

  both("goes on after a defect and an interruption of the journal", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        let calls = 0
        const bad = Effect.suspend(() => {
          calls += 1
          return calls === 1 ? Effect.die("account 4711") : calls === 2 ? Effect.interrupt : Effect.void
        })
        const process = yield* scene.start({
          ...scene.journal,
          now: Effect.andThen(bad, scene.journal.now),
          find: (key) => Effect.andThen(bad, scene.journal.find(key))
        })
        yield* process.carry({ concurrency: 1 })
        yield* pass("5 minutes", "1 second")
        yield* process.intend(scene.intent("a"))
        yield* pass("1 minute", "1 second")
        has(yield* scene.row("a"), { state: "accepted" })
        assert.strictEqual(calls > 2, true)
        assert.notInclude(lines.join(), "4711")
      }).pipe(logged)
    })
  )

  both("survives an interruption in a turn", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        let calls = 0
        const process = yield* scene.start({
          ...scene.journal,
          find: (key) =>
            Effect.suspend(() => {
              calls += 1
              return calls === 1 ? Effect.interrupt : scene.journal.find(key)
            })
        })
        yield* process.intend(scene.intent("a"))
        yield* process.carry({ concurrency: 1 })
        yield* pass("10 seconds", "1 second")
        has(yield* scene.row("a"), { state: "accepted" })
        assert.strictEqual(lines.length, 1)
        assert.include(lines[0], "an interruption from elsewhere")
      }).pipe(logged)
    })
  )

  both("logs nothing if all goes well", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const scene = yield* makeScene(kind, { simulator: { processingTime: "2 hours" } })
        const process = yield* scene.start()
        yield* process.carry({ onEnd: () => Effect.void })
        for (const reference of references) yield* process.intend(scene.intent(reference))
        yield* pass("1 day")
        for (const reference of references) has(yield* scene.row(reference), { state: "approved" })
        assert.deepStrictEqual(lines, [])
      }).pipe(logged)
    })
  )
})
