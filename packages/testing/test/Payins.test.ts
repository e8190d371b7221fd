import { assert, describe, it } from "@effect/vitest"
import { PalommaSimulator, type LedgerAccount } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { assertHas, customer, get, pay, post, target, throughBothDoors } from "./support.ts"

const common = Effect.map(customer, (customerId) => ({ customerId, redirectUrl: "https://example.com" }))

const source = Effect.gen(function* () {
  const simulator = yield* PalommaSimulator
  const made = yield* post("/payinSources", {
    ...(yield* common),
    type: "bankAccount",
    bankAccount: { bank: "bancolombia", accountType: "savings", accountNumber: "00012345678" },
    partialPayinsEnabled: true,
    reference: "s-1"
  })
  yield* simulator.setPayinSourceStatus(made.json.id, { status: "active" })
  return made.json.id
})

const debit = (payinSourceId: string, amount = 20_000) =>
  Effect.map(post("/payinRequests", { payinSourceId, amount }), ({ json }) => json.id)

const link = (fields: object = {}) =>
  Effect.gen(function* () {
    return yield* post("/payinLinks", { ...(yield* common), type: "bancolombiaButton", amount: 20_000, ...fields })
  })

// Noon of a Wednesday in Colombia.
const wednesdayNoon = Date.parse("2026-01-14T17:00:00Z")

describe("payin links", () => {
  throughBothDoors(
    "a link waits for its payer, who returns to the merchant's site, and then for the bank",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const made = yield* link({ reference: "l-1" })
      assertHas(made.json, {
        status: "pending",
        type: "bancolombiaButton",
        amount: 20_000,
        amountCollected: 0,
        targetMerchantAccountId: "default"
      })
      const page = yield* get(made.json.paymentUrl)
      assert.deepStrictEqual([page.status, page.headers["location"]], [302, "https://example.com"])
      assert.strictEqual((yield* get(`/payinLinks/${made.json.id}`)).json.status, "processing")
      yield* simulator.setPayinLinkStatus(made.json.id, { status: "approved" })
      assertHas((yield* get("/payinLinks?reference=l-1")).json.items, [{ status: "approved", amountCollected: 20_000 }])
    })
  )

  throughBothDoors(
    "a card is accepted and never shown again",
    Effect.gen(function* () {
      const card = { cardNumber: "4111111111111111", expirationMonth: "12", expirationYear: "2030", cvv: "123" }
      const made = yield* link({ type: "card", card })
      assert.strictEqual(made.status, 200)
      assert.notInclude(made.text, "4111")
      assert.strictEqual((yield* link({ type: "card", card: { ...card, cvv: "12" } })).status, 400)
    })
  )

  it.effect("a link expires at its expiration, unless it is paid before", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(wednesdayNoon)
      const short = yield* link({ expiration: "2026-01-14T23:59:59" })
      const usual = yield* link()
      assertHas(usual.json, { expiration: "2026-01-15T23:59:59" })
      yield* TestClock.setTime(Date.parse("2026-01-15T04:59:58Z"))
      assert.strictEqual((yield* get(`/payinLinks/${short.json.id}`)).json.status, "pending")
      yield* TestClock.adjust("1 second")
      assertHas((yield* get(`/payinLinks/${short.json.id}`)).json, {
        status: "cancelled",
        statusMessage: "EXPIRED"
      })
      yield* get(usual.json.paymentUrl)
      yield* TestClock.adjust("3 days")
      assert.strictEqual((yield* get(`/payinLinks/${usual.json.id}`)).json.status, "processing")
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect("an expiration in the past or after the seventh day is rejected", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(wednesdayNoon)
      const statuses = yield* Effect.forEach(
        ["2026-01-13T23:59:59", "2026-01-14T00:00:00", "2026-01-21T23:59:59", "2026-01-22T00:00:00"],
        (expiration) => Effect.map(link({ expiration }), ({ status }) => status)
      )
      assert.deepStrictEqual(statuses, [400, 200, 200, 400])
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})

describe("payin sources and requests", () => {
  throughBothDoors(
    "a source is opened by the customer, verified by the bank, and then debited",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const made = yield* post("/payinSources", { ...(yield* common), type: "nequiToken", phoneNumber: "3013111111" })
      const { authUrl, id, status } = made.json
      assert.strictEqual(status, "pending")
      assert.notInclude(made.text, '"partialPayinsEnabled":true')
      assert.strictEqual((yield* post("/payinRequests", { payinSourceId: id, amount: 20_000 })).status, 400)
      assert.strictEqual(yield* simulator.visit(authUrl), "https://example.com")
      assert.strictEqual((yield* get(`/payinSources/${id}`)).json.status, "processing")
      yield* simulator.setPayinSourceStatus(id, { status: "active" })
      const payin = yield* debit(id)
      yield* simulator.setPayinStatus(payin, { status: "approved" })
      assertHas((yield* get(`/payinRequests/${payin}`)).json, {
        status: "approved",
        amountCollected: 20_000
      })
    })
  )

  it.effect("a bank with a processing time takes that time", () =>
    Effect.gen(function* () {
      const made = yield* post("/payinSources", { ...(yield* common), type: "bancolombiaToken" })
      yield* get(made.json.authUrl)
      yield* TestClock.adjust("1 minute")
      const payin = yield* debit(made.json.id)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* get(`/payinRequests/${payin}`)).json.status, "approved")
    }).pipe(Effect.provide(PalommaSimulator.layer({ processingTime: "1 minute" })))
  )

  throughBothDoors(
    "a debit can be collected in part, or not at all",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const id = yield* source
      const part = yield* debit(id)
      const none = yield* debit(id)
      yield* simulator.setPayinStatus(part, { status: "partial", amountCollected: 7_000 })
      yield* simulator.setPayinStatus(none, { status: "cancelled", statusMessage: "NOT_ENOUGH_FUNDS" })
      assertHas((yield* get(`/payinRequests?payinSourceId=${id}`)).json.items, [
        {
          status: "partial",
          amountCollected: 7_000,
          payinSourceDetails: { reference: "s-1", partialPayinsEnabled: true }
        },
        { status: "cancelled", amountCollected: 0, statusMessage: "NOT_ENOUGH_FUNDS" }
      ])
      assert.strictEqual(yield* simulator.ledger.balance("unsettled:default"), 7_000)
    })
  )

  throughBothDoors(
    "partial debits are for Bancolombia only, and amounts have limits",
    Effect.gen(function* () {
      const account = { bank: "nequi", accountType: "savings", accountNumber: "3013111111" }
      const body = { ...(yield* common), type: "bankAccount", bankAccount: account, partialPayinsEnabled: true }
      assert.include((yield* post("/payinSources", body)).json.message, "partialPayinsEnabled")
      const id = yield* source
      assert.include(
        (yield* post("/payinRequests", { payinSourceId: id, amount: 2_000_001 })).json.message,
        "2.000.000"
      )
      assert.strictEqual((yield* post("/payinRequests", { payinSourceId: "01HPR", amount: 20_000 })).status, 400)
      assert.strictEqual((yield* link({ amount: 2_000_001 })).status, 400)
      assert.strictEqual((yield* link({ amount: 1_500 })).status, 400)
      assert.strictEqual((yield* link({ type: "pse", bank: "nequi", amount: 1_500 })).status, 200)
    })
  )
})

describe("merchant accounts and settlements", () => {
  const balances = Effect.map(get("/merchantAccounts/default"), ({ json }) => [
    json.availableBalance,
    json.unsettledAmount
  ])

  it.effect("collected money is settled in the next business day's cycle, less the fee", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(wednesdayNoon)
      const simulator = yield* PalommaSimulator
      const id = yield* source
      const payins = [yield* debit(id, 20_000), yield* debit(id, 30_000)]
      for (const payin of payins) yield* simulator.setPayinStatus(payin, { status: "approved" })
      const slow = yield* link({ type: "bancolombiaCollect" })
      yield* simulator.setPayinLinkStatus(slow.json.id, { status: "approved" })
      assert.deepStrictEqual(yield* balances, [0, 70_000])
      yield* TestClock.setTime(Date.parse("2026-01-15T17:59:59Z"))
      assert.deepStrictEqual(yield* balances, [0, 70_000])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* balances, [49_000, 20_000])
      const { json } = yield* get("/merchantAccounts/default/settlements")
      assertHas(json.items, [
        {
          merchantAccountId: "default",
          totalAmountCollected: 50_000,
          totalFees: 1_000,
          numberOfPayins: 2,
          payinSettlementDate: "2026-01-15",
          payinSettlementCycle: 13
        }
      ])
      const [settlement] = json.items
      assert.deepStrictEqual((yield* get(`/merchantAccounts/default/settlements/${settlement?.id}`)).json, settlement)
      assert.strictEqual((yield* get(`/merchantAccounts/other/settlements/${settlement?.id}`)).status, 404)
      const settled = yield* get(`/payinRequests?payinSettlementId=${settlement?.id}`)
      assert.deepStrictEqual(
        settled.json.items.map((payin) => payin.id),
        payins
      )
      assert.deepStrictEqual((yield* get(`/payinLinks?payinSettlementId=${settlement?.id}`)).json.items, [])
      yield* TestClock.setTime(Date.parse("2026-01-16T18:00:00Z"))
      assert.deepStrictEqual(yield* balances, [68_500, 0])
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 0 } })))
  )

  it.effect("money collected late on a Friday is settled in Monday's last cycle", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-01-17T02:00:00Z"))
      const simulator = yield* PalommaSimulator
      yield* simulator.setPayinStatus(yield* debit(yield* source), { status: "approved" })
      yield* TestClock.adjust("7 days")
      assertHas((yield* get("/merchantAccounts/default/settlements")).json.items, [
        { payinSettlementDate: "2026-01-19", payinSettlementCycle: 20 }
      ])
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect("a gateway settles its money and does not pay out", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payinSourceId = yield* source
      const body = { payinSourceId, amount: 20_000, targetMerchantAccountId: "shop" }
      const payin = yield* post("/payinRequests", body)
      yield* simulator.setPayinStatus(payin.json.id, { status: "approved" })
      assertHas((yield* get("/merchantAccounts")).json.items, [
        { id: "default", type: "aggregator" },
        { id: "shop", type: "gateway", unsettledAmount: 20_000, payoutsEnabled: false }
      ])
      yield* simulator.settle("shop")
      assert.strictEqual(yield* simulator.ledger.balance("merchant-bank"), 19_500)
      const drawn = { payoutTargetId: yield* target, amount: 5_000, sourceMerchantAccountId: "shop" }
      assert.include((yield* post("/payoutRequests", drawn)).json.message, "does not pay out")
      assert.include((yield* Effect.flip(simulator.settle("nobody"))).message, "no merchant account nobody")
      assert.isUndefined(yield* simulator.settle("shop"))
    }).pipe(Effect.provide(PalommaSimulator.layer({ gatewayAccounts: ["shop"] })))
  )

  it.effect("a payin that is reversed after its settlement reduces the balance", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payin = yield* debit(yield* source)
      yield* simulator.setPayinStatus(payin, { status: "approved" })
      yield* simulator.settle("default")
      assert.deepStrictEqual(yield* balances, [19_500, 0])
      yield* simulator.setPayinStatus(payin, { status: "cancelled" })
      assert.deepStrictEqual(yield* balances, [-500, 0])
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 0 } })))
  )

  it.effect("a returned payout, or one that turns out to be paid, moves its money with it", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { json } = yield* pay(yield* target)
      const at = (...places: ReadonlyArray<LedgerAccount>) => Effect.forEach(places, simulator.ledger.balance)
      const seen = at("available:default", "transit", "recipients", "fees")
      assert.deepStrictEqual(yield* seen, [49_500, 50_500, 0, 0])
      yield* simulator.setPayoutStatus(json.id, { status: "approved" })
      assert.deepStrictEqual(yield* seen, [49_500, 0, 50_000, 500])
      yield* simulator.setPayoutStatus(json.id, { status: "cancelled" })
      assert.deepStrictEqual(yield* seen, [100_000, 0, 0, 0])
      yield* simulator.setPayoutStatus(json.id, { status: "approved" })
      yield* simulator.setPayoutStatus(json.id, { status: "approved" })
      assert.deepStrictEqual(yield* seen, [49_500, 0, 50_000, 500])
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 100_000 } })))
  )
})
