/**
 * How an operation reads an answer of success: any 2xx with a readable record.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { aCreate, creates, oneOfEach, operations } from "./support/operations.ts"
import { type Answer, apiKey, bytes, runToEnd, stub } from "./support/stub.ts"
import { failing, maxAttempts } from "./support/errorFields.ts"

describe("an answer of success", () => {
  it.effect.each([200, 201, 202, 203, 204, 205, 206, 207, 226, 299])("may have the status %s", (status) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const palomma = stub({ status, json: operation.success })
        assert.isTrue(Exit.isSuccess(yield* runToEnd(operation.call, palomma)), operation.name)
        assert.strictEqual(palomma.requests.length, 1)
      })
    )
  )

  it.effect("may hold unknown fields at any depth", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`
        const text = `${JSON.stringify(operation.success).slice(0, -1)},"__proto__":{"id":"x"},"constructor":1,"new":${deep}}`
        assert.isTrue(Exit.isSuccess(yield* runToEnd(operation.call, stub({ text }))), operation.name)
      })
    )
  )

  it.effect("may have a number as an id, which is read as text", () =>
    Effect.forEach(
      operations.filter(({ kind }) => kind !== "list"),
      (operation) =>
        Effect.gen(function* () {
          const record: unknown = yield* yield* runToEnd(
            operation.call,
            stub({ json: { ...operation.success, id: 9_007_199_254_740_991 } })
          )
          assert.strictEqual((record as { readonly id: unknown }).id, "9007199254740991", operation.name)
        })
    )
  )
})

const invalid = (
  answer: Answer,
  expected: { readonly defect: string; readonly again: boolean },
  statuses = [200, 202]
) =>
  Effect.forEach(statuses, (status) =>
    Effect.forEach(oneOfEach, (operation) =>
      Effect.gen(function* () {
        const { error, sent } = yield* failing(operation, { status, ...answer })
        const isCreate = operation.safety === "create"
        assert.deepStrictEqual(
          {
            tag: error._tag,
            outcome: error.outcome,
            isSafeToResend: error.isSafeToResend,
            status: error.status,
            defect: error.defect,
            sent
          },
          {
            tag: "PalommaInvalidResponse",
            outcome: isCreate ? "unknown" : "none",
            isSafeToResend: !isCreate && expected.again,
            status,
            defect: expected.defect,
            sent: !isCreate && expected.again ? maxAttempts : 1
          },
          operation.name
        )
      })
    )
  )

describe("an answer of success that cannot be read", () => {
  it.effect.each(["<html></html>", "not json", "{", '{"id":', "undefined", "NaN", ""])("is not JSON: %j", (text) =>
    invalid({ text }, { defect: "not-json", again: true })
  )

  it.effect("is not JSON if it has no body, such as a 204 or a 205", () =>
    invalid({}, { defect: "not-json", again: true }, [200, 201, 204, 205])
  )

  it.effect("broke off, even at the end of a complete value", () =>
    Effect.forEach([`{"id":"01H`, `{"id":"01H","status":"active"}`], (text) =>
      invalid(
        { stream: Stream.concat(Stream.make(bytes(text)), Stream.fail(new Error("terminated"))) },
        { defect: "cut-short", again: true }
      )
    )
  )

  it.effect("is larger than 1 MiB", () =>
    invalid({ text: `"${"x".repeat(1_048_575)}"` }, { defect: "too-large", again: false })
  )

  it.effect.each([[[]], ["a text"], [5], [null], [true], [{ message: "ok" }]])("has another shape: %j", ([json]) =>
    invalid({ json }, { defect: "wrong-shape", again: false })
  )

  it.effect("is reported with every required field that is missing or malformed, and without any value", () =>
    Effect.gen(function* () {
      const missing = yield* failing(aCreate, { json: { VALUE: "VALUE" } })
      assert.deepStrictEqual(
        missing.error.problems?.map(({ code, field }) => `${field} ${code}`),
        ["id required", "status required", "payoutTargetId required", "amount required"]
      )
      const json = { id: { VALUE: 1 }, status: ["VALUE"], payoutTargetId: true, amount: "VALUE" }
      const malformed = yield* failing(aCreate, { json })
      assert.sameMembers(malformed.error.problems?.map(({ field }) => field) ?? [], [
        "id",
        "status",
        "payoutTargetId",
        "amount"
      ])
      for (const { error } of [missing, malformed]) {
        assert.notInclude(error.message, "VALUE")
        assert.notInclude(JSON.stringify(error), "VALUE")
      }
    })
  )

  it.effect("is reported in one sentence, with any content", () =>
    Effect.forEach(oneOfEach, (operation) =>
      Effect.gen(function* () {
        const items = `{"x":{}${',"x":{}'.repeat(100_000)}}`
        const { error } = yield* failing(operation, { text: items })
        assert.strictEqual(error.defect, "wrong-shape")
        assert.isAtMost(error.problems?.length ?? 0, 20)
        assert.isBelow(error.message.length, 400)
      })
    )
  )

  it.effect("to a create asks for a look-up and a report", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, { text: "" })
        assert.match(
          error.message,
          /may have taken effect\. Look up the record before you send the request again.*Report it/
        )
        assert.notInclude(error.message, "rejectedStatuses")
      })
    )
  )
})

describe("the id of a record that cannot be read", () => {
  const idOf = (json: unknown, operation = aCreate) =>
    Effect.map(failing(operation, { json }), ({ error }) => {
      if (error.recordId !== undefined) assert.include(error.message, `The id of the record is ${error.recordId}.`)
      return error.recordId
    })

  it.effect.each(["01HZXJ4ABCDEFGHJKMNPQRSTVW", "01HZ123456789012345678901A", "default", "12345678", "a.b_c~d-e"])(
    "is shown in full: %s",
    (id) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* idOf({ id }), id)
        assert.strictEqual(yield* idOf({ data: { id } }), id)
      })
  )

  it.effect.each([
    ["a number", { id: 9_007_199_254_740_991 }, "9007199254740991"],
    ["zero", { id: 0 }, "0"],
    ["a number in data", { data: { id: 17 } }, "17"],
    ["beside another one in data", { id: "outer", data: { id: "inner" } }, "outer"],
    ["unreadable beside one in data", { id: null, data: { id: "inner" } }, "inner"]
  ] as const)("may be %s", ([, json, id]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* idOf(json), id)
    })
  )

  it.effect.each([
    [{}],
    [{ id: "" }],
    [{ id: null }],
    [{ id: 1.5 }],
    [{ id: 9_007_199_254_740_992 }],
    [{ id: { id: "x" } }],
    [{ id: ["x"] }],
    [{ data: [{ id: "x" }] }],
    [{ data: { data: { id: "x" } } }],
    [[{ id: "x" }]],
    ["x"],
    [{ id: "two words" }],
    [{ id: "a\nforged line" }],
    [{ id: "<script>" }],
    [{ id: "x".repeat(129) }],
    [{ id: `made-of-${apiKey}` }]
  ])("is not shown if none is safe: %j", ([json]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* idOf(json), undefined)
    })
  )
})
