import { assert, describe, it } from "@effect/vitest"
import { CreatePayinLink, CreatePayinSource, PayinLinkMethod, PayinLinkType } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"

const link = { customerId: "c", redirectUrl: "https://merchant.example", amount: 2_000 }
const card = { cardNumber: "4111111111111111", expirationMonth: "12", expirationYear: "2030", cvv: "123" }
const source = { customerId: "c", redirectUrl: "https://merchant.example" }

describe("the body of a request for one payment", () => {
  const decode = Schema.decodeUnknownSync(CreatePayinLink)
  const own: Record<string, object> = {
    general: { availableTypes: [...PayinLinkMethod.values] },
    pse: { bank: "bancolombia" },
    bancolombiaButton: {},
    nequiButton: { phoneNumber: "3013111111" },
    card: { card },
    bancolombiaCollect: {}
  }

  it("has different fields for each of its six types", () => {
    assert.deepStrictEqual(Object.keys(own), [...PayinLinkType.values])
    for (const type of PayinLinkType.values) {
      const body = { ...link, type, ...own[type] }
      assert.deepStrictEqual<unknown>(Schema.encodeUnknownSync(CreatePayinLink)(decode(body)), body)
      for (const key of Object.keys(body)) {
        const { [key]: _, ...rest }: Record<string, unknown> = body
        assert.throws(() => decode(rest), key === "type" ? /must have one of these types: general, pse, / : key)
      }
    }
  })

  it("has a documented type", () => {
    for (const type of ["PSE", "transfiya", "", 1, null]) {
      assert.throws(() => decode({ ...link, type }), /must have one of these types: general, pse, bancolombiaButton/)
    }
    assert.throws(() => decode("text"), /must have one of these types/)
  })

  it("has at least one payment method if the payer can choose", () => {
    for (const availableTypes of [[], "pse", null]) {
      assert.throws(
        () => decode({ ...link, type: "general", availableTypes }),
        /must be a list with at least one payment method/
      )
    }
    assert.throws(
      () => decode({ ...link, type: "general", availableTypes: ["pse", "general"] }),
      /must be one of: pse, [^]*\[1\]/
    )
  })

  it("has a card of a valid form", () => {
    const body = (change: object): object => ({ ...link, type: "card", card: { ...card, ...change } })
    assert.doesNotThrow(() => decode(body({ cardNumber: "4".repeat(13), expirationMonth: "01", cvv: "1234" })))
    assert.doesNotThrow(() => decode(body({ cardNumber: "4".repeat(19) })))
    for (const cardNumber of [
      "4".repeat(12),
      "4".repeat(20),
      "4111-1111-1111-1111",
      "٤".repeat(16),
      4111111111111111
    ]) {
      assert.throws(() => decode(body({ cardNumber })), /must be 13 to 19 digits/)
    }
    for (const expirationMonth of ["0", "00", "13", "1", 12]) {
      assert.throws(() => decode(body({ expirationMonth })), /must be a month from 01 to 12/)
    }
    for (const expirationYear of ["30", "20300", "203O", 2030]) {
      assert.throws(() => decode(body({ expirationYear })), /must be a year with four digits/)
    }
    for (const cvv of ["12", "12345", "abc", 123]) assert.throws(() => decode(body({ cvv })), /must be 3 or 4 digits/)
  })
})

describe("the body of a request that registers an account to debit", () => {
  const decode = Schema.decodeUnknownSync(CreatePayinSource)

  it("has different fields for each of its three types", () => {
    const bankAccount = { bank: "bancolombia", accountType: "checking", accountNumber: "00123" }
    for (const body of [
      { ...source, type: "bankAccount", bankAccount },
      { ...source, type: "bankAccount", bankAccount, partialPayinsEnabled: false },
      { ...source, type: "bancolombiaToken" },
      { ...source, type: "nequiToken", phoneNumber: "3013111111" }
    ])
      assert.deepStrictEqual<unknown>(Schema.encodeSync(CreatePayinSource)(decode(body)), body)
    assert.throws(() => decode({ ...source, type: "bankAccount" }), "bankAccount")
    assert.throws(() => decode({ ...source, type: "nequiToken" }), "phoneNumber")
    assert.throws(
      () => decode({ ...source, type: "card" }),
      /must have one of these types: bankAccount, bancolombiaToken, nequiToken/
    )
  })

  it("accepts only true or false for partial payins", () => {
    const bankAccount = { bank: "bancolombia", accountType: "checking", accountNumber: "00123" }
    for (const partialPayinsEnabled of ["true", 1, null]) {
      assert.throws(
        () => decode({ ...source, type: "bankAccount", bankAccount, partialPayinsEnabled }),
        /must be true or false/
      )
    }
  })
})
