/**
 * The contract of codes for bodies: a program translates a problem by its code, so a code never changes.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { problemsOf } from "./support/inputs.ts"
import { call, creates, operationNamed } from "./support/operations.ts"

type Body = Record<string, unknown>

/** A body in which one field, at any depth, is replaced, or removed if no value is passed. */
const withField = (body: Body, path: string, value?: unknown): Body => {
  const [name = "", ...rest] = path.split(".")
  const { [name]: old, ...others } = body
  if (rest.length > 0) return { ...others, [name]: withField(old as Body, rest.join("."), value) }
  return value === missing ? others : { ...others, [name]: value }
}
const missing = Symbol("missing")

const noText = [null, 5, true, {}, [], ["a"], Object("a"), Symbol("a"), ""]
const noAmount = [
  0,
  1_000,
  1_000.5,
  -50_000,
  5_000_001,
  "50000",
  "$ 50.000",
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  50_000n,
  [50_000],
  {}
]
const noWord = ["", "SAVINGS", "cc ", "toString", null, 5, {}, [], ["savings"]]
const noCard = [
  null,
  "4929111122223333",
  5,
  "",
  {},
  Redacted.make(5),
  Redacted.make("4929 1111"),
  Redacted.make("123456789012")
]

const text = (path: string) => [path, "non-empty", noText] as const
const amount = ["amount", "amount", noAmount] as const
const reference = ["reference", "non-empty", noText] as const
const toCustomer = [text("customerId"), text("redirectUrl"), reference, ["description", "non-empty", noText]] as const
const link = [
  ...toCustomer,
  amount,
  [
    "expiration",
    "local-date-time",
    ["2026-01-31", "2026-01-31T23:59:59Z", "2026-02-30T00:00:00", "", null, 5, new Date(0)]
  ],
  text("targetMerchantAccountId")
] as const
const account = [
  ["bankAccount.bank", "bank", ["bancolombi", "NEQUI", "the bank", "", "1007"]],
  ["bankAccount.accountType", "one-of", noWord],
  text("bankAccount.accountNumber")
] as const

/** By operation: a field, its code, and invalid values for it. */
const rules: Record<string, ReadonlyArray<readonly [field: string, code: string, values: ReadonlyArray<unknown>]>> = {
  "Customers.create": [
    text("name"),
    ["documentType", "one-of", noWord],
    text("documentNumber"),
    text("email"),
    text("phoneNumber"),
    reference
  ],
  "PayoutTargets.create": [...toCustomer, ...account],
  "PayoutRequests.create": [text("payoutTargetId"), amount, reference, text("sourceMerchantAccountId")],
  "PayinRequests.create": [text("payinSourceId"), amount, reference, text("targetMerchantAccountId")],
  "PayinLinks.create of type general": [
    ...link,
    ["availableTypes", "payin-link-methods", [[], null, "pse", {}, 5]],
    ["availableTypes.0", "one-of", []]
  ],
  "PayinLinks.create of type pse": [...link, ["bank", "bank", ["bancolombi", "nubank", ""]]],
  "PayinLinks.create of type bancolombiaButton": link,
  "PayinLinks.create of type nequiButton": [...link, text("phoneNumber")],
  "PayinLinks.create of type card": [
    ...link,
    ["card.cardNumber", "card-number", noCard],
    ["card.expirationMonth", "card-month", ["1", "13", "00", "", null, 1]],
    ["card.expirationYear", "card-year", ["31", "20310", "", null, 2031]],
    ["card.cvv", "card-cvv", [...noCard, Redacted.make("12"), Redacted.make("12345")]]
  ],
  "PayinLinks.create of type bancolombiaCollect": link,
  "PayinSources.create of type bankAccount": [
    ...toCustomer,
    ...account,
    ["partialPayinsEnabled", "boolean", ["true", 1, 0, null, {}]]
  ],
  "PayinSources.create of type bancolombiaToken": toCustomer,
  "PayinSources.create of type nequiToken": [...toCustomer, text("phoneNumber")]
}

const optional = new Set([
  "reference",
  "description",
  "expiration",
  "sourceMerchantAccountId",
  "targetMerchantAccountId",
  "partialPayinsEnabled"
])

describe("a rule of a body", () => {
  it("is tested here for every create", () =>
    assert.sameMembers(
      Object.keys(rules),
      creates.map(({ name }) => name)
    ))

  const cases = Object.entries(rules).flatMap(([name, fields]) =>
    fields.map(([field, code, values]) => [name, field, code, values] as const)
  )

  it.effect.each(cases)("of %s: %s is refused with the code %s", ([name, field, code, values]) =>
    Effect.forEach(values, (value) =>
      Effect.gen(function* () {
        const { body = {}, group } = operationNamed(name)
        const { codes, outcome } = yield* problemsOf(call(group, "create", withField(body as Body, field, value)))
        assert.deepStrictEqual(codes, [`${field} ${code}`], String(value))
        assert.strictEqual(outcome, "not-sent")
      })
    )
  )

  it.effect.each(cases)("of %s: %s is required unless it is optional", ([name, field]) =>
    Effect.gen(function* () {
      const { body = {}, group } = operationNamed(name)
      if (optional.has(field) || field === "availableTypes.0") return
      const { codes } = yield* problemsOf(call(group, "create", withField(body as Body, field, missing)))
      assert.deepStrictEqual(codes, [`${field} required`])
    })
  )

  it.effect("reports every field of a body in which all are invalid", () =>
    Effect.forEach(Object.entries(rules), ([name, fields]) =>
      Effect.gen(function* () {
        const { body = {}, group } = operationNamed(name)
        const single = fields.filter(([, , values]) => values.length > 0)
        const wrong = single.reduce((all, [field, , [value]]) => withField(all, field, value), body as Body)
        const { codes } = yield* problemsOf(call(group, "create", { ...wrong, colour: "red", size: 5 }))
        const expected = [
          ...single.map(([field, code]) => `${field} ${code}`),
          "colour unknown-field",
          "size unknown-field"
        ]
        assert.sameMembers([...codes], expected, name)
      })
    )
  )

  it.effect("of a type accepts only the documented types", () =>
    Effect.forEach(
      creates.filter(({ body = {} }) => "type" in body),
      ({ body = {}, group, name }) =>
        Effect.forEach(["", "PSE", "crypto", null, 5, {}, [], undefined], (type) =>
          Effect.gen(function* () {
            const { codes, problems } = yield* problemsOf(call(group, "create", { ...body, type }))
            const isUnion = group !== "payoutTargets"
            if (isUnion) assert.deepStrictEqual(codes, [" type"], name)
            else
              assert.deepStrictEqual(
                problems.map(({ field }) => field),
                ["type"]
              )
          })
        )
    )
  )

  it.effect("of a list within a body names the item", () =>
    Effect.gen(function* () {
      const { body = {}, group } = operationNamed("PayinLinks.create of type general")
      const availableTypes = ["pse", "crypto", 5, "card", null]
      const { codes } = yield* problemsOf(call(group, "create", { ...body, availableTypes }))
      assert.deepStrictEqual(codes, ["availableTypes.1 one-of", "availableTypes.2 one-of", "availableTypes.4 one-of"])
    })
  )

  it.effect("reports at most 20 problems, then how many more there are", () =>
    Effect.gen(function* () {
      const { body = {}, group } = operationNamed("PayinLinks.create of type general")
      const availableTypes = Array.from({ length: 33 }, (_, index) => `crypto${index}`)
      const { codes, message, more } = yield* problemsOf(call(group, "create", { ...body, availableTypes, amount: 5 }))
      assert.strictEqual(codes.length, 20)
      assert.strictEqual(more, 14)
      assert.isTrue(message.endsWith("; and 14 more"))
      assert.strictEqual(codes[0], "amount amount")
    })
  )

  it.effect("uses one correct code for each field, though several types of body share the field", () =>
    Effect.forEach(creates, ({ body = {}, group, name }) =>
      Effect.forEach(Object.keys(body), (field) =>
        Effect.gen(function* () {
          if (field === "type") return
          const { codes } = yield* problemsOf(call(group, "create", { ...body, [field]: 5 }))
          assert.strictEqual(codes.length, 1, `${name} ${field}: ${codes.join(", ")}`)
          assert.isTrue(codes[0]?.startsWith(`${field} `), name)
        })
      )
    )
  )
})
