/** Waiting for the claim of another process: when the row is read, and what follows if it has changed. */
import { assert, describe } from "@effect/vitest"
import { Transfer, TransferClaim, TransferNotSent, TransferOutcomeUnknown } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, scene, runReady } from "./support/people.ts"
import { broken, failure, has, inTime, until } from "./support/scenario.ts"

const otherClaim = new TransferClaim({ id: "another", length: 65_000, at: 0 })

describe("a process that waits for the claim of another one", () => {
  both("reads the row after pauses that double, up to five seconds", (kind) =>
    Effect.gen(function* () {
      const times: Array<number> = []
      const { intent, start, write } = yield* scene(kind)
      yield* write({ state: "sending", claim: new TransferClaim({ id: "claim-1", length: 20_000, at: 0 }) })
      const process = yield* start({
        journal: {
          before: ({ operation }) =>
            operation === "find"
              ? Effect.map(Clock.currentTimeMillis, (now) => void times.push(Math.round(now)))
              : Effect.void
        }
      })
      const fiber = yield* Effect.forkChild(Effect.exit(process.send(intent)))
      for (let step = 0; step < 199; step++) {
        yield* runReady
        yield* TestClock.adjust("100 millis")
      }
      assert.deepStrictEqual(times, [0, 100, 300, 700, 1_500, 3_100, 6_300, 11_300, 16_300])
      yield* inTime(Fiber.join(fiber))
    })
  )

  both("measures from when it saw the claim first, across interrupted calls", (kind) =>
    Effect.gen(function* () {
      const { count, intent, transfers, write } = yield* scene(kind)
      yield* write({ state: "sending" })
      for (let n = 0; n < 3; n++) {
        const call = yield* Effect.forkChild(Effect.exit(transfers.reconcile(intent.reference)))
        yield* TestClock.adjust("20 seconds")
        yield* Fiber.interrupt(call)
      }
      const last = yield* Effect.forkChild(Effect.exit(transfers.send(intent)))
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual(yield* count("list"), 0)
      yield* TestClock.adjust("1 second")
      yield* runReady
      assert.isAtLeast(yield* count("list"), 1)
      yield* inTime(Fiber.join(last))
    })
  )

  both("sends the transfer itself if the row was removed, after a look-up", (kind) =>
    Effect.gen(function* () {
      const { intent, journal, paid, start, write } = yield* scene(kind)
      yield* write({ state: "sending" })
      const process = yield* start()
      const fiber = yield* Effect.forkChild(process.send(intent))
      yield* TestClock.adjust("1 second")
      yield* journal.restore([])
      has(yield* inTime(Fiber.join(fiber)), { state: "accepted", claims: 1 })
      assert.isBelow(process.steps.indexOf("GET"), process.steps.indexOf("insert sending"))
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("waits anew if a third process has claimed it meanwhile", (kind) =>
    Effect.gen(function* () {
      const { count, intent, journal, row, start, write } = yield* scene(kind)
      yield* write({ state: "sending" })
      const process = yield* start()
      const fiber = yield* Effect.forkChild(Effect.flip(process.send(intent)))
      yield* TestClock.adjust("60 seconds")
      const now = yield* row()
      yield* journal.service.replace(new Transfer({ ...now, claim: otherClaim, version: now.version + 1 }))
      yield* TestClock.adjust("60 seconds")
      // The first claim expired long ago, and the second one has not.
      has(yield* row(), { state: "sending" })
      assert.strictEqual(yield* count("list"), 0)
      assert.instanceOf(yield* inTime(Fiber.join(fiber)), TransferOutcomeUnknown)
    })
  )

  both("sends nothing, and does not die, if the row loses its claim during the wait", (kind) =>
    Effect.gen(function* () {
      const { count, intent, journal, start, write } = yield* scene(kind)
      const { claim: _, ...row } = yield* write({ state: "sending" })
      const process = yield* start()
      const fiber = yield* Effect.forkChild(Effect.flip(process.send(intent)))
      yield* until(() => process.steps.includes("find"))
      yield* journal.service.replace(new Transfer({ ...row, version: row.version + 1 }))
      const error = yield* inTime(Fiber.join(fiber))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "TransferClaimEnded")
      assert.strictEqual(yield* count(), 0)
    })
  )

  both("sends nothing if the row has no claim, a row that no version of this library writes", (kind) =>
    Effect.gen(function* () {
      const { count, intent, journal, transfers, write } = yield* scene(kind)
      const { claim: _, ...row } = yield* write({ state: "sending" })
      yield* journal.service.replace(new Transfer({ ...row, version: row.version + 1 }))
      const error = yield* failure(transfers.send(intent))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "TransferClaimEnded")
      assert.strictEqual(yield* count(), 0)
    })
  )
})

describe("a process that was stopped before its body was handed over", () => {
  both("hands nothing over while another process has the claim", (kind) =>
    Effect.gen(function* () {
      const { count, intent, journal, row, start } = yield* scene(kind)
      const standing = yield* Deferred.make<void>()
      const stopped = yield* start({
        request: (method, send) => (method === "POST" ? Effect.andThen(Deferred.await(standing), send) : send)
      })
      const fiber = yield* Effect.forkChild(Effect.exit(stopped.send(intent)))
      yield* until(() => stopped.steps.includes("insert sending"))
      const now = yield* row()
      yield* journal.service.replace(new Transfer({ ...now, claim: otherClaim, version: now.version + 1 }))
      yield* Deferred.succeed(standing, undefined)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* count("create"), 0)
      has(yield* row(), { state: "sending", claim: otherClaim })
      yield* inTime(Fiber.join(fiber))
      assert.strictEqual(yield* count("create"), 0)
    })
  )
})

describe("a claim that a failing journal may have written", () => {
  both("is released though another process treated it as lost: nothing was sent", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, journal, row, start } = yield* scene(kind)
      yield* fault("create", Fault.drop(), { rate: 1 })
      const process = yield* start({
        journal: {
          after: (call) =>
            call.row?.state === "sending"
              ? Effect.flatMap(row(), (now) =>
                  Effect.andThen(
                    journal.service.replace(new Transfer({ ...now, state: "unknown", version: now.version + 1 })),
                    Effect.fail(broken("insert"))
                  )
                )
              : Effect.void
        }
      })
      has(yield* failure(process.send(intent)), { _tag: "TransferJournalError", sent: "no" })
      has(yield* row(), {
        state: "intended",
        claim: undefined,
        lastError: "The journal failed while the transfer was claimed, so it was not sent."
      })
      assert.strictEqual(yield* count("create"), 0)
    })
  )
})
