/**
 * Law 4: an amount is accepted exactly when it is a whole number within its bounds.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  CreatePayinLink,
  CreatePayinRequest,
  CreatePayoutRequest,
  defaultMerchantRules,
  payinAmount,
  PayinAmount,
  payinLinkAmount,
  PayinLinkAmount,
  PayinLinkType,
  payoutAmount,
  PayoutAmount,
  PayoutTargetId,
  Pesos
} from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

interface Case {
  readonly accepts: (value: unknown) => boolean
  readonly refuse: (value: unknown) => string
  readonly above: number
  readonly atMost: number
}

const of = (
  schema: Schema.Codec<unknown>,
  above: number,
  atMost: number,
  wrap: (amount: unknown) => unknown = (a) => a
): Case => {
  const encode = Schema.encodeUnknownExit(schema)
  const decode = Schema.decodeUnknownExit(schema)
  return {
    accepts: (value) => {
      const encoded = encode(wrap(value))._tag === "Success"
      assert.strictEqual(decode(wrap(value))._tag === "Success", encoded)
      return encoded
    },
    refuse: (value) => {
      const exit = encode(wrap(value))
      return exit._tag === "Failure" ? String(exit.cause) : "accepted"
    },
    above,
    atMost
  }
}

const limits = {
  payout: { above: 500, atMost: 9_000_000 },
  payin: { above: 1_200, atMost: 1_500 },
  payinLink: { above: 3_000, atMost: 20_000_000 },
  payinLinkPse: { above: 1, atMost: 4_000 }
}
const rules = { ...defaultMerchantRules, limits }
const link = { customerId: "c", redirectUrl: "https://merchant.example" }
const extras: Record<string, object> = {
  general: { availableTypes: ["pse"] },
  pse: { bank: "nequi" },
  nequiButton: { phoneNumber: "3013111111" }
}
const plainLinks = PayinLinkType.values.filter((type) => type !== "card")

const cases: Record<string, Case> = {
  PayoutAmount: of(PayoutAmount, 1_000, 5_000_000),
  PayinAmount: of(PayinAmount, 1_000, 2_000_000),
  PayinLinkAmount: of(PayinLinkAmount, 1_500, 2_000_000),
  "payoutAmount of a merchant": of(payoutAmount(limits), 500, 9_000_000),
  "payinAmount of a merchant": of(payinAmount(limits), 1_200, 1_500),
  "payinLinkAmount of a PSE link": of(payinLinkAmount("pse"), 1_000, 2_000_000),
  "payinLinkAmount of a merchant": of(payinLinkAmount("card", limits), 3_000, 20_000_000),
  "payinLinkAmount of a merchant's PSE link": of(payinLinkAmount("pse", limits), 1, 4_000),
  CreatePayoutRequest: of(CreatePayoutRequest, 1_000, 5_000_000, (amount) => ({ payoutTargetId: "t", amount })),
  "CreatePayoutRequest.forMerchant": of(CreatePayoutRequest.forMerchant(rules), 500, 9_000_000, (amount) => ({
    payoutTargetId: "t",
    amount
  })),
  "CreatePayoutRequest.wire": of(CreatePayoutRequest.wire, 0, Number.MAX_SAFE_INTEGER, (amount) => ({
    payoutTargetId: "t",
    amount
  })),
  CreatePayinRequest: of(CreatePayinRequest, 1_000, 2_000_000, (amount) => ({ payinSourceId: "s", amount })),
  "CreatePayinRequest.forMerchant": of(CreatePayinRequest.forMerchant(rules), 1_200, 1_500, (amount) => ({
    payinSourceId: "s",
    amount
  })),
  "CreatePayinRequest.wire": of(CreatePayinRequest.wire, 0, Number.MAX_SAFE_INTEGER, (amount) => ({
    payinSourceId: "s",
    amount
  })),
  ...Object.fromEntries(
    plainLinks.flatMap((type) => {
      const wrap = (amount: unknown): unknown => ({ ...link, type, amount, ...extras[type] })
      const above = type === "pse" ? 1_000 : 1_500
      return [
        [`CreatePayinLink of type ${type}`, of(CreatePayinLink, above, 2_000_000, wrap)],
        [
          `CreatePayinLink.forMerchant of type ${type}`,
          type === "pse"
            ? of(CreatePayinLink.forMerchant(rules), 1, 4_000, wrap)
            : of(CreatePayinLink.forMerchant(rules), 3_000, 20_000_000, wrap)
        ],
        [`CreatePayinLink.wire of type ${type}`, of(CreatePayinLink.wire, 0, Number.MAX_SAFE_INTEGER, wrap)]
      ]
    })
  )
}

describe.each(Object.entries(cases))("%s", (_, { accepts, refuse, above, atMost }) => {
  it("accepts the smallest and the greatest valid amount, and rejects the next ones outside", () => {
    assert.isFalse(accepts(above - 1))
    assert.isFalse(accepts(above))
    assert.isTrue(accepts(above + 1))
    assert.isTrue(accepts(atMost - 1))
    assert.isTrue(accepts(atMost))
    assert.isFalse(accepts(atMost + 1))
  })

  it("accepts a number exactly when it is whole and within bounds", () => {
    const numbers = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.integer({ min: above - 10, max: above + 10 }),
      fc.maxSafeInteger(),
      fc.double({ min: above - 1, max: above + 2 }),
      fc.integer({ min: 0, max: 3 }).map((n) => Math.min(atMost, 2 ** 50) + n / 2)
    )
    fc.assert(
      fc.property(numbers, (n) => assert.strictEqual(accepts(n), Number.isInteger(n) && n > above && n <= atMost)),
      { numRuns: 300 }
    )
  })

  it("rejects values that only look like an amount", () => {
    const half = Math.floor((above + Math.min(atMost, 10_000)) / 2)
    const lookalikes = [
      -0,
      0,
      NaN,
      Infinity,
      -Infinity,
      -half,
      half + 0.5,
      `${half}`,
      BigInt(half),
      [half],
      { value: half },
      new Date(half)
    ]
    for (const value of [...lookalikes, null, undefined, true, "", `${half}.0`, `$ ${half}`]) {
      assert.isFalse(accepts(value), typeof value)
    }
  })

  it("has the same message with both bounds for every invalid value", () => {
    for (const value of [above, atMost + 1, above + 1.5, "2000", NaN]) {
      assert.include(refuse(value), `must be a whole number of pesos (never cents) above ${Pesos.group(above)}`)
    }
  })
})

describe("an amount's message", () => {
  it("contains the bounds of the merchant", () => {
    const body = { payoutTargetId: PayoutTargetId.make("t"), amount: 10_000_000 }
    assert.throws(() => Schema.encodeSync(CreatePayoutRequest)(body), /above 1\.000 and at most 5\.000\.000/)
    assert.throws(
      () => Schema.encodeSync(CreatePayoutRequest.forMerchant(rules))(body),
      /above 500 and at most 9\.000\.000/
    )
  })
})
