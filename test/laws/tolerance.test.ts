/**
 * Law 11: no unimportant difference makes a call fail. The content of responses comes from the contract, not from the
 * library.
 *
 * json-schema-faker makes the responses from the contract. The output of fast-check has the seed of a failing response.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  Customer,
  Drift,
  MerchantAccount,
  Page,
  PayinLink,
  PayinRequest,
  PayinSettlement,
  PayinSource,
  PayoutRequest,
  PayoutTarget,
  WebhookEvent
} from "@palomma-effect/schema"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { generateSync } from "json-schema-faker"
import * as fs from "node:fs"
import { parse } from "yaml"

interface Json {
  readonly [name: string]: unknown
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)
const object = (value: unknown): Json => (isObject(value) ? value : {})
const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])
const typeOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value)

const contract = object(parse(fs.readFileSync(new URL("../contract/palomma-v0.openapi.yaml", import.meta.url), "utf8")))
const components = object(object(contract["components"])["schemas"])

// The fields that a caller cannot work without. The contract requires no field of any response.
const core: { readonly [component: string]: ReadonlyArray<string> } = {
  Customer: ["id"],
  PayinLink: ["id", "status"],
  PayinSource: ["id", "status"],
  PayinRequest: ["id", "status"],
  PayoutTarget: ["id", "status"],
  PayoutRequest: ["id", "status", "payoutTargetId", "amount"],
  MerchantAccount: ["id"],
  PayinSettlement: ["id"],
  WebhookNotification: ["webhookId", "eventType", "event"]
}

const schemas: { readonly [component: string]: Schema.Codec<unknown, unknown> } = {
  Customer,
  PayinLink,
  PayinSource,
  PayinRequest,
  PayoutTarget,
  PayoutRequest,
  MerchantAccount,
  PayinSettlement,
  CustomerPage: Page(Customer),
  PayinLinkPage: Page(PayinLink),
  PayinSourcePage: Page(PayinSource),
  PayinRequestPage: Page(PayinRequest),
  PayoutTargetPage: Page(PayoutTarget),
  PayoutRequestPage: Page(PayoutRequest),
  MerchantAccountPage: Page(MerchantAccount),
  PayinSettlementPage: Page(PayinSettlement)
}

// OpenAPI 3.0 as JSON Schema. Without `additionalProperties`, json-schema-faker would add what the contract does not
// have.
const jsonSchema = (value: unknown, name?: string): unknown => {
  if (Array.isArray(value)) return value.map((part) => jsonSchema(part))
  if (!isObject(value)) return value
  const { nullable, ...rest } = value
  const schema = Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, jsonSchema(part)]))
  if (nullable === true) return { ...schema, type: [schema["type"], "null"] }
  if (schema["type"] !== "object" || name === undefined) return schema
  const required = core[name] ?? (name.endsWith("Page") ? ["items"] : [])
  return { ...schema, additionalProperties: false, required }
}

const all = Object.fromEntries(Object.entries(components).map(([name, schema]) => [name, jsonSchema(schema, name)]))

const answerOf = (schema: Json, seed: number): unknown =>
  generateSync({ ...schema, components: { schemas: all } }, { seed, optionalsProbability: 0.7, minLength: 1 })

const nameOf = (ref: unknown): string => String(ref).slice(String(ref).lastIndexOf("/") + 1)

const events = list(object(object(object(components["WebhookNotification"])["properties"])["eventType"])["enum"])
const records = list(object(object(object(components["WebhookNotification"])["properties"])["event"])["anyOf"])

interface Answers {
  readonly name: string
  readonly schema: Schema.Codec<unknown, unknown>
  readonly answers: fc.Arbitrary<Json>
  /** The required fields, and those with a separate test. */
  readonly needed: ReadonlyArray<string>
}

const seeds = fc.nat()
const cases: ReadonlyArray<Answers> = [
  ...Object.entries(schemas).map(([name, schema]) => ({
    name,
    schema,
    answers: seeds.map((seed) => object(answerOf({ $ref: `#/components/schemas/${name}` }, seed))),
    needed: core[name] ?? ["items"]
  })),
  ...events.map((eventType, index) => ({
    name: String(eventType),
    schema: WebhookEvent,
    answers: fc
      .record({ seed: seeds, at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }) })
      .map(({ seed, at }) => ({
        webhookId: "w",
        timestamp: at.toISOString(),
        eventType,
        event: answerOf({ $ref: `#/components/schemas/${nameOf(object(records[index])["$ref"])}` }, seed)
      })),
    needed: ["webhookId", "eventType", "event", "event.id", "timestamp"]
  }))
]

type Path = ReadonlyArray<string>

const paths = (value: unknown, at: Path = []): ReadonlyArray<Path> =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, part]) => [[...at, name], ...paths(part, [...at, name])])
    : Array.isArray(value)
      ? value.flatMap((part, index) => paths(part, [...at, String(index)]))
      : []

// Drift of a field of a list's item is reported as drift of that field in any item.
const fieldOf = (path: Path): string => path.filter((step) => !/^\d+$/.test(step)).join(".")

const put = (value: unknown, [name, ...rest]: Path, part: unknown): unknown => {
  if (name === undefined) return part
  if (Array.isArray(value)) return value.with(Number(name), put(value[Number(name)], rest, part))
  const { [name]: old, ...others } = object(value)
  const next = put(old, rest, part)
  return next === undefined ? others : { ...others, [name]: next }
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, name) => (Array.isArray(at) ? at[Number(name)] : object(at)[name]), value)

const isItem = (path: Path): boolean => /^\d+$/.test(path.at(-1) ?? "")

describe("the operations of the contract", () => {
  it("respond with the components that are tested here, and nothing else", () => {
    const answered = Object.values(object(contract["paths"])).flatMap((operations) =>
      Object.values(object(operations)).map((operation) => {
        const ok = object(object(object(operation)["responses"])["200"])
        return nameOf(object(object(object(ok["content"])["application/json"])["schema"])["$ref"])
      })
    )
    assert.deepStrictEqual([...new Set(answered)].sort(), Object.keys(schemas).sort())
  })
})

describe.each(cases)("$name", ({ answers, needed, schema }) => {
  const decoder = Drift.decoder(schema)
  const decode = (raw: unknown): { readonly value: unknown; readonly drifts: ReadonlyArray<string> } => {
    const drifts: Array<string> = []
    const value = Result.getOrThrow(decoder(raw, ({ field, kind }) => drifts.push(`${kind} ${field}`)))
    return { value, drifts: drifts.sort() }
  }
  const required = needed.flatMap((field) =>
    field === "items" ? ["items", "items.id", "items.status", "items.payoutTargetId", "items.amount"] : [field]
  )
  // An amount is required in payouts only. Optional items are tested as separate records.
  const optional = (answer: Json): ReadonlyArray<Path> =>
    paths(answer).filter((path) => !isItem(path) && !required.includes(fieldOf(path)))
  const changes = answers
    .map((answer) => [answer, optional(answer)] as const)
    .filter(([, fields]) => fields.length > 0)
    .chain(([answer, fields]) => fc.tuple(fc.constant(answer), fc.constantFrom(...fields)))

  it("is read as documented without a report of drift", () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const { drifts, value } = decode(answer)
        assert.deepStrictEqual(drifts, [])
        assert.notProperty(value, "unreadable")
      })
    )
  })

  it("is read without any optional field, and with it as null, without a report of drift", () => {
    fc.assert(
      fc.property(changes, ([answer, path]) => {
        const dropped = decode(put(answer, path, undefined))
        assert.deepStrictEqual(dropped.drifts, [])
        assert.deepStrictEqual(decode(put(answer, path, null)), dropped)
      })
    )
  })

  it("is read with any optional field of any other JSON type, with a report of drift", () => {
    fc.assert(
      fc.property(changes, fc.jsonValue(), ([answer, path], wrong) => {
        // A number is read as an id, which has a separate test.
        fc.pre(wrong !== null && typeOf(wrong) !== typeOf(valueAt(answer, path)) && !Number.isSafeInteger(wrong))
        fc.pre(!(path.at(-1) === "cursor" && valueAt(answer, path) === null && typeof wrong === "string"))
        const { drifts, value } = decode(put(answer, path, wrong))
        assert.deepStrictEqual(drifts, [`unreadable ${fieldOf(path)}`])
        assert.deepStrictEqual(value, decode(put(answer, path, undefined)).value)
      }),
      { numRuns: 200 }
    )
  })
})

describe("the examples of Palomma's documentation", () => {
  const read = (file: string): Json => JSON.parse(fs.readFileSync(new URL(`../seeds/${file}`, import.meta.url), "utf8"))
  const examples: ReadonlyArray<readonly [Schema.Codec<unknown, unknown>, unknown]> = [
    [PayoutRequest, read("S1-create-payout-request.json")["sampleResponse"]],
    [PayoutTarget, read("S4-create-payout-target.json")["sampleResponse"]],
    ...Object.entries(components).flatMap(([name, schema]) => {
      const codec = schemas[name]
      const properties = Object.entries(object(object(schema)["properties"]))
      const sample = Object.fromEntries(
        properties.flatMap(([field, property]): ReadonlyArray<readonly [string, unknown]> => {
          const { example = list(object(property)["enum"])[0] } = object(property)
          return example === undefined ? [] : [[field, example]]
        })
      )
      return codec === undefined || name.endsWith("Page") ? [] : [[codec, { id: "default", ...sample }] as const]
    })
  ]

  it("are read without a report of drift", () => {
    assert.isAtLeast(examples.length, 10)
    for (const [schema, example] of examples) {
      const drifts: Array<Drift.Drift> = []
      const result = Drift.decoder(schema)(example, (drift) => drifts.push(drift))
      assert.isTrue(Result.isSuccess(result), JSON.stringify(example))
      assert.deepStrictEqual(drifts, [])
    }
  })
})
