/**
 * Fields that this version does not know: they can be sent beside a body, and read beside a record.
 */
import { assert, describe, it } from "@effect/vitest"
import { PayinLinks, PayoutRequests } from "@palomma-effect/client"
import { CustomerId, PayoutRequestId, PayoutTargetId, Undocumented, unrecognized } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Formatter from "effect/Formatter"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import { aCreate, call, creates, type Operation, sampleOf, unmarked } from "./support/operations.ts"
import { failure, services, runToEnd, stub } from "./support/stub.ts"
import { type ErrorFields, fieldsOf } from "./support/errorFields.ts"

const withFields = (operation: Operation, undocumented: unknown): Operation["call"] =>
  call(operation.group, "create", operation.body, { undocumented })

const sentBy = (operation: Operation, undocumented: unknown) =>
  Effect.gen(function* () {
    const palomma = stub({ json: operation.success })
    yield* yield* runToEnd(withFields(operation, undocumented), palomma)
    assert.strictEqual(palomma.posts(), 1)
    return palomma.requests[0]?.body
  })

const refusedOf = (operation: Operation, undocumented: unknown) =>
  Effect.gen(function* () {
    const palomma = stub({ json: operation.success })
    const error: ErrorFields = fieldsOf(yield* failure(withFields(operation, undocumented), palomma))
    assert.strictEqual(palomma.requests.length, 0, operation.name)
    assert.strictEqual(error._tag, "PalommaInvalidInput", inspect(undocumented))
    assert.strictEqual(error.outcome, "not-sent")
    return error
  })

const fields = {
  urgency: "high",
  priority: 3,
  ratio: 0.5,
  isTest: true,
  nothing: null,
  tags: ["a", ["b", { c: 1 }], null],
  meta: { deep: { deeper: "yes" }, "any key ñ": "" }
}

describe("undocumented fields of a create", () => {
  it.effect("are sent beside those of the body, unchanged", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const plain = (yield* sentBy(operation, undefined)) as object
        assert.deepStrictEqual(yield* sentBy(operation, fields), { ...plain, ...fields }, operation.name)
      })
    )
  )

  it.effect("may be none", () =>
    Effect.gen(function* () {
      const plain = yield* sentBy(aCreate, undefined)
      assert.deepStrictEqual(yield* sentBy(aCreate, {}), plain)
    })
  )

  it.effect("may not have the name of a field of the body, in any variant of it, whether it is present or not", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { bodies = {} } = sampleOf(operation.group)
        const known = new Set(Object.values(bodies).flatMap((body) => Object.keys(body)))
        for (const name of [...known, "reference"]) {
          const error = yield* refusedOf(operation, { [name]: "x", other: 1 })
          assert.deepStrictEqual(error.problems, [
            { field: `undocumented.${name}`, code: "known-field", rule: "is a field of the body; pass it in the body" }
          ])
        }
      })
    )
  )

  it.effect("may have the name of a field of another type beside a body of an unknown type", () =>
    Effect.gen(function* () {
      const extra = { payinLinkMethods: ["breb"], payinSourceTypes: ["breb"], payoutTargetTypes: ["breb"] }
      const common = { customerId: "c", redirectUrl: "https://shop.example", type: unrecognized("breb") }
      const undocumented = { phoneNumber: "3013111111", bankAccount: { key: "@pepito" }, key: "@pepito" }
      for (const [group, body] of [
        ["payinLinks", { ...common, amount: 50_000 }],
        ["payinSources", common],
        ["payoutTargets", common]
      ] as const) {
        const palomma = stub({ status: 403 })
        const error = fieldsOf(yield* failure(call(group, "create", body, { undocumented }), palomma, { extra }))
        assert.deepStrictEqual(palomma.requests[0]?.body, { ...body, ...undocumented })
        assert.notInclude(error.message + inspect(error), "3013111111")
        for (const name of [...Object.keys(common), "reference", "description"]) {
          const refused = stub({ status: 403 })
          const create = call(group, "create", body, { undocumented: { [name]: "x" } })
          const { problems } = fieldsOf(yield* failure(create, refused, { extra }))
          assert.deepStrictEqual(
            problems?.map(({ code, field }) => `${field} ${code}`),
            [`undocumented.${name} known-field`]
          )
          assert.strictEqual(refused.requests.length, 0)
        }
      }
    })
  )

  it.effect("may have a name that only resembles one", () =>
    Effect.gen(function* () {
      for (const name of ["Amount", "amount ", "", "toString", "hasOwnProperty", "id"]) {
        assert.propertyVal((yield* sentBy(aCreate, { [name]: 1 })) as object, name, 1)
      }
    })
  )

  it.effect("may be named __proto__, which is sent and changes nothing here", () =>
    Effect.gen(function* () {
      const body = yield* sentBy(aCreate, JSON.parse('{"__proto__":{"amount":1}}'))
      assert.isTrue(Object.hasOwn(body as object, "__proto__"))
      assert.propertyVal(body as object, "amount", 50_000)
    })
  )

  const cycle: Record<string, unknown> = {}
  cycle["self"] = cycle
  it.effect.each([
    ["undefined", { a: undefined }],
    ["undefined within an object", { a: { b: { c: undefined } } }],
    ["a function", { a: () => 1 }],
    ["a symbol", { a: Symbol("a") }],
    ["a bigint", { a: 1n }],
    ["NaN", { a: Number.NaN }],
    ["infinity", { a: Number.POSITIVE_INFINITY }],
    ["a date", { a: new Date(0) }],
    ["a map", { a: new Map([["b", 1]]) }],
    ["a set", { a: new Set([1]) }],
    ["bytes", { a: new Uint8Array(2) }],
    ["an instance of a class", { a: CustomerId }],
    ["a redacted value, whose mask would be sent", { a: Redacted.make("x") }],
    ["an object with toJSON", { a: { toJSON: () => "b" } }],
    ["undefined within a list", { a: [1, undefined] }],
    ["a hole in a list", { a: Array(2) }],
    ["NaN within a list", { a: [[Number.NaN]] }],
    ["itself", cycle]
  ] as ReadonlyArray<readonly [string, unknown]>)("may not hold what JSON cannot: %s", ([, undocumented]) =>
    Effect.gen(function* () {
      const error = yield* refusedOf(aCreate, undocumented)
      assert.deepStrictEqual(
        error.problems?.map(({ code, field }) => `${field} ${code}`),
        ["undocumented json"]
      )
    })
  )

  it.effect.each([["a text"], [5], [true], [["a"]], [null], [new Map()]])("must be an object: %j", ([undocumented]) =>
    Effect.gen(function* () {
      const error = yield* refusedOf(aCreate, undocumented)
      assert.deepStrictEqual(
        error.problems?.map(({ code, field }) => `${field} ${code}`),
        ["undocumented object"]
      )
    })
  )

  it.effect("are refused if one cannot be read, without the thrown value", () =>
    Effect.gen(function* () {
      const throwing = {
        get a(): never {
          throw new Error("SECRET")
        }
      }
      const error = yield* refusedOf(aCreate, throwing)
      assert.notInclude(error.message + inspect(error), "SECRET")
      const options = {
        get undocumented(): never {
          throw new Error("SECRET")
        }
      }
      const palomma = stub({ json: aCreate.success })
      const read = fieldsOf(yield* failure(call(aCreate.group, "create", aCreate.body, options), palomma))
      assert.strictEqual(read._tag, "PalommaInvalidInput")
      assert.strictEqual(palomma.requests.length, 0)
    })
  )

  it.effect("that are invalid are reported with the problems of the body, without any value or odd name", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: aCreate.success })
      const wrong = { ...aCreate.body, amount: 1 }
      const create = call("payoutRequests", "create", wrong, {
        undocumented: { payoutTargetId: "VALUE", "1098765432@mail": Number.NaN }
      })
      const error = fieldsOf(yield* failure(create, palomma))
      assert.deepStrictEqual(
        error.problems?.map(({ field }) => field),
        ["amount", "undocumented.payoutTargetId", "undocumented"]
      )
      assert.notMatch(error.message, /VALUE|1098765432/)
    })
  )

  it.effect("are read once, when the create runs", () =>
    Effect.gen(function* () {
      const undocumented: Record<string, unknown> = { urgency: "low" }
      const palomma = stub({ json: aCreate.success })
      const create = withFields(aCreate, undocumented)
      undocumented["urgency"] = "high"
      yield* runToEnd(create, palomma)
      assert.propertyVal(palomma.requests[0]?.body as object, "urgency", "high")
    })
  )

  it.effect("are the same in each request of a call", () =>
    Effect.gen(function* () {
      const palomma = stub((_, number) => (number === 1 ? { status: 429 } : { json: aCreate.success }))
      yield* runToEnd(withFields(aCreate, fields), palomma, { rejectedStatuses: [429] })
      assert.strictEqual(palomma.posts(), 2)
      assert.deepStrictEqual(palomma.requests[1]?.body, palomma.requests[0]?.body)
      assert.propertyVal(palomma.requests[1]?.body as object, "urgency", "high")
    })
  )

  it.effect("are in no message, at any depth", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const message = "Ana Torres (TOKEN-1, 771), rank LEVEL-2, at 7"
        const palomma = stub({ status: 400, json: { message } })
        const undocumented = { who: { name: "Ana Torres", tokens: ["TOKEN-1", 771] }, level: "LEVEL-2", at: 7 }
        const error = fieldsOf(yield* failure(withFields(operation, undocumented), palomma))
        assert.strictEqual(
          error.serverMessage,
          "<redacted> (<redacted>, <redacted>), rank <redacted>, at 7",
          operation.name
        )
      })
    )
  )

  it.effect("do not hide the id of a record that holds the same digit", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: { id: "01HZXJ4ABCDEFGHJKMNPQRSTVW" }, headers: { "x-request-id": "req-1a" } })
      const error = fieldsOf(yield* failure(withFields(aCreate, { priority: 1, flag: "a" }), palomma))
      assert.strictEqual(error.recordId, "01HZXJ4ABCDEFGHJKMNPQRSTVW")
      assert.strictEqual(error.requestId, "req-1a")
    })
  )

  it.effect("hide the id of a record that holds one of them, or is a short one", () =>
    Effect.gen(function* () {
      for (const [value, id] of [
        ["ana.torres", "customer-ana.torres-1"],
        ["01ABC", "01ABC"]
      ]) {
        const palomma = stub({ json: { id } })
        assert.strictEqual(fieldsOf(yield* failure(withFields(aCreate, { value }), palomma)).recordId, undefined, id)
      }
    })
  )
})

describe("undocumented fields of an answer", () => {
  const record = { ...aCreate.success, urgency: "high", meta: { a: [1] }, fee: { VALUE: 1 } }
  const ids = { payoutTargetId: PayoutTargetId.make("01T"), amount: 50_000 }

  it.effect("are read unchanged, of a create, a get and the items of a list", () =>
    Effect.gen(function* () {
      const created = yield* yield* runToEnd(
        PayoutRequests.use((payouts) => payouts.create(ids)),
        stub({ json: record })
      )
      assert.deepInclude(Undocumented.fields(created), { urgency: "high", meta: { a: [1] } })
      const got = yield* yield* runToEnd(
        PayoutRequests.use((payouts) => payouts.get(PayoutRequestId.make("01P"))),
        stub({ json: record })
      )
      assert.deepInclude(Undocumented.fields(got), { urgency: "high" })
      const page = yield* yield* runToEnd(
        PayoutRequests.use((payouts) => payouts.list()),
        stub({ json: { items: [record], cursor: null, total: 7 } })
      )
      assert.deepStrictEqual(Undocumented.fields(page), { total: 7 })
      const [item] = page.items
      assert.deepInclude(item === undefined ? {} : Undocumented.fields(item), { urgency: "high" })
    })
  )

  it.effect("are empty for an answer as documented", () =>
    Effect.gen(function* () {
      const created = yield* yield* runToEnd(
        PayoutRequests.use((payouts) => payouts.create(ids)),
        stub({ json: aCreate.success })
      )
      assert.deepStrictEqual(Undocumented.fields(created), {})
    })
  )

  it.effect("are not printed with their record", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: { ...record, who: "ANA-SENTINEL" } })
      const created = yield* yield* runToEnd(
        PayoutRequests.use((payouts) => payouts.create(ids)),
        palomma
      )
      assert.propertyVal(Undocumented.fields(created), "who", "ANA-SENTINEL")
      for (const text of [
        inspect(created, { depth: 9, showHidden: false }),
        Formatter.format(created),
        JSON.stringify(created)
      ]) {
        assert.notInclude(text, "ANA-SENTINEL")
      }
    })
  )
})

describe("a create", () => {
  it.effect("is validated when it runs, not when it is called", () =>
    Effect.gen(function* () {
      const body = { payoutTargetId: PayoutTargetId.make("01T"), amount: 1 }
      const palomma = stub({ json: aCreate.success })
      const create = yield* Effect.provide(
        PayoutRequests.use((payouts) => Effect.succeed(payouts.create(body))),
        services(palomma)
      )
      assert.strictEqual(fieldsOf(yield* Effect.flip(create)).outcome, "not-sent")
      body.amount = 50_000
      yield* create
      assert.strictEqual(palomma.posts(), 1)
    })
  )

  it.effect("prints nothing of its body before it runs", () =>
    Effect.gen(function* () {
      const link = {
        customerId: CustomerId.make(unmarked.otherId),
        redirectUrl: "https://shop.example/back",
        amount: 50_000,
        type: "nequiButton",
        phoneNumber: "PHONE-SENTINEL"
      } as const
      const create = yield* Effect.provide(
        PayinLinks.use((links) => Effect.succeed(links.create(link, { undocumented: { who: "ANA-SENTINEL" } }))),
        services(stub({ json: {} }))
      )
      const texts = [inspect(create, { depth: 20, showHidden: true }), String(create), JSON.stringify(create)]
      for (const text of texts) assert.notMatch(text, /SENTINEL/)
    })
  )

  it.effect("reads each field once, so a body cannot change between its check and its sending", () =>
    Effect.gen(function* () {
      let reads = 0
      const body = {
        payoutTargetId: "01T",
        get amount() {
          reads += 1
          return reads === 1 ? 50_000 : 9_999_999
        }
      }
      const palomma = stub({ json: aCreate.success })
      yield* yield* runToEnd(call("payoutRequests", "create", body), palomma)
      assert.deepStrictEqual(palomma.requests[0]?.body, { payoutTargetId: "01T", amount: 50_000 })
    })
  )

  it.effect("omits fields that are undefined", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: aCreate.success })
      const body = { payoutTargetId: PayoutTargetId.make("01T"), amount: 50_000 }
      const call = PayoutRequests.use((payouts) =>
        payouts.create({ ...body, reference: undefined, sourceMerchantAccountId: undefined })
      )
      yield* runToEnd(call, palomma)
      assert.deepStrictEqual(palomma.requests[0]?.body, { payoutTargetId: "01T", amount: 50_000 })
    })
  )
})
