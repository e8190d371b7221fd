import { assert, describe, it } from "@effect/vitest"
import { CreatePayinLink, CreatePayinSource, PayinLinkMethod, PayinLinkType } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"

const link = { customerId: "c", redirectUrl: "https://merchant.example", amount: 2_000 }
const card = { cardNumber: "4111111111111111", expirationMonth: "12", expirationYear: "2030", cvv: "123" }
const source = { customerId: "c", redirectUrl: "https://merchant.example" }

describe("what it takes to ask for one payment", () => {
  const decode = Schema.decodeUnknownSync(CreatePayinLink)
  const own: Record<string, object> = {
    general: { availableTypes: [...PayinLinkMethod.values] },
    pse: { bank: "bancolombia" },
    bancolombiaButton: {},
    nequiButton: { phoneNumber: "3013111111" },
    card: { card },
    bancolombiaCollect: {}
  }

  it("depends on the type, of which there are six", () => {
    assert.deepStrictEqual(Object.keys(own), [...PayinLinkType.values])
    for (const type of PayinLinkType.values) {
      const body = { ...link, type, ...own[type] }
      assert.deepStrictEqual<unknown>(Schema.encodeUnknownSync(CreatePayinLink)(decode(body)), body)
      for (const key of Object.keys(body)) {
        const { [key]: _, ...rest }: Record<string, unknown> = body
        assert.throws(() => decode(rest), key === "type" ? /must have a type that is one of: general, pse, / : key)
      }
    }
  })

  it("has a type that is documented", () => {
    for (const type of ["PSE", "transfiya", "", 1, null]) {
      assert.throws(() => decode({ ...link, type }), /must have a type that is one of: general, pse, bancolombiaButton/)
    }
    assert.throws(() => decode("text"), /must have a type/)
  })

  it("offers at least one way to pay, if it leaves the choice to the payer", () => {
    for (const availableTypes of [[], "pse", null]) {
      assert.throws(
        () => decode({ ...link, type: "general", availableTypes }),
        /must be a list of at least one way to pay/
      )
    }
    assert.throws(
      () => decode({ ...link, type: "general", availableTypes: ["pse", "general"] }),
      /must be one of: pse, [^]*\[1\]/
    )
  })

  it("holds a card that could be one", () => {
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
      assert.throws(() => decode(body({ expirationYear })), /must be a year of four digits/)
    }
    for (const cvv of ["12", "12345", "abc", 123]) assert.throws(() => decode(body({ cvv })), /must be 3 or 4 digits/)
  })
})

describe("what it takes to register an account to debit", () => {
  const decode = Schema.decodeUnknownSync(CreatePayinSource)

  it("depends on the type, of which there are three", () => {
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
      /must have a type that is one of: bankAccount, bancolombiaToken, nequiToken/
    )
  })

  it("takes a yes or a no for partial payins", () => {
    const bankAccount = { bank: "bancolombia", accountType: "checking", accountNumber: "00123" }
    for (const partialPayinsEnabled of ["true", 1, null]) {
      assert.throws(
        () => decode({ ...source, type: "bankAccount", bankAccount, partialPayinsEnabled }),
        /must be true or false/
      )
    }
  })
})
