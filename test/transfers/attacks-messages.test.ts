/** Messages that were wrong in the first version, by their real cause. */
import { assert, describe, it } from "@effect/vitest"
import { TransferConflict, TransferNotSent, TransferOutcomeUnknown, TransferRejected } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { amount, failure, has, inTime, kinds, makeWorld, scenario } from "./support/scenario.ts"

const always = { rate: 1 } as const

describe.each(kinds)("%s", (_, kind) => {
  // A fee that is deducted, and amounts in cents.
  describe.each([
    ["deducts a fee from amounts", { amount: { add: -500 } }],
    ["counts amounts in cents", { amount: { multiply: 100 } }]
  ] as const)("at a server that %s (A5)", (_, storeAs) => {
    scenario(
      "does not report that nothing was sent, and never advises a new reference",
      kind,
      function* ({ process, world }) {
        const error = yield* failure(process.send(world.intent("a")))
        const [record] = yield* world.records("a")
        assert.instanceOf(error, TransferOutcomeUnknown)
        has(error, { sent: "yes", recordId: record?.id, state: "needsReview" })
        assert.include(error.message, "This call sent its request.")
        assert.include(error.message, record?.id ?? "")
        assert.notMatch(error.message, /nothing|new reference|another reference/iu)
        has(yield* world.row("a"), { state: "needsReview", recordId: record?.id, amount })
      },
      { world: { simulator: { storeAs } } }
    )

    scenario(
      "does not send it again, and names the record to check",
      kind,
      function* ({ process, world }) {
        yield* failure(process.send(world.intent("a")))
        const [record] = yield* world.records("a")
        const error = yield* failure(process.send(world.intent("a")))
        assert.instanceOf(error, TransferConflict)
        has(error, { found: "palomma", recordId: record?.id })
        assert.notMatch(error.message, /new reference|another reference/iu)
        assert.strictEqual((yield* world.records("a")).length, 1)
      },
      { world: { simulator: { storeAs } } }
    )
  })

  it.effect("counts a record once if a shifting list shows it on two pages (B1)", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const made = yield* kind.addRecord(world.simulator, world.intent("a"))
      yield* world.fault("list", Fault.repeatRecord, always)
      const process = yield* world.start()
      has(yield* process.send(world.intent("a")), { state: "accepted", recordId: made.id, alarm: undefined })
      assert.isAtLeast((yield* world.requests("list")).length, 2)
    })
  )

  describe("of two merchants over one journal (B3)", () => {
    const twoMerchants = Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const context = yield* Layer.build(Layer.fresh(PalommaSimulator.layer({ seed: 1 })))
      const simulator = Context.get(context, PalommaSimulator)
      // Both have an account of the same id.
      assert.strictEqual(yield* kind.addAccount(simulator), world.account)
      return { world, simulator }
    })

    it.effect("moves the money of each once if each has a namespace", () =>
      Effect.gen(function* () {
        const { simulator, world } = yield* twoMerchants
        const first = yield* world.start({ transfers: { namespace: "first" } })
        const second = yield* world.start({ transfers: { namespace: "second" }, simulator })
        has(yield* first.send(world.intent("a")), { namespace: "first" })
        has(yield* second.send(world.intent("a")), { namespace: "second" })
        assert.strictEqual((yield* kind.byReference(world.simulator, "a")).length, 1)
        assert.strictEqual((yield* kind.byReference(simulator, "a")).length, 1)
      })
    )

    // The documentation of `namespace` warns of this case.
    it.effect("returns the transfer of the other merchant if both share a namespace", () =>
      Effect.gen(function* () {
        const { simulator, world } = yield* twoMerchants
        const sent = yield* (yield* world.start()).send(world.intent("a"))
        const second = yield* world.start({ simulator })
        assert.deepStrictEqual(yield* second.send(world.intent("a")), sent)
        assert.deepStrictEqual(yield* kind.all(simulator), [])
      })
    )
  })

  it.effect("keeps payouts and debits with the same reference apart in one journal", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const [other] = kinds.flatMap(([, one]) => (one.name === kind.name ? [] : [one]))
      assert.isDefined(other)
      const rows = yield* makeWorld(other ?? kind)
      const there = yield* rows.start()
      const sent = yield* there.send(rows.intent("a"))
      yield* world.journal.restore([sent])
      const process = yield* world.start()
      has(yield* process.send(world.intent("a")), { state: "accepted", kind: kind.name })
      assert.strictEqual(yield* world.creates, 1)
    })
  )

  scenario(
    "reports that it sent nothing if the look-up before the first send fails (B5)",
    kind,
    function* ({ process, world }) {
      yield* world.fault("list", Fault.drop(), { times: 9 })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "PalommaConnectionError")
      assert.include(error.message, "Send the same reference again.")
      assert.deepStrictEqual(yield* world.rows, [])
      yield* world.simulator.clearFaults
      // The advice is true: the same reference is sent then.
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", claims: 1 })
    }
  )

  scenario(
    "keeps the id of a response that it could not read, in the error and in the row (B6)",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.rewrite("status", undefined))
      yield* world.fault("get", Fault.respond({ status: 503, body: { message: "Later" } }), always)
      yield* world.fault("list", Fault.lag("1 day"), always)
      const error = yield* failure(process.send(world.intent("a")))
      const [record] = yield* world.records("a")
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { sent: "yes", recordId: record?.id })
      has(yield* world.row("a"), { recordId: record?.id, state: "needsReview" })
      // By the id it is found, though no list shows it.
      yield* world.simulator.clearFaults
      yield* world.fault("list", Fault.lag("1 day"), always)
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", recordId: record?.id })
    }
  )

  for (const [status, tag] of [
    [429, "PalommaRateLimited"],
    [503, "PalommaServerError"],
    [403, "PalommaUnexpectedStatus"]
  ] as const) {
    scenario(
      `reports a refusal with ${status}, a status that the merchant configured, with its true error (B7)`,
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", Fault.respond({ status, body: { message: "Not now" } }))
        const error = yield* failure(process.send(world.intent("a")))
        assert.instanceOf(error, TransferRejected)
        has(error.cause, { _tag: tag, status, outcome: "rejected" })
        assert.notInclude(error.message, "Correct the input")
        has(yield* world.row("a"), { state: "rejected" })
        has(yield* inTime(process.send(world.intent("a"))), { state: "accepted" })
        assert.strictEqual((yield* world.records("a")).length, 1)
      },
      { start: { client: { rejectedStatuses: [status] } } }
    )
  }
})
