/**
 * How an operation reads every answer that is not a success: one row per kind of answer. The status decides
 * first, then the body.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Outcome, PalommaError } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { creates, oneOfEach, operations, reads } from "./support/operations.ts"
import { type Answer, bytes, failure, runToEnd, stub } from "./support/stub.ts"
import { failing, maxAttempts, refused, reset, fieldsOf } from "./support/errorFields.ts"

interface Row {
  readonly create: readonly [PalommaError["_tag"], Outcome]
  readonly get: PalommaError["_tag"]
  readonly list: PalommaError["_tag"]
  /** Whether a read is sent again. A create never is. */
  readonly again: boolean
}

const unknown = (tag: PalommaError["_tag"], again = false): Row => ({
  create: [tag, "unknown"],
  get: tag,
  list: tag,
  again
})

const rejected = (tag: PalommaError["_tag"]): Row => ({ ...unknown(tag), create: [tag, "rejected"] })

const unexpected = unknown("PalommaUnexpectedStatus")

/** The meaning of a status with the body that Palomma documents. */
const rowOf = (status: number): Row => {
  if (status === 400) return rejected("PalommaBadRequest")
  if (status === 401) return rejected("PalommaUnauthorized")
  if (status === 404) return { ...unexpected, get: "PalommaNotFound" }
  if (status === 408) return unknown("PalommaUnexpectedStatus", true)
  if (status === 429) return unknown("PalommaRateLimited", true)
  return status >= 500 && status <= 599 ? unknown("PalommaServerError", true) : unexpected
}

const check = (
  status: number,
  row: Row,
  answer: Answer,
  serverMessage: string | undefined,
  among: typeof operations = oneOfEach
) =>
  Effect.forEach(among, (operation) =>
    Effect.gen(function* () {
      const { error, sent } = yield* failing(operation, { status, ...answer })
      const isCreate = operation.safety === "create"
      assert.deepStrictEqual(
        {
          tag: error._tag,
          outcome: error.outcome,
          isSafeToResend: error.isSafeToResend,
          status: error.status,
          serverMessage: error.serverMessage,
          sent
        },
        {
          tag: operation.kind === "create" ? row.create[0] : row[operation.kind],
          outcome: isCreate ? row.create[1] : "none",
          isSafeToResend: isCreate ? false : row.again,
          status,
          serverMessage,
          sent: !isCreate && row.again ? maxAttempts : 1
        },
        `${operation.name}, by \`rowOf\` of this test`
      )
      assert.include(error.message, String(status), operation.name)
    })
  )

// Statuses with a meaning of their own, their neighbours, and the ends of each hundred.
const statuses = [
  100, 199, 300, 302, 304, 399, 400, 401, 402, 403, 404, 405, 407, 408, 409, 428, 429, 430, 499, 500, 503, 599, 600, 999
]

const withMessage: Answer = { json: { message: "It says why." } }

describe("an answer with a JSON body", () => {
  it.effect.each(statuses)("of status %s is the error of the error table, for a create, a get and a list", (status) =>
    check(status, rowOf(status), withMessage, "It says why.")
  )

  it.effect.each([400, 401, 403, 404, 429, 503])("of status %s is the same for every operation", (status) =>
    check(status, rowOf(status), withMessage, "It says why.", operations)
  )

  it.effect.each([
    ["an empty object", {}],
    ["an object without text", { code: 17 }],
    ["a message that is not text", { message: 400 }],
    ["an empty list", []],
    ["a number", 5],
    ["true", true],
    ["null", null]
  ] as ReadonlyArray<readonly [string, unknown]>)("has the same meaning if it is %s", ([, json]) =>
    Effect.forEach([400, 401, 404, 403, 429, 500], (status) => check(status, rowOf(status), { json }, undefined))
  )
})

describe("an answer without a body", () => {
  it.effect.each([
    ["an empty text", { text: "" }],
    ["no body", {}]
  ] as ReadonlyArray<readonly [string, Answer]>)(
    "is not a rejected input with 400, and an invalid key with 401: %s",
    ([, answer]) =>
      Effect.forEach([400, 401, 404, 403, 429, 500], (status) =>
        check(status, status === 400 ? unexpected : rowOf(status), answer, undefined)
      )
  )
})

describe("an answer whose body is not JSON", () => {
  const cut = Stream.concat(Stream.make(bytes(`{"message": "no"}`)), Stream.fail("cut"))

  it.effect.each([
    ["is a page of HTML", { text: "<html><body>It says nothing.</body></html>" }, undefined],
    ["is a page of HTML after blanks", { text: "\n  <!doctype html>" }, undefined],
    ["is a text", { text: "Forbidden by the gateway" }, "Forbidden by the gateway"],
    ["is a long text", { text: "long ".repeat(101) }, undefined],
    ["is blank", { text: "  \n " }, undefined],
    ["was cut", { text: `{"message": "Invalid amo` }, `{"message": "Invalid amo`],
    ["broke off", { stream: cut }, undefined],
    ["is larger than 1 MiB", { json: { message: "no", rest: "x".repeat(1_048_576) } }, undefined]
  ] as ReadonlyArray<readonly [string, Answer, string | undefined]>)(
    "may come from a gateway because it %s, so nothing is known about a create",
    ([, answer, serverMessage]) =>
      Effect.forEach([400, 401, 404, 403, 429, 500], (status) => {
        const row = rowOf(status)
        return check(status, status < 405 ? unexpected : row, answer, serverMessage)
      })
  )
})

describe("a status that the merchant lists in rejectedStatuses", () => {
  const named = [403, 404, 409, 422, 429, 500, 503, 408, 302].map(
    (status) => [status, { rejectedStatuses: [status] }] as const
  )

  it.effect.each(named)("had no effect if it is %s, and any other may have had one", ([status, options]) =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const error = fieldsOf(yield* failure(operation.call, stub({ status }), options))
        assert.strictEqual(error.outcome, "rejected", operation.name)
        assert.include(error.message, "The request had no effect.")
        assert.notInclude(error.message, "rejectedStatuses")
        const other = fieldsOf(yield* failure(operation.call, stub({ status: status + 1 }), options))
        assert.strictEqual(other.outcome, "unknown", operation.name)
      })
    )
  )

  it.effect.each([429, 503])("allows sending a create again after a %s with a requested wait", (status) =>
    Effect.gen(function* () {
      const options = { rejectedStatuses: [status] }
      for (const operation of creates) {
        const palomma = stub((_, number) =>
          number === 1 ? { status, headers: { "retry-after": "3" } } : { json: operation.success }
        )
        assert.isTrue(Exit.isSuccess(yield* runToEnd(operation.call, palomma, options)), operation.name)
        assert.strictEqual(palomma.posts(), 2)
        assert.isAtLeast((palomma.requests[1]?.at ?? 0) - (palomma.requests[0]?.at ?? 0), 3_000)
      }
    })
  )

  it.effect("does not allow sending a create again after a 403, which would be rejected again", () =>
    Effect.gen(function* () {
      const options = { rejectedStatuses: [403, 429] }
      for (const operation of creates) {
        const palomma = stub({ status: 403 })
        yield* failure(operation.call, palomma, options)
        assert.strictEqual(palomma.posts(), 1)
      }
    })
  )

  it.effect.each([500, 503, 408])(
    "does not allow sending a create again after a %s without a requested wait",
    (status) =>
      Effect.gen(function* () {
        const options = { rejectedStatuses: [status] }
        for (const operation of creates) {
          const palomma = stub({ status })
          yield* failure(operation.call, palomma, options)
          assert.strictEqual(palomma.posts(), 1)
        }
      })
  )

  it.effect("allows sending a create again after a 429, also if it names no wait", () =>
    Effect.gen(function* () {
      for (const operation of creates) {
        const palomma = stub((_, number) => (number === 1 ? { status: 429 } : { json: operation.success }))
        assert.isTrue(Exit.isSuccess(yield* runToEnd(operation.call, palomma, { rejectedStatuses: [429] })))
      }
    })
  )

  it.effect("does not make an answer of success a rejection", () =>
    Effect.gen(function* () {
      const error = fieldsOf(
        yield* failure(oneOfEach[0]?.call ?? Effect.die("none"), stub({ text: "" }), { rejectedStatuses: [300] })
      )
      assert.strictEqual(error.outcome, "unknown")
    })
  )

  it.effect("does not change any read", () =>
    Effect.gen(function* () {
      const options = { rejectedStatuses: [403] }
      for (const operation of reads) {
        const error = fieldsOf(yield* failure(operation.call, stub({ status: 403 }), options))
        assert.strictEqual(error.outcome, "none")
        assert.isFalse(error.isSafeToResend)
      }
    })
  )
})

describe("a create", () => {
  it.effect("is not sent a third time if the second request may have had an effect", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) => (number === 1 ? refused : reset))
        const error = fieldsOf(yield* failure(operation.call, palomma))
        assert.strictEqual(error.outcome, "unknown")
        assert.strictEqual(palomma.posts(), 2)
      })
    )
  )

  it.effect("has the same body in each request", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) => (number < 3 ? refused : { json: operation.success }))
        yield* runToEnd(operation.call, palomma)
        assert.strictEqual(palomma.posts(), 3)
        assert.deepStrictEqual(palomma.requests[1]?.body, palomma.requests[0]?.body)
        assert.deepStrictEqual(palomma.requests[2]?.body, palomma.requests[0]?.body)
      })
    )
  )
})

describe("a read", () => {
  it.effect("is sent again until it succeeds", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) => (number < 3 ? { status: 503 } : { json: operation.success }))
        assert.isTrue(Exit.isSuccess(yield* runToEnd(operation.call, palomma)), operation.name)
        assert.strictEqual(palomma.requests.length, 3)
      })
    )
  )
})
