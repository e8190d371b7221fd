/**
 * What an error carries beside its tag: the request id, the wait, the text of the server, and what to do next.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { aCreate, aGet, aList, creates, marked, oneOfEach, operations, reads, unmarked } from "./support/operations.ts"
import { type Answer, apiKey, failure, stub } from "./support/stub.ts"
import { failing, fetchFailed } from "./support/errorFields.ts"

describe("the id of a request", () => {
  it.effect.each([
    ["x-request-id", "req_123"],
    ["request-id", "9f1c2d3e-0a1b-4c5d-8e9f-001122334455"],
    ["x-amzn-requestid", "AbC=12+/"],
    ["x-amz-apigw-id", "AbCdEfG="],
    ["x-correlation-id", "c.1:2"],
    ["cf-ray", "8c1d2e3f4a5b6c7d-BOG"]
  ] as const)("is read from the header %s of any answer", ([name, value]) =>
    Effect.forEach([200, 400, 401, 403, 404, 408, 429, 500, 503], (status) =>
      Effect.forEach(oneOfEach, (operation) =>
        Effect.gen(function* () {
          const { error } = yield* failing(operation, { status, json: {}, headers: { [name]: value } })
          assert.strictEqual(error.requestId, value, operation.name)
        })
      )
    )
  )

  it.effect.each(["", " ", "a b", "ñ", "x".repeat(129), "<script>", apiKey, `req-${apiKey}`])(
    "is not shown if it is %j",
    (value) =>
      Effect.gen(function* () {
        const { error } = yield* failing(aCreate, { status: 500, headers: { "x-request-id": value } })
        assert.strictEqual(error.requestId, undefined)
      })
  )

  it.effect("is read from the next header if the first has no valid id", () =>
    Effect.gen(function* () {
      const headers = { "x-request-id": "not an id", "cf-ray": "ray-1" }
      const { error } = yield* failing(aGet, { status: 500, headers })
      assert.strictEqual(error.requestId, "ray-1")
    })
  )
})

describe("Retry-After", () => {
  const now = "Fri, 20 Nov 2026 12:00:00 GMT"
  const day = 86_400_000

  it.effect.each([
    ["0", 0],
    ["7", 7_000],
    [" 120 ", 120_000],
    ["86400", day],
    ["86401", day],
    ["9007199254740993", day],
    ["9".repeat(400), day],
    ["Fri, 20 Nov 2026 12:00:05 GMT", 5_000],
    ["Friday, 20-Nov-26 12:00:05 GMT", 5_000],
    ["Fri, 20 Nov 2026 11:00:00 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["Sat, 21 Nov 2026 12:00:00 GMT", day],
    ["Sat, 21 Nov 2026 12:00:01 GMT", day],
    ["Fri, 31 Dec 9999 23:59:59 GMT", day],
    ["-1", undefined],
    ["+3", undefined],
    ["1.5", undefined],
    ["1e308", undefined],
    ["0x10", undefined],
    ["3, 4", undefined],
    ["soon", undefined],
    ["", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["2026-11-20T12:00:05Z", undefined],
    ["Fri, 20 Nov 2026 25:61:61 GMT", undefined]
  ] as const)("of %j asks for %s milliseconds: a day at the most", ([value, millis]) =>
    Effect.forEach([429, 500, 503, 403], (status) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.parse(now))
        const { error } = yield* failing(aCreate, { status, headers: { "retry-after": value } })
        assert.strictEqual(error.retryAfter === undefined ? undefined : Duration.toMillis(error.retryAfter), millis)
      })
    )
  )

  it.effect("is shown in the message of a 429", () =>
    Effect.gen(function* () {
      const { error } = yield* failing(aCreate, { status: 429, headers: { "retry-after": "90" } })
      assert.match(error.message, /Wait 1m 30s before the next request\./)
    })
  )
})

describe("the message of a create's error", () => {
  const mayHave = "The request may have taken effect. Look up the record before you send the request again"

  it.effect.each([
    [400, "The request had no effect. Correct the input. You may use the same reference again."],
    [
      401,
      "The request had no effect. Check that the API key is valid and belongs to this environment, then try again."
    ],
    [403, mayHave],
    [404, mayHave],
    [429, "Wait before the next request."],
    [500, mayHave]
  ] as const)("of status %s states what is known about the money and what to do", ([status, text]) =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, { status, json: { message: "No." } })
        assert.include(error.message, text, operation.name)
        assert.include(error.message, `Palomma answered ${status}: "No."`)
      })
    )
  )

  it.effect("names the service that looks it up, only if there is one", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, { status: 500 })
        const service = { "PayoutRequests.create": "Payouts.send", "PayinRequests.create": "Payins.charge" }[
          operation.name
        ]
        assert.include(error.message, `${mayHave}${service === undefined ? "" : ` (${service} does that)`}. `)
      })
    )
  )

  it.effect.each([403, 404, 408, 409, 422, 302, 429, 500, 503])(
    "of status %s names the option that makes it a rejection, because its meaning is not documented",
    (status) =>
      Effect.gen(function* () {
        const { error } = yield* failing(aCreate, { status })
        assert.include(
          error.message,
          `If Palomma confirmed to you that ${status} always means rejection, add it to the option rejectedStatuses`
        )
      })
  )

  it.effect.each([400, 401, 200])("of status %s does not mention the option", (status) =>
    Effect.gen(function* () {
      const { error } = yield* failing(aCreate, { status, json: {} })
      assert.notInclude(error.message, "rejectedStatuses")
    })
  )
})

describe("the message of a read's error", () => {
  it.effect("mentions neither an effect nor the option", () =>
    Effect.forEach(reads, (operation) =>
      Effect.forEach([400, 401, 403, 404, 429, 500], (status) =>
        Effect.gen(function* () {
          const { error } = yield* failing(operation, { status, json: { message: "No." } })
          assert.notMatch(error.message, /effect|send it again|rejectedStatuses/)
        })
      )
    )
  )

  it.effect("states where to look if there is no such record", () =>
    Effect.gen(function* () {
      const { error } = yield* failing(aGet, { status: 404, json: { message: "Not found" } })
      assert.match(error.message, /Check that the id is correct and belongs to this environment/)
    })
  )
})

describe("the text of the server", () => {
  const serverMessageOf = (answer: Answer, operation = aCreate) =>
    Effect.map(failing(operation, { status: 400, ...answer }), ({ error }) => error.serverMessage)

  it.effect.each([
    ["message", { message: "why" }],
    ["Message", { Message: "why" }],
    ["error", { error: "why" }],
    ["error.message", { error: { message: "why" } }],
    ["error.error", { error: { error: "why" } }],
    ["errors, a list of texts", { errors: ["why"] }],
    ["errors, a list of objects", { errors: [{ message: "why" }] }],
    ["errors[].error", { errors: [{ error: "why" }] }],
    ["message, a list of texts", { message: ["why"] }],
    ["message.error", { message: { error: "why" } }],
    ["error.errors[].message", { error: { errors: [{ message: "why" }] } }],
    ["a text", "why"],
    ["a list of texts", ["why"]],
    ["a list of objects", [{ message: "why" }]],
    ["the next name if one is empty", { message: "", Message: " ", error: null, errors: ["why"] }],
    ["the next name if one is not text", { message: 400, error: "why" }],
    ["a name beside an id", { id: unmarked.id, message: "why" }]
  ] as ReadonlyArray<readonly [string, unknown]>)("is read from %s", ([, json]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* serverMessageOf({ json }), "why")
    })
  )

  it.effect.each([
    ["several texts of a list", { message: ["one", "two", "three"] }, "one; two; three"],
    ["five texts of a list at the most", { errors: ["1", "2", "3", "4", "5", "6"] }, "1; 2; 3; 4; 5"],
    ["the first name with text", { error: "later", message: "first" }, "first"]
  ] as ReadonlyArray<readonly [string, unknown, string]>)("is %s", ([, json, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* serverMessageOf({ json }), expected)
    })
  )

  it.effect.each([
    [{}],
    [{ code: "E1" }],
    [{ detail: "why" }],
    [{ message: {} }],
    [[[[[["too deep"]]]]]],
    [null],
    [5],
    [{ message: " \n " }],
    [{ message: "\u0000\u001b" }]
  ])("is empty in %j", ([json]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* serverMessageOf({ json }), undefined)
    })
  )

  it.effect("is found in a body that is nested very deeply, in time", () =>
    Effect.gen(function* () {
      const text = `${'{"error":'.repeat(20_000)}"why"${"}".repeat(20_000)}`
      assert.strictEqual(yield* serverMessageOf({ text }), undefined)
    })
  )

  it.effect("is shown without the marked values of the request", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub({ status: 400 })
        yield* failure(operation.call, palomma)
        const sent = JSON.stringify(palomma.requests[0]?.body)
        for (const value of Object.values(marked).filter((value) => sent.includes(value))) {
          const text = yield* serverMessageOf(
            { json: { message: `The value "${value}" is wrong (${value}).` } },
            operation
          )
          assert.strictEqual(text, `The value "<redacted>" is wrong (<redacted>).`, operation.name)
        }
      })
    )
  )

  it.effect.each([
    ["the API key", `key ${apiKey} is unknown`, "key <redacted> is unknown"],
    ["an account number", "number 3001234567 is closed", "number <redacted> is closed"],
    ["a spaced number", "call 300 123-45.67 now", "call <redacted> now"],
    ["an e-mail address", "no ana.perez+x@example.com.co here", "no <redacted> here"],
    ["control characters", "a\u0000\u001b[31mb\r\nc\u009fd", "a [31mb c d"]
  ] as const)("is shown without %s, for any operation, in any form", ([, message, expected]) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* serverMessageOf({ json: { message } }, operation), expected, operation.name)
        assert.strictEqual(
          yield* serverMessageOf({ json: { errors: [{ message }] } }, operation),
          expected,
          operation.name
        )
        assert.strictEqual(yield* serverMessageOf({ text: message }, operation), expected, operation.name)
      })
    )
  )

  it.effect.each(["amount must be greater than 1000", "bank is not one of 55", "Invalid reference: abc-1"])(
    "is shown unchanged if it holds nothing of the kind: %s",
    (message) =>
      Effect.gen(function* () {
        for (const operation of oneOfEach)
          assert.strictEqual(yield* serverMessageOf({ json: { message } }, operation), message)
      })
  )

  it.effect("is shown in one line of at most 200 characters", () =>
    Effect.gen(function* () {
      const text = yield* serverMessageOf({ json: { message: "long\n".repeat(100_000) } }, aList)
      assert.strictEqual(text?.length, 200)
      assert.isTrue(text?.endsWith("…"))
      assert.notInclude(text, "\n")
    })
  )

  it.effect("is shown without a marked value at the place where the text is cut", () =>
    Effect.forEach(creates, (operation) =>
      Effect.forEach(operation.secrets, (secret) =>
        Effect.gen(function* () {
          // Long runs of digits are replaced by a mask, so the text after them is within the shown part.
          for (const length of [180, 195, 199, 3_980, 3_990, 3_999, 4_050]) {
            const text = yield* serverMessageOf({ json: { message: `${"1".repeat(length)} ${secret}` } }, operation)
            for (let part = 4; part <= secret.length; part++)
              assert.notInclude(text, secret.slice(0, part), operation.name)
          }
        })
      )
    )
  )

  it.effect("is never in an error without an answer", () =>
    Effect.gen(function* () {
      const { error } = yield* failing(aCreate, Effect.fail(fetchFailed({ message: "account 3001234567" })))
      assert.notInclude(JSON.stringify(error) + error.message, "3001234567")
    })
  )
})
