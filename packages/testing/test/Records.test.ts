import { it } from "@effect/vitest"
import { unrecognized } from "@palomma-effect/schema"
import { PalommaSimulator, type LedgerAccount } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect } from "vitest"
import { get, pay, post, target, throughBothDoors } from "./support.ts"

const at = (...places: ReadonlyArray<LedgerAccount>) =>
  Effect.flatMap(PalommaSimulator, ({ ledger }) => Effect.forEach(places, ledger.balance))

const balances = at("available:default", "transit", "recipients", "fees")

describe("a server that stores something else than was sent", () => {
  throughBothDoors(
    "every answer shows what was stored, and a filter finds it by that alone",
    Effect.gen(function* () {
      const { setPayoutStatus, webhooks } = yield* PalommaSimulator
      const account = yield* target
      const { json } = yield* pay(account, "Salary-1", 50_000)
      const stored = { reference: "SALARY-1", amount: 49_500 }
      expect(json).toMatchObject(stored)
      expect((yield* get(`/payoutRequests/${json.id}`)).json).toMatchObject(stored)
      expect((yield* get("/payoutRequests")).json.items).toMatchObject([stored])
      expect((yield* get("/payoutRequests?reference=SALARY-1")).json.items).toMatchObject([stored])
      expect((yield* get("/payoutRequests?reference=Salary-1")).json.items).toEqual([])
      yield* setPayoutStatus(json.id, { status: "approved" })
      expect(yield* webhooks.events).toMatchObject([{ event: stored }])
    }),
    { storeAs: { reference: "upper-case", amount: { add: -500 } } }
  )

  throughBothDoors(
    "the ledger finds payouts and payins by the reference that was sent, whatever was stored",
    Effect.gen(function* () {
      const { addPayinSource, ledger } = yield* PalommaSimulator
      const account = yield* target
      const source = yield* addPayinSource()
      yield* pay(account, "r-1")
      yield* pay(account, "r-1")
      yield* pay(account, "r-2")
      yield* post("/payinRequests", { payinSourceId: source.id, amount: 20_000, reference: "r-1" })
      const paid = yield* ledger.payoutsByReference("r-1")
      expect(paid.map(({ reference }) => reference)).toEqual([undefined, undefined])
      expect(yield* ledger.payinsByReference("r-1")).toHaveLength(1)
      expect(yield* ledger.payoutsByTarget(account)).toHaveLength(3)
      expect(yield* ledger.payinsBySource(source.id)).toHaveLength(1)
      expect(yield* ledger.payoutsByReference("r-3")).toEqual([])
      expect(yield* ledger.payoutsByTarget(source.id)).toEqual([])
    }),
    { storeAs: { reference: "remove" } }
  )

  it.effect("a reference is stored so in every kind of record", () =>
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
        expect([path, (yield* get(`${path}?reference=abc`)).json.count]).toEqual([path, 1])
      }
    }).pipe(Effect.provide(PalommaSimulator.layer({ storeAs: { reference: { cut: 3 } } })))
  )
})

describe("which request made a record", () => {
  throughBothDoors(
    "is known of every record that was made through the API, and of no other",
    Effect.gen(function* () {
      const { addPayoutRequest, ledger } = yield* PalommaSimulator
      const account = yield* target
      yield* pay(account, "refused", 1)
      const { json } = yield* pay(account, "r-1")
      const added = yield* addPayoutRequest({ payoutTargetId: account })
      const number = yield* ledger.createdBy(json.id)
      const request = (yield* ledger.requests()).find((received) => received.number === number)
      expect(request?.body).toContain('"reference":"r-1"')
      expect(yield* ledger.createdBy(account)).toBe(2)
      expect(yield* ledger.createdBy(added.id)).toBeUndefined()
    })
  )
})

describe("a record that was made in the dashboard", () => {
  throughBothDoors(
    "a payout has any reference, amount, target and status, and its money moves",
    Effect.gen(function* () {
      const { addPayoutRequest, ledger, webhooks } = yield* PalommaSimulator
      const account = yield* target
      const made = yield* addPayoutRequest({
        payoutTargetId: account,
        amount: 70,
        reference: " not a reference\n",
        status: "approved"
      })
      expect((yield* get(`/payoutRequests/${made.id}`)).json).toMatchObject({
        payoutTargetId: account,
        amount: 70,
        amountSent: 70,
        reference: " not a reference\n",
        status: "approved",
        customerDetails: { name: "Ana María Rojas" }
      })
      expect(yield* ledger.payoutsByReference(" not a reference\n")).toEqual([made])
      expect(yield* balances).toEqual([99_430, 0, 70, 500])
      expect(yield* webhooks.events).toHaveLength(1)
      expect((yield* addPayoutRequest()).status).toBe("processing")
      expect((yield* addPayoutRequest({ payoutTargetId: "not there" })).payoutTargetId).toBe("not there")
      expect((yield* addPayoutRequest({ status: unrecognized("held") })).status).toBe("held")
      expect(yield* addPayoutRequest({ status: "cancelled", statusMessage: "INVALID_ACCOUNT" })).toMatchObject({
        statusMessage: "INVALID_ACCOUNT",
        amountSent: 0
      })
      expect(yield* ledger.payouts).toHaveLength(5)
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
      expect((yield* get(`/payinRequests/${made.id}`)).json).toMatchObject({
        payinSourceId: source.id,
        amount: 90,
        amountCollected: 40,
        reference: "A",
        status: "partial",
        payinSourceDetails: { reference: "card" }
      })
      expect(yield* ledger.payinsByReference("A")).toEqual([made])
      expect(yield* at("payers", "unsettled:default")).toEqual([-40, 40])
      expect(yield* webhooks.events).toHaveLength(1)
      expect((yield* addPayinRequest()).status).toBe("processing")
      expect((yield* addPayinRequest({ payinSourceId: "not there" })).payinSourceId).toBe("not there")
      expect(yield* ledger.payins).toHaveLength(3)
    })
  )

  it.effect("a payout that was made there ends by itself as others do", () =>
    Effect.gen(function* () {
      const { addPayinRequest, addPayoutRequest } = yield* PalommaSimulator
      const payout = yield* addPayoutRequest()
      const payin = yield* addPayinRequest()
      yield* TestClock.adjust("1 minute")
      expect((yield* get(`/payoutRequests/${payout.id}`)).json.status).toBe("approved")
      expect((yield* get(`/payinRequests/${payin.id}`)).json.status).toBe("approved")
    }).pipe(Effect.provide(PalommaSimulator.layer({ processingTime: "1 minute" })))
  )
})

describe("a payout that comes back", () => {
  const comesBack = (name: string, how: Parameters<PalommaSimulator["Service"]["returnPayout"]>[1], expected: object) =>
    throughBothDoors(
      name,
      Effect.gen(function* () {
        const { returnPayout, setPayoutStatus, webhooks } = yield* PalommaSimulator
        const { json } = yield* pay(yield* target, "r-1")
        yield* setPayoutStatus(json.id, { status: "approved" })
        expect(yield* balances).toEqual([49_500, 0, 50_000, 500])
        yield* returnPayout(json.id, how)
        expect(yield* balances).toEqual([100_000, 0, 0, 0])
        const shown = (yield* get(`/payoutRequests/${json.id}`)).json
        expect(shown).toMatchObject({ ...expected, amount: 50_000, amountSent: 0 })
        expect((yield* webhooks.events).map(({ event }) => event)).toMatchObject([{ status: "approved" }, expected])
        yield* setPayoutStatus(json.id, { status: "approved" })
        expect(yield* balances).toEqual([49_500, 0, 50_000, 500])
        yield* setPayoutStatus(json.id, { status: "cancelled" })
        expect(yield* balances).toEqual([100_000, 0, 0, 0])
      }),
      { balances: { default: 100_000 } }
    )
  comesBack("as cancelled", undefined, { status: "cancelled", statusMessage: "ERROR" })
  comesBack(
    "as cancelled, with the bank's reason",
    { statusMessage: "INVALID_ACCOUNT" },
    { statusMessage: "INVALID_ACCOUNT" }
  )
  comesBack("under a status that nobody documented", { status: unrecognized("returned") }, { status: "returned" })

  it.effect("a payout under a status that nobody documented is on its way, unless it came back", () =>
    Effect.gen(function* () {
      const { addPayoutRequest, returnPayout } = yield* PalommaSimulator
      const { id } = yield* addPayoutRequest({ status: unrecognized("held") })
      expect(yield* balances).toEqual([49_500, 50_500, 0, 0])
      yield* returnPayout(id, { status: unrecognized("returned") })
      yield* returnPayout(id)
      expect(yield* balances).toEqual([100_000, 0, 0, 0])
      expect((yield* Effect.flip(returnPayout("01HPR"))).message).toBe(
        "The simulator has no payout request 01HPR. Use an id or a URL that this simulator returned."
      )
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 100_000 } })))
  )
})
