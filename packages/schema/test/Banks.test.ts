/**
 * Law 5: a request accepts exactly the documented banks and those that the merchant adds.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  CreateCustomer,
  CreatePayinLink,
  CreatePayinRequest,
  CreatePayinSource,
  CreatePayoutRequest,
  CreatePayoutTarget,
  defaultMerchantRules,
  DirectDebitBank,
  merchantRules,
  PayoutBank,
  PseBank
} from "@palomma-effect/schema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { notOf } from "./arbitraries.ts"

const common = { customerId: "c", redirectUrl: "https://merchant.example" }
const account = (bank: unknown): object => ({
  ...common,
  type: "bankAccount",
  bankAccount: { bank, accountType: "savings", accountNumber: "3013111111" }
})

interface Case {
  readonly banks: ReadonlyArray<string>
  readonly others: fc.Arbitrary<string>
  readonly schema: Schema.Codec<unknown>
  readonly body: (bank: unknown) => object
  readonly at: string
}

const cases: Record<string, Case> = {
  "a payout target": {
    banks: PayoutBank.values,
    others: notOf(PayoutBank).map(PayoutBank.raw),
    schema: CreatePayoutTarget,
    body: account,
    at: `["bankAccount"]["bank"]`
  },
  "a PSE payin link": {
    banks: PseBank.values,
    others: notOf(PseBank).map(PseBank.raw),
    schema: CreatePayinLink,
    body: (bank) => ({ ...common, type: "pse", amount: 2_000, bank }),
    at: `["bank"]`
  },
  "a payin source": {
    banks: DirectDebitBank.values,
    others: notOf(DirectDebitBank).map(DirectDebitBank.raw),
    schema: CreatePayinSource,
    body: account,
    at: `["bankAccount"]["bank"]`
  }
}

describe.each(Object.entries(cases))("the bank of %s", (_, { banks, others, schema, body, at }) => {
  const encode = Schema.encodeUnknownSync(schema)

  it("is one of the documented ones", () => {
    assert.strictEqual(new Set(banks).size, banks.length)
    for (const bank of banks) assert.deepStrictEqual<unknown>(encode(body(bank)), body(bank))
  })

  it("is invalid if it is any other string, also with other case or spaces, and the message names the field", () => {
    fc.assert(
      fc.property(others, (bank) => {
        assert.throws(() => encode(body(bank)), /^must be a bank [^]*\n {2}at /)
        assert.throws(() => encode(body(bank)), at)
      }),
      { numRuns: 500 }
    )
  })

  it("is invalid if it is not a string", () => {
    for (const bank of [null, undefined, 7, {}, ["nequi"]]) assert.throws(() => encode(body(bank)), at)
  })

  it("gets a suggestion of the most similar bank", () => {
    assert.throws(() => encode(body("bancolombi")), /did you mean "bancolombia"\?/)
    assert.throws(() => encode(body("Banco de Bogotá")), /did you mean "bancodebogota"\?/)
    for (const bank of banks) assert.throws(() => encode(body(bank.toUpperCase())), `did you mean "${bank}"?`)
  })

  it("gets the name of the list if no bank is similar", () => {
    assert.throws(() => encode(body("Chase Manhattan")), /: \w+Bank\.values lists them/)
  })
})

const rules = {
  ...defaultMerchantRules,
  extra: {
    payoutBanks: ["bancozeta"],
    pseBanks: ["bancozeta"],
    directDebitBanks: ["bancozeta"],
    documentTypes: ["ppt"],
    accountTypes: ["ahorritos"],
    payinLinkMethods: ["breb"],
    payinSourceTypes: ["brebToken"],
    payoutTargetTypes: ["transfiya"]
  }
}
const withRules: Record<string, Schema.Codec<unknown>> = {
  "a payout target": CreatePayoutTarget.forMerchant(rules),
  "a PSE payin link": CreatePayinLink.forMerchant(rules),
  "a payin source": CreatePayinSource.forMerchant(rules)
}

describe.each(Object.entries(cases))(
  "the banks that a merchant adds for %s",
  (name, { banks, others, body, schema }) => {
    const encode = Schema.encodeUnknownSync(withRules[name] ?? Schema.Never)

    it("are accepted along with the documented ones", () => {
      for (const bank of [...banks, "bancozeta"]) assert.deepStrictEqual<unknown>(encode(body(bank)), body(bank))
    })

    it("allow no other bank, and are suggested too", () => {
      fc.assert(
        fc.property(
          others.filter((bank) => bank !== "bancozeta"),
          (bank) => {
            assert.throws(() => encode(body(bank)), /must be a bank /)
          }
        )
      )
      for (const bank of ["Bancozeta", "bancozeta "]) {
        assert.throws(() => encode(body(bank)), /did you mean "bancozeta"\?/)
      }
    })

    it("are invalid for a merchant that did not add them", () => {
      assert.throws(() => Schema.encodeUnknownSync(schema)(body("bancozeta")), /must be a bank /)
    })
  }
)

describe("the schemas of a merchant", () => {
  it("are made once per merchant's rules, and once for all merchants with the default rules", () => {
    for (const create of [
      CreateCustomer,
      CreatePayinLink,
      CreatePayinRequest,
      CreatePayinSource,
      CreatePayoutRequest,
      CreatePayoutTarget
    ]) {
      const [own, none] = [create.forMerchant(rules), create.forMerchant(merchantRules())]
      assert.strictEqual<unknown>(create.forMerchant(rules), own)
      assert.strictEqual<unknown>(create.forMerchant(merchantRules({ limits: {}, extra: {} })), none)
      assert.notStrictEqual<unknown>(own, none)
      assert.notStrictEqual<unknown>(create.forMerchant({ ...rules }), own)
    }
  })
})

const customer = { name: "n", documentNumber: "1", email: "e", phoneNumber: "3" }
const link = { ...common, amount: 2_000 }
const lists: Record<
  string,
  readonly [documented: Schema.Codec<unknown>, merchants: Schema.Codec<unknown>, body: object, misspelt: object]
> = {
  "a document type": [
    CreateCustomer,
    CreateCustomer.forMerchant(rules),
    { ...customer, documentType: "ppt" },
    { ...customer, documentType: "PPT" }
  ],
  "a kind of account to pay": [
    CreatePayoutTarget,
    CreatePayoutTarget.forMerchant(rules),
    { ...common, type: "bankAccount", bankAccount: { bank: "nequi", accountType: "ahorritos", accountNumber: "1" } },
    { ...common, type: "bankAccount", bankAccount: { bank: "nequi", accountType: "ahorrito", accountNumber: "1" } }
  ],
  "a kind of account to debit": [
    CreatePayinSource,
    CreatePayinSource.forMerchant(rules),
    { ...common, type: "bankAccount", bankAccount: { bank: "nequi", accountType: "ahorritos", accountNumber: "1" } },
    { ...common, type: "bankAccount", bankAccount: { bank: "nequi", accountType: "", accountNumber: "1" } }
  ],
  "a way to pay that a link offers": [
    CreatePayinLink,
    CreatePayinLink.forMerchant(rules),
    { ...link, type: "general", availableTypes: ["pse", "breb"] },
    { ...link, type: "general", availableTypes: ["breb", "bre-b"] }
  ],
  "a link's own way to pay": [
    CreatePayinLink,
    CreatePayinLink.forMerchant(rules),
    { ...link, type: "breb", reference: "r-1", description: "d", targetMerchantAccountId: "default" },
    { ...link, type: "bre-b" }
  ],
  "a type of payin source": [
    CreatePayinSource,
    CreatePayinSource.forMerchant(rules),
    { ...common, type: "brebToken", reference: "r-1", description: "d" },
    { ...common, type: "breb-token" }
  ],
  "a type of payout target": [
    CreatePayoutTarget,
    CreatePayoutTarget.forMerchant(rules),
    { ...common, type: "transfiya", reference: "r-1", description: "d" },
    { ...common, type: "Transfiya" }
  ]
}

describe.each(Object.entries(lists))("%s that a merchant adds", (_, [documented, merchants, body, misspelt]) => {
  it("is accepted unchanged, for that merchant only", () => {
    assert.deepStrictEqual<unknown>(Schema.encodeUnknownSync(merchants)(body), body)
    assert.throws(() => Schema.encodeUnknownSync(documented)(body), /must be one of|must have one of/)
  })

  it("is listed in the message for another value", () => {
    assert.throws(
      () => Schema.encodeUnknownSync(merchants)(misspelt),
      /one of[^:]*: [^]*(ppt|ahorritos|breb|transfiya)/
    )
  })
})

describe("a value that a merchant adds although it is documented", () => {
  const known = merchantRules({
    extra: { payinLinkMethods: ["pse", "general", "breb", "breb"], documentTypes: ["cc"] }
  })

  it("does not change the checks of a body", () => {
    const isLink = Schema.is(CreatePayinLink.forMerchant(known))
    assert.isFalse(isLink({ ...link, type: "pse" }))
    assert.isFalse(isLink({ ...link, type: "general" }))
    assert.isTrue(isLink({ ...link, type: "pse", bank: "nequi" }))
    assert.isTrue(isLink({ ...link, type: "breb" }))
  })

  it("does not change the checks of a payin source and a payout target", () => {
    const types = merchantRules({ extra: { payinSourceTypes: ["nequiToken"], payoutTargetTypes: ["bankAccount"] } })
    const [isSource, isTarget] = [CreatePayinSource, CreatePayoutTarget].map((create) =>
      Schema.is(create.forMerchant(types))
    )
    assert.isFalse(isSource?.({ ...common, type: "nequiToken" }))
    assert.isTrue(isSource?.({ ...common, type: "nequiToken", phoneNumber: "3013111111" }))
    assert.isFalse(isTarget?.({ ...common, type: "bankAccount" }))
    assert.isTrue(isTarget?.(account("nequi")))
  })

  it("is listed once", () => {
    const listed = (schema: Schema.Codec<unknown>, body: object): string =>
      String(Result.getFailure(Schema.encodeUnknownResult(schema)(body)))
    const isOnce = (text: string, value: string): boolean => text.split(value).length === 2
    assert.isTrue(isOnce(listed(CreateCustomer.forMerchant(known), { ...customer, documentType: "x" }), "cc"))
    assert.isTrue(isOnce(listed(CreatePayinLink.forMerchant(known), { ...link, type: "x" }), "general"))
    assert.isTrue(isOnce(listed(CreatePayinLink.forMerchant(known), { ...link, type: "x" }), "breb"))
  })
})

describe("the schema of the contract", () => {
  const wires: ReadonlyArray<readonly [Schema.Codec<unknown>, object]> = [
    [CreateCustomer.wire, { ...customer, documentType: "ppt" }],
    [CreatePayoutTarget.wire, account("bancozeta")],
    [CreatePayinSource.wire, account("bancozeta")],
    [CreatePayinLink.wire, { ...link, type: "pse", bank: "bancozeta" }],
    [CreatePayinLink.wire, { ...link, type: "general", availableTypes: ["breb"] }],
    [CreatePayinLink.wire, { ...link, type: "breb" }],
    [CreatePayinSource.wire, { ...common, type: "brebToken" }],
    [CreatePayoutTarget.wire, { ...common, type: "transfiya" }]
  ]

  it("accepts every value that a merchant may send", () => {
    for (const [schema, body] of wires) {
      assert.deepStrictEqual<unknown>(Schema.encodeUnknownSync(schema)(body), body)
      assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(schema)(body), body)
    }
  })
})
