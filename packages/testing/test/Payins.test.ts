import { it } from "@effect/vitest"
import { PalommaSimulator, type LedgerAccount } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect } from "vitest"
import { customer, get, pay, post, target, throughBothDoors } from "./support.ts"

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

// A Wednesday noon in Colombia.
const wednesdayNoon = Date.parse("2026-01-14T17:00:00Z")

describe("payin links", () => {
  throughBothDoors(
    "a link waits for its payer, who is sent back, and then for the bank",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const made = yield* link({ reference: "l-1" })
      expect(made.json).toMatchObject({
        status: "pending",
        type: "bancolombiaButton",
        amount: 20_000,
        amountCollected: 0,
        targetMerchantAccountId: "default"
      })
      const page = yield* get(made.json.paymentUrl)
      expect([page.status, page.headers["location"]]).toEqual([302, "https://example.com"])
      expect((yield* get(`/payinLinks/${made.json.id}`)).json.status).toBe("processing")
      yield* simulator.setPayinLinkStatus(made.json.id, { status: "approved" })
      expect((yield* get("/payinLinks?reference=l-1")).json.items).toMatchObject([
        { status: "approved", amountCollected: 20_000 }
      ])
    })
  )

  throughBothDoors(
    "a card is taken and never shown again",
    Effect.gen(function* () {
      const card = { cardNumber: "4111111111111111", expirationMonth: "12", expirationYear: "2030", cvv: "123" }
      const made = yield* link({ type: "card", card })
      expect(made.status).toBe(200)
      expect(made.text).not.toContain("4111")
      expect((yield* link({ type: "card", card: { ...card, cvv: "12" } })).status).toBe(400)
    })
  )

  it.effect("a link lapses at its expiration, unless it is paid before", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(wednesdayNoon)
      const short = yield* link({ expiration: "2026-01-14T23:59:59" })
      const usual = yield* link()
      expect(usual.json).toMatchObject({ expiration: "2026-01-15T23:59:59" })
      yield* TestClock.setTime(Date.parse("2026-01-15T04:59:58Z"))
      expect((yield* get(`/payinLinks/${short.json.id}`)).json.status).toBe("pending")
      yield* TestClock.adjust("1 second")
      expect((yield* get(`/payinLinks/${short.json.id}`)).json).toMatchObject({
        status: "cancelled",
        statusMessage: "EXPIRED"
      })
      yield* get(usual.json.paymentUrl)
      yield* TestClock.adjust("3 days")
      expect((yield* get(`/payinLinks/${usual.json.id}`)).json.status).toBe("processing")
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect("an expiration in the past or after the seventh day is refused", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(wednesdayNoon)
      const statuses = yield* Effect.forEach(
        ["2026-01-13T23:59:59", "2026-01-14T00:00:00", "2026-01-21T23:59:59", "2026-01-22T00:00:00"],
        (expiration) => Effect.map(link({ expiration }), ({ status }) => status)
      )
      expect(statuses).toEqual([400, 200, 200, 400])
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})

describe("payin sources and requests", () => {
  throughBothDoors(
    "a source is visited, verified by the bank, and then debited",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const made = yield* post("/payinSources", { ...(yield* common), type: "nequiToken", phoneNumber: "3013111111" })
      const { authUrl, id, status } = made.json
      expect(status).toBe("pending")
      expect(made.text).not.toContain('"partialPayinsEnabled":true')
      expect((yield* post("/payinRequests", { payinSourceId: id, amount: 20_000 })).status).toBe(400)
      expect(yield* simulator.visit(authUrl)).toBe("https://example.com")
      expect((yield* get(`/payinSources/${id}`)).json.status).toBe("processing")
      yield* simulator.setPayinSourceStatus(id, { status: "active" })
      const payin = yield* debit(id)
      yield* simulator.setPayinStatus(payin, { status: "approved" })
      expect((yield* get(`/payinRequests/${payin}`)).json).toMatchObject({
        status: "approved",
        amountCollected: 20_000
      })
    })
  )

  it.effect("a bank that was given its time takes it", () =>
    Effect.gen(function* () {
      const made = yield* post("/payinSources", { ...(yield* common), type: "bancolombiaToken" })
      yield* get(made.json.authUrl)
      yield* TestClock.adjust("1 minute")
      const payin = yield* debit(made.json.id)
      yield* TestClock.adjust("1 minute")
      expect((yield* get(`/payinRequests/${payin}`)).json.status).toBe("approved")
    }).pipe(Effect.provide(PalommaSimulator.layer({ processingTime: "1 minute" })))
  )

  throughBothDoors(
    "a debit can end in part, or not at all",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const id = yield* source
      const part = yield* debit(id)
      const none = yield* debit(id)
      yield* simulator.setPayinStatus(part, { status: "partial", amountCollected: 7_000 })
      yield* simulator.setPayinStatus(none, { status: "cancelled", statusMessage: "NOT_ENOUGH_FUNDS" })
      expect((yield* get(`/payinRequests?payinSourceId=${id}`)).json.items).toMatchObject([
        {
          status: "partial",
          amountCollected: 7_000,
          payinSourceDetails: { reference: "s-1", partialPayinsEnabled: true }
        },
        { status: "cancelled", amountCollected: 0, statusMessage: "NOT_ENOUGH_FUNDS" }
      ])
      expect(yield* simulator.ledger.balance("unsettled:default")).toBe(7_000)
    })
  )

  throughBothDoors(
    "partial debits are for Bancolombia only, and amounts have limits",
    Effect.gen(function* () {
      const account = { bank: "nequi", accountType: "savings", accountNumber: "3013111111" }
      const body = { ...(yield* common), type: "bankAccount", bankAccount: account, partialPayinsEnabled: true }
      expect((yield* post("/payinSources", body)).json.message).toContain("partialPayinsEnabled")
      const id = yield* source
      expect((yield* post("/payinRequests", { payinSourceId: id, amount: 2_000_001 })).json.message).toContain(
        "2.000.000"
      )
      expect((yield* post("/payinRequests", { payinSourceId: "01HPR", amount: 20_000 })).status).toBe(400)
      expect((yield* link({ amount: 2_000_001 })).status).toBe(400)
      expect((yield* link({ amount: 1_500 })).status).toBe(400)
      expect((yield* link({ type: "pse", bank: "nequi", amount: 1_500 })).status).toBe(200)
    })
  )
})

describe("merchant accounts and settlements", () => {
  const balances = Effect.map(get("/merchantAccounts/default"), ({ json }) => [
    json.availableBalance,
    json.unsettledAmount
  ])

  it.effect("what is collected is settled in the next business day's cycle, less the fee", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(wednesdayNoon)
      const simulator = yield* PalommaSimulator
      const id = yield* source
      const payins = [yield* debit(id, 20_000), yield* debit(id, 30_000)]
      for (const payin of payins) yield* simulator.setPayinStatus(payin, { status: "approved" })
      const slow = yield* link({ type: "bancolombiaCollect" })
      yield* simulator.setPayinLinkStatus(slow.json.id, { status: "approved" })
      expect(yield* balances).toEqual([0, 70_000])
      yield* TestClock.setTime(Date.parse("2026-01-15T17:59:59Z"))
      expect(yield* balances).toEqual([0, 70_000])
      yield* TestClock.adjust("1 second")
      expect(yield* balances).toEqual([49_000, 20_000])
      const { json } = yield* get("/merchantAccounts/default/settlements")
      expect(json.items).toMatchObject([
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
      expect((yield* get(`/merchantAccounts/default/settlements/${settlement?.id}`)).json).toEqual(settlement)
      expect((yield* get(`/merchantAccounts/other/settlements/${settlement?.id}`)).status).toBe(404)
      const settled = yield* get(`/payinRequests?payinSettlementId=${settlement?.id}`)
      expect(settled.json.items.map((payin) => payin.id)).toEqual(payins)
      expect((yield* get(`/payinLinks?payinSettlementId=${settlement?.id}`)).json.items).toEqual([])
      yield* TestClock.setTime(Date.parse("2026-01-16T18:00:00Z"))
      expect(yield* balances).toEqual([68_500, 0])
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 0 } })))
  )

  it.effect("what is collected late on a Friday is settled on Monday's last cycle", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-01-17T02:00:00Z"))
      const simulator = yield* PalommaSimulator
      yield* simulator.setPayinStatus(yield* debit(yield* source), { status: "approved" })
      yield* TestClock.adjust("7 days")
      expect((yield* get("/merchantAccounts/default/settlements")).json.items).toMatchObject([
        { payinSettlementDate: "2026-01-19", payinSettlementCycle: 20 }
      ])
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect("a gateway hands its money over and does not pay out", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payinSourceId = yield* source
      const body = { payinSourceId, amount: 20_000, targetMerchantAccountId: "shop" }
      const payin = yield* post("/payinRequests", body)
      yield* simulator.setPayinStatus(payin.json.id, { status: "approved" })
      expect((yield* get("/merchantAccounts")).json.items).toMatchObject([
        { id: "default", type: "aggregator" },
        { id: "shop", type: "gateway", unsettledAmount: 20_000, payoutsEnabled: false }
      ])
      yield* simulator.settle("shop")
      expect(yield* simulator.ledger.balance("merchant-bank")).toBe(19_500)
      const drawn = { payoutTargetId: yield* target, amount: 5_000, sourceMerchantAccountId: "shop" }
      expect((yield* post("/payoutRequests", drawn)).json.message).toContain("does not pay out")
      expect((yield* Effect.flip(simulator.settle("nobody"))).message).toContain("no merchant account nobody")
      expect(yield* simulator.settle("shop")).toBeUndefined()
    }).pipe(Effect.provide(PalommaSimulator.layer({ gatewayAccounts: ["shop"] })))
  )

  it.effect("a payin that is taken back after its settlement comes off the balance", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payin = yield* debit(yield* source)
      yield* simulator.setPayinStatus(payin, { status: "approved" })
      yield* simulator.settle("default")
      expect(yield* balances).toEqual([19_500, 0])
      yield* simulator.setPayinStatus(payin, { status: "cancelled" })
      expect(yield* balances).toEqual([-500, 0])
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 0 } })))
  )

  it.effect("a payout that comes back, or turns out to be paid after all, moves its money with it", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { json } = yield* pay(yield* target)
      const at = (...places: ReadonlyArray<LedgerAccount>) => Effect.forEach(places, simulator.ledger.balance)
      const seen = at("available:default", "transit", "recipients", "fees")
      expect(yield* seen).toEqual([49_500, 50_500, 0, 0])
      yield* simulator.setPayoutStatus(json.id, { status: "approved" })
      expect(yield* seen).toEqual([49_500, 0, 50_000, 500])
      yield* simulator.setPayoutStatus(json.id, { status: "cancelled" })
      expect(yield* seen).toEqual([100_000, 0, 0, 0])
      yield* simulator.setPayoutStatus(json.id, { status: "approved" })
      yield* simulator.setPayoutStatus(json.id, { status: "approved" })
      expect(yield* seen).toEqual([49_500, 0, 50_000, 500])
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 100_000 } })))
  )
})
