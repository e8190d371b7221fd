/**
 * Law 2: the document that the library derives from `PalommaApi` equals the contract, except for the differences listed
 * here.
 */
import { assert, describe, it } from "@effect/vitest"
import { PalommaApi, palommaServers, WebhookEventType } from "@palomma-effect/schema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as fs from "node:fs"
import { parse } from "yaml"

const core = [
  "Customer.id",
  "MerchantAccount.id",
  "PayinLink.id",
  "PayinLink.status",
  "PayinRequest.id",
  "PayinRequest.status",
  "PayinSettlement.id",
  "PayinSource.id",
  "PayinSource.status",
  "PayoutRequest.amount",
  "PayoutRequest.id",
  "PayoutRequest.payoutTargetId",
  "PayoutRequest.status",
  "PayoutTarget.id",
  "PayoutTarget.status"
]
const pages = [
  "CustomerPage",
  "MerchantAccountPage",
  "PayinLinkPage",
  "PayinRequestPage",
  "PayinSettlementPage",
  "PayinSourcePage",
  "PayoutRequestPage",
  "PayoutTargetPage"
]
const links = [
  "CreatePayinLinkBancolombiaButton",
  "CreatePayinLinkBancolombiaCollect",
  "CreatePayinLinkCard",
  "CreatePayinLinkGeneral",
  "CreatePayinLinkNequiButton",
  "CreatePayinLinkPse"
]
const accounts = ["DirectDebitBankAccount", "PayoutBankAccount"]
const errors = ["BadRequest", "NotFound", "ServerError", "Unauthorized"]
const lists = [
  "GET /customers",
  "GET /merchantAccounts",
  "GET /merchantAccounts/{merchantAccountId}/settlements",
  "GET /payinLinks",
  "GET /payinRequests",
  "GET /payinSources",
  "GET /payoutRequests",
  "GET /payoutTargets"
]

/** Intended differences: `fact: ours <> the contract's`, by reason. An outdated entry fails the test too. */
const intended: { readonly [reason: string]: ReadonlyArray<string> } = {
  "A record without these fields is useless for a caller. The contract requires no field of any response.": core.map(
    (field) => `${field} required: true <> false`
  ),
  "A page without its items would silently end a list too early.": pages.map(
    (page) => `${page}.items required: true <> false`
  ),
  "No caller depends on the count, so an invalid one is no reason to lose the page.": pages.map(
    (page) => `${page}.count type: number <> integer`
  ),
  "An error without the documented body comes from a server between us and Palomma, which proves nothing.": errors.map(
    (error) => `${error}.message required: true <> false`
  ),
  "A bank account is useless without its parts. The contract does not require them.": accounts.flatMap((account) => [
    `${account}.bank required: true <> false`,
    `${account}.accountType required: true <> false`,
    `${account}.accountNumber required: true <> false`
  ]),
  "Amounts are whole pesos: fractions are never paid, and Palomma's v1 rejects them.": [
    ...links,
    "CreatePayinRequest",
    "CreatePayoutRequest"
  ].map((body) => `${body}.amount type: integer <> number`),
  "The contract describes the form of an expiry in prose.": links.map(
    (body) => String.raw`${body}.expiration pattern: ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$ <> nothing`
  ),
  "A link without a single way to pay cannot be paid.": [
    "CreatePayinLinkGeneral.availableTypes minItems: 1 <> nothing"
  ],
  "A page of no records would never end a list.": lists.map((list) => `${list} query limit minimum: 1 <> nothing`),
  "An invalid address in a copy of a customer's data must not turn a payout that was made into an error.": [
    "CustomerDetails.email format: nothing <> email"
  ],
  "The later copies of the documentation have the other production host.": [
    "server https://prod.api.palomma.com/v0: nothing <> there"
  ]
}

interface JsonObject {
  readonly [key: string]: unknown
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const object = (value: unknown): JsonObject => (isObject(value) ? value : {})
const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])
const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1)

/** Every fact of a document, one per line, for OpenAPI 3.0 and 3.1 and any split into components. */
const factsOf = (document: JsonObject): ReadonlyMap<string, string> => {
  const facts = new Map<string, string>()
  const resolve = (value: unknown): JsonObject => {
    const ref = object(value)["$ref"]
    if (typeof ref !== "string") return object(value)
    return resolve(
      ref
        .slice(2)
        .split("/")
        .reduce<unknown>((at, key) => object(at)[key], document)
    )
  }

  // The name of an object's schema. Other schemas are described at their use.
  const nameIfObject = (value: unknown): string | undefined => {
    const ref = object(value)["$ref"]
    return typeof ref === "string" && resolve(value)["type"] === "object" ? nameOf(ref) : undefined
  }

  const describeSchema = (at: string, value: unknown): void => {
    const name = nameIfObject(value)
    if (name !== undefined) {
      facts.set(`${at} is`, errors.includes(name) ? "Error" : name)
      return
    }
    const schema = resolve(value)
    const variants = list(schema["oneOf"] ?? schema["anyOf"])
    const nonNull = variants.filter((variant) => object(variant)["type"] !== "null")
    if (variants.length > nonNull.length || schema["nullable"] === true) facts.set(`${at} nullable`, "true")
    if (nonNull.length === 1) {
      describeSchema(at, nonNull[0])
    } else if (variants.length > 0) {
      facts.set(`${at} is`, nonNull.map(nameIfObject).join(" | "))
    }
    for (const [key, part] of Object.entries(schema)) {
      if (["description", "example", "title", "nullable", "oneOf", "anyOf"].includes(key) || key.startsWith("x-"))
        continue
      if (key === "items") {
        describeSchema(`${at}[]`, part)
      } else if (key === "properties") {
        for (const [field, fieldSchema] of Object.entries(object(part))) {
          describeSchema(`${at}.${field}`, fieldSchema)
          facts.set(`${at}.${field} required`, String(list(schema["required"]).includes(field)))
        }
      } else if (key === "exclusiveMinimum" && part === true) {
        facts.set(`${at} exclusiveMinimum`, String(schema["minimum"]))
      } else if (key !== "required" && !(key === "minimum" && schema["exclusiveMinimum"] === true)) {
        facts.set(`${at} ${key}`, Array.isArray(part) ? part.join(" ") : String(part))
      }
    }
  }

  const describeBody = (at: string, value: unknown): void => {
    for (const [contentType, media] of Object.entries(object(object(value)["content"]))) {
      describeSchema(`${at} ${contentType}`, object(media)["schema"])
    }
  }

  for (const server of list(document["servers"])) facts.set(`server ${String(object(server)["url"])}`, "there")
  for (const tag of list(document["tags"])) facts.set(`tag ${String(object(tag)["name"])}`, "there")
  for (const [path, operations] of Object.entries(object(document["paths"]))) {
    for (const [method, value] of Object.entries(object(operations))) {
      const operation = object(value)
      const at = `${method.toUpperCase()} ${path}`
      facts.set(`${at} operationId`, String(operation["operationId"]))
      facts.set(`${at} tags`, list(operation["tags"]).join(" "))
      facts.set(`${at} security`, JSON.stringify(operation["security"] ?? document["security"]))
      for (const reference of list(operation["parameters"])) {
        const parameter = resolve(reference)
        const name = `${at} ${String(parameter["in"])} ${String(parameter["name"])}`
        facts.set(`${name} required`, String(parameter["required"] === true))
        describeSchema(name, parameter["schema"])
      }
      if (operation["requestBody"] !== undefined) {
        facts.set(`${at} body required`, String(object(operation["requestBody"])["required"] === true))
        describeBody(`${at} body`, operation["requestBody"])
      }
      for (const [status, response] of Object.entries(object(operation["responses"]))) {
        facts.set(`${at} ${status}`, "there")
        describeBody(`${at} ${status}`, resolve(response))
      }
    }
  }
  const components = object(document["components"])
  for (const [name, schema] of Object.entries(object(components["schemas"]))) {
    if (object(schema)["type"] !== "object") continue
    // The contract has one schema for the bodies of all errors, while the library has a class for each status.
    for (const at of name === "Error" ? errors : [name]) describeSchema(at, schema)
  }
  for (const [name, scheme] of Object.entries(object(components["securitySchemes"]))) {
    facts.set(`security ${name}`, `${String(object(scheme)["type"])} ${String(object(scheme)["scheme"]).toLowerCase()}`)
  }
  return facts
}

/** The document with one change each: a renamed field, a field made required or optional, a removed enum value. */
const mutantsOf = (document: JsonObject): ReadonlyArray<readonly [name: string, mutant: JsonObject]> => {
  const mutants: Array<readonly [string, JsonObject]> = []
  const visit = (at: string, value: unknown, put: (part: unknown) => unknown): void => {
    const add = (name: string, part: unknown): void => {
      mutants.push([`${at} ${name}`, object(put(part))])
    }
    if (Array.isArray(value)) {
      for (const [index, part] of value.entries()) visit(`${at}[${index}]`, part, (p) => put(value.with(index, p)))
    }
    if (!isObject(value)) return
    if (isObject(value["properties"])) {
      const required = list(value["required"])
      for (const [field, schema] of Object.entries(value["properties"])) {
        const { [field]: _, ...others } = value["properties"]
        const rename = (name: unknown): unknown => (name === field ? `${field}2` : name)
        add(`${field} renamed`, {
          ...value,
          properties: { ...others, [`${field}2`]: schema },
          required: required.map(rename)
        })
        const other = required.includes(field) ? required.filter((name) => name !== field) : [...required, field]
        add(`${field} required or not`, { ...value, required: other })
      }
    }
    for (const gone of list(value["enum"])) {
      add(`without ${String(gone)}`, { ...value, enum: list(value["enum"]).filter((name) => name !== gone) })
    }
    for (const [key, part] of Object.entries(value)) visit(`${at}/${key}`, part, (p) => put({ ...value, [key]: p }))
  }
  visit("#/components", document["components"], (components) => ({ ...document, components }))
  // The schemas of webhook events have a separate test.
  return mutants.filter(([name]) => !/schemas\/(WebhookEvent|UnrecognizedEvent|\w+Updated|\w+Notice)\b/.test(name))
}

const contract = object(parse(fs.readFileSync(new URL("contract/palomma-v0.openapi.yaml", import.meta.url), "utf8")))
const derived = OpenApi.fromApi(PalommaApi)
// Effect's type has no webhooks.
const document: JsonObject = { ...derived }

// The schemas of webhook events are compared by separate tests.
const isWebhook = (fact: string): boolean =>
  /^(WebhookNotification|UnrecognizedEvent|\w+Updated|\w+Notice)\b/.test(fact)

const differences = (ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): ReadonlyArray<string> =>
  Array.from(new Set([...theirs.keys(), ...ours.keys()]))
    .filter((fact) => !isWebhook(fact) && ours.get(fact) !== theirs.get(fact))
    .map((fact) => `${fact}: ${ours.get(fact) ?? "nothing"} <> ${theirs.get(fact) ?? "nothing"}`)

describe("the OpenAPI document derived from PalommaApi", () => {
  it("equals the contract, except for the differences listed by name", () => {
    assert.deepStrictEqual(
      [...differences(factsOf(document), factsOf(contract))].sort(),
      Object.values(intended).flat().sort(),
      "each difference is ours <> the contract's: correct the model or groups.ts, or list it with its reason in `intended`"
    )
  })

  it("differs from each document with one renamed field, one changed requirement, or one removed enum value", () => {
    const theirs = factsOf(contract)
    const listed = new Set(Object.values(intended).flat())
    const survivors = mutantsOf(document).filter(([, mutant]) => {
      const found = differences(factsOf(mutant), theirs)
      return found.length === listed.size && found.every((difference) => listed.has(difference))
    })
    assert.isAbove(mutantsOf(document).length, 500)
    assert.deepStrictEqual(
      survivors.map(([name]) => name),
      []
    )
  })

  it("lists the sandbox first, which is the default server of generated clients", () => {
    assert.strictEqual(object(list(document["servers"])[0])["url"], palommaServers.sandbox)
  })
})

describe("the webhooks of the document", () => {
  const schemas = object(object(contract["components"])["schemas"])
  const notification = object(object(schemas["WebhookNotification"])["properties"])
  const records = list(object(notification["event"])["anyOf"]).map((record) => nameOf(String(object(record)["$ref"])))
  const kinds = object(object(document["components"])["schemas"])
  // Only the id of a settlement is required in its record, for any event.
  const noticeOf = (record: string): string => (record === "PayinSettlement" ? record : `${record}Notice`)

  it("are the events of the contract, in order, each a POST with the documented headers", () => {
    const types = list(object(notification["eventType"])["enum"])
    assert.deepStrictEqual([...WebhookEventType.values], types)
    const webhooks = object(document["webhooks"])
    assert.deepStrictEqual(Object.keys(webhooks), types)
    const theirs = object(object(object(contract["x-webhooks"])["notification"])["post"])
    for (const [index, webhook] of Object.values(webhooks).entries()) {
      const post = object(object(webhook)["post"])
      const parameters = (operation: JsonObject): unknown =>
        list(operation["parameters"]).map((parameter) => ({ ...object(parameter), description: "" }))
      assert.deepStrictEqual(parameters(post), parameters(theirs))
      assert.deepStrictEqual(post["security"], theirs["security"])
      assert.deepStrictEqual(Object.keys(object(post["responses"])), Object.keys(object(theirs["responses"])))
      const media = object(object(object(post["requestBody"])["content"])["application/json"])
      assert.deepStrictEqual(media["schema"], { $ref: `#/components/schemas/${records[index]}Updated` })
    }
  })

  it("have a notification of the contract, with its record", () => {
    assert.deepStrictEqual(
      Object.keys(kinds)
        .filter((name) => name.endsWith("Updated"))
        .sort(),
      records.map((record) => `${record}Updated`).sort()
    )
    for (const [index, record] of records.entries()) {
      const { properties, required } = object(kinds[`${record}Updated`])
      const fields = object(properties)
      assert.deepStrictEqual(Object.keys(fields), Object.keys(notification))
      assert.deepStrictEqual(fields["event"], { $ref: `#/components/schemas/${noticeOf(record)}` })
      assert.deepStrictEqual(fields["eventType"], { type: "string", enum: [WebhookEventType.values[index]] })
      assert.deepStrictEqual(required, ["webhookId", "eventType", "event"])
    }
  })

  it("describe each record as the contract does, and require only its id", () => {
    const of = (facts: ReadonlyMap<string, string>, name: string): ReadonlyMap<string, string> =>
      new Map(
        [...facts]
          .filter(([fact]) => fact.startsWith(`${name}.`) || fact.startsWith(`${name} `))
          .map(([fact, value]) => [`record${fact.slice(name.length)}`, value])
      )
    const [ours, theirs] = [factsOf(document), factsOf(contract)]
    for (const record of records) {
      assert.deepStrictEqual(
        differences(of(ours, noticeOf(record)), of(theirs, record)),
        ["record.id required: true <> false"],
        `${noticeOf(record)}: each difference is ours <> the contract's`
      )
    }
  })
})
