import { it } from "@effect/vitest"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect } from "vitest"
import { ana, call, customer, get, nequi, pay, post, target, throughBothDoors } from "./support.ts"

describe("paying out", () => {
  throughBothDoors(
    "a customer, an account and a payout are made, found and listed",
    Effect.gen(function* () {
      const made = yield* post("/customers", { ...ana, reference: "ana" })
      expect(made.status).toBe(200)
      expect(made.json).toMatchObject({ ...ana, reference: "ana" })
      const customerId: string = made.json.id
      expect(customerId).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
      expect((yield* get(`/customers/${customerId}`)).json).toEqual(made.json)

      const account = yield* post("/payoutTargets", {
        customerId,
        redirectUrl: "https://example.com",
        type: "bankAccount",
        bankAccount: nequi,
        description: "Nequi de Ana"
      })
      expect(account.json).toMatchObject({
        status: "active",
        customerId,
        customerDetails: { name: ana.name },
        description: "Nequi de Ana",
        type: "bankAccount"
      })
      expect(account.text).not.toContain(nequi.bank)

      const payout = yield* pay(account.json.id, "r-1")
      expect(payout.json).toMatchObject({
        status: "processing",
        amount: 50_000,
        amountSent: 50_000,
        fee: 500,
        reference: "r-1",
        customerId,
        customerDetails: { documentNumber: ana.documentNumber },
        payoutTargetId: account.json.id,
        payoutTargetDetails: { description: "Nequi de Ana", type: "bankAccount" },
        sourceMerchantAccountId: "default"
      })
      expect(payout.json).not.toHaveProperty("statusMessage")
      expect((yield* get("/payoutRequests?reference=r-1")).json).toEqual({
        items: [payout.json],
        cursor: null,
        count: 1
      })
    })
  )

  throughBothDoors(
    "a payout moves when it is told to, and says why it was cancelled",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const account = yield* target
      const first: string = (yield* pay(account)).json.id
      const second: string = (yield* pay(account)).json.id
      yield* simulator.setPayoutStatus(first, { status: "approved" })
      yield* simulator.setPayoutStatus(second, { status: "cancelled", statusMessage: "INVALID_ACCOUNT" })
      expect((yield* get(`/payoutRequests/${first}`)).json).toMatchObject({ status: "approved", amountSent: 50_000 })
      expect((yield* get(`/payoutRequests/${second}`)).json).toMatchObject({
        status: "cancelled",
        amountSent: 0,
        statusMessage: "INVALID_ACCOUNT"
      })
      expect(yield* simulator.ledger.totalPaid).toBe(50_000)
      yield* simulator.setPayoutStatus(second, { status: "approved" })
      for (const id of [first, second]) {
        expect((yield* get(`/payoutRequests/${id}`)).json).not.toHaveProperty("statusMessage")
      }
    })
  )

  throughBothDoors(
    "two payouts with one reference are two payouts",
    Effect.gen(function* () {
      const { ledger } = yield* PalommaSimulator
      const account = yield* target
      yield* pay(account, "r-1")
      yield* pay(account, "r-1")
      expect(yield* ledger.payoutsByReference("r-1")).toHaveLength(2)
    })
  )

  it.effect("a payout is approved when processingTime has passed, and not before", () =>
    Effect.gen(function* () {
      const { json } = yield* pay(yield* target)
      yield* TestClock.adjust("1999 millis")
      expect((yield* get(`/payoutRequests/${json.id}`)).json.status).toBe("processing")
      yield* TestClock.adjust("1 millis")
      expect((yield* get(`/payoutRequests/${json.id}`)).json).toMatchObject({
        status: "approved",
        updatedAt: "1970-01-01T00:00:02.000Z"
      })
    }).pipe(Effect.provide(PalommaSimulator.layer({ processingTime: "2 seconds" })))
  )

  it.effect("processingTime does not change a payout whose status a control has changed", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { json } = yield* pay(yield* target)
      yield* simulator.setPayoutStatus(json.id, { status: "cancelled" })
      yield* TestClock.adjust("1 minute")
      expect((yield* get(`/payoutRequests/${json.id}`)).json.status).toBe("cancelled")
    }).pipe(Effect.provide(PalommaSimulator.layer({ processingTime: "2 seconds" })))
  )

  throughBothDoors(
    "an account waits for its verification where it is told to, and cannot be paid before",
    Effect.gen(function* () {
      const id = yield* target
      const { json } = yield* get(`/payoutTargets/${id}`)
      expect(json.status).toBe("pending")
      expect((yield* pay(id)).json).toEqual({ message: `payoutTargetId: payout target ${id} is pending` })
      const page = yield* get(json.authUrl)
      expect([page.status, page.headers["location"]]).toEqual([302, "https://example.com"])
      expect((yield* pay(id)).status).toBe(200)
    }),
    { requireTargetVerification: true }
  )
})

describe("what is refused", () => {
  throughBothDoors(
    "a body that is not as documented is refused with a message that names the field",
    Effect.gen(function* () {
      const id = yield* target
      const customerId = yield* customer
      const account = { customerId, redirectUrl: "https://example.com", type: "bankAccount", bankAccount: nequi }
      const cases: ReadonlyArray<readonly [path: string, body: unknown, message: string]> = [
        ["/payoutRequests", { payoutTargetId: id, amount: 1_000 }, "amount: must be a whole number of pesos"],
        ["/payoutRequests", { payoutTargetId: id, amount: 50_000.5 }, "amount: must be a whole number of pesos"],
        ["/payoutRequests", { payoutTargetId: id, amount: "50000" }, "amount: must be a whole number of pesos"],
        ["/payoutRequests", { payoutTargetId: id, amount: 5_000_001 }, "amount: must be a whole number of pesos"],
        [
          "/payoutRequests",
          { payoutTargetId: "01HPR", amount: 50_000 },
          "payoutTargetId: there is no payout target 01HPR"
        ],
        [
          "/payoutRequests",
          { payoutTargetId: id, amount: 50_000, sourceMerchantAccountId: "other" },
          "sourceMerchantAccountId: there is no merchant account other"
        ],
        ["/payoutTargets", { ...account, customerId: "01HPR" }, "customerId: there is no customer 01HPR"],
        [
          "/payoutTargets",
          { ...account, bankAccount: { ...nequi, bank: "bancolombi" } },
          "bankAccount.bank: must be a bank that Palomma pays out to"
        ],
        [
          "/payoutTargets",
          { ...account, bankAccount: { ...nequi, accountType: "current" } },
          "bankAccount.accountType:"
        ],
        ["/customers", { ...ana, documentType: "passport" }, "documentType:"],
        ["/customers", { ...ana, email: undefined }, "email:"]
      ]
      for (const [path, body, message] of cases) {
        const answer = yield* post(path, body)
        expect([message, answer.status, answer.json.message.includes(message)]).toEqual([message, 400, true])
      }
    })
  )

  throughBothDoors(
    "a wrong key, an unknown record and an unknown route are told apart",
    Effect.gen(function* () {
      const wrong = yield* get("/customers", "another-key")
      expect([wrong.status, wrong.json]).toEqual([401, { message: "The API key is missing or not valid" }])
      const nobody = yield* get("/customers/01HPR")
      expect([nobody.status, nobody.json]).toEqual([404, { message: "There is no customer 01HPR" }])
      const nowhere = yield* get("/invoices")
      expect([nowhere.status, nowhere.text]).toEqual([404, ""])
      const elsewhere = yield* get("http://localhost/v1/customers").pipe(Effect.orElseSucceed(() => nowhere))
      expect(elsewhere.status).toBe(404)
    })
  )

  throughBothDoors(
    "a wrong key is refused before the body is looked at, and nothing is made",
    Effect.gen(function* () {
      expect((yield* post("/customers", {}, "another-key")).status).toBe(401)
      expect((yield* get("/customers")).json.count).toBe(0)
    })
  )

  it.effect("a payout that the account cannot cover is refused", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const id = yield* target
      expect((yield* pay(id, "r", 50_000)).status).toBe(400)
      yield* simulator.setBalance("default", 50_500)
      expect((yield* pay(id, "r", 50_000)).status).toBe(200)
      expect(yield* simulator.ledger.balance("available:default")).toBe(0)
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 50_499 } })))
  )

  it.effect("a merchant with limits and banks of its own is served accordingly", () =>
    Effect.gen(function* () {
      const customerId = yield* customer
      const account = yield* post("/payoutTargets", {
        customerId,
        redirectUrl: "https://example.com",
        type: "bankAccount",
        bankAccount: { ...nequi, bank: "bancodelfuturo" }
      })
      expect(account.status).toBe(200)
      expect((yield* pay(account.json.id, "r", 5_000_001)).status).toBe(200)
    }).pipe(
      Effect.provide(
        PalommaSimulator.layer({
          limits: { payout: { atMost: 10_000_000 } },
          extra: { payoutBanks: ["bancodelfuturo"] }
        })
      )
    )
  )

  it.effect("a merchant with types of its own is served accordingly, whatever else such a body holds", () =>
    Effect.gen(function* () {
      const common = { customerId: yield* customer, redirectUrl: "https://example.com", phoneNumber: "3013111111" }
      const account = yield* post("/payoutTargets", { ...common, type: "breb", bankAccount: { key: "@ana" } })
      expect(account.json).toMatchObject({ type: "breb", status: "active" })
      expect(account.text).not.toContain("@ana")
      expect((yield* pay(account.json.id, "r", 5_000)).status).toBe(200)
      expect((yield* post("/payinSources", { ...common, type: "brebToken" })).json).toMatchObject({ type: "brebToken" })
      expect((yield* post("/payoutTargets", { ...common, type: "brebToken" })).status).toBe(400)
      expect((yield* post("/payinSources", { ...common, type: "breb" })).status).toBe(400)
    }).pipe(
      Effect.provide(
        PalommaSimulator.layer({ extra: { payoutTargetTypes: ["breb"], payinSourceTypes: ["brebToken"] } })
      )
    )
  )
})

describe("time and chance", () => {
  const transcript = (seed: string | number) =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const lines: Array<string> = []
      const note = (method: "GET" | "POST", path: string, body?: unknown) =>
        call(method, path, body).pipe(
          Effect.tap(({ status, text }) => Effect.sync(() => lines.push(`${method} ${path} ${status} ${text}`))),
          Effect.tapError((error) => Effect.sync(() => lines.push(`${method} ${path} ${error.message}`))),
          Effect.option
        )
      yield* note("POST", "/customers", ana)
      const id = yield* target.pipe(Effect.retry({ times: 50 }))
      for (let i = 0; i < 30; i++) {
        yield* Effect.forkChild(
          note("POST", "/payoutRequests", { payoutTargetId: id, amount: 50_000, reference: `${i}` })
        )
        yield* TestClock.adjust("3 seconds")
      }
      yield* note("GET", "/payoutRequests?limit=100")
      const events = yield* simulator.webhooks.take
      return [...lines, ...events.map((event) => event.headers["x-signature"])]
    }).pipe(Effect.provide(PalommaSimulator.layer({ seed, faultRate: 0.3, processingTime: "7 seconds" })))

  it.effect("two simulators with one seed give one transcript, faults and webhooks included", () =>
    Effect.gen(function* () {
      const run = (seed: number) => Effect.provide(transcript(seed), TestClock.layer(), { local: true })
      const one = yield* run(1)
      const again = yield* run(1)
      const other = yield* run(2)
      expect(one.length).toBeGreaterThan(30)
      expect(again).toEqual(one)
      expect(other).not.toEqual(one)
    })
  )

  it.effect("without a seed the program's own Random decides", () =>
    Effect.gen(function* () {
      const id = customer.pipe(Effect.provide(PalommaSimulator.layer(), { local: true }))
      const seeded = Random.withSeed(id, "a")
      expect(yield* seeded).toBe(yield* seeded)
      expect(yield* seeded).not.toBe(yield* Random.withSeed(id, "b"))
    })
  )

  it("everything in process is synchronous", () => {
    const id = Effect.runSync(target.pipe(Effect.provide(PalommaSimulator.layer())))
    expect(id).toHaveLength(26)
  })
})

describe("the ledger", () => {
  throughBothDoors(
    "it holds every request that was received whole, with its body, and nothing of the controls",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const account = yield* target
      yield* pay(account, "r-1")
      yield* pay(account, "r-2", 900)
      yield* get("/nowhere")
      const all = yield* simulator.ledger.requests()
      expect(all.map(({ operation }) => operation)).toEqual([
        "customers.create",
        "payoutTargets.create",
        "payoutRequests.create",
        "payoutRequests.create",
        undefined
      ])
      const payouts = yield* simulator.ledger.requests({ operation: "payoutRequests.create" })
      expect(payouts.map(({ body, method, url }) => [method, url, JSON.parse(body).reference])).toEqual([
        ["POST", "/v0/payoutRequests", "r-1"],
        ["POST", "/v0/payoutRequests", "r-2"]
      ])
      expect(yield* simulator.ledger.payouts).toHaveLength(1)
    })
  )

  it.effect("it never prints the key", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      yield* customer
      const [request] = yield* simulator.ledger.requests()
      expect(JSON.stringify(request?.headers)).not.toContain("sim-key")
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})

describe("layers", () => {
  it.effect("the two doors lead to one state", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const id = yield* customer.pipe(Effect.provideService(HttpClient.HttpClient, simulator.httpClient))
      const { status } = yield* Effect.promise(() =>
        fetch(`${simulator.url}/customers/${id}`, { headers: { authorization: "Bearer sim-key" } })
      )
      expect(status).toBe(200)
    }).pipe(Effect.provide(layerServer()))
  )

  it.live("an interrupted call in process is interrupted, whatever region it is in", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { hang } = yield* Effect.promise(() => import("@palomma-effect/testing/Fault"))
      yield* simulator.fault({ kind: hang() })
      const fiber = yield* Effect.forkChild(get("/customers"))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      expect(fiber.pollUnsafe()?._tag).toBe("Failure")
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.live("a second server on the same port is refused", () =>
    Effect.gen(function* () {
      const { url } = yield* PalommaSimulator
      const taken = layerServer({ port: Number(new URL(url).port) })
      const error = yield* Effect.flip(Effect.scoped(Layer.build(taken)))
      expect(error._tag).toBe("ServeError")
    }).pipe(Effect.provide(layerServer()))
  )
})
