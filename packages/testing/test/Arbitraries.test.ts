import { assert, describe, it } from "@effect/vitest"
import * as S from "@palomma-effect/schema"
import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Result from "effect/Result"
import * as fc from "fast-check"

const survives = <A, E>(name: string, schema: Schema.Codec<A, E>, arbitrary: fc.Arbitrary<A>) =>
  it(`every ${name} is unchanged after encoding to JSON and decoding`, () => {
    const encode = Schema.encodeSync(schema)
    const decode = Schema.decodeUnknownSync(schema)
    fc.assert(
      fc.property(arbitrary, (value) => {
        assert.deepStrictEqual(decode(JSON.parse(JSON.stringify(encode(value)))), value)
      })
    )
  })

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

const refused = <A, E>(name: string, schema: Schema.Codec<A, E>, arbitrary: fc.Arbitrary<Arbitraries.InvalidValue>) =>
  it(`every invalid ${name} is rejected with the path of the wrong field`, () => {
    const decode = Schema.decodeUnknownResult(schema, { errors: "all" })
    fc.assert(
      fc.property(arbitrary, ({ field, value }) => {
        const result = decode(value)
        if (Result.isSuccess(result)) throw new Error(`accepted, though ${field} is wrong`)
        const paths = issuesOf(result.failure.issue).issues.map(({ path = [] }) => path.map(String).join("."))
        // A union reports only that its `type` is wrong.
        assert.isTrue(paths.some((path) => path === field || path === "" || path.startsWith(`${field}.`)))
      }),
      { numRuns: 500 }
    )
  })

describe("valid values", () => {
  survives("customer", S.Customer, Arbitraries.customer)
  survives("payout target", S.PayoutTarget, Arbitraries.payoutTarget)
  survives("payout request", S.PayoutRequest, Arbitraries.payoutRequest)
  survives("payin link", S.PayinLink, Arbitraries.payinLink)
  survives("payin source", S.PayinSource, Arbitraries.payinSource)
  survives("payin request", S.PayinRequest, Arbitraries.payinRequest)
  survives("merchant account", S.MerchantAccount, Arbitraries.merchantAccount)
  survives("payin settlement", S.PayinSettlement, Arbitraries.payinSettlement)
  survives("page", S.Page(S.Customer), Arbitraries.page(Arbitraries.customer))
  survives("webhook event", S.WebhookEvent, Arbitraries.webhookEvent)
  survives("body of a new customer", S.CreateCustomer, Arbitraries.createCustomer)
  survives("body of a new payout target", S.CreatePayoutTarget, Arbitraries.createPayoutTarget())
  survives("body of a new payout request", S.CreatePayoutRequest, Arbitraries.createPayoutRequest())
  survives("body of a new payin source", S.CreatePayinSource, Arbitraries.createPayinSource)
  survives("body of a new payin request", S.CreatePayinRequest, Arbitraries.createPayinRequest())
  survives("body of a new payin link", S.CreatePayinLink, Arbitraries.createPayinLink())

  it("every create error has an outcome of a create and a message", () => {
    fc.assert(
      fc.property(Arbitraries.createError, (error) => {
        assert.include(["not-sent", "rejected", "unknown"], error.outcome)
        assert.include(error.message, error.operation)
      })
    )
  })

  it("a new payout target can use the banks that are enabled for the merchant", () => {
    const options = { extra: { payoutBanks: ["bancodelfuturo"] } }
    const accepts = Schema.is(Schema.toType(S.CreatePayoutTarget.forMerchant(S.merchantRules(options))))
    const seen = new Set<string>()
    fc.assert(
      fc.property(Arbitraries.createPayoutTarget(options), (body) => {
        seen.add(S.PayoutBank.raw(body.bankAccount.bank))
        assert.isTrue(accepts(body))
      })
    )
    assert.include(seen, "bancodelfuturo")
  })
})

describe("invalid values", () => {
  refused("customer", S.Customer, Arbitraries.invalidCustomer)
  refused("payout target", S.PayoutTarget, Arbitraries.invalidPayoutTarget)
  refused("payout request", S.PayoutRequest, Arbitraries.invalidPayoutRequest)
  refused("payin link", S.PayinLink, Arbitraries.invalidPayinLink)
  refused("payin source", S.PayinSource, Arbitraries.invalidPayinSource)
  refused("payin request", S.PayinRequest, Arbitraries.invalidPayinRequest)
  refused("merchant account", S.MerchantAccount, Arbitraries.invalidMerchantAccount)
  refused("payin settlement", S.PayinSettlement, Arbitraries.invalidPayinSettlement)
  refused("webhook event", S.WebhookEvent, Arbitraries.invalidWebhookEvent)
  refused("body of a new customer", S.CreateCustomer, Arbitraries.invalidCreateCustomer)
  refused("body of a new payout target", S.CreatePayoutTarget, Arbitraries.invalidCreatePayoutTarget)
  refused("body of a new payout request", S.CreatePayoutRequest, Arbitraries.invalidCreatePayoutRequest())
  refused("body of a new payin source", S.CreatePayinSource, Arbitraries.invalidCreatePayinSource)
  refused("body of a new payin request", S.CreatePayinRequest, Arbitraries.invalidCreatePayinRequest())
  refused("body of a new payin link", S.CreatePayinLink, Arbitraries.invalidCreatePayinLink())

  it.each([
    ["payout", S.PayoutAmount, Arbitraries.payoutAmount(), Arbitraries.invalidPayoutAmount()],
    ["payin", S.PayinAmount, Arbitraries.payinAmount(), Arbitraries.invalidPayinAmount()],
    ["payin link", S.PayinLinkAmount, Arbitraries.payinLinkAmount(), Arbitraries.invalidPayinLinkAmount()]
  ] as const)("an amount of a %s is accepted exactly if it is valid", (_name, schema, valid, invalid) => {
    const accepts = Schema.is(schema)
    fc.assert(fc.property(valid, (amount) => accepts(amount)))
    fc.assert(fc.property(invalid, (amount) => !accepts(amount)))
  })

  it("an unsafe id is not a path segment", () => {
    const accepts = Schema.is(S.pathSegment(S.PayoutRequestId))
    fc.assert(fc.property(Arbitraries.unsafeId, (id) => !accepts(id)))
    fc.assert(fc.property(Arbitraries.payoutRequestId, (id) => accepts(id)))
  })
})

describe("shrinking", () => {
  // The value that a person sees when a property fails.
  const shrunk = <A>(arbitrary: fc.Arbitrary<A>): A => {
    const { counterexample } = fc.check(
      fc.property(arbitrary, () => false),
      { seed: 7, endOnFailure: false }
    )
    if (counterexample === null) throw new Error("no counterexample")
    return (counterexample as [A])[0]
  }

  it("ends at readable values", () => {
    assert.strictEqual(shrunk(Arbitraries.payoutAmount()), 1001)
    assert.strictEqual(shrunk(Arbitraries.payoutBank), "santander")
    assert.strictEqual(shrunk(Arbitraries.payoutStatus), "processing")
    assert.strictEqual(shrunk(Arbitraries.reference), "invoice-1")
    assert.strictEqual(shrunk(Arbitraries.email), "pepito@gmail.com")
    assert.deepStrictEqual(JSON.parse(JSON.stringify(shrunk(Arbitraries.payoutRequest))), {
      id: "01HPR000000000000000000000",
      status: "processing",
      payoutTargetId: "01HPR000000000000000000000",
      amount: 0
    })
  })
})
