import { assert, describe, it } from "@effect/vitest"
import { unrecognized } from "@palomma-effect/schema"
import { PalommaSimulator, type LedgerAccount } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { assertHas, get, pay, post, target, throughBothDoors } from "./support.ts"

const at = (...places: ReadonlyArray<LedgerAccount>) =>
  Effect.flatMap(PalommaSimulator, ({ ledger }) => Effect.forEach(places, ledger.balance))

const balances = at("available:default", "transit", "recipients", "fees")

describe("a server that stores other values than were sent", () => {
  throughBothDoors(
    "each response shows the stored value, and a filter finds only that",
    Effect.gen(function* () {
      const { setPayoutStatus, webhooks } = yield* PalommaSimulator
      const account = yield* target
      const { json } = yield* pay(account, "Salary-1", 50_000)
      const stored = { reference: "SALARY-1", amount: 49_500 }
      assertHas(json, stored)
      assertHas((yield* get(`/payoutRequests/${json.id}`)).json, stored)
      assertHas((yield* get("/payoutRequests")).json.items, [stored])
      assertHas((yield* get("/payoutRequests?reference=SALARY-1")).json.items, [stored])
      assert.deepStrictEqual((yield* get("/payoutRequests?reference=Salary-1")).json.items, [])
      yield* setPayoutStatus(json.id, { status: "approved" })
      assertHas(yield* webhooks.events, [{ event: stored }])
    }),
    { storeAs: { reference: "upper-case", amount: { add: -500 } } }
  )

  throughBothDoors(
    "the ledger finds payouts and payins by the reference that was sent, with any stored value",
    Effect.gen(function* () {
      const { addPayinSource, ledger } = yield* PalommaSimulator
      const account = yield* target
      const source = yield* addPayinSource()
      yield* pay(account, "r-1")
      yield* pay(account, "r-1")
      yield* pay(account, "r-2")
      yield* post("/payinRequests", { payinSourceId: source.id, amount: 20_000, reference: "r-1" })
      const paid = yield* ledger.payoutsByReference("r-1")
      assert.deepStrictEqual(
        paid.map(({ reference }) => reference),
        [undefined, undefined]
      )
      assert.lengthOf(yield* ledger.payinsByReference("r-1"), 1)
      assert.lengthOf(yield* ledger.payoutsByTarget(account), 3)
      assert.lengthOf(yield* ledger.payinsBySource(source.id), 1)
      assert.deepStrictEqual(yield* ledger.payoutsByReference("r-3"), [])
      assert.deepStrictEqual(yield* ledger.payoutsByTarget(source.id), [])
    }),
    { storeAs: { reference: "remove" } }
  )

  it.effect("the stored reference is the same in every kind of record", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { id: customerId } = yield* simulator.addCustomer({ reference: "abcdef" })
      const common = { customerId, reference: "abcdef", redirectUrl: "https://example.com" }
      yield* simulator.addPayoutTarget({ customerId: (yield* simulator.addCustomer()).id, reference: "abcdef" })
      yield* post("/payinSources", { ...common, type: "bancolombiaToken" })
      yield* post("/payinLinks", { ...common, type: "bancolombiaButton", amount: 20_000 })
      yield* post("/payinRequests", {
        payinSourceId: (yield* simulator.addPayinSource()).id,
        amount: 20_000,
        reference: "abcdef"
      })
      for (const path of ["/customers", "/payoutTargets", "/payinSources", "/payinLinks", "/payinRequests"]) {
        assert.deepStrictEqual([path, (yield* get(`${path}?reference=abc`)).json.count], [path, 1])
      }
    }).pipe(Effect.provide(PalommaSimulator.layer({ storeAs: { reference: { cut: 3 } } })))
  )
})

describe("the request that made a record", () => {
  throughBothDoors(
    "is known for every record that was made through the API, and for no other",
    Effect.gen(function* () {
      const { addPayoutRequest, ledger } = yield* PalommaSimulator
      const account = yield* target
      yield* pay(account, "refused", 1)
      const { json } = yield* pay(account, "r-1")
      const added = yield* addPayoutRequest({ payoutTargetId: account })
      const number = yield* ledger.createdBy(json.id)
      const request = (yield* ledger.requests).find((received) => received.number === number)
      assert.include(request?.body, '"reference":"r-1"')
      assert.strictEqual(yield* ledger.createdBy(account), 2)
      assert.isUndefined(yield* ledger.createdBy(added.id))
    })
  )
})

describe("a record that was made in the dashboard", () => {
  throughBothDoors(
    "a payout has any reference, amount, payout target and status, and its money moves",
    Effect.gen(function* () {
      const { addPayoutRequest, ledger, webhooks } = yield* PalommaSimulator
      const account = yield* target
      const made = yield* addPayoutRequest({
        payoutTargetId: account,
        amount: 70,
        reference: " not a reference\n",
        status: "approved"
      })
      assertHas((yield* get(`/payoutRequests/${made.id}`)).json, {
        payoutTargetId: account,
        amount: 70,
        amountSent: 70,
        reference: " not a reference\n",
        status: "approved",
        customerDetails: { name: "Ana María Rojas" }
      })
      assert.deepStrictEqual(yield* ledger.payoutsByReference(" not a reference\n"), [made])
      assert.deepStrictEqual(yield* balances, [99_430, 0, 70, 500])
      assert.lengthOf(yield* webhooks.events, 1)
      assert.strictEqual((yield* addPayoutRequest()).status, "processing")
      assert.strictEqual((yield* addPayoutRequest({ payoutTargetId: "not there" })).payoutTargetId, "not there")
      assert.strictEqual<unknown>((yield* addPayoutRequest({ status: unrecognized("held") })).status, "held")
      assertHas(yield* addPayoutRequest({ status: "cancelled", statusMessage: "INVALID_ACCOUNT" }), {
        statusMessage: "INVALID_ACCOUNT",
        amountSent: 0
      })
      assert.lengthOf(yield* ledger.payouts, 5)
    }),
    { balances: { default: 100_000 }, storeAs: { reference: "trim" } }
  )

  throughBothDoors(
    "a payin has any reference, amount, source and status, and its money moves",
    Effect.gen(function* () {
      const { addPayinRequest, addPayinSource, ledger, webhooks } = yield* PalommaSimulator
      const source = yield* addPayinSource({ reference: "card" })
      const made = yield* addPayinRequest({
        payinSourceId: source.id,
        amount: 90,
        reference: "A",
        status: "partial",
        amountCollected: 40
      })
      assertHas((yield* get(`/payinRequests/${made.id}`)).json, {
        payinSourceId: source.id,
        amount: 90,
        amountCollected: 40,
        reference: "A",
        status: "partial",
        payinSourceDetails: { reference: "card" }
      })
      assert.deepStrictEqual(yield* ledger.payinsByReference("A"), [made])
      assert.deepStrictEqual(yield* at("payers", "unsettled:default"), [-40, 40])
      assert.lengthOf(yield* webhooks.events, 1)
      assert.strictEqual((yield* addPayinRequest()).status, "processing")
      assert.strictEqual((yield* addPayinRequest({ payinSourceId: "not there" })).payinSourceId, "not there")
      assert.lengthOf(yield* ledger.payins, 3)
    })
  )

  it.effect("a payout that was made there becomes final automatically as others do", () =>
    Effect.gen(function* () {
      const { addPayinRequest, addPayoutRequest } = yield* PalommaSimulator
      const payout = yield* addPayoutRequest()
      const payin = yield* addPayinRequest()
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* get(`/payoutRequests/${payout.id}`)).json.status, "approved")
      assert.strictEqual((yield* get(`/payinRequests/${payin.id}`)).json.status, "approved")
    }).pipe(Effect.provide(PalommaSimulator.layer({ processingTime: "1 minute" })))
  )
})

describe("a payout that the bank returns", () => {
  const comesBack = (name: string, how: Parameters<PalommaSimulator["Service"]["returnPayout"]>[1], expected: object) =>
    throughBothDoors(
      name,
      Effect.gen(function* () {
        const { returnPayout, setPayoutStatus, webhooks } = yield* PalommaSimulator
        const { json } = yield* pay(yield* target, "r-1")
        yield* setPayoutStatus(json.id, { status: "approved" })
        assert.deepStrictEqual(yield* balances, [49_500, 0, 50_000, 500])
        yield* returnPayout(json.id, how)
        assert.deepStrictEqual(yield* balances, [100_000, 0, 0, 0])
        const stored = (yield* get(`/payoutRequests/${json.id}`)).json
        assertHas(stored, { ...expected, amount: 50_000, amountSent: 0 })
        assertHas(
          (yield* webhooks.events).map(({ event }) => event),
          [{ status: "approved" }, expected]
        )
        yield* setPayoutStatus(json.id, { status: "approved" })
        assert.deepStrictEqual(yield* balances, [49_500, 0, 50_000, 500])
        yield* setPayoutStatus(json.id, { status: "cancelled" })
        assert.deepStrictEqual(yield* balances, [100_000, 0, 0, 0])
      }),
      { balances: { default: 100_000 } }
    )
  comesBack("as cancelled", undefined, { status: "cancelled", statusMessage: "ERROR" })
  comesBack(
    "as cancelled, with the bank's reason",
    { statusMessage: "INVALID_ACCOUNT" },
    { statusMessage: "INVALID_ACCOUNT" }
  )
  comesBack("under an undocumented status", { status: unrecognized("returned") }, { status: "returned" })

  it.effect("a payout under an undocumented status is in progress, unless it came back", () =>
    Effect.gen(function* () {
      const { addPayoutRequest, returnPayout } = yield* PalommaSimulator
      const { id } = yield* addPayoutRequest({ status: unrecognized("held") })
      assert.deepStrictEqual(yield* balances, [49_500, 50_500, 0, 0])
      yield* returnPayout(id, { status: unrecognized("returned") })
      yield* returnPayout(id)
      assert.deepStrictEqual(yield* balances, [100_000, 0, 0, 0])
      assert.strictEqual(
        (yield* Effect.flip(returnPayout("01HPR"))).message,
        "The simulator has no payout request 01HPR. Use an id or a URL that this simulator returned."
      )
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 100_000 } })))
  )
})
