/** `Payouts.send` and `Payins.charge` without faults. */
import { assert, describe, it } from "@effect/vitest"
import {
  Payins,
  Payouts,
  Transfer,
  TransferConflict,
  TransferInvalidState,
  TransferOutcomeUnknown,
  TransferRejected
} from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { aPayinSource, aPayoutTarget, withTransfers } from "../support/transfers.ts"
import { amount, failure, has, inTime, kinds, makeWorld, scenario, until } from "./support/scenario.ts"

describe.each(kinds)("%s", (_, kind) => {
  scenario("moves the money once and returns the transfer that Palomma accepted", kind, function* ({ process, world }) {
    const transfer = yield* process.send(world.intent("a"))
    const [record, ...others] = yield* world.records("a")
    assert.deepStrictEqual(others, [])
    has(transfer, {
      kind: kind.name,
      reference: "a",
      state: "accepted",
      recordId: record?.id,
      accountId: world.account,
      amount,
      claims: 1,
      claim: undefined
    })
    has(record ?? {}, { reference: "a", amount })
    assert.deepStrictEqual(yield* world.row("a"), transfer)
  })

  scenario(
    "names the merchant account in its request, and in the row",
    kind,
    function* ({ process, world }) {
      const transfer = yield* process.send(world.intent("a", { merchantAccountId: "other" }))
      const [request] = yield* world.requests("create")
      const body: unknown = JSON.parse(request?.body ?? "")
      const field = kind.name === "payout" ? "sourceMerchantAccountId" : "targetMerchantAccountId"
      has(body as object, { [field]: "other", [kind.accountField]: world.account, amount, reference: "a" })
      assert.strictEqual(transfer.merchantAccountId, "other")
    },
    { world: { simulator: { balances: { other: 1_000_000 } } } }
  )

  scenario(
    "rejects an invalid intent with all of its problems, before any write or request",
    kind,
    function* ({ process, world }) {
      const error = yield* Effect.flip(process.send(world.intent("", { amount: 900 })))
      assert.strictEqual(error._tag, "PalommaInvalidInput")
      if (error._tag === "PalommaInvalidInput") {
        has(error, { operation: `${kind.service}.${kind.verb}`, outcome: "not-sent" })
        assert.deepStrictEqual(
          error.problems.map(({ field }) => field),
          ["reference", "amount"]
        )
      }
      assert.deepStrictEqual(process.steps, [])
    }
  )

  scenario("does not repeat the name of an unknown field if it may be data", kind, function* ({ process, world }) {
    const intent = { ...world.intent("a"), unchecked: { "3013111111": "Ana", refrence: "b" } }
    const error = yield* Effect.flip(process.send(intent))
    assert.notInclude(error.message, "3013111111")
    assert.include(error.message, "refrence: is not a field of this request")
    assert.strictEqual(yield* world.creates, 0)
  })

  it.effect("returns a transfer that Palomma accepted from the journal, without a request", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const first = yield* (yield* world.start()).send(world.intent("a"))
      const later = yield* world.start()
      assert.deepStrictEqual(yield* later.send(world.intent("a")), first)
      assert.deepStrictEqual(later.steps, ["find"])
    })
  )

  for (const state of ["approved", "cancelled"] as const) {
    scenario(
      `returns a transfer that is ${state} from the journal, without a request`,
      kind,
      function* ({ process, world }) {
        const { recordId = "" } = yield* process.send(world.intent("a"))
        yield* kind.setStatus(world.simulator, recordId, state)
        yield* process.reconcile("a")
        process.steps.length = 0
        has(yield* process.send(world.intent("a")), { state, recordId })
        assert.deepStrictEqual(process.steps, ["find"])
        assert.strictEqual(yield* world.creates, 1)
      }
    )
  }

  scenario(
    "returns a transfer that ended as partial from the journal, without a request",
    kind,
    function* ({ process, world }) {
      const { recordId = "" } = yield* process.send(world.intent("a"))
      const row = yield* world.row("a")
      yield* world.journal.service.replace(new Transfer({ ...row, state: "partial", version: row.version + 1 }))
      process.steps.length = 0
      has(yield* process.send(world.intent("a")), { state: "partial", recordId })
      assert.deepStrictEqual(process.steps, ["find"])
    }
  )

  scenario("never sends a reference that was withdrawn, with any content", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.respond({ status: 400, body: { message: "No" } }))
    yield* Effect.flip(process.send(world.intent("a")))
    yield* process.withdraw("a", { by: "ana", note: "not needed any more" })
    for (const changes of [{}, { amount: amount + 1 }]) {
      const error = yield* Effect.flip(process.send(world.intent("a", changes)))
      assert.instanceOf(error, TransferInvalidState)
      has(error, { operation: `${kind.service}.${kind.verb}`, state: "withdrawn", reason: "wrong-state" })
    }
    assert.strictEqual(yield* world.creates, 1)
  })

  scenario(
    "sends a rejected transfer again under the same reference, once it is corrected",
    kind,
    function* ({ process, world }) {
      const refused = yield* Effect.flip(process.send(world.intent("a", { accountId: "nobody" })))
      assert.instanceOf(refused, TransferRejected)
      has(yield* world.row("a"), { state: "rejected", accountId: "nobody", claims: 1 })
      const transfer = yield* process.send(world.intent("a"))
      has(transfer, { state: "accepted", accountId: world.account, claims: 2 })
      assert.strictEqual((yield* world.records("a")).length, 1)
    }
  )

  scenario(
    "looks up the corrected content, and accepts the record if Palomma has it",
    kind,
    function* ({ process, world }) {
      yield* Effect.flip(process.send(world.intent("a", { accountId: "nobody" })))
      const made = yield* kind.addRecord(world.simulator, world.intent("a"))
      has(yield* process.send(world.intent("a")), { state: "accepted", recordId: made.id, accountId: world.account })
      assert.strictEqual(yield* world.creates, 1)
    }
  )

  scenario(
    "looks up the corrected content by account, where the reference may be missing",
    kind,
    function* ({ process, world }) {
      yield* Effect.flip(process.send(world.intent("a", { accountId: "nobody" })))
      const made = yield* kind.addRecord(world.simulator, { accountId: world.account, amount })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(yield* world.row("a"), { state: "needsReview", evidence: [made.id] })
      assert.strictEqual(yield* world.creates, 1)
    }
  )

  scenario(
    "sends other content under a reference that was proven not to have been sent",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.refuse, { times: 3 })
      yield* failure(process.send(world.intent("a")))
      has(yield* world.row("a"), { state: "intended", amount })
      has(yield* process.send(world.intent("a", { amount: 70_000 })), { state: "accepted", amount: 70_000 })
    }
  )

  scenario("refuses other content for a transfer that a worker follows", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.refuse, { times: 3 })
    yield* failure(process.send(world.intent("a")))
    const row = yield* world.row("a")
    yield* world.journal.restore([new Transfer({ ...row, carriedBy: "worker" })])
    const error = yield* Effect.flip(process.send(world.intent("a", { amount: 70_000 })))
    assert.instanceOf(error, TransferConflict)
    has(error, { found: "journal", recordId: undefined })
    has(yield* process.send(world.intent("a")), { state: "accepted", amount })
  })

  for (const [what, changes] of [
    ["amount", { amount: amount + 1 }],
    ["account", { accountId: "another" }],
    ["merchant account", { merchantAccountId: "another" }]
  ] as const) {
    scenario(
      `refuses another ${what} under a reference that was used, and sends nothing`,
      kind,
      function* ({ process, world }) {
        const { recordId } = yield* process.send(world.intent("a"))
        process.steps.length = 0
        const error = yield* Effect.flip(process.send(world.intent("a", changes)))
        assert.instanceOf(error, TransferConflict)
        has(error, { found: "journal", recordId, reference: "a" })
        assert.deepStrictEqual(process.steps, ["find"])
      }
    )
  }

  it.effect("reports that Palomma has the reference with other content, the record, and that it sent nothing", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start()
      const made = yield* kind.addRecord(world.simulator, world.intent("a", { amount: amount + 1 }))
      const error = yield* Effect.flip(process.send(world.intent("a")))
      assert.instanceOf(error, TransferConflict)
      has(error, { found: "palomma", recordId: made.id })
      has(yield* world.row("a"), { state: "needsReview", recordId: made.id, amount })
      assert.strictEqual(yield* world.creates, 0)
    })
  )

  scenario(
    "raises the alarm if Palomma holds two records of the reference, and sends nothing",
    kind,
    function* ({ process, world }) {
      const made = [
        yield* kind.addRecord(world.simulator, world.intent("a")),
        yield* kind.addRecord(world.simulator, world.intent("a"))
      ]
      for (let n = 0; n < 2; n++) {
        const error = yield* Effect.flip(process.send(world.intent("a")))
        assert.strictEqual(error._tag, "TransferDuplicate")
        if (error._tag === "TransferDuplicate") {
          assert.sameMembers(
            [...error.records].map(String),
            made.map(({ id }) => id)
          )
        }
      }
      assert.strictEqual(yield* world.creates, 0)
    }
  )

  scenario("is shared by concurrent callers that send the same", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.slow("5 seconds"))
    const sends = Array.from({ length: 5 }, () => process.send(world.intent("a")))
    const transfers = yield* inTime(Effect.all(sends, { concurrency: "unbounded" }))
    assert.strictEqual(new Set(transfers).size, 1)
    assert.strictEqual(yield* world.creates, 1)
    // The look-up, the claim, the fence before the request and at its body, and the outcome: each of them once.
    assert.deepStrictEqual(process.steps, ["find", "GET", "insert sending", "find", "POST", "find", "replace accepted"])
  })

  scenario("waits with other content until the result of the first is known", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.slow("5 seconds"))
    const first = yield* Effect.forkChild(process.send(world.intent("a")))
    yield* until(() => process.steps.includes("POST"))
    const other = yield* Effect.forkChild(Effect.flip(process.send(world.intent("a", { amount: 70_000 }))))
    yield* TestClock.adjust("4 seconds")
    assert.isUndefined(other.pollUnsafe())
    yield* TestClock.adjust("2 seconds")
    has(yield* Fiber.join(first), { state: "accepted", amount })
    assert.instanceOf(yield* Fiber.join(other), TransferConflict)
    assert.strictEqual(yield* world.creates, 1)
  })

  scenario("lets an interrupted caller end immediately, and continues", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.slow("5 seconds"))
    const caller = yield* Effect.forkChild(process.send(world.intent("a")))
    yield* until(() => process.steps.includes("POST"))
    // No time passes here: the interruption would hang if it waited for the response.
    yield* Fiber.interrupt(caller)
    has(yield* world.row("a"), { state: "sending" })
    yield* TestClock.adjust("6 seconds")
    has(yield* world.row("a"), { state: "accepted" })
  })

  scenario("is awaited when its layer closes, and written", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.slow("5 seconds"))
    yield* Effect.forkChild(Effect.exit(process.send(world.intent("a"))))
    yield* until(() => process.steps.includes("POST"))
    const closing = yield* Effect.forkChild(process.close)
    yield* TestClock.adjust("4 seconds")
    assert.isUndefined(closing.pollUnsafe())
    yield* TestClock.adjust("2 seconds")
    yield* Fiber.join(closing)
    const [record] = yield* world.records("a")
    has(yield* world.row("a"), { state: "accepted", recordId: record?.id })
  })
})

describe("an intent that its caller changes after the call", () => {
  const order = ["first", "second"]

  it.effect("is paid as it was at the call", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const intent = { reference: "first", payoutTargetId: yield* aPayoutTarget, amount }
      const first = payouts.send(intent)
      intent.reference = "second"
      const second = payouts.send(intent)
      assert.deepStrictEqual([(yield* first).reference, (yield* second).reference], order)
    }).pipe(Effect.provide(withTransfers()))
  )

  it.effect("is debited as it was at the call", () =>
    Effect.gen(function* () {
      const payins = yield* Payins
      const intent = { reference: "first", payinSourceId: yield* aPayinSource, amount }
      const first = payins.charge(intent)
      intent.reference = "second"
      const second = payins.charge(intent)
      assert.deepStrictEqual([(yield* first).reference, (yield* second).reference], order)
    }).pipe(Effect.provide(withTransfers()))
  )
})
