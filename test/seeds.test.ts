/** Law 1: all facts of the five pages of Palomma's documentation that this library is based on. */
import { assert, describe, it } from "@effect/vitest"
import {
  CreatePayoutRequest,
  CreatePayoutTarget,
  CreatePayoutTargetBankAccount,
  Customer,
  CustomerDetails,
  CustomerId,
  MerchantAccountId,
  PayoutBank,
  PayoutRequest,
  PayoutStatus,
  PayoutTarget,
  PayoutTargetDetails,
  PayoutTargetId,
  PayoutTargetStatus,
  StatusMessage
} from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import { parse } from "yaml"

interface Property {
  readonly name: string
  readonly required?: true
}

interface Page {
  readonly sampleRequest: Record<string, unknown>
  readonly sampleResponse: Record<string, unknown>
  readonly body: ReadonlyArray<Property>
  readonly response: ReadonlyArray<Property>
  readonly enums: { readonly status: ReadonlyArray<string>; readonly statusMessage: ReadonlyArray<string> }
}

interface JsonSchema {
  readonly required?: ReadonlyArray<string>
  readonly properties: Record<string, { readonly example?: unknown; readonly enum?: ReadonlyArray<string> }>
  readonly enum: ReadonlyArray<string>
}

interface OpenApi {
  readonly components: { readonly schemas: Record<string, JsonSchema> }
  readonly paths: Record<
    string,
    { readonly post: { readonly requestBody: { readonly content: Record<string, { schema: JsonSchema }> } } }
  >
}

const read = (file: string): string => fs.readFileSync(new URL(`seeds/${file}`, import.meta.url), "utf8")
const S0: OpenApi = parse(read("S0-create-payout-request.yaml"))
const S1: Page = JSON.parse(read("S1-create-payout-request.json"))
const S2: OpenApi = parse(read("S2-create-payout-target.yaml"))
const S3: Page = JSON.parse(read("S3-create-payout-request.json"))
const S4: Page = JSON.parse(read("S4-create-payout-target.json"))

const schemaOf = (page: OpenApi, name: string): JsonSchema => {
  const schema = page.components.schemas[name]
  assert.isDefined(schema)
  return schema
}

const requestOf = (page: OpenApi, path: string): JsonSchema => {
  const schema = page.paths[path]?.post.requestBody.content["application/json"]?.schema
  assert.isDefined(schema)
  return schema
}

const names = (properties: ReadonlyArray<Property>): ReadonlyArray<string> =>
  properties.map((property) => property.name).sort()
const required = (properties: ReadonlyArray<Property>): ReadonlyArray<string> =>
  names(properties.filter((p) => p.required))
const keys = (value: object): ReadonlyArray<string> => Object.keys(value).sort()

// Later additions by Palomma are in the contract. Law 2 compares them.
const hasAll = (values: ReadonlyArray<string>, documented: ReadonlyArray<string> | undefined): void => {
  assert.isNotEmpty(documented)
  assert.deepStrictEqual(
    values.filter((value) => documented?.includes(value)),
    documented
  )
}

const aTarget: CreatePayoutTargetBankAccount = {
  customerId: CustomerId.make("01HPR57X6QR5ZRKEEKBSDBW4RA"),
  redirectUrl: "https://merchant.example/back",
  type: "bankAccount",
  bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" },
  reference: "Pepito's account",
  description: "Salaries"
}

const aRequest: CreatePayoutRequest = {
  payoutTargetId: PayoutTargetId.make("01HPR8S7YF43PV3QV16TZDC80P"),
  amount: 50_000,
  reference: "salary-2026-01",
  sourceMerchantAccountId: MerchantAccountId.make("default")
}

describe("the documented payout request", () => {
  it("decodes, with a status message in status processing too", () => {
    const payout = Schema.decodeUnknownSync(PayoutRequest)(S1.sampleResponse)
    assert.strictEqual(payout.status, "processing")
    assert.strictEqual(payout.statusMessage, "AUTHENTICATION_FAILED")
    assert.strictEqual(payout.customerDetails?.phoneNumber, "3013111111")
  })

  it("is unchanged after decoding and encoding", () => {
    const payout = Schema.decodeUnknownSync(PayoutRequest)(S1.sampleResponse)
    assert.deepStrictEqual<object>(Schema.encodeSync(PayoutRequest)(payout), S1.sampleResponse)
  })

  it("has the fields of all three pages and no others", () => {
    const fields = keys(PayoutRequest.fields)
    assert.deepStrictEqual(fields, keys(schemaOf(S0, "PayoutRequest").properties))
    assert.deepStrictEqual(fields, names(S1.response))
    assert.deepStrictEqual(fields, names(S3.response))
    assert.deepStrictEqual(fields, keys(S1.sampleResponse))
  })

  it("embeds a customer and a payout target with the fields of the pages and no others", () => {
    assert.deepStrictEqual(keys(CustomerDetails.fields), keys(schemaOf(S0, "CustomerDetails").properties))
    assert.deepStrictEqual(keys(CustomerDetails.fields), keys(schemaOf(S2, "CustomerDetails").properties))
    assert.deepStrictEqual(keys(PayoutTargetDetails.fields), keys(schemaOf(S0, "PayoutTargetDetails").properties))
  })

  it("has its statuses, in order", () => {
    hasAll(PayoutStatus.values, schemaOf(S0, "PayoutRequest").properties["status"]?.enum)
    hasAll(PayoutStatus.values, S1.enums.status)
    hasAll(PayoutStatus.values, S3.enums.status)
  })
})

describe("the documented payout target", () => {
  it("decodes, with a status message in status active too", () => {
    const target = Schema.decodeUnknownSync(PayoutTarget)(S4.sampleResponse)
    assert.strictEqual(target.status, "active")
    assert.strictEqual(target.statusMessage, "AUTHENTICATION_FAILED")
  })

  it("is unchanged after decoding and encoding", () => {
    const target = Schema.decodeUnknownSync(PayoutTarget)(S4.sampleResponse)
    assert.deepStrictEqual<object>(Schema.encodeSync(PayoutTarget)(target), S4.sampleResponse)
  })

  it("has the fields of both pages and no others", () => {
    const fields = keys(PayoutTarget.fields)
    assert.deepStrictEqual(fields, keys(schemaOf(S2, "PayoutTarget").properties))
    assert.deepStrictEqual(fields, names(S4.response))
    assert.deepStrictEqual(fields, keys(S4.sampleResponse))
  })

  it("has its statuses and its banks, in order", () => {
    hasAll(PayoutTargetStatus.values, schemaOf(S2, "PayoutTarget").properties["status"]?.enum)
    hasAll(PayoutTargetStatus.values, S4.enums.status)
    hasAll(PayoutBank.values, schemaOf(S2, "BcolPayoutBank").enum)
  })
})

describe("the documented status messages", () => {
  it("are known, in order, together with the two that are only in Palomma's table of messages", () => {
    for (const documented of [
      schemaOf(S0, "StatusMessage").enum,
      schemaOf(S2, "StatusMessage").enum,
      S1.enums.statusMessage
    ]) {
      const others = StatusMessage.values.filter((value) => !documented.includes(value))
      assert.deepStrictEqual(others, ["BANK_NOT_AVAILABLE", "DOCUMENT_ACCOUNT_MISMATCH"])
      assert.deepStrictEqual(
        StatusMessage.values.filter((value) => documented.includes(value)),
        documented
      )
    }
  })
})

describe("the examples of single properties", () => {
  const examples = (page: OpenApi, name: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(schemaOf(page, name).properties).flatMap(([field, { example }]) =>
        example === undefined ? [] : [[field, example]]
      )
    )

  it("decode to the same values", () => {
    const cases: ReadonlyArray<readonly [(record: unknown) => object, Record<string, unknown>]> = [
      [Schema.decodeUnknownSync(PayoutRequest), { ...examples(S0, "PayoutRequest"), status: "approved" }],
      [Schema.decodeUnknownSync(PayoutTarget), examples(S2, "PayoutTarget")],
      [Schema.decodeUnknownSync(CustomerDetails), examples(S0, "CustomerDetails")],
      [Schema.decodeUnknownSync(Customer), { ...examples(S2, "CustomerDetails"), id: "01HPR57X6QR5ZRKEEKBSDBW4RA" }]
    ]
    for (const [decode, record] of cases) assert.deepStrictEqual<object>({ ...decode(record) }, record)
  })
})

describe("a create body", () => {
  it("of a payout request is encoded to exactly the documented keys", () => {
    const body = Schema.encodeSync(CreatePayoutRequest)(aRequest)
    assert.deepStrictEqual(keys(body), keys(requestOf(S0, "/payoutRequests").properties))
    assert.deepStrictEqual(keys(body), keys(S1.sampleRequest))
    assert.deepStrictEqual(keys(body), names(S1.body))
    assert.deepStrictEqual(keys(body), names(S3.body))
  })

  it("of a payout request requires exactly the documented keys", () => {
    const { payoutTargetId, amount } = aRequest
    const body = Schema.encodeSync(CreatePayoutRequest)({ payoutTargetId, amount })
    assert.deepStrictEqual(keys(body), [...(requestOf(S0, "/payoutRequests").required ?? [])].sort())
    assert.deepStrictEqual(keys(body), required(S1.body))
    assert.deepStrictEqual(keys(body), required(S3.body))
  })

  it("of a payout target is encoded to exactly the documented keys", () => {
    const body = Schema.encodeSync(CreatePayoutTargetBankAccount)(aTarget)
    assert.deepStrictEqual(keys(body), keys(schemaOf(S2, "PayoutTargetBankAccount").properties))
    assert.deepStrictEqual(keys(body), keys(S4.sampleRequest))
    assert.deepStrictEqual(keys(body), names(S4.body))
    assert.deepStrictEqual(keys(body.bankAccount), keys(schemaOf(S2, "BcolPayoutBankAccount").properties))
  })

  it("of a payout target requires exactly the documented keys", () => {
    const { reference: _, description: __, ...needed } = aTarget
    const body = Schema.encodeSync(CreatePayoutTarget)(needed)
    assert.deepStrictEqual(keys(body), [...(schemaOf(S2, "PayoutTargetBankAccount").required ?? [])].sort())
    assert.deepStrictEqual(keys(body), required(S4.body))
  })

  it("of a payout target accepts the documented sample, including its placeholders", () => {
    assert.deepStrictEqual<object>(Schema.decodeUnknownSync(CreatePayoutTarget)(S4.sampleRequest), S4.sampleRequest)
  })

  it("of a payout request rejects the documented sample, whose 123 pesos are not above 1,000", () => {
    assert.throws(() => Schema.decodeUnknownSync(CreatePayoutRequest)(S1.sampleRequest), /above 1\.000[^]*"amount"/)
    assert.doesNotThrow(() => Schema.decodeUnknownSync(CreatePayoutRequest)({ ...S1.sampleRequest, amount: 1_001 }))
  })
})
