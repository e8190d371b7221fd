/** Every wait for a transfer ends, even with a wrong clock or an endless list. */
import { assert, describe } from "@effect/vitest"
import { TransferClaim } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, notPaid, refusedFor, scene, author } from "./support/people.ts"
import { has, inTime } from "./support/scenario.ts"

const month = Duration.toMillis("30 days")

describe("a claim by a clock that is a month wrong", () => {
  for (const [name, wall] of [
    ["ahead", month],
    ["behind", -month]
  ] as const) {
    both(`(${name}) blocks send and reconcile no longer than any other`, (kind) =>
      Effect.gen(function* () {
        const { count, intent, transfers, write } = yield* scene(kind)
        for (const ask of ["send", "reconcile"] as const) {
          const at = (yield* Clock.currentTimeMillis) + wall
          yield* write({ reference: ask, state: "sending", claim: new TransferClaim({ id: ask, length: 65_000, at }) })
          const began = yield* Clock.currentTimeMillis
          const asked: Effect.Effect<unknown, object> =
            ask === "send" ? transfers.send({ ...intent, reference: ask }) : transfers.reconcile(ask)
          has(yield* Effect.flip(inTime(asked)), { _tag: "TransferOutcomeUnknown", state: "needsReview" })
          const waited = (yield* Clock.currentTimeMillis) - began
          // The duration of the claim, and the time of the look-ups.
          assert.isAtLeast(waited, 65_000)
          assert.isAtMost(waited, 65_000 + 2 * 60_000 + 10_000)
        }
        assert.strictEqual(yield* count("create"), 0)
      })
    )

    both(`(${name}) can be resolved by a person like any other`, (kind) =>
      Effect.gen(function* () {
        const { fault, intent, machine, paid, reference, row, start, transfers } = yield* scene(kind)
        const wrong = yield* start({ machine: yield* machine(wall) })
        yield* fault("create", Fault.drop())
        yield* Effect.flip(inTime(wrong.send(intent)))
        yield* TestClock.adjust("20 minutes")
        const { version } = yield* row()
        assert.strictEqual((yield* transfers.resolve(reference, notPaid(version))).state, "intended")
        has(yield* wrong.send(intent), { state: "accepted" })
        assert.strictEqual((yield* paid()).length, 1)
      })
    )
  }

  both("expires for a process whose own clock is wrong", (kind) =>
    Effect.gen(function* () {
      const { machine, reference, start, write } = yield* scene(kind)
      yield* write({ state: "sending" })
      const ahead = yield* start({ machine: yield* machine(month) })
      const began = yield* Clock.currentTimeMillis
      yield* Effect.flip(inTime(ahead.reconcile(reference)))
      assert.isAtLeast((yield* Clock.currentTimeMillis) - began, 65_000)
    })
  )
})

describe("an endless list", () => {
  for (const pages of ["empty", "repeated"] as const) {
    both(`(${pages === "empty" ? "empty pages" : "the same records again"}) ends each look-up at its limit`, (kind) =>
      Effect.gen(function* () {
        const { add, count, fault, intent, reference, row, transfers, write } = yield* scene(kind)
        const { version } = yield* write({ state: "unknown" })
        // A record that does not match, so that there is one to repeat.
        yield* add({ reference: "deposit", amount: 70_000 })
        yield* fault("list", Fault.endlessCursor({ pages }), { rate: 1 })
        yield* TestClock.adjust("20 minutes")
        const asks: ReadonlyArray<readonly [string, Effect.Effect<unknown, unknown>]> = [
          ["advance", transfers.advance(reference)],
          ["resolve", Effect.exit(transfers.resolve(reference, notPaid(version + 1)))],
          ["reconcile", Effect.exit(transfers.reconcile(reference))],
          ["reconcile again", Effect.exit(transfers.reconcile(reference))],
          ["withdraw", Effect.exit(transfers.withdraw(reference, { ...author, version: version + 2 }))],
          ["send", Effect.exit(transfers.send(intent))]
        ]
        for (const [name, ask] of asks) {
          const before = yield* count("list")
          yield* ask
          // A hundred pages, and the one of each list that shows that there are more.
          const pages = (yield* count("list")) - before
          assert.isTrue(pages === 101 || pages === 102, `${name}: ${pages}`)
        }
        assert.strictEqual((yield* row()).state, "needsReview")
        assert.strictEqual(yield* count("create"), 0)
      })
    )
  }

  both("is reported as the reason, and leads to manual review immediately", (kind) =>
    Effect.gen(function* () {
      const { count, fault, reference, row, transfers, write } = yield* scene(kind, { lookUpPages: 5 })
      yield* write({ state: "unknown" })
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      const error = yield* Effect.flip(transfers.reconcile(reference))
      has(error, { _tag: "TransferOutcomeUnknown", state: "needsReview" })
      assert.include(String(error), "lookUpPages")
      assert.strictEqual(yield* count("list"), 6)
      yield* TestClock.adjust("20 minutes")
      yield* refusedFor(transfers.resolve(reference, notPaid((yield* row()).version)), "look-up-incomplete")
    })
  )

  both("ends the look-up by timeout if its pages are slow", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind, {
        lookUpTimeout: "10 seconds",
        reconcileTimeout: "15 seconds"
      })
      yield* write({ state: "unknown" })
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* fault("list", Fault.slow("3 seconds"), { rate: 1 })
      const error = yield* Effect.flip(inTime(transfers.reconcile(reference)))
      has(error, { _tag: "TransferOutcomeUnknown", state: "needsReview" })
      assert.include(String(error), "lookUpTimeout")
    })
  )
})
