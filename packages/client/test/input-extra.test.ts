/**
 * Values beyond the documented ones: an option extends each closed list, and each bound of an amount can be changed.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Palomma } from "@palomma-effect/client"
import {
  defaultMerchantRules,
  DirectDebitBank,
  PayinLinkMethod,
  PayoutBank,
  PseBank,
  unrecognized
} from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import { type Call, isSent, problemsOf } from "./support/inputs.ts"
import { call, operationNamed } from "./support/operations.ts"
import { failure, stub } from "./support/stub.ts"

type Fields = Record<string, unknown>
type Extra = NonNullable<Palomma.PalommaOptions["extra"]>

const create = (name: string, patch: (body: Fields) => Fields): Call => {
  const { body = {}, group } = operationNamed(name)
  return call(group, "create", patch(body as Fields))
}

const inAccount = (field: string, value: unknown) => (body: Fields) => ({
  ...body,
  bankAccount: { ...(body["bankAccount"] as Fields), [field]: value }
})
const own = (field: string, value: unknown) => (body: Fields) => ({ ...body, [field]: value })

/** Every place of a request with a closed list, and the option that extends it. */
const places: ReadonlyArray<
  readonly [field: string, list: keyof Extra, operation: string, patch: (value: unknown) => (body: Fields) => Fields]
> = [
  ["bankAccount.bank", "payoutBanks", "PayoutTargets.create", (value) => inAccount("bank", value)],
  ["bankAccount.accountType", "accountTypes", "PayoutTargets.create", (value) => inAccount("accountType", value)],
  [
    "bankAccount.bank",
    "directDebitBanks",
    "PayinSources.create of type bankAccount",
    (value) => inAccount("bank", value)
  ],
  [
    "bankAccount.accountType",
    "accountTypes",
    "PayinSources.create of type bankAccount",
    (value) => inAccount("accountType", value)
  ],
  ["bank", "pseBanks", "PayinLinks.create of type pse", (value) => own("bank", value)],
  [
    "availableTypes.1",
    "payinLinkMethods",
    "PayinLinks.create of type general",
    (value) => own("availableTypes", ["pse", value])
  ],
  ["documentType", "documentTypes", "Customers.create", (value) => own("documentType", value)],
  ["", "payinSourceTypes", "PayinSources.create of type bancolombiaToken", (value) => own("type", value)],
  [
    "",
    "payoutTargetTypes",
    "PayoutTargets.create",
    (value) =>
      ({ bankAccount, ...body }) =>
        value === "bankAccount" ? { ...body, type: value, bankAccount } : { ...body, type: value }
  ]
]

const none: Extra = {
  payoutBanks: [],
  pseBanks: [],
  directDebitBanks: [],
  documentTypes: [],
  accountTypes: [],
  payinLinkMethods: [],
  payinSourceTypes: [],
  payoutTargetTypes: []
}

describe("a value that Palomma opened for a merchant", () => {
  it("is tested here for every list", () =>
    assert.sameMembers([...new Set(places.map(([, list]) => list))], Object.keys(defaultMerchantRules.extra)))

  it.effect.each(places)("is sent as %s if %s includes it: %s", ([field, list, operation, patch]) =>
    Effect.gen(function* () {
      const options = { extra: { [list]: ["newvalue", "Otro Valor".replace(" ", "-")] } }
      for (const value of ["newvalue", "Otro-Valor"]) {
        const palomma = stub({ status: 403 })
        yield* failure(create(operation, patch(unrecognized(value))), palomma, options)
        assert.include(JSON.stringify(palomma.requests[0]?.body), `"${value}"`)
      }
      for (const value of ["newvalu", "NEWVALUE", "newvalue ", "newvalue\u200b", "", "constructor"]) {
        const { problems } = yield* problemsOf(create(operation, patch(unrecognized(value))), options)
        assert.deepStrictEqual(
          problems.map((problem) => problem.field),
          [field]
        )
      }
      // Every other list.
      const others = Object.fromEntries(Object.keys(none).map((name) => [name, name === list ? [] : ["newvalue"]]))
      yield* problemsOf(create(operation, patch("newvalue")), { extra: others })
      yield* problemsOf(create(operation, patch("newvalue")))
    })
  )

  it.effect.each(places)("leaves the documented ones valid: %s, %s, %s", ([, list, operation, patch]) =>
    Effect.gen(function* () {
      const known = {
        payoutBanks: PayoutBank.values,
        pseBanks: PseBank.values,
        directDebitBanks: DirectDebitBank.values,
        documentTypes: ["cc", "ce", "nit"],
        accountTypes: ["savings", "checking"],
        payinLinkMethods: PayinLinkMethod.values,
        // The other types of sources need fields of their own.
        payinSourceTypes: ["bancolombiaToken"],
        payoutTargetTypes: ["bankAccount"]
      }[list]
      for (const options of [{}, { extra: none }, { extra: { [list]: ["newvalue"] } }]) {
        for (const value of known) assert.isTrue(yield* isSent(create(operation, patch(value)), options), value)
      }
    })
  )

  it.effect("is suggested, or the nearest one is, if another value is passed", () =>
    Effect.gen(function* () {
      const options = { extra: { payoutBanks: ["bancodelfuturo"], documentTypes: ["ppt"] } }
      const bank = yield* problemsOf(create("PayoutTargets.create", inAccount("bank", "bancodelfuturro")), options)
      assert.deepStrictEqual(bank.problems, [
        {
          field: "bankAccount.bank",
          code: "bank",
          rule: 'must be a bank that Palomma pays out to; did you mean "bancodelfuturo"?',
          parameters: { list: "PayoutBank", suggestion: "bancodelfuturo" }
        }
      ])
      const type = yield* problemsOf(create("Customers.create", own("documentType", "pp")), options)
      assert.deepStrictEqual(type.problems, [
        {
          field: "documentType",
          code: "one-of",
          rule: "must be one of: cc, ce, nit, ppt",
          parameters: { values: ["cc", "ce", "nit", "ppt"] }
        }
      ])
    })
  )

  it.effect("may be a type of link, with the common fields of all links", () =>
    Effect.gen(function* () {
      const options = { extra: { payinLinkMethods: ["crypto", "cash"] } }
      const link = (fields: Fields) =>
        create("PayinLinks.create of type bancolombiaButton", (body) => ({ ...body, ...fields }))
      const palomma = stub({ status: 403 })
      yield* failure(link({ type: unrecognized("crypto") }), palomma, options)
      assert.propertyVal(palomma.requests[0]?.body, "type", "crypto")
      const wrong = yield* problemsOf(link({ type: "crypto", amount: 5, bank: "nequi", customerId: "" }), options)
      assert.sameMembers([...wrong.codes], ["amount amount", "bank unknown-field", "customerId non-empty"])
      const unknown = yield* problemsOf(link({ type: "check" }), options)
      assert.deepStrictEqual(unknown.problems, [
        {
          field: "",
          code: "type",
          rule: `must have one of these types: general, ${PayinLinkMethod.values.join(", ")}, crypto, cash`,
          parameters: { values: ["general", ...PayinLinkMethod.values, "crypto", "cash"] }
        }
      ])
      yield* problemsOf(link({ type: "crypto" }))
    })
  )
})

describe("the bounds of an amount", () => {
  const amounts: ReadonlyArray<readonly [keyof typeof defaultMerchantRules.limits, operation: string]> = [
    ["payout", "PayoutRequests.create"],
    ["payin", "PayinRequests.create"],
    ["payinLinkPse", "PayinLinks.create of type pse"],
    ...["general", "bancolombiaButton", "nequiButton", "card", "bancolombiaCollect"].map(
      (type) => ["payinLink", `PayinLinks.create of type ${type}`] as const
    )
  ]

  const isTaken = (operation: string, amount: number, options: Partial<Palomma.PalommaOptions>) =>
    isSent(create(operation, own("amount", amount)), options)

  it.effect.each(amounts)(
    "are those of %s for %s, the lower one excluded and the upper one included",
    ([name, operation]) =>
      Effect.gen(function* () {
        const documented = defaultMerchantRules.limits[name]
        for (const [options, { above, atMost }] of [
          [{}, documented],
          [{ limits: { [name]: { above: 5 } } }, { ...documented, above: 5 }],
          [{ limits: { [name]: { above: 0, atMost: 1 } } }, { above: 0, atMost: 1 }],
          [{ limits: { [name]: { atMost: 20_000_000 } } }, { ...documented, atMost: 20_000_000 }],
          [{ limits: { [name]: { above: 10_000, atMost: 10_001 } } }, { above: 10_000, atMost: 10_001 }]
        ] as const) {
          assert.isFalse(yield* isTaken(operation, above, options))
          assert.isTrue(yield* isTaken(operation, above + 1, options))
          assert.isTrue(yield* isTaken(operation, atMost, options))
          assert.isFalse(yield* isTaken(operation, atMost + 1, options))
          const { problems } = yield* problemsOf(create(operation, own("amount", atMost + 1)), options)
          const dotted = (pesos: number) => String(pesos).replaceAll(/\B(?=(?:\d{3})+$)/g, ".")
          assert.deepStrictEqual(problems, [
            {
              field: "amount",
              code: "amount",
              rule: `must be a whole number of pesos (never cents) above ${dotted(above)} and at most ${dotted(atMost)}`,
              parameters: { above, atMost }
            }
          ])
        }
      })
  )

  it.effect.each(amounts)("of another kind change nothing: %s, %s", ([name, operation]) =>
    Effect.gen(function* () {
      const limits = Object.fromEntries(
        Object.keys(defaultMerchantRules.limits).map((other) => [other, other === name ? {} : { above: 0, atMost: 9 }])
      )
      const { above, atMost } = defaultMerchantRules.limits[name]
      for (const [amount, isRight] of [
        [above, false],
        [above + 1, true],
        [atMost, true],
        [5, false]
      ] as const) {
        assert.strictEqual(yield* isTaken(operation, amount, { limits }), isRight)
      }
    })
  )
})
