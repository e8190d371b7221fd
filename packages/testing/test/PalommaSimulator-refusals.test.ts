import { assert, describe, it } from "@effect/vitest"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { ana, assertHas, customer, get, nequi, pay, post, target, throughBothDoors } from "./support.ts"

describe("invalid requests", () => {
  throughBothDoors(
    "a body that is not as documented is rejected with a message that names the field",
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
        assert.deepStrictEqual([message, answer.status, answer.json.message.includes(message)], [message, 400, true])
      }
    })
  )

  throughBothDoors(
    "a wrong key, an unknown record and an unknown route have different errors",
    Effect.gen(function* () {
      const wrong = yield* get("/customers", "another-key")
      assert.deepStrictEqual([wrong.status, wrong.json], [401, { message: "The API key is missing or not valid" }])
      const nobody = yield* get("/customers/01HPR")
      assert.deepStrictEqual([nobody.status, nobody.json], [404, { message: "There is no customer 01HPR" }])
      const nowhere = yield* get("/invoices")
      assert.deepStrictEqual([nowhere.status, nowhere.text], [404, ""])
      const elsewhere = yield* get("http://localhost/v1/customers").pipe(Effect.orElseSucceed(() => nowhere))
      assert.strictEqual(elsewhere.status, 404)
    })
  )

  throughBothDoors(
    "a wrong key is rejected before the body is read, and nothing is made",
    Effect.gen(function* () {
      assert.strictEqual((yield* post("/customers", {}, "another-key")).status, 401)
      assert.strictEqual((yield* get("/customers")).json.count, 0)
    })
  )

  it.effect("a payout above the balance of the account is rejected", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const id = yield* target
      assert.strictEqual((yield* pay(id, "r", 50_000)).status, 400)
      yield* simulator.setBalance("default", 50_500)
      assert.strictEqual((yield* pay(id, "r", 50_000)).status, 200)
      assert.strictEqual(yield* simulator.ledger.balance("available:default"), 0)
    }).pipe(Effect.provide(PalommaSimulator.layer({ balances: { default: 50_499 } })))
  )

  it.effect("a merchant can have other limits and banks", () =>
    Effect.gen(function* () {
      const customerId = yield* customer
      const account = yield* post("/payoutTargets", {
        customerId,
        redirectUrl: "https://example.com",
        type: "bankAccount",
        bankAccount: { ...nequi, bank: "bancodelfuturo" }
      })
      assert.strictEqual(account.status, 200)
      assert.strictEqual((yield* pay(account.json.id, "r", 5_000_001)).status, 200)
    }).pipe(
      Effect.provide(
        PalommaSimulator.layer({
          limits: { payout: { atMost: 10_000_000 } },
          extra: { payoutBanks: ["bancodelfuturo"] }
        })
      )
    )
  )

  it.effect("a merchant can have other types, with any other fields in such a body", () =>
    Effect.gen(function* () {
      const common = { customerId: yield* customer, redirectUrl: "https://example.com", phoneNumber: "3013111111" }
      const account = yield* post("/payoutTargets", { ...common, type: "breb", bankAccount: { key: "@ana" } })
      assertHas(account.json, { type: "breb", status: "active" })
      assert.notInclude(account.text, "@ana")
      assert.strictEqual((yield* pay(account.json.id, "r", 5_000)).status, 200)
      assertHas((yield* post("/payinSources", { ...common, type: "brebToken" })).json, { type: "brebToken" })
      assert.strictEqual((yield* post("/payoutTargets", { ...common, type: "brebToken" })).status, 400)
      assert.strictEqual((yield* post("/payinSources", { ...common, type: "breb" })).status, 400)
    }).pipe(
      Effect.provide(
        PalommaSimulator.layer({ extra: { payoutTargetTypes: ["breb"], payinSourceTypes: ["brebToken"] } })
      )
    )
  )
})
