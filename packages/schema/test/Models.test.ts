/**
 * Law 3: decoding and encoding a value gives the same value. Required fields of records, and invalid fields of
 * requests.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  CreatePayoutRequest,
  Customer,
  CustomerDetails,
  MerchantAccount,
  PalommaApi,
  PayinLink,
  PayinLinkNotice,
  PayinRequest,
  PayinRequestNotice,
  PayinSettlement,
  PayinSource,
  PayinSourceDetails,
  PayinSourceNotice,
  PayoutRequest,
  PayoutRequestNotice,
  PayoutTarget,
  PayoutTargetDetails,
  PayoutTargetNotice,
  Undocumented
} from "@palomma-effect/schema"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as Arb from "./arbitraries.ts"

// An assertion finds any two `Redacted` values equal.
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

// Each model with its required fields.
const cores = {
  Customer: [Customer, { id: "c" }],
  CustomerDetails: [CustomerDetails, {}],
  PayinLink: [PayinLink, { id: "l", status: "pending" }],
  PayinLinkNotice: [PayinLinkNotice, { id: "l" }],
  PayinSource: [PayinSource, { id: "s", status: "pending" }],
  PayinSourceDetails: [PayinSourceDetails, {}],
  PayinSourceNotice: [PayinSourceNotice, { id: "s" }],
  PayinRequest: [PayinRequest, { id: "r", status: "processing" }],
  PayinRequestNotice: [PayinRequestNotice, { id: "r" }],
  PayoutTarget: [PayoutTarget, { id: "t", status: "active" }],
  PayoutTargetDetails: [PayoutTargetDetails, {}],
  PayoutTargetNotice: [PayoutTargetNotice, { id: "t" }],
  PayoutRequest: [PayoutRequest, { id: "p", status: "processing", payoutTargetId: "t", amount: 100_000 }],
  PayoutRequestNotice: [PayoutRequestNotice, { id: "p" }],
  MerchantAccount: [MerchantAccount, { id: "default" }],
  PayinSettlement: [PayinSettlement, { id: "x" }]
} as const

describe.each(Object.entries(cores))("%s", (_, [model, core]) => {
  const decode = Schema.decodeUnknownExit<Schema.ConstraintDecoder<unknown>>(model)
  const accepts = (record: object): boolean => decode(record)._tag === "Success"
  const fields = Object.keys(model.fields)

  it("is decoded with only its required fields", () => {
    assert.isTrue(accepts(core))
    assert.deepStrictEqual<unknown>(Schema.encodeUnknownSync(model)(Schema.decodeUnknownSync(model)(core)), core)
  })

  it("is invalid without any one of its required fields, and the message names the field", () => {
    for (const field of Object.keys(core)) {
      for (const wrong of [undefined, null, [], {}, true]) {
        const exit = decode({ ...core, [field]: wrong })
        assert.strictEqual(exit._tag, "Failure")
        assert.include(String(exit), `"${field}"`)
      }
      const { [field]: _, ...rest }: Record<string, unknown> = core
      assert.isFalse(accepts(rest))
    }
  })

  it("is invalid if it is not an object", () => {
    for (const other of [null, undefined, [], [core], "text", 7, true]) {
      assert.throws(
        () => Schema.decodeUnknownSync<Schema.ConstraintDecoder<unknown>>(model)(other),
        /must be an object/
      )
    }
  })

  it("is an instance of its class, decoded or constructed", () => {
    const read: unknown = Schema.decodeUnknownSync<Schema.ConstraintDecoder<unknown>>(model)(core)
    assert.isTrue(read instanceof model)
    assert.isTrue(Schema.is(model)(read))
    assert.isTrue(Schema.is(Schema.toType(model))(read))
    assert.isFalse(Schema.is(model)(core))
    assert.deepStrictEqual(
      Schema.decodeUnknownSync<Schema.ConstraintDecoder<unknown>>(Schema.toType(model))(read),
      read
    )
  })

  it("is as strict as any other schema when it is constructed or encoded", () => {
    for (const field of fields) {
      const wrong: object = { ...core, [field]: Symbol("wrong") }
      assert.throws(
        () => Schema.encodeUnknownSync(model)(Object.assign(Object.create(model.prototype), wrong)),
        `"${field}"`
      )
      assert.throws(() => Reflect.construct(model, [wrong]), /validation failed/)
    }
  })

  it("is read strictly through its JSON codec", () => {
    const strict = Schema.decodeUnknownExit<Schema.ConstraintDecoder<unknown>>(Schema.toCodecJson(model))
    assert.strictEqual(strict(core)._tag, "Success")
    for (const field of fields) assert.strictEqual(strict({ ...core, [field]: [] })._tag, "Failure", field)
  })
})

describe("an id in an answer", () => {
  const core = cores.PayoutRequest[1]

  it("may have any form, since an unusual id must not make an existing payout an error", () => {
    for (const id of ["..", "a/b", "default", " ", "ñ"]) {
      assert.strictEqual(Schema.decodeUnknownSync(PayoutRequest)({ ...core, id }).id, id)
    }
  })

  it("is absent if it is empty, except the id of the record itself", () => {
    const payout = Schema.decodeUnknownSync(PayoutRequest)({ ...core, customerId: "" })
    assert.notProperty(payout, "customerId")
    assert.deepStrictEqual(Undocumented.fields(payout), { customerId: "" })
    assert.throws(() => Schema.decodeUnknownSync(PayoutRequest)({ ...core, id: "" }), /non-empty/)
  })

  it("is converted to text if it is a whole number without loss of digits", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (id) => {
        const payout = Schema.decodeUnknownSync(PayoutRequest)({ ...core, id, payoutTargetId: id, customerId: id })
        assert.deepStrictEqual<unknown>(
          [payout.id, payout.payoutTargetId, payout.customerId],
          Array(3).fill(String(id))
        )
      })
    )
    for (const id of [1.5, 2 ** 53, 1e21]) {
      assert.throws(() => Schema.decodeUnknownSync(PayoutRequest)({ ...core, id }), /non-empty string/)
      assert.notProperty(Schema.decodeUnknownSync(PayoutRequest)({ ...core, customerId: id }), "customerId")
    }
  })
})

describe("an amount in an answer", () => {
  const core = cores.PayoutRequest[1]

  it("is never read from text", () => {
    for (const amount of ["100000", "100000.00", "100.000", "1e5", " 1 ", ""]) {
      assert.throws(() => Schema.decodeUnknownSync(PayoutRequest)({ ...core, amount }), `"amount"`)
      assert.notProperty(Schema.decodeUnknownSync(PayoutRequest)({ ...core, fee: amount }), "fee")
    }
  })
})

describe("a create body", () => {
  const body = { payoutTargetId: "t", amount: 2_000 }
  const encode = Schema.encodeUnknownSync(CreatePayoutRequest)

  it("is sent without undefined fields", () => {
    assert.deepStrictEqual<object>(encode({ ...body, reference: undefined, sourceMerchantAccountId: undefined }), body)
  })

  it("is invalid if a field is null or of another type, with the rule of the field", () => {
    for (const reference of [null, 12, {}])
      assert.throws(() => encode({ ...body, reference }), /must be [^]*"reference"/)
  })

  it("has all its problems reported together", () => {
    assert.throws(
      () => Schema.encodeUnknownSync(CreatePayoutRequest)({ payoutTargetId: "", amount: 900 }, { errors: "all" }),
      /payoutTargetId[^]*amount|amount[^]*payoutTargetId/
    )
  })
})

describe("the reference of a create", () => {
  const encode = Schema.encodeUnknownSync(CreatePayoutRequest)
  const send = (reference: unknown): unknown => encode({ payoutTargetId: "t", amount: 2_000, reference }).reference

  it.each<[string, ReadonlyArray<string>, RegExp]>([
    ["is empty", [""], /non-empty/],
    ["has control characters", ["a\nb", "\u0000", "a\u0085b", "\u001b[31m"], /control characters/],
    ["has format characters", ["a\u200bb", "\ufeffa", "a\u202eb", "a\u00adb"], /invisible characters/],
    ["has half of a surrogate pair", ["\ud800", "a\udc00b"], /invalid Unicode/],
    ["has separators of lines or of paragraphs", ["a\u2028b", "a\u2029b"], /line breaks/],
    ["begins or ends with a space", [" a", "a ", "\u00a0a", "a\u3000", "\u2003"], /must not begin or end with a space/],
    ["is not in normal form C", ["no\u0301mina", "\u212bngstrom", "e\u0323\u0302"], /normalized Unicode text/],
    ["is longer than 200 characters", ["x".repeat(201), "\u{1f49a}".repeat(201)], /at most 200 characters/]
  ])("is invalid if it %s", (_, references, rule) => {
    for (const reference of references) assert.throws(() => send(reference), rule, JSON.stringify(reference))
  })

  it.each(["nómina 2026/01", "\u{1f49a}", "a b", "..", "x".repeat(200), "\u{1f49a}".repeat(200)])(
    "may be %j",
    (reference) => {
      assert.strictEqual(send(reference), reference)
    }
  )

  it("comes back as it was sent from a server that trims, normalises or cuts at 200 characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 220 }), (reference) => {
        fc.pre(Schema.is(CreatePayoutRequest)({ payoutTargetId: "t", amount: 2_000, reference }))
        assert.strictEqual(Array.from(reference.trim().normalize("NFC")).slice(0, 200).join(""), reference)
        assert.strictEqual(decodeURIComponent(encodeURIComponent(reference)), reference)
      })
    )
  })
})

describe("the reference of a filter", () => {
  const query = PalommaApi.groups.payoutRequests.endpoints.list.query ?? Schema.Never
  const encode = Schema.encodeUnknownSync(Schema.make<Schema.Codec<unknown>>(query.ast))

  it("is any text that a record may have as its reference", () => {
    for (const reference of [" a", "a\nb", "no\u0301mina", "x".repeat(1_000)]) {
      assert.deepStrictEqual<unknown>(encode({ reference }), { reference })
    }
  })

  it("is invalid if it is empty or does not fit in a URL", () => {
    assert.throws(() => encode({ reference: "" }), /non-empty/)
    assert.throws(() => encode({ reference: "\ud800" }), /broken surrogates/)
  })
})
