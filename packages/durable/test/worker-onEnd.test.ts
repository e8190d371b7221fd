/** `onEnd` tells the program of each end and of each question for a person. */
import { assert, describe } from "@effect/vitest"
import { type Transfer, TransferAlarm, TransferJournalError } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { both, gaps, has, kinds, makeScene, metricsOf, pass, recordLog } from "./support/worker.ts"

const recordTold = () => {
  const told: Array<string> = []
  const onEnd = ({ alarm, reference, state }: Transfer) =>
    Effect.sync(() => told.push([reference, state, ...(alarm ? [alarm.kind] : [])].join(" ")))
  return { told, onEnd }
}

const alarm = new TransferAlarm({ kind: "duplicate", records: ["01HB"], at: 0 })

describe("the program is told", () => {
  for (const status of ["approved", "cancelled"] as const) {
    both(`once that a transfer is ${status}`, (kind) =>
      Effect.gen(function* () {
        const { onEnd, told } = recordTold()
        const scene = yield* makeScene(kind)
        const process = yield* scene.start()
        yield* process.carry({ onEnd })
        yield* process.intend(scene.intent("a"))
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(told, [])
        yield* scene.finish((yield* scene.records("a"))[0]?.id ?? "", status)
        yield* pass("1 hour", "1 minute")
        assert.deepStrictEqual(told, [`a ${status}`])
        assert.isDefined((yield* scene.row("a")).toldAt)
        assert.strictEqual((yield* metricsOf(kind))["untold"], undefined)
      })
    )
  }

  both("that a transfer was rejected, and again how the corrected one ended", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.respond({ status: 400, body: { message: "no" } }))
      const process = yield* scene.start()
      yield* process.carry({ onEnd })
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told, ["a rejected"])
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "accepted" })
      yield* scene.finish((yield* scene.records("a"))[0]?.id ?? "")
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(told, ["a rejected", "a approved"])
    })
  )

  both("that a transfer waits for a person, and at once of what the person decided", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.drop())
      const process = yield* scene.start()
      yield* process.carry({ onEnd })
      yield* process.intend(scene.intent("a"))
      yield* pass("32 hours")
      assert.deepStrictEqual(told, ["a needsReview"])
      const { version } = yield* scene.row("a")
      yield* process.resolve(scene.name("a"), { as: "not-paid", version, by: "ana", note: "not in the dashboard" })
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "accepted" })
      assert.strictEqual((yield* scene.records("a")).length, 1)
      yield* scene.finish((yield* scene.records("a"))[0]?.id ?? "")
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(told, ["a needsReview", "a approved"])
    })
  )

  both("that a transfer was withdrawn, and nothing is sent", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.intend(scene.intent("a"))
      yield* process.withdraw(scene.name("a"), { by: "ana", note: "a typing error" })
      yield* process.carry({ onEnd })
      yield* pass("1 hour", "1 minute")
      assert.deepStrictEqual(told, ["a withdrawn"])
      assert.strictEqual(yield* scene.count("create"), 0)
    })
  )

  both(
    "again if the bank returns a payout that was approved",
    (kind) =>
      Effect.gen(function* () {
        const { onEnd, told } = recordTold()
        const scene = yield* makeScene(kind)
        const process = yield* scene.start()
        yield* process.carry({ onEnd })
        yield* process.intend(scene.intent("a"))
        yield* TestClock.adjust("1 second")
        const { id } = (yield* scene.simulator.ledger.payoutsByReference("a"))[0] ?? { id: "" }
        yield* scene.finish(id)
        for (const event of yield* scene.simulator.webhooks.events) yield* process.applyWebhook(event)
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(told, ["a approved"])
        yield* scene.simulator.returnPayout(id)
        for (const event of yield* scene.simulator.webhooks.events) yield* process.applyWebhook(event)
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(told, ["a approved", "a approved changed-final"])
        const { version } = yield* scene.row("a")
        yield* process.acknowledge(scene.name("a"), { version, by: "ana", note: "the bank returned it" })
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(told, ["a approved", "a approved changed-final", "a cancelled"])
      }),
    kinds.slice(0, 1)
  )

  both("not of a transfer that was not handed to a worker", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.carry({ onEnd })
      yield* process.send("a")
      yield* scene.finish((yield* scene.records("a"))[0]?.id ?? "")
      yield* pass("1 hour", "1 minute")
      has(yield* scene.row("a"), { state: "approved" })
      assert.deepStrictEqual(told, [])
    })
  )

  both("of a transfer that ended before it was handed over", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.carry({ onEnd })
      yield* scene.write(scene.aRow("a", { state: "approved", recordId: "01HA" }))
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told, ["a approved"])
    })
  )

  both("by the next process what a process that stopped did not tell", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      yield* scene.write(scene.aRow("a", { state: "approved", recordId: "01HA", carriedBy: "worker" }))
      yield* scene.write(scene.aRow("b", { state: "rejected", carriedBy: "worker" }))
      yield* (yield* scene.start()).carry({ onEnd })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told.sort(), ["a approved", "b rejected"])
    })
  )
})

describe("the program is told of an alarm", () => {
  both("of a transfer in doubt once, and the look-ups keep their delays", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const scene = yield* makeScene(kind)
      yield* scene.write(scene.aRow("a", { state: "unknown", claims: 1, recordId: "01HA", alarm, carriedBy: "worker" }))
      yield* (yield* scene.start()).carry({ onEnd })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(told, ["a unknown duplicate"])
      // By the id, by the reference, and by the account.
      assert.strictEqual(yield* scene.count("get"), 1)
      yield* pass("5 minutes", "1 second")
      assert.strictEqual(yield* scene.count("get"), 3)
      assert.deepStrictEqual(told, ["a unknown duplicate"])
    })
  )

  for (const [name, onEnd] of [
    ["a worker without onEnd", undefined],
    ["a program that cannot be told", () => Effect.fail("no")]
  ] as const) {
    for (const state of ["unknown", "intended", "accepted"] as const) {
      both(`with ${name}, a transfer that is ${state} keeps its delays`, (kind) =>
        Effect.gen(function* () {
          const scene = yield* makeScene(kind)
          yield* scene.fault("create", Fault.refuse, { rate: 1 })
          const differs = new TransferAlarm({ kind: "differs", records: ["01HB"], at: 0 })
          const ids = { unknown: "01HNONE", accepted: yield* addedRecord(scene), intended: undefined }
          const recordId = ids[state] === undefined ? {} : { recordId: ids[state] }
          yield* scene.write(
            scene.aRow("a", { state, claims: 1, ...recordId, alarm: differs, lastError: "E", carriedBy: "worker" })
          )
          yield* (yield* scene.start()).carry({ onEnd })
          yield* pass("2 minutes", "1 second")
          if (state === "unknown") assert.deepStrictEqual(gaps(yield* scene.times("get")), [15, 60])
          assert.isAtMost((yield* scene.count("get")) + (yield* scene.count("list")), 12)
          assert.isAtLeast((yield* scene.count("get")) + (yield* scene.count("list")), 1)
        })
      )
    }
  }
})

const addedRecord = (scene: Effect.Success<ReturnType<typeof makeScene>>) =>
  scene.kind.name === "payout"
    ? Effect.map(scene.simulator.addPayoutRequest(), ({ id }) => id)
    : Effect.map(scene.simulator.addPayinRequest(), ({ id }) => id)

// Programs without types can return anything.
const untyped = (value: unknown) => value as Effect.Effect<unknown, string>

describe("onEnd", () => {
  const failing: ReadonlyArray<readonly [string, () => Effect.Effect<unknown, string>]> = [
    ["fails", () => Effect.fail("the shop is closed")],
    ["ends in a defect", () => Effect.die(new Error("the shop is closed"))],
    [
      "throws",
      () => {
        throw new Error("the shop is closed")
      }
    ],
    ["interrupts itself", () => Effect.interrupt],
    [
      "waits for a fiber that was interrupted",
      () =>
        Effect.flatMap(Effect.forkChild(Effect.never), (fiber) =>
          Effect.andThen(Fiber.interrupt(fiber), Fiber.join(fiber))
        )
    ],
    ["never ends", () => Effect.never],
    ["returns a promise", () => untyped(Promise.resolve("done"))],
    ["returns nothing", () => untyped(undefined)],
    [
      "continues with a promise",
      () =>
        Effect.andThen(
          Effect.void,
          Effect.suspend(() => untyped(Promise.resolve()))
        )
    ]
  ]

  for (const [what, fail] of failing) {
    both(`that ${what} is called again, and the state stays as it is`, (kind) =>
      Effect.gen(function* () {
        const { lines, logged } = recordLog()
        yield* Effect.gen(function* () {
          const scene = yield* makeScene(kind)
          const process = yield* scene.start()
          let calls = 0
          yield* process.intend(scene.intent("a"))
          yield* process.withdraw(scene.name("a"), { by: "ana", note: "a typing error" })
          const before = yield* scene.row("a")
          yield* process.carry({
            concurrency: 1,
            onEndTimeout: "2 seconds",
            onEnd: () => (++calls <= 2 ? fail() : Effect.void)
          })
          yield* TestClock.adjust("3 seconds")
          assert.strictEqual(calls, 1)
          assert.deepStrictEqual(yield* scene.row("a"), before)
          assert.strictEqual((yield* metricsOf(kind))["untold"], 1)
          assert.strictEqual(lines.length, 1)
          assert.include(lines[0], `"a": onEnd failed, so the program may not know that the transfer is withdrawn.`)
          if (what.startsWith("returns")) assert.include(lines[0], "onEnd must return an Effect.")
          // The worker goes on.
          yield* process.intend(scene.intent("b"))
          yield* TestClock.adjust("1 second")
          has(yield* scene.row("b"), { state: "accepted" })
          yield* pass("1 minute", "1 second")
          assert.strictEqual(calls, 3)
          assert.isDefined((yield* scene.row("a")).toldAt)
          assert.strictEqual((yield* metricsOf(kind))["untold"], 2)
        }).pipe(logged)
      })
    )
  }

  both("is called again with the new state if the transfer changes while it runs", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const { onEnd, told } = recordTold()
        const scene = yield* makeScene(kind)
        yield* scene.fault("create", Fault.respond({ status: 400, body: { message: "no" } }))
        const process = yield* scene.start()
        const gate = yield* Deferred.make<void>()
        yield* process.carry({ onEnd: (row) => Effect.tap(onEnd(row), () => Deferred.await(gate)) })
        yield* process.intend(scene.intent("a"))
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(told, ["a rejected"])
        yield* process.withdraw(scene.name("a"), { by: "ana", note: "too late" })
        yield* TestClock.adjust("1 second")
        yield* Deferred.succeed(gate, undefined)
        yield* pass("1 minute", "1 second")
        assert.deepStrictEqual(told, ["a rejected", "a withdrawn"])
        assert.isDefined((yield* scene.row("a")).toldAt)
        assert.deepStrictEqual(
          lines.filter((line) => !line.includes("rejected by Palomma")),
          []
        )
        assert.strictEqual((yield* metricsOf(kind))["untold"], undefined)
      }).pipe(logged)
    })
  )

  both("that is interrupted in the middle runs again in the next process", (kind) =>
    Effect.gen(function* () {
      const { onEnd, told } = recordTold()
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        const first = yield* scene.start()
        yield* first.intend(scene.intent("a"))
        yield* first.withdraw(scene.name("a"), { by: "ana", note: "a typing error" })
        let begun = 0
        yield* first.carry({
          onEnd: () =>
            Effect.andThen(
              Effect.sync(() => begun++),
              Effect.never
            )
        })
        yield* TestClock.adjust("1 second")
        assert.strictEqual(begun, 1)
        yield* first.close
        assert.strictEqual((yield* scene.row("a")).toldAt, undefined)
        yield* (yield* scene.start()).carry({ onEnd })
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(told, ["a withdrawn"])
        assert.deepStrictEqual(lines, [])
      }).pipe(logged)
    })
  )

  both("that takes too long is interrupted before it is called again", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.intend(scene.intent("a"))
      yield* process.withdraw(scene.name("a"), { by: "ana", note: "a typing error" })
      let running = 0
      const slow = Effect.onInterrupt(Effect.never, () => Effect.sync(() => running--))
      yield* process.carry({
        onEndTimeout: "2 seconds",
        onEnd: () =>
          Effect.suspend(() =>
            Effect.andThen(
              Effect.sync(() => running++),
              slow
            )
          )
      })
      yield* TestClock.adjust("1 second")
      assert.strictEqual(running, 1)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(running, 0)
    })
  )

  both("is not blamed if the journal cannot record that the program was told", (kind) =>
    Effect.gen(function* () {
      const { lines, logged } = recordLog()
      yield* Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        yield* scene.write(scene.aRow("a", { state: "rejected", carriedBy: "worker" }))
        let isDown = true
        const process = yield* scene.start({
          ...scene.journal,
          replace: (row) =>
            Effect.suspend(() =>
              isDown
                ? Effect.fail(new TransferJournalError({ operation: "replace", reason: "down" }))
                : scene.journal.replace(row)
            )
        })
        let calls = 0
        yield* process.carry({ concurrency: 1, onEnd: () => Effect.sync(() => calls++) })
        yield* TestClock.adjust("500 millis")
        assert.strictEqual(calls, 1)
        assert.strictEqual((yield* metricsOf(kind))["untold"], undefined)
        assert.strictEqual(lines.length, 1)
        assert.include(lines[0], "A turn of a transfer failed (TransferJournalError: replace: down)")
        isDown = false
        yield* pass("10 seconds", "1 second")
        assert.strictEqual(calls, 2)
        assert.isDefined((yield* scene.row("a")).toldAt)
      }).pipe(logged)
    })
  )
})
