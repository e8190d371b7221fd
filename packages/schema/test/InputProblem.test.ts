/**
 * A problem of an input has a field, a rule and the stable code of the rule, and never a value.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  Card,
  CreateCustomer,
  CreatePayinLink,
  CreatePayinSource,
  CreatePayoutRequest,
  CreatePayoutTarget,
  InputProblem,
  inputProblems,
  MobileNumber,
  PalommaApi,
  PayoutRequestId,
  pathSegment
} from "@palomma-effect/schema"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as fc from "fast-check"
import * as Arb from "./arbitraries.ts"

const problemsOf = (
  schema: Schema.Codec<unknown, unknown>,
  input: unknown,
  options = {}
): ReadonlyArray<InputProblem> =>
  Result.match(
    SchemaParser.encodeUnknownResult(schema, { errors: "all", onExcessProperty: "error", ...options })(input),
    { onSuccess: () => [], onFailure: inputProblems }
  )
const codes = (schema: Schema.Codec<unknown, unknown>, input: unknown): ReadonlyArray<string> =>
  problemsOf(schema, input)
    .map(({ field, code }) => `${field} ${code}`)
    .sort()

const common = { customerId: "c", redirectUrl: "https://merchant.example" }
const payout = { payoutTargetId: "t", amount: 2_000 }
const account = { bank: "nequi", accountType: "savings", accountNumber: "1" }
const card = { cardNumber: Redacted.make("1"), expirationMonth: "13", expirationYear: "30", cvv: Redacted.make("x") }
const query = Schema.make<Schema.Codec<unknown>>((PalommaApi.groups.customers.endpoints.list.query ?? Schema.Never).ast)

describe("the code of a rule", () => {
  it.each<[string, Schema.Codec<unknown, unknown>, unknown, ReadonlyArray<string>]>([
    ["a field that is missing", CreatePayoutRequest, { amount: 2_000 }, ["payoutTargetId required"]],
    ["a field that does not exist", CreatePayoutRequest, { ...payout, ammount: 1 }, ["ammount unknown-field"]],
    ["an empty text", CreatePayoutRequest, { ...payout, payoutTargetId: "" }, ["payoutTargetId non-empty"]],
    ["a text that is none", CreatePayoutRequest, { ...payout, payoutTargetId: 7 }, ["payoutTargetId non-empty"]],
    ["an amount", CreatePayoutRequest, { ...payout, amount: 1_000.5 }, ["amount amount"]],
    ["an amount that is none", CreatePayoutRequest, { ...payout, amount: "2000" }, ["amount amount"]],
    ["odd characters", CreatePayoutRequest, { ...payout, reference: "a\u200bb" }, ["reference reference-characters"]],
    ["blanks", CreatePayoutRequest, { ...payout, reference: " a" }, ["reference reference-blank"]],
    ["an odd form", CreatePayoutRequest, { ...payout, reference: "o\u0301" }, ["reference reference-normalization"]],
    [
      "a long reference",
      CreatePayoutRequest,
      { ...payout, reference: "x".repeat(201) },
      ["reference reference-length"]
    ],
    ["a reference that is none", CreatePayoutRequest, { ...payout, reference: null }, ["reference non-empty"]],
    [
      "a bank",
      CreatePayoutTarget,
      { ...common, type: "bankAccount", bankAccount: { ...account, bank: "chase" } },
      ["bankAccount.bank bank"]
    ],
    [
      "a kind of account",
      CreatePayoutTarget,
      { ...common, type: "bankAccount", bankAccount: { ...account, accountType: "x" } },
      ["bankAccount.accountType one-of"]
    ],
    ["a kind of target", CreatePayoutTarget, { ...common, type: "x", bankAccount: account }, ["type one-of"]],
    [
      "a document type",
      CreateCustomer,
      { name: "n", documentType: "x", documentNumber: "1", email: "e", phoneNumber: "3" },
      ["documentType one-of"]
    ],
    ["a kind of source", CreatePayinSource, { ...common, type: "x" }, [" type"]],
    [
      "a yes or a no",
      CreatePayinSource,
      { ...common, type: "bankAccount", bankAccount: account, partialPayinsEnabled: 1 },
      ["partialPayinsEnabled boolean"]
    ],
    ["a kind of link", CreatePayinLink, { ...common, amount: 2_000 }, [" type"]],
    [
      "ways to pay",
      CreatePayinLink,
      { ...common, amount: 2_000, type: "general", availableTypes: [] },
      ["availableTypes payin-link-methods"]
    ],
    [
      "a way to pay",
      CreatePayinLink,
      { ...common, amount: 2_000, type: "general", availableTypes: ["pse", "x"] },
      ["availableTypes.1 one-of"]
    ],
    [
      "an expiry",
      CreatePayinLink,
      { ...common, amount: 2_000, type: "bancolombiaButton", expiration: "tomorrow" },
      ["expiration local-date-time"]
    ],
    [
      "a card",
      Card,
      card,
      ["cardNumber card-number", "cvv card-cvv", "expirationMonth card-month", "expirationYear card-year"]
    ],
    ["a mobile number", MobileNumber, "6011111", [" mobile-number"]],
    ["an id in a path", pathSegment(PayoutRequestId), "..", [" path-segment"]],
    [
      "a page",
      query,
      { limit: 101, cursor: "", reference: "\ud800" },
      ["cursor page-cursor", "limit page-limit", "reference well-formed"]
    ]
  ])("is stable for %s", (_, schema, input, expected) => {
    assert.deepStrictEqual(codes(schema, input), expected)
  })

  it("is a documented one for every problem", () => {
    const bodies: Record<
      string,
      { readonly schema: Schema.Codec<unknown, unknown>; readonly values: fc.Arbitrary<unknown> }
    > = Arb.bodies
    const known =
      /^(required|unknown-field|non-empty|amount|reference-\w+|bank|one-of|type|boolean|payin-link-methods|local-date-time|card-\w+|value)$/
    const onlyObjects = /^(bankAccount|card|)$/
    for (const { schema, values } of Object.values(bodies)) {
      fc.assert(
        fc.property(values, fc.anything(), fc.nat(), (body, wrong, at) => {
          const names = Object.keys(Object(body))
          const name = names[at % names.length] ?? ""
          for (const { code, field } of problemsOf(schema, Object.assign({}, body, { [name]: wrong }))) {
            assert.match(code, known)
            if (code === "value") assert.match(field, onlyObjects)
          }
        })
      )
    }
  })
})

describe("problems", () => {
  it("are all listed, each once", () => {
    assert.deepStrictEqual(problemsOf(CreatePayoutRequest, { payoutTargetId: "", amount: 0.5 }), [
      { field: "payoutTargetId", code: "non-empty", rule: "must be a non-empty string" },
      {
        field: "amount",
        code: "amount",
        rule: "must be a whole number of pesos (never cents) above 1.000 and at most 5.000.000",
        parameters: { above: 1_000, atMost: 5_000_000 }
      }
    ])
  })

  it("are data", () => {
    const problem = { field: "amount", code: "amount", rule: "must be a whole number" }
    assert.deepStrictEqual(Schema.decodeUnknownSync(InputProblem)(problem), problem)
    const bounds = { ...problem, parameters: { above: 1_000, atMost: 5_000_000 } }
    assert.deepStrictEqual(Schema.decodeUnknownSync(InputProblem)(bounds), bounds)
  })

  it("never contain a value, even if Effect is configured to report it", () => {
    const secret = "SENTINEL"
    for (const input of [
      { ...payout, amount: secret },
      { ...payout, reference: { secret } },
      { payoutTargetId: [secret], amount: { secret } },
      secret
    ]) {
      assert.notInclude(JSON.stringify(problemsOf(CreatePayoutRequest, input, { reportInput: true })), secret)
    }
    const target = { ...common, type: secret, bankAccount: secret }
    assert.notInclude(JSON.stringify(problemsOf(CreatePayoutTarget, target, { reportInput: true })), secret)
  })

  it("name an unknown field, except if its name may be personal data", () => {
    const named = (name: string): ReadonlyArray<string> =>
      problemsOf(CreatePayoutRequest, { ...payout, [name]: 1 }).map(({ field }) => field)
    for (const name of ["refrence", "target_id", "amount2", "X-Request"]) assert.deepStrictEqual(named(name), [name])
    for (const name of [
      "3013111111",
      "cc1037551022",
      "pepito@gmail.com",
      "Pepito Perez",
      "",
      "a\nb",
      "ñ",
      "x".repeat(41)
    ]) {
      assert.deepStrictEqual(named(name), ["<redacted>"])
    }
  })
})
