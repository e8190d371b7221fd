/** Waiting for the end of a transfer, and names and intents that are no names and no intents. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { both, has, makeScene, pass } from "./support/worker.ts"

describe("await", () => {
  both("returns a transfer that has ended at once", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      for (const state of ["rejected", "approved", "partial", "cancelled", "withdrawn"] as const) {
        const row = yield* scene.write(scene.aRow(state, { state, carriedBy: "worker" }))
        assert.deepStrictEqual(yield* process.await(scene.name(state)), row)
      }
    })
  )

  both("notices an end after 5 seconds at the latest, however long it waited", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      const waiting = yield* Effect.forkChild(process.execute(scene.intent("a")), { startImmediately: true })
      yield* pass("3 days")
      assert.strictEqual(waiting.pollUnsafe(), undefined)
      yield* process.withdraw(scene.name("a"), { by: "ana", note: "a typing error" })
      yield* TestClock.adjust("5 seconds")
      has(yield* Fiber.join(waiting), { state: "withdrawn" })
      assert.strictEqual(yield* scene.count("list"), 0)
    })
  )

  both("notices a quick end within a second", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.respond({ status: 400, body: { message: "no" } }))
      const process = yield* scene.start()
      yield* process.carry()
      const waiting = yield* Effect.forkChild(process.execute(scene.intent("a")), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      assert.isDefined(waiting.pollUnsafe())
      has(yield* Fiber.join(waiting), { state: "rejected" })
    })
  )

  both("goes on while a person decides, and returns the end after that", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.drop())
      const process = yield* scene.start()
      yield* process.carry()
      const waiting = yield* Effect.forkChild(process.execute(scene.intent("a")), { startImmediately: true })
      yield* pass("40 hours")
      const { state, version } = yield* scene.row("a")
      assert.strictEqual(state, "needsReview")
      assert.strictEqual(waiting.pollUnsafe(), undefined)
      yield* process.resolve(scene.name("a"), { as: "not-paid", version, by: "ana", note: "not in the dashboard" })
      yield* TestClock.adjust("10 seconds")
      yield* scene.finish((yield* scene.records("a"))[0]?.id ?? "")
      yield* pass("2 minutes", "1 second")
      has(yield* Fiber.join(waiting), { state: "approved" })
    })
  )

  both("that is interrupted changes nothing", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      const waiting = yield* Effect.forkChild(process.execute(scene.intent("a")), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(waiting)
      yield* process.carry()
      yield* TestClock.adjust("1 second")
      has(yield* scene.row("a"), { state: "accepted" })
    })
  )

  both("fails if the journal does not have the reference", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      const error = yield* Effect.flip(process.await(scene.name("a")))
      has(error, { _tag: "TransferInvalidState", reason: "unknown-reference", kind: kind.name, reference: "a" })
    })
  )
})

const throwing = {
  get kind(): "payout" {
    throw new Error("account 4711")
  },
  reference: "a"
}

describe("a name that is none", () => {
  const names: ReadonlyArray<readonly [name: unknown, fields: ReadonlyArray<string>]> = [
    [undefined, [""]],
    [null, [""]],
    ["a", [""]],
    [{}, ["kind", "reference"]],
    [{ kind: "refund", reference: "a" }, ["kind"]],
    [{ kind: "payout", reference: "" }, ["reference"]],
    [{ kind: "payin", reference: 7 }, ["reference"]],
    [throwing, ["kind"]]
  ]

  both("is refused by each operation, without a defect", (kind) =>
    Effect.gen(function* () {
      const process = yield* (yield* makeScene(kind)).start()
      const decision = { by: "ana", note: "why" }
      const version = 1
      for (const [untyped, fields] of names) {
        const name = untyped as { readonly kind: "payout"; readonly reference: string }
        for (const [operation, call] of Object.entries({
          await: () => process.await(name),
          poll: () => process.poll(name),
          resolve: () => process.resolve(name, { as: "not-paid", version, ...decision }),
          withdraw: () => process.withdraw(name, decision),
          acknowledge: () => process.acknowledge(name, { version, ...decision })
        })) {
          const error = yield* Effect.flip<unknown, unknown, never>(Effect.suspend<unknown, unknown, never>(call))
          has(Object(error), { _tag: "PalommaInvalidInput", operation: `Durable.${operation}`, outcome: "none" })
          const problems: ReadonlyArray<{ readonly field: string }> = Object(error).problems
          assert.deepStrictEqual(
            problems.map(({ field }) => field),
            fields
          )
        }
      }
    })
  )
})

describe("an intent that is none", () => {
  for (const operation of ["intend", "execute"] as const) {
    both(`is refused by ${operation}, without a defect, and nothing is written`, (kind) =>
      Effect.gen(function* () {
        const scene = yield* makeScene(kind)
        const process = yield* scene.start()
        for (const untyped of [undefined, null, "a", {}, { kind: "refund" }, throwing]) {
          const intent = untyped as unknown as Parameters<typeof process.intend>[0]
          const error = yield* Effect.flip(Effect.suspend(() => process[operation](intent)))
          has(error, { _tag: "PalommaInvalidInput", operation: `Durable.${operation}`, outcome: "not-sent" })
        }
        const wrong = { ...scene.intent("a"), amount: 0.5 } as Parameters<typeof process.intend>[0]
        has(yield* Effect.flip(process[operation](wrong)), { _tag: "PalommaInvalidInput", outcome: "not-sent" })
        assert.deepStrictEqual(Array.from(yield* Stream.runCollect(process.list())), [])
      })
    )
  }
})

describe("list", () => {
  both("returns the payouts, then the debits, or one kind of them", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.write(scene.aRow("b", { kind: "payin" }))
      yield* scene.write(scene.aRow("a", { kind: "payout" }))
      const listed = (query?: Parameters<typeof process.list>[0]) =>
        Effect.map(Stream.runCollect(process.list(query)), (rows) => Array.from(rows, ({ reference }) => reference))
      assert.deepStrictEqual(yield* listed(), ["a", "b"])
      assert.deepStrictEqual(yield* listed({ kind: "payout" }), ["a"])
      assert.deepStrictEqual(yield* listed({ kind: "payin", state: "intended" }), ["b"])
      assert.deepStrictEqual(yield* listed({ state: "approved" }), [])
    })
  )

  both("refuses a query that is none", (kind) =>
    Effect.gen(function* () {
      const process = yield* (yield* makeScene(kind)).start()
      for (const untyped of [null, "a", { kind: "refund" }, throwing, { sate: "intended" }]) {
        const query = untyped as Parameters<typeof process.list>[0]
        const error = yield* Effect.flip(Stream.runCollect(process.list(query)))
        has(error, { _tag: "PalommaInvalidInput", outcome: "none" })
      }
    })
  )
})
