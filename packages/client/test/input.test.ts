/**
 * What is refused before anything is sent: every problem is reported with its field, its code and what would be valid.
 */
import { assert, describe, it } from "@effect/vitest"
import { Customers, PayoutRequests } from "@palomma-effect/client"
import { type CreateCustomer, type CreatePayoutRequest, Pesos } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import { isSent, listPayouts, payout, problemsOf, target } from "./support/inputs.ts"
import { call, creates } from "./support/operations.ts"
import { failure, stub } from "./support/stub.ts"

const atMost = (limit: number) => ({
  rule: `must be a whole number of pesos (never cents) above 1.000 and at most ${Pesos.group(limit)}`,
  parameters: { above: 1_000, atMost: limit }
})

describe("the amount of a payout", () => {
  it.effect.each([
    1_000,
    999.99,
    900,
    1,
    0,
    -0,
    -1,
    -50_000,
    5_000_001,
    50_000_000,
    1e21,
    1_000.5,
    50_000.01,
    0.1 + 0.2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.MIN_VALUE,
    Number.MAX_VALUE,
    2 ** 53,
    "50000",
    "50.000",
    "$ 50.000",
    "",
    " ",
    null,
    true,
    [50_000],
    { value: 50_000 },
    50_000n,
    Object(50_000),
    new Date(50_000)
  ])("is refused if it is %s", (amount) =>
    Effect.gen(function* () {
      const { outcome, problems } = yield* problemsOf(payout({ amount }))
      assert.deepStrictEqual(problems, [{ field: "amount", code: "amount", ...atMost(5_000_000) }])
      assert.strictEqual(outcome, "not-sent")
    })
  )

  it.effect.each([1_001, 50_000, 4_999_999, 5_000_000])("is sent if it is %s", (amount) =>
    Effect.map(isSent(payout({ amount })), (sent) => assert.isTrue(sent))
  )

  it.effect("is refused if it is missing", () =>
    Effect.gen(function* () {
      const body: unknown = { payoutTargetId: "01H" }
      const { problems } = yield* problemsOf(
        PayoutRequests.use((payouts) => payouts.create(body as CreatePayoutRequest))
      )
      assert.deepStrictEqual(problems, [{ field: "amount", code: "required", rule: "is missing" }])
    })
  )

  it.effect("is checked against the merchant's own limit", () =>
    Effect.gen(function* () {
      const options = { limits: { payout: { atMost: 20_000_000 } } }
      assert.isTrue(yield* isSent(payout({ amount: 20_000_000 }), options))
      const { problems } = yield* problemsOf(payout({ amount: 20_000_001 }), options)
      assert.deepStrictEqual(problems, [{ field: "amount", code: "amount", ...atMost(20_000_000) }])
      const lower = yield* problemsOf(payout({ amount: 10_001 }), { limits: { payout: { atMost: 10_000 } } })
      assert.deepStrictEqual(lower.problems, [{ field: "amount", code: "amount", ...atMost(10_000) }])
    })
  )
})

describe("the bank of a payout target", () => {
  it.effect.each([
    ["bancolombi", "bancolombia"],
    ["Bancolombia", "bancolombia"],
    ["bancolombia ", "bancolombia"],
    ["bancolombai", "bancolombia"],
    ["NEQUI", "nequi"],
    ["davi plata", "daviplata"],
    ["itaú", "itau"],
    ["banco de bogotá", "bancodebogota"]
  ])("is refused if it is %j, and %s is suggested", ([bank, suggested]) =>
    Effect.gen(function* () {
      const { message, problems } = yield* problemsOf(target({}, { bank }))
      assert.deepStrictEqual(problems, [
        {
          field: "bankAccount.bank",
          code: "bank",
          rule: `must be a bank that Palomma pays out to; did you mean "${suggested}"?`,
          parameters: { list: "PayoutBank", suggestion: suggested ?? "" }
        }
      ])
      assert.include(message, `did you mean "${suggested}"?`)
    })
  )

  it.effect.each(["qqqqqqqq", "the bank", "\u0000", "1007", "x".repeat(100_000)])(
    "is refused if it resembles no bank, and the list is named: %j",
    (bank) =>
      Effect.gen(function* () {
        const { problems } = yield* problemsOf(target({}, { bank }))
        assert.deepStrictEqual(problems, [
          {
            field: "bankAccount.bank",
            code: "bank",
            rule: "must be a bank that Palomma pays out to: PayoutBank.values lists them",
            parameters: { list: "PayoutBank" }
          }
        ])
      })
  )

  it.effect.each([null, 1007, {}, [], true, Object("nequi")])("is refused if it is not text: %j", (bank) =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(target({}, { bank }))
      assert.deepStrictEqual(
        problems.map(({ field }) => field),
        ["bankAccount.bank"]
      )
    })
  )

  it.effect("may be one that Palomma enabled for this merchant", () =>
    Effect.gen(function* () {
      const options = { extra: { payoutBanks: ["bancodelfuturo"] } }
      assert.isTrue(yield* isSent(target({}, { bank: "bancodelfuturo" }), options))
      assert.isTrue(yield* isSent(target({}, { bank: "nequi" }), options))
      yield* problemsOf(target({}, { bank: "bancodelfuturo" }))
      yield* problemsOf(target({}, { bank: "bancodelpasado" }), options)
    })
  )
})

describe("an id in a body or a filter", () => {
  it.effect.each(["payoutTargetId", "sourceMerchantAccountId"])("is refused if it is empty: %s", (field) =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(payout({ [field]: "" }))
      assert.deepStrictEqual(problems, [{ field, code: "non-empty", rule: "must be a non-empty string" }])
    })
  )

  it.effect("is refused if it is empty in a filter", () =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(listPayouts({ customerId: "", payoutTargetId: "" }))
      assert.deepStrictEqual(problems, [
        { field: "customerId", code: "non-empty", rule: "must be a non-empty string" },
        { field: "payoutTargetId", code: "non-empty", rule: "must be a non-empty string" }
      ])
    })
  )
})

describe("a query", () => {
  it.effect.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "20", null, 1e9])(
    "is refused if its limit is %s",
    (limit) =>
      Effect.gen(function* () {
        const { outcome, problems } = yield* problemsOf(listPayouts({ limit }))
        assert.deepStrictEqual(problems, [
          { field: "limit", code: "page-limit", rule: "must be a whole number from 1 to 100" }
        ])
        assert.strictEqual(outcome, "none")
      })
  )

  it.effect.each(["", null, 5])("is refused if its cursor is %j", (cursor) =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(listPayouts({ cursor }))
      assert.deepStrictEqual(problems, [
        { field: "cursor", code: "page-cursor", rule: "must be the cursor of the previous page" }
      ])
    })
  )

  it.effect("is refused if it has an unknown filter: a misspelt one would list everything", () =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(listPayouts({ refrence: "r-1" }))
      assert.deepStrictEqual(problems, [
        { field: "refrence", code: "unknown-field", rule: "is not a field of this request" }
      ])
    })
  )

  it.effect("omits fields that are undefined", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 400 })
      yield* failure(
        listPayouts({ reference: undefined, limit: undefined, cursor: undefined, customerId: undefined }),
        palomma
      )
      assert.strictEqual(palomma.requests[0]?.url.search, "")
    })
  )
})

describe("a body", () => {
  it.effect("gets all of its problems reported together", () =>
    Effect.gen(function* () {
      const { message, problems } = yield* problemsOf(
        target(
          { customerId: "", redirectUrl: "", type: "card", reference: "a\nb", colour: "red" },
          {
            bank: "bancolombi",
            accountType: "current",
            accountNumber: ""
          }
        )
      )
      assert.deepStrictEqual(problems.map(({ field }) => field).sort(), [
        "bankAccount.accountNumber",
        "bankAccount.accountType",
        "bankAccount.bank",
        "colour",
        "customerId",
        "redirectUrl",
        "reference",
        "type"
      ])
      assert.include(message, "bankAccount.accountType: must be one of: savings, checking")
      assert.include(message, "colour: is not a field of this request")
    })
  )

  it.effect("gets all missing fields reported together", () =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(Customers.use((customers) => customers.create({} as CreateCustomer)))
      assert.deepStrictEqual(problems.map(({ field, rule }) => `${field} ${rule}`).sort(), [
        "documentNumber is missing",
        "documentType is missing",
        "email is missing",
        "name is missing",
        "phoneNumber is missing"
      ])
    })
  )

  it.effect.each([undefined, null, "body", 5, [], [{}], true, () => ({}), new Map()])(
    "is refused as a whole if it is %s",
    (body) =>
      Effect.forEach(creates, ({ group }) =>
        Effect.gen(function* () {
          const { outcome, problems } = yield* problemsOf(call(group, "create", body))
          assert.isAbove(problems.length, 0)
          assert.strictEqual(outcome, "not-sent")
        })
      )
  )

  it.effect("may be an instance of a class, or have no prototype", () =>
    Effect.gen(function* () {
      class Payout {
        readonly payoutTargetId = "01H"
        readonly amount = 50_000
      }
      const bare: unknown = Object.assign(Object.create(null) as object, new Payout())
      for (const body of [new Payout() as unknown, bare, Object.freeze(new Payout())]) {
        assert.isTrue(yield* isSent(PayoutRequests.use((payouts) => payouts.create(body as CreatePayoutRequest))))
      }
    })
  )
})
