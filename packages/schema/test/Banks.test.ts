/**
 * Law 5: exactly the banks of its list are accepted in a request, and those the merchant adds.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  CreatePayinLink,
  CreatePayinSource,
  CreatePayoutTarget,
  DirectDebitBank,
  PayoutBank,
  PseBank
} from "@palomma-effect/schema"
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
  readonly size: number
  readonly schema: Schema.Codec<unknown>
  readonly body: (bank: unknown) => object
  readonly at: string
}

const cases: Record<string, Case> = {
  "a payout target": {
    banks: PayoutBank.values,
    others: notOf(PayoutBank),
    size: 55,
    schema: CreatePayoutTarget,
    body: account,
    at: `["bankAccount"]["bank"]`
  },
  "a PSE payin link": {
    banks: PseBank.values,
    others: notOf(PseBank),
    size: 41,
    schema: CreatePayinLink,
    body: (bank) => ({ ...common, type: "pse", amount: 2_000, bank }),
    at: `["bank"]`
  },
  "a payin source": {
    banks: DirectDebitBank.values,
    others: notOf(DirectDebitBank),
    size: 28,
    schema: CreatePayinSource,
    body: account,
    at: `["bankAccount"]["bank"]`
  }
}

describe.each(Object.entries(cases))("the bank of %s", (_, { banks, others, size, schema, body, at }) => {
  const encode = Schema.encodeUnknownSync(schema)

  it(`is one of ${size}`, () => {
    assert.strictEqual(new Set(banks).size, size)
    for (const bank of banks) assert.deepStrictEqual<unknown>(encode(body(bank)), body(bank))
  })

  it("is refused where it is any other string, cased and spaced ones included, by a message that names the field", () => {
    fc.assert(
      fc.property(others, (bank) => {
        assert.throws(() => encode(body(bank)), /^must be a bank [^]*\n {2}at /)
        assert.throws(() => encode(body(bank)), at)
      }),
      { numRuns: 500 }
    )
  })

  it("is refused where it is no string", () => {
    for (const bank of [null, undefined, 7, {}, ["nequi"]]) assert.throws(() => encode(body(bank)), at)
  })

  it("has the nearest bank suggested", () => {
    assert.throws(() => encode(body("bancolombi")), /did you mean "bancolombia"\?/)
    assert.throws(() => encode(body("Banco de Bogotá")), /did you mean "bancodebogota"\?/)
    for (const bank of banks) assert.throws(() => encode(body(bank.toUpperCase())), `did you mean "${bank}"?`)
  })

  it("has its list named where no bank is near", () => {
    assert.throws(() => encode(body("Chase Manhattan")), /: \w+Bank\.values lists them/)
  })
})

describe("the banks a merchant adds", () => {
  const encode = Schema.encodeUnknownSync(CreatePayoutTarget.forMerchant({ extraPayoutBanks: ["bancozeta"] }))

  it("are accepted along with the documented ones", () => {
    for (const bank of [...PayoutBank.values, "bancozeta"])
      assert.strictEqual(encode(account(bank)).bankAccount.bank, bank)
  })

  it("open the door to no other", () => {
    fc.assert(
      fc.property(
        notOf(PayoutBank).filter((bank) => bank !== "bancozeta"),
        (bank) => {
          assert.throws(() => encode(account(bank)), /must be a bank that Palomma pays out to/)
        }
      )
    )
    for (const bank of ["Bancozeta", "bancozeta "]) assert.throws(() => encode(account(bank)), /pays out to/)
  })

  it("are refused for a merchant who did not add them", () => {
    assert.throws(() => Schema.encodeUnknownSync(CreatePayoutTarget)(account("bancozeta")), /pays out to/)
  })
})
