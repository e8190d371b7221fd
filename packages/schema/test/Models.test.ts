/**
 * Law 3: what is decoded is encoded to the same, answers are read leniently, and their core is required.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  CreatePayoutRequest,
  Customer,
  CustomerDetails,
  MerchantAccount,
  Page,
  PayinLink,
  PayinRequest,
  PayinSettlement,
  PayinSource,
  PayinSourceDetails,
  PayoutRequest,
  PayoutTarget,
  PayoutTargetDetails
} from "@palomma-effect/schema"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as Arb from "./arbitraries.ts"

// Two `Redacted` values look the same to an assertion, whatever they hold.
const reveal = (value: unknown): unknown => {
  if (Redacted.isRedacted(value)) return { redacted: Redacted.value(value) }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, reveal(part)]))
}

const through = <A>(schema: Schema.Codec<A, unknown>, value: A): A =>
  Schema.decodeUnknownSync(schema)(JSON.parse(JSON.stringify(Schema.encodeSync(schema)(value))))

describe.each(Object.entries(Arb.models))("%s", (_, { schema, values }) => {
  it("comes back the same from JSON", () => {
    const roundTrip = <A>(schema: Schema.Codec<A, unknown>, values: fc.Arbitrary<A>): void =>
      fc.assert(fc.property(values, (value) => assert.deepStrictEqual(through(schema, value), value)))
    roundTrip<unknown>(schema, values)
  })
})

describe.each(Object.entries(Arb.bodies))("%s", (_, { schema, values }) => {
  it("comes back the same from JSON", () => {
    const roundTrip = <A>(schema: Schema.Codec<A, unknown>, values: fc.Arbitrary<A>): void =>
      fc.assert(
        fc.property(values, (value) => {
          const back = through(schema, value)
          assert.deepStrictEqual(reveal(back), reveal(value))
        })
      )
    roundTrip<unknown>(schema, values)
  })
})

// Each model with its core, and of every field a value of the wrong JSON type.
const cores = {
  Customer: [Customer, { id: "c" }],
  CustomerDetails: [CustomerDetails, {}],
  PayinLink: [PayinLink, { id: "l", status: "pending" }],
  PayinSource: [PayinSource, { id: "s", status: "pending" }],
  PayinSourceDetails: [PayinSourceDetails, {}],
  PayinRequest: [PayinRequest, { id: "r", status: "processing" }],
  PayoutTarget: [PayoutTarget, { id: "t", status: "active" }],
  PayoutTargetDetails: [PayoutTargetDetails, {}],
  PayoutRequest: [PayoutRequest, { id: "p", status: "processing", payoutTargetId: "t", amount: 100_000 }],
  MerchantAccount: [MerchantAccount, { id: "default" }],
  PayinSettlement: [PayinSettlement, { id: "x" }]
} as const

describe.each(Object.entries(cores))("%s", (_, [model, core]) => {
  const decode = Schema.decodeUnknownExit<Schema.ConstraintDecoder<unknown>>(model)
  const accepts = (record: object): boolean => decode(record)._tag === "Success"
  const fields = Object.keys(model.fields)
  const optional = fields.filter((field) => !(field in core))

  it("is read with its core alone", () => {
    assert.isTrue(accepts(core))
  })

  it("is refused without any one field of its core, by a message that names the field", () => {
    for (const field of Object.keys(core)) {
      for (const wrong of [undefined, null]) {
        const exit = decode({ ...core, [field]: wrong })
        assert.strictEqual(exit._tag, "Failure")
        assert.include(String(exit), `"${field}"`)
      }
      const { [field]: _, ...rest }: Record<string, unknown> = core
      assert.isFalse(accepts(rest))
    }
  })

  it("is read where every other field is null, as if they were missing", () => {
    const nulls = Object.fromEntries(optional.map((field) => [field, null]))
    assert.deepStrictEqual(decode({ ...core, ...nulls }), decode(core))
  })

  it("is refused where any field is of the wrong JSON type", () => {
    for (const field of fields) {
      const wrong = [[], () => {}, Symbol("s"), 10n]
      for (const value of wrong) assert.isFalse(accepts({ ...core, [field]: value }), field)
      // A field that takes none of these takes an object, which the list above cannot tell from a wrong one.
      assert.strictEqual([true, 12, "x", {}].filter((value) => accepts({ ...core, [field]: value })).length, 1, field)
    }
  })

  it("is read with fields that nobody has heard of, which are dropped", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => !fields.includes(key)),
          fc.jsonValue()
        ),
        (more) => {
          assert.deepStrictEqual(decode({ ...more, ...core }), decode(core))
        }
      )
    )
  })
})

describe("an id in an answer", () => {
  it("may be odd, since an odd id must not turn a payout that was made into an error", () => {
    const core = cores.PayoutRequest[1]
    for (const id of ["..", "a/b", "default", " ", "ñ"]) {
      assert.strictEqual(Schema.decodeUnknownSync(PayoutRequest)({ ...core, id }).id, id)
    }
  })

  it("is not there where it is empty, unless it is the record's own", () => {
    const core = cores.PayoutRequest[1]
    assert.notProperty(Schema.decodeUnknownSync(PayoutRequest)({ ...core, customerId: "" }), "customerId")
    assert.throws(() => Schema.decodeUnknownSync(PayoutRequest)({ ...core, id: "" }), /non-empty/)
  })
})

describe("a create body", () => {
  const body = { payoutTargetId: "t", amount: 2_000 }

  it("is sent without the fields that are undefined", () => {
    const encode = Schema.encodeUnknownSync(CreatePayoutRequest)
    assert.deepStrictEqual<object>(encode({ ...body, reference: undefined, sourceMerchantAccountId: undefined }), body)
  })

  it("is refused where a field is null or of another type, by the rule of the field", () => {
    for (const reference of [null, 12, {}]) {
      assert.throws(
        () => Schema.encodeUnknownSync(CreatePayoutRequest)({ ...body, reference }),
        /must be text[^]*"reference"/
      )
    }
  })

  it("is refused where a reference would not survive a URL", () => {
    for (const reference of ["a\nb", "\u0000", "\ud800", "a\u0085"]) {
      assert.throws(() => Schema.encodeUnknownSync(CreatePayoutRequest)({ ...body, reference }), /control characters/)
    }
    for (const reference of ["nómina 2026/01", "\ud83d\udc9a", "a b"]) {
      assert.strictEqual(Schema.encodeUnknownSync(CreatePayoutRequest)({ ...body, reference }).reference, reference)
    }
  })

  it("has all its problems reported together", () => {
    assert.throws(
      () => Schema.encodeUnknownSync(CreatePayoutRequest)({ payoutTargetId: "", amount: 900 }, { errors: "all" }),
      /payoutTargetId[^]*amount|amount[^]*payoutTargetId/
    )
  })
})

describe("a page", () => {
  const customers = Page(Customer)

  it("comes back the same from JSON", () => {
    fc.assert(
      fc.property(Arb.page(Arb.customer), (page) => {
        const back = Schema.decodeUnknownSync(customers)(JSON.parse(JSON.stringify(Schema.encodeSync(customers)(page))))
        assert.deepStrictEqual(back, page)
      })
    )
  })

  it("is refused without its items or its cursor", () => {
    const decode = Schema.decodeUnknownExit(customers)
    assert.strictEqual(decode({ items: [], cursor: null })._tag, "Success")
    assert.strictEqual(decode({ items: [] })._tag, "Failure")
    assert.strictEqual(decode({ cursor: null })._tag, "Failure")
  })
})
