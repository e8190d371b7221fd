/**
 * Schemas of intents: what to pay or collect, and under which reference.
 */
import { assert, describe, it } from "@effect/vitest"
import { inputProblems, merchantRules, PayinIntent, PayoutIntent } from "@palomma-effect/schema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const kinds = {
  PayoutIntent: {
    schema: PayoutIntent,
    forMerchant: (options: Parameters<typeof merchantRules>[0]) => PayoutIntent.forMerchant(merchantRules(options)),
    account: "payoutTargetId",
    merchantAccount: "sourceMerchantAccountId",
    limits: { limits: { payout: { atMost: 5_000 } } }
  },
  PayinIntent: {
    schema: PayinIntent,
    forMerchant: (options: Parameters<typeof merchantRules>[0]) => PayinIntent.forMerchant(merchantRules(options)),
    account: "payinSourceId",
    merchantAccount: "targetMerchantAccountId",
    limits: { limits: { payin: { atMost: 5_000 } } }
  }
}

describe.each(Object.entries(kinds))("%s", (_, { account, forMerchant, limits, merchantAccount, schema }) => {
  const codec: Schema.Codec<unknown, unknown> = schema
  const message = { reference: "order-17", [account]: "01H", amount: 50_000, [merchantAccount]: "shop" }

  const problems = (input: unknown, of: Schema.Codec<unknown, unknown> = codec) => {
    const decoded = Schema.decodeUnknownResult(of, { errors: "all", onExcessProperty: "error" })(input)
    return Result.isFailure(decoded)
      ? inputProblems(decoded.failure.issue).map(({ code, field }) => `${field} ${code}`)
      : []
  }

  it("decodes a message of a queue, and encodes it again", () => {
    const intent = Schema.decodeUnknownSync(codec)(message)
    assert.deepStrictEqual({ ...Object(intent) }, message)
    assert.deepStrictEqual(Schema.encodeSync(codec)(intent), message)
  })

  it("has no merchant account if the input has none", () => {
    const { [merchantAccount]: _, ...rest } = message
    assert.deepStrictEqual(Schema.encodeSync(codec)(Schema.decodeUnknownSync(codec)(rest)), rest)
    const withUndefined = { ...rest, [merchantAccount]: undefined }
    assert.deepStrictEqual(Schema.encodeSync(Schema.toType(codec))(withUndefined), withUndefined)
    assert.deepStrictEqual(problems(rest), [])
  })

  it("decodes a row of a CSV file, in which every value is text", () => {
    const row = Schema.decodeUnknownSync(Schema.toCodecStringTree(codec))({ ...message, amount: "50000" })
    assert.deepStrictEqual({ ...Object(row) }, message)
  })

  it("must have a reference, the only way to find it later", () => {
    const { reference: _, ...rest } = message
    assert.deepStrictEqual(problems(rest), ["reference required"])
  })

  it.each([
    ["", "reference non-empty"],
    [" order-17", "reference reference-blank"],
    ["order\u200b17", "reference reference-characters"],
    ["cafe\u0301", "reference reference-normalization"],
    ["x".repeat(201), "reference reference-length"],
    [17, "reference non-empty"]
  ])("refuses the reference %j", (reference, expected) => {
    assert.include(problems({ ...message, reference }), expected)
  })

  it.each([0, 1_000, 1_000.5, -50_000, "50000", null])("rejects the amount %j", (amount) => {
    assert.lengthOf(problems({ ...message, amount }), 1)
  })

  it("applies the limits of a merchant if it is made for that merchant", () => {
    assert.deepStrictEqual(problems({ ...message, amount: 5_000 }, forMerchant(limits)), [])
    assert.lengthOf(problems({ ...message, amount: 5_001 }, forMerchant(limits)), 1)
  })

  it("reports all problems together, unknown fields included", () => {
    assert.deepStrictEqual(
      problems({ reference: "", [account]: "", amount: 1, more: 1 }).toSorted(),
      [`${account} non-empty`, "amount amount", "more unknown-field", "reference non-empty"].toSorted()
    )
  })
})
