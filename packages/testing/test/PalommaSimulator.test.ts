import { assert, describe, it } from "@effect/vitest"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import {
  ana,
  type Answer,
  assertHas,
  call,
  customer,
  get,
  nequi,
  pay,
  post,
  target,
  throughBothDoors
} from "./support.ts"

describe("paying out", () => {
  throughBothDoors(
    "a customer, a payout target and a payout are made, found and listed",
    Effect.gen(function* () {
      const made = yield* post("/customers", { ...ana, reference: "ana" })
      assert.strictEqual(made.status, 200)
      assertHas(made.json, { ...ana, reference: "ana" })
      const customerId: string = made.json.id
      assert.match(customerId, /^[0-9A-HJKMNP-TV-Z]{26}$/)
      assert.deepStrictEqual((yield* get(`/customers/${customerId}`)).json, made.json)

      const account = yield* post("/payoutTargets", {
        customerId,
        redirectUrl: "https://example.com",
        type: "bankAccount",
        bankAccount: nequi,
        description: "Nequi de Ana"
      })
      assertHas(account.json, {
        status: "active",
        customerId,
        customerDetails: { name: ana.name },
        description: "Nequi de Ana",
        type: "bankAccount"
      })
      assert.notInclude(account.text, nequi.bank)

      const payout = yield* pay(account.json.id, "r-1")
      assertHas(payout.json, {
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
      assert.notProperty(payout.json, "statusMessage")
      assert.deepStrictEqual<unknown>((yield* get("/payoutRequests?reference=r-1")).json, {
        items: [payout.json],
        cursor: null,
        count: 1
      })
    })
  )

  throughBothDoors(
    "a payout changes its status on command, with the reason of a cancellation",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const account = yield* target
      const first: string = (yield* pay(account)).json.id
      const second: string = (yield* pay(account)).json.id
      yield* simulator.setPayoutStatus(first, { status: "approved" })
      yield* simulator.setPayoutStatus(second, { status: "cancelled", statusMessage: "INVALID_ACCOUNT" })
      assertHas((yield* get(`/payoutRequests/${first}`)).json, { status: "approved", amountSent: 50_000 })
      assertHas((yield* get(`/payoutRequests/${second}`)).json, {
        status: "cancelled",
        amountSent: 0,
        statusMessage: "INVALID_ACCOUNT"
      })
      assert.strictEqual(yield* simulator.ledger.totalPaid, 50_000)
      yield* simulator.setPayoutStatus(second, { status: "approved" })
      for (const id of [first, second]) {
        assert.notProperty((yield* get(`/payoutRequests/${id}`)).json, "statusMessage")
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
      assert.lengthOf(yield* ledger.payoutsByReference("r-1"), 2)
    })
  )

  it.effect("a payout is approved when processingTime has passed, and not before", () =>
    Effect.gen(function* () {
      const { json } = yield* pay(yield* target)
      yield* TestClock.adjust("1999 millis")
      assert.strictEqual((yield* get(`/payoutRequests/${json.id}`)).json.status, "processing")
      yield* TestClock.adjust("1 millis")
      assertHas((yield* get(`/payoutRequests/${json.id}`)).json, {
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
      assert.strictEqual((yield* get(`/payoutRequests/${json.id}`)).json.status, "cancelled")
    }).pipe(Effect.provide(PalommaSimulator.layer({ processingTime: "2 seconds" })))
  )

  throughBothDoors(
    "a payout target waits for its verification if required, and cannot be paid before",
    Effect.gen(function* () {
      const id = yield* target
      const { json } = yield* get(`/payoutTargets/${id}`)
      assert.strictEqual(json.status, "pending")
      assert.deepStrictEqual<unknown>((yield* pay(id)).json, {
        message: `payoutTargetId: payout target ${id} is pending`
      })
      const page = yield* get(json.authUrl)
      assert.deepStrictEqual([page.status, page.headers["location"]], [302, "https://example.com"])
      assert.strictEqual((yield* pay(id)).status, 200)
    }),
    { requireTargetVerification: true }
  )
})

describe("lists", () => {
  throughBothDoors(
    "a list has pages of twenty by default, and ends with a null cursor",
    Effect.gen(function* () {
      const id = yield* target
      for (let i = 1; i <= 45; i++) yield* pay(id, `r-${i}`)
      const seen: Array<string> = []
      const sizes: Array<number> = []
      let cursor: string | null = ""
      while (cursor !== null) {
        const page: Answer = yield* get(`/payoutRequests${cursor === "" ? "" : `?cursor=${cursor}`}`)
        for (const item of page.json.items) seen.push(item.reference)
        sizes.push(page.json.count)
        cursor = page.json.cursor
      }
      assert.deepStrictEqual(sizes, [20, 20, 5])
      assert.deepStrictEqual(
        seen,
        Array.from({ length: 45 }, (_, i) => `r-${i + 1}`)
      )
      assert.lengthOf((yield* get("/payoutRequests?limit=100")).json.items, 45)
      assert.isNull((yield* get("/payoutRequests?limit=45")).json.cursor)
      assert.match(`${(yield* get("/payoutRequests?limit=44")).json.cursor}`, /^[0-9a-f]+$/)
    })
  )

  throughBothDoors(
    "filters are exact and combine, also across pages",
    Effect.gen(function* () {
      const one = yield* target
      const other = yield* target
      for (const reference of ["a", "b", "a", "A", "a.", "aa"]) yield* pay(one, reference)
      yield* pay(other, "a")
      const find = (query: string) => Effect.map(get(`/payoutRequests?${query}`), ({ json }) => json)
      assert.lengthOf((yield* find("reference=a")).items, 3)
      assert.lengthOf((yield* find(`reference=a&payoutTargetId=${one}`)).items, 2)
      assert.lengthOf((yield* find(`payoutTargetId=${other}`)).items, 1)
      assert.deepStrictEqual((yield* find("reference=nobody")).items, [])
      const first = yield* find("reference=a&limit=2")
      const second = yield* find(`reference=a&limit=2&cursor=${first.cursor}`)
      assert.deepStrictEqual([first.items.length, second.items.length, second.cursor], [2, 1, null])
      // The third "a" is after the cursor, with any filter.
      const rest = yield* find(`limit=20&cursor=${first.cursor}`)
      assert.deepStrictEqual(
        rest.items.map(({ reference }) => reference),
        ["A", "a.", "aa", "a"]
      )
    })
  )

  throughBothDoors(
    "a limit out of bounds and a cursor of another list are rejected",
    Effect.gen(function* () {
      const id = yield* target
      for (let i = 0; i < 2; i++) yield* pay(id)
      const { json } = yield* get("/payoutRequests?limit=1")
      for (const query of ["limit=0", "limit=101", "limit=ten", "cursor=zz", "cursor="]) {
        const answer = yield* get(`/payoutRequests?${query}`)
        assert.deepStrictEqual([query, answer.status, typeof answer.json.message], [query, 400, "string"])
      }
      assert.strictEqual((yield* get(`/customers?cursor=${json.cursor}`)).status, 400)
    })
  )
})

describe("time and randomness", () => {
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

  it.effect("two simulators with one seed give the same results, including faults and webhooks", () =>
    Effect.gen(function* () {
      const run = (seed: number) => Effect.provide(transcript(seed), TestClock.layer(), { local: true })
      const one = yield* run(1)
      const again = yield* run(1)
      const other = yield* run(2)
      assert.isAbove(one.length, 30)
      assert.deepStrictEqual(again, one)
      assert.notDeepEqual(other, one)
    })
  )

  it.effect("without a seed the program's own Random is used", () =>
    Effect.gen(function* () {
      const id = customer.pipe(Effect.provide(PalommaSimulator.layer(), { local: true }))
      const seeded = Random.withSeed(id, "a")
      assert.strictEqual(yield* seeded, yield* seeded)
      assert.notStrictEqual(yield* seeded, yield* Random.withSeed(id, "b"))
    })
  )

  it("each call in process is synchronous", () => {
    const id = Effect.runSync(target.pipe(Effect.provide(PalommaSimulator.layer())))
    assert.lengthOf(id, 26)
  })
})

describe("the ledger", () => {
  throughBothDoors(
    "has every request that was received completely, with its body, and no request of the controls",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const account = yield* target
      yield* pay(account, "r-1")
      yield* pay(account, "r-2", 900)
      yield* get("/nowhere")
      const all = yield* simulator.ledger.requests
      assert.deepStrictEqual(
        all.map(({ operation }) => operation),
        ["customers.create", "payoutTargets.create", "payoutRequests.create", "payoutRequests.create", undefined]
      )
      const payouts = yield* simulator.ledger.requestsByOperation("payoutRequests.create")
      assert.deepStrictEqual(
        payouts.map(({ body, method, url }) => [method, url, JSON.parse(body).reference]),
        [
          ["POST", "/v0/payoutRequests", "r-1"],
          ["POST", "/v0/payoutRequests", "r-2"]
        ]
      )
      assert.lengthOf(yield* simulator.ledger.payouts, 1)
    })
  )

  it.effect("never prints the key", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      yield* customer
      const [request] = yield* simulator.ledger.requests
      assert.notInclude(JSON.stringify(request?.headers), "sim-key")
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})

describe("layers", () => {
  it.effect("the in-process client and the server share one state", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const id = yield* customer.pipe(Effect.provideService(HttpClient.HttpClient, simulator.httpClient))
      const { status } = yield* Effect.promise(() =>
        fetch(`${simulator.url}/customers/${id}`, { headers: { authorization: "Bearer sim-key" } })
      )
      assert.strictEqual(status, 200)
    }).pipe(Effect.provide(layerServer()))
  )

  it.live("an interrupted call in process is interrupted, in any region", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { hang } = yield* Effect.promise(() => import("@palomma-effect/testing/Fault"))
      yield* simulator.fault({ kind: hang() })
      const fiber = yield* Effect.forkChild(get("/customers"))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(fiber.pollUnsafe()?._tag, "Failure")
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.live("a second server on the same port fails", () =>
    Effect.gen(function* () {
      const { url } = yield* PalommaSimulator
      const taken = layerServer({ port: Number(new URL(url).port) })
      const error = yield* Effect.flip(Effect.scoped(Layer.build(taken)))
      assert.strictEqual(error._tag, "ServeError")
    }).pipe(Effect.provide(layerServer()))
  )
})
