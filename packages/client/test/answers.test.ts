/**
 * What every operation makes of every answer: the error table of the design, row by row. The status decides first, the body second.
 */
import { assert, describe, it } from "@effect/vitest"
import { isPalommaError, type Outcome, type PalommaError } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { creates, marked, type Operation, operations, reads, unmarked } from "./support/operations.ts"
import { type Answer, apiKey, bytes, failure, settle, stub } from "./support/stub.ts"

/** Every error as every property that any of them has. */
interface Told {
  readonly _tag: PalommaError["_tag"]
  readonly operation: string
  readonly outcome: Outcome
  readonly isSafeToResend: boolean
  readonly message: string
  readonly status?: number
  readonly requestId?: string
  readonly serverMessage?: string
  readonly retryAfter?: Duration.Duration
  readonly reason?: string
  readonly code?: string
  readonly defect?: string
  readonly recordId?: string
  readonly problems?: ReadonlyArray<{ readonly field: string; readonly rule: string }>
  readonly waited?: Duration.Duration
}

const told = (error: PalommaError): Told => error

const failing = (operation: Operation, answer: Answer | Effect.Effect<Answer, unknown>) =>
  Effect.gen(function* () {
    const palomma = stub(answer)
    const error = told(yield* failure(operation.call, palomma))
    assert.isTrue(isPalommaError(error), operation.name)
    assert.strictEqual(error.operation, operation.operation)
    assert.include(error.message, operation.operation)
    return { error, sent: palomma.requests.length }
  })

// The tries of a call that may be made again, by the default policy.
const tries = 3

interface Row {
  readonly status: number
  readonly create: readonly [PalommaError["_tag"], Outcome]
  readonly get: PalommaError["_tag"]
  readonly list: PalommaError["_tag"]
  /** Whether a read is made again. A create never is. */
  readonly again?: boolean
}

const row = (status: number, tag: PalommaError["_tag"], again = false): Row => ({
  status,
  create: [tag, "unknown"],
  get: tag,
  list: tag,
  again
})

const others = [
  100, 202, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 303, 304, 305, 307, 308, 399, 402, 403, 405, 406, 407,
  409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 431, 451, 499, 600, 999
]
const failures = [500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599]

const undocumentedWhateverTheBody: ReadonlyArray<Row> = [
  ...others.map((status) => row(status, "PalommaUnexpectedStatus")),
  row(408, "PalommaUnexpectedStatus", true),
  row(429, "PalommaRateLimited", true),
  ...failures.map((status) => row(status, "PalommaServerError", true))
]

const documented: ReadonlyArray<Row> = [
  { status: 400, create: ["PalommaBadRequest", "rejected"], get: "PalommaBadRequest", list: "PalommaBadRequest" },
  { status: 401, create: ["PalommaUnauthorized", "rejected"], get: "PalommaUnauthorized", list: "PalommaUnauthorized" },
  {
    status: 404,
    create: ["PalommaUnexpectedStatus", "unknown"],
    get: "PalommaNotFound",
    list: "PalommaUnexpectedStatus"
  },
  ...undocumentedWhateverTheBody
]

const undocumented: ReadonlyArray<Row> = [
  ...[400, 401, 404].map((status) => row(status, "PalommaUnexpectedStatus")),
  ...undocumentedWhateverTheBody
]

const check = ({ again = false, create, get, list, status }: Row, answer: Answer, serverMessage: string | undefined) =>
  Effect.forEach(operations, (operation) =>
    Effect.gen(function* () {
      const { error, sent } = yield* failing(operation, { status, ...answer })
      const isCreate = operation.kind === "create"
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
          tag: isCreate ? create[0] : operation.kind === "get" ? get : list,
          outcome: isCreate ? create[1] : "none",
          isSafeToResend: isCreate ? false : again,
          status,
          serverMessage,
          sent: !isCreate && again ? tries : 1
        },
        operation.name
      )
      assert.include(error.message, String(status), operation.name)
    })
  )

const describeRow = (row: Row) => [row.status, row.create[0], row.get, row.list, row] as const

describe("an answer with the documented body", () => {
  it.effect.each(documented.map(describeRow))(
    "of status %s is %s to a create, %s to a get and %s to a list",
    ([, , , , row]) => check(row, { json: { message: "It says why." } }, "It says why.")
  )
})

describe("an answer without the documented body", () => {
  it.effect.each(undocumented.map(describeRow))(
    "of status %s is %s to a create, %s to a get and %s to a list",
    ([, , , , row]) => check(row, { text: "<html><body>It says nothing.</body></html>" }, undefined)
  )

  it.effect.each([
    ["nothing", { text: "" }],
    ["no body at all", {}],
    ["an object without a message", { json: {} }],
    ["a message that is no text", { json: { message: 400 } }],
    ["a list", { json: [{ message: "no" }] }],
    ["a text", { json: "message" }],
    ["null", { json: null }],
    ["a message that was cut", { text: `{"message": "Invalid amo` }],
    ["a body that broke off", { stream: Stream.concat(Stream.make(bytes(`{"message": "no"}`)), Stream.fail("cut")) }],
    ["a body of 2 MiB", { json: { message: "no", rest: "x".repeat(2_097_152) } }]
  ] as ReadonlyArray<readonly [string, Answer]>)("is unknown to a create where a 400 or 401 holds %s", ([, answer]) =>
    Effect.forEach([400, 401], (status) => check(row(status, "PalommaUnexpectedStatus"), answer, undefined))
  )
})

describe("an answer of success", () => {
  it.effect.each([200, 201])("may have the status %s", (status) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const palomma = stub({ status, json: operation.success })
        assert.isTrue(Exit.isSuccess(yield* settle(operation.call, palomma)), operation.name)
        assert.strictEqual(palomma.requests.length, 1)
      })
    )
  )

  it.effect("may hold fields that nobody knows, however deep", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`
        const text = `${JSON.stringify(operation.success).slice(0, -1)},"__proto__":{"id":"x"},"constructor":1,"new":${deep}}`
        assert.isTrue(Exit.isSuccess(yield* settle(operation.call, stub({ text }))), operation.name)
      })
    )
  )

  it.effect("may be as large as 1 MiB and no larger", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const text = JSON.stringify(operation.success).padEnd(1_048_576, " ")
        assert.isTrue(Exit.isSuccess(yield* settle(operation.call, stub({ text }))), operation.name)
        const { error } = yield* failing(operation, { text: `${text} ` })
        assert.strictEqual(error.defect, "too-large")
      })
    )
  )
})

const invalid = (answer: Answer, expected: { readonly defect: string; readonly again: boolean }) =>
  Effect.forEach([200, 201], (status) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { error, sent } = yield* failing(operation, { status, ...answer })
        const isCreate = operation.kind === "create"
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
            sent: !isCreate && expected.again ? tries : 1
          },
          operation.name
        )
      })
    )
  )

describe("an answer of success that cannot be understood", () => {
  it.effect.each(["<html></html>", "not json", "{", '{"id":', "undefined", "NaN", ""])("is not JSON: %j", (text) =>
    invalid({ text }, { defect: "not-json", again: true })
  )

  it.effect("is not JSON where it has no body", () => invalid({}, { defect: "not-json", again: true }))

  it.effect("broke off, even at the end of a whole value", () =>
    Effect.forEach([`{"id":"01H`, `{"id":"01H","status":"active"}`], (text) =>
      invalid(
        { stream: Stream.concat(Stream.make(bytes(text)), Stream.fail(new Error("terminated"))) },
        { defect: "cut-short", again: true }
      )
    )
  )

  it.effect("is larger than 1 MiB, and is not read further", () =>
    Effect.gen(function* () {
      let read = 0
      const chunk = bytes("x".repeat(65_536))
      const endless = Stream.forever(Stream.make(chunk)).pipe(
        Stream.tap(() =>
          Effect.sync(() => {
            read += 1
          })
        ),
        Stream.rechunk(1)
      )
      yield* Effect.forEach(operations, (operation) =>
        Effect.gen(function* () {
          read = 0
          const { error } = yield* failing(operation, { stream: endless })
          assert.strictEqual(error.defect, "too-large")
          assert.isAtMost(read, 18, operation.name)
        })
      )
      yield* invalid({ stream: endless }, { defect: "too-large", again: false })
    })
  )

  it.effect.each([[[]], ["a text"], [5], [null], [true], [{ message: "ok" }]])("is of another shape: %j", ([json]) =>
    invalid({ json }, { defect: "wrong-shape", again: false })
  )

  it.effect("names every field that is not as documented, and none of its values", () =>
    Effect.forEach(
      operations.filter(({ kind }) => kind !== "list"),
      (operation) =>
        Effect.gen(function* () {
          const json = {
            ...operation.success,
            createdAt: { VALUE: 1 },
            updatedAt: ["VALUE"],
            description: 7,
            reference: false
          }
          const { error } = yield* failing(operation, { json })
          if (operation.operation.startsWith("MerchantAccounts")) {
            assert.deepStrictEqual(
              error.problems?.map(({ field }) => field),
              ["description"]
            )
          } else {
            const fields = error.problems?.map(({ field }) => field) ?? []
            assert.includeMembers(fields, ["createdAt", "updatedAt"], operation.name)
          }
          assert.notInclude(JSON.stringify(error.problems), "VALUE")
          assert.notInclude(error.message, "VALUE")
        })
    )
  )

  it.effect("is told in a sentence where a page holds a hundred thousand wrong records", () =>
    Effect.forEach(
      operations.filter(({ kind }) => kind === "list"),
      (operation) =>
        Effect.gen(function* () {
          const { error } = yield* failing(operation, { text: `{"items":[{}${",{}".repeat(100_000)}],"cursor":null}` })
          assert.strictEqual(error.defect, "wrong-shape")
          assert.deepStrictEqual(
            error.problems?.map(({ rule }) => rule),
            ["is missing"]
          )
          assert.match(error.problems?.[0]?.field ?? "", /^items\.0\./)
          assert.isBelow(error.message.length, 300)
        })
    )
  )

  it.effect("carries the id where it can be read, unchanged", () =>
    Effect.forEach(
      ["01HZXJ4ABCDEFGHJKMNPQRSTVW", "01HZ123456789012345678901A", "default", "12345678", "a.b_c~d-e"],
      (id) =>
        Effect.forEach(
          operations.filter(({ kind }) => kind !== "list"),
          (operation) =>
            Effect.gen(function* () {
              const { error } = yield* failing(operation, {
                json: { ...operation.success, id, createdAt: 5, description: 5 }
              })
              assert.strictEqual(error.recordId, id, operation.name)
              assert.include(error.message, id)
            })
        )
    )
  )

  it.effect("carries no id where there is none", () =>
    Effect.forEach(operations, (operation) =>
      Effect.forEach([{}, { id: "" }, { id: 5 }, { id: null }, { id: { id: "x" } }], (json) =>
        Effect.gen(function* () {
          const { error } = yield* failing(operation, { json })
          assert.isFalse("recordId" in error && error.recordId !== undefined, operation.name)
        })
      )
    )
  )

  it.effect("of a create asks for a look-up and a report", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, { text: "" })
        assert.match(error.message, /look it up before sending it again.*report it/)
      })
    )
  )
})

const thrown = (fields: Record<string, unknown>): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("no"), fields) })

describe("no answer", () => {
  it.effect.each([
    ["a failed look-up", { code: "ENOTFOUND", syscall: "getaddrinfo" }, "dns", "not-sent", true],
    ["a look-up that fails for now", { code: "EAI_AGAIN", syscall: "getaddrinfo" }, "dns", "not-sent", true],
    ["a refused connection", { code: "ECONNREFUSED", syscall: "connect" }, "connect", "not-sent", true],
    ["a network out of reach", { code: "ENETUNREACH", syscall: "connect" }, "connect", "not-sent", true],
    ["a connection that is never made", { code: "UND_ERR_CONNECT_TIMEOUT" }, "connect", "not-sent", true],
    ["a certificate of somebody else", { code: "ERR_TLS_CERT_ALTNAME_INVALID" }, "tls", "not-sent", false],
    ["a certificate of one's own", { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "tls", "not-sent", false],
    ["an expired certificate", { code: "CERT_HAS_EXPIRED" }, "tls", "not-sent", false],
    ["a broken handshake", { code: "ERR_SSL_WRONG_VERSION_NUMBER" }, "tls", "unknown", false],
    ["a reset", { code: "ECONNRESET", syscall: "read" }, "reset", "unknown", false],
    ["a reset while writing", { code: "EPIPE", syscall: "write" }, "reset", "unknown", false],
    ["a closed socket", { code: "UND_ERR_SOCKET" }, "reset", "unknown", false],
    ["headers that never came", { code: "UND_ERR_HEADERS_TIMEOUT" }, "other", "unknown", false],
    ["an answer that is not HTTP", { code: "HPE_INVALID_CONSTANT" }, "other", "unknown", false],
    ["anything else", {}, "other", "unknown", false]
  ] as ReadonlyArray<readonly [string, { code?: string; syscall?: string }, string, Outcome, boolean]>)(
    "by %s has the code %j, the reason %s and, of a create, the outcome %s and a resend: %s",
    ([, fields, reason, outcome, again]) =>
      Effect.forEach(operations, (operation) =>
        Effect.gen(function* () {
          const { error, sent } = yield* failing(operation, Effect.fail(thrown(fields)))
          const isCreate = operation.kind === "create"
          const isAgain = isCreate ? again : reason !== "tls"
          assert.deepStrictEqual(
            {
              tag: error._tag,
              reason: error.reason,
              code: error.code,
              outcome: error.outcome,
              isSafeToResend: error.isSafeToResend,
              status: error.status,
              sent
            },
            {
              tag: "PalommaConnectionError",
              reason,
              code: fields.code,
              outcome: isCreate ? outcome : "none",
              isSafeToResend: isAgain,
              status: undefined,
              sent: isAgain ? tries : 1
            },
            operation.name
          )
        })
      )
  )

  it.effect("in time is unknown to a create, which is not sent again", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { error, sent } = yield* failing(operation, Effect.never)
        const isCreate = operation.kind === "create"
        assert.strictEqual(error._tag, "PalommaTimeout")
        assert.strictEqual(error.outcome, isCreate ? "unknown" : "none")
        assert.strictEqual(error.isSafeToResend, !isCreate)
        if (isCreate) assert.strictEqual(sent, 1, operation.name)
      })
    )
  )

  it.effect("never shows a code that is not one", () =>
    Effect.forEach(["the account 3001234567", "e", "econnreset", "E".repeat(100), "E CONN", ""], (code) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operations[0] as Operation, Effect.fail(thrown({ code })))
        assert.strictEqual(error._tag, "PalommaConnectionError")
        assert.strictEqual(error.code, undefined)
      })
    )
  )
})

describe("a create", () => {
  const statuses = [403, 409, 422, 429, 500, 503, 408]

  it.effect.each(statuses)(
    "of status %s had no effect where the merchant names it in refusals, and nowhere else",
    (status) =>
      Effect.forEach(creates, (operation) =>
        Effect.gen(function* () {
          const error = told(yield* failure(operation.call, stub({ status }), { refusals: [status] }))
          assert.strictEqual(error.outcome, "rejected", operation.name)
          const other = told(yield* failure(operation.call, stub({ status }), { refusals: [status + 1] }))
          assert.strictEqual(other.outcome, "unknown", operation.name)
        })
      )
  )

  it.effect.each([429, 503])("is sent again where a %s is a refusal that asks to wait", (status) =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) =>
          number === 1 ? { status, headers: { "retry-after": "3" } } : { json: operation.success }
        )
        assert.isTrue(Exit.isSuccess(yield* settle(operation.call, palomma, { refusals: [status] })), operation.name)
        assert.strictEqual(palomma.posts(), 2)
        assert.isAtLeast((palomma.requests[1]?.at ?? 0) - (palomma.requests[0]?.at ?? 0), 3_000)
      })
    )
  )

  it.effect("is not sent again where a 403 is a refusal: it would be refused again", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub({ status: 403 })
        yield* failure(operation.call, palomma, { refusals: [403, 429] })
        assert.strictEqual(palomma.posts(), 1)
      })
    )
  )

  it.effect("is not sent a third time where the second try may have had an effect", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) =>
          Effect.fail(
            thrown(
              number === 1 ? { code: "ECONNREFUSED", syscall: "connect" } : { code: "ECONNRESET", syscall: "read" }
            )
          )
        )
        const error = told(yield* failure(operation.call, palomma))
        assert.strictEqual(error.outcome, "unknown")
        assert.strictEqual(palomma.posts(), 2)
      })
    )
  )

  it.effect("sends the same body each time, as the caller gave it", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) =>
          number < 3 ? Effect.fail(thrown({ syscall: "getaddrinfo" })) : { json: operation.success }
        )
        yield* settle(operation.call, palomma)
        assert.strictEqual(palomma.posts(), 3)
        assert.deepStrictEqual(palomma.requests[1]?.body, palomma.requests[0]?.body)
        assert.deepStrictEqual(palomma.requests[2]?.body, palomma.requests[0]?.body)
      })
    )
  )

  it.effect("leaves out what was given as undefined", () =>
    Effect.gen(function* () {
      const { PayoutRequests } = yield* Effect.promise(() => import("@palomma-effect/client"))
      const { PayoutTargetId } = yield* Effect.promise(() => import("@palomma-effect/schema"))
      const palomma = stub({ status: 500 })
      const payoutTargetId = PayoutTargetId.make("01H")
      yield* failure(
        PayoutRequests.use((payouts) =>
          payouts.create({ payoutTargetId, amount: 50_000, reference: undefined, sourceMerchantAccountId: undefined })
        ),
        palomma
      )
      assert.deepStrictEqual(palomma.requests[0]?.body, { payoutTargetId: "01H", amount: 50_000 })
    })
  )
})

describe("a read", () => {
  it.effect("is tried again until it succeeds", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) => (number < 3 ? { status: 503 } : { json: operation.success }))
        assert.isTrue(Exit.isSuccess(yield* settle(operation.call, palomma)), operation.name)
        assert.strictEqual(palomma.requests.length, 3)
      })
    )
  )

  it.effect("is not made different by refusals", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        const error = told(yield* failure(operation.call, stub({ status: 403 }), { refusals: [403] }))
        assert.strictEqual(error.outcome, "none")
        assert.isFalse(error.isSafeToResend)
      })
    )
  )
})

describe("an error", () => {
  const anyStatus = [400, 401, 403, 404, 408, 429, 500, 503]

  it.effect.each([
    ["x-request-id", "req_123"],
    ["request-id", "9f1c2d3e-0a1b-4c5d-8e9f-001122334455"],
    ["x-amzn-requestid", "AbC=12+/"],
    ["x-amz-apigw-id", "AbCdEfG="],
    ["x-correlation-id", "c.1:2"],
    ["cf-ray", "8c1d2e3f4a5b6c7d-BOG"]
  ] as const)("carries the request id of the header %s", ([name, value]) =>
    Effect.forEach(anyStatus, (status) =>
      Effect.forEach(operations, (operation) =>
        Effect.gen(function* () {
          const { error } = yield* failing(operation, { status, headers: { [name]: value } })
          assert.strictEqual(error.requestId, value, operation.name)
        })
      )
    )
  )

  it.effect("carries the request id of an answer of success too", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, { text: "", headers: { "x-request-id": "req_123" } })
        assert.strictEqual(error.requestId, "req_123")
      })
    )
  )

  it.effect.each(["", " ", "a b", "ñ", "x".repeat(129), "<script>", apiKey, `req-${apiKey}`])(
    "carries no request id of the form %j",
    (value) =>
      Effect.forEach(operations, (operation) =>
        Effect.gen(function* () {
          const { error } = yield* failing(operation, { status: 500, headers: { "x-request-id": value } })
          assert.strictEqual(error.requestId, undefined, operation.name)
        })
      )
  )

  it.effect("takes the next header where the first holds no id", () =>
    Effect.gen(function* () {
      const headers = { "x-request-id": "not an id", "cf-ray": "ray-1" }
      const { error } = yield* failing(operations[0] as Operation, { status: 500, headers })
      assert.strictEqual(error.requestId, "ray-1")
    })
  )

  const now = "Fri, 20 Nov 2026 12:00:00 GMT"

  it.effect.each([
    ["0", 0],
    ["7", 7_000],
    [" 120 ", 120_000],
    ["Fri, 20 Nov 2026 12:00:05 GMT", 5_000],
    ["Friday, 20-Nov-26 12:00:05 GMT", 5_000],
    ["Fri, 20 Nov 2026 11:00:00 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["-1", undefined],
    ["1.5", undefined],
    ["1e308", undefined],
    ["soon", undefined],
    ["", undefined],
    ["NaN", undefined],
    ["2026-11-20T12:00:05Z", undefined]
  ] as const)("tells what Retry-After %j asks for: %s milliseconds", ([value, millis]) =>
    Effect.forEach([429, 500, 503, 403], (status) =>
      Effect.forEach(creates, (operation) =>
        Effect.gen(function* () {
          yield* TestClock.setTime(Date.parse(now))
          const { error } = yield* failing(operation, { status, headers: { "retry-after": value } })
          assert.strictEqual(error.retryAfter === undefined ? undefined : Duration.toMillis(error.retryAfter), millis)
        })
      )
    )
  )

  it.effect("tells the time to wait in its message", () =>
    Effect.gen(function* () {
      const { error } = yield* failing(creates[0] as Operation, { status: 429, headers: { "retry-after": "90" } })
      assert.match(error.message, /Slow down for 1m 30s\./)
    })
  )

  const advice: Record<string, RegExp> = {
    400: /had no effect\. Correct the input; the same reference may be used again\./,
    401: /had no effect\. Check the API key and that it belongs to this environment, then run it again\./,
    403: /may have taken effect: look it up before sending it again .*check the base URL/,
    404: /may have taken effect: look it up before sending it again .*check the base URL/,
    429: /may have taken effect: look it up before sending it again .*Slow down\./,
    500: /may have taken effect: look it up before sending it again/
  }

  it.effect.each(Object.entries(advice))("of a create says what to do about a %s", ([status, pattern]) =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, { status: Number(status), json: { message: "No." } })
        assert.match(error.message, pattern)
        assert.include(error.message, `Palomma answered ${status}: "No."`)
      })
    )
  )

  it.effect("of a read speaks of no effect", () =>
    Effect.forEach(reads, (operation) =>
      Effect.forEach([400, 401, 403, 404, 429, 500], (status) =>
        Effect.gen(function* () {
          const { error } = yield* failing(operation, { status, json: { message: "No." } })
          assert.notMatch(error.message, /effect|sending it again/)
        })
      )
    )
  )

  it.effect("of a get of a record that is not there says where to look", () =>
    Effect.forEach(
      operations.filter(({ kind }) => kind === "get"),
      (operation) =>
        Effect.gen(function* () {
          const { error } = yield* failing(operation, { status: 404, json: { message: "Not found" } })
          assert.match(error.message, /Check the id and that it belongs to this environment/)
        })
    )
  )

  it.effect.each([
    [{ syscall: "getaddrinfo" }, /host name could not be looked up: .*run it again\. Nothing was sent\./],
    [{ syscall: "connect" }, /connection could not be made: .*run it again\. Nothing was sent\./],
    [{ code: "CERT_HAS_EXPIRED" }, /do not retry; .*raise the alarm\. Nothing was sent\./],
    [{ code: "ECONNRESET" }, /connection broke\. It may have taken effect: look it up before sending it again/],
    [{}, /It may have taken effect: look it up before sending it again/]
  ] as const)("of a create that got no answer for %j says what to do", ([fields, pattern]) =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, Effect.fail(thrown(fields)))
        assert.match(error.message, pattern)
      })
    )
  )

  it.effect("of a create that ran out of time asks for a look-up", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, Effect.never)
        assert.match(error.message, /within 1m\. It may have taken effect: look it up before sending it again/)
      })
    )
  )
})

describe("what Palomma says", () => {
  const says = (operation: Operation, message: string) =>
    Effect.map(failing(operation, { status: 400, json: { message } }), ({ error }) => error.serverMessage)

  it.effect("is told without the marked values of the request", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub({ status: 400 })
        yield* failure(operation.call, palomma)
        const sent = JSON.stringify(palomma.requests[0]?.body)
        for (const value of Object.values(marked).filter((value) => sent.includes(value))) {
          const text = yield* says(operation, `The value "${value}" is wrong (${value}).`)
          assert.strictEqual(text, `The value "<redacted>" is wrong (<redacted>).`, operation.name)
        }
      })
    )
  )

  it.effect.each([
    ["the API key", `key ${apiKey} is unknown`, "key <redacted> is unknown"],
    ["an account number", "account 3001234567 is closed", "account <redacted> is closed"],
    ["a spaced number", "call 300 123-45.67 now", "call <redacted> now"],
    ["an e-mail address", "no ana.perez+x@example.com.co here", "no <redacted> here"],
    ["control characters", "a\u0000\u001b[31mb\r\nc\u009fd", "a [31mb c d"]
  ] as const)("is told without %s", ([, message, expected]) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* says(operation, message), expected, operation.name)
      })
    )
  )

  it.effect.each(["amount must be greater than 1000", "bank is not one of 55", "Invalid reference: abc-1"])(
    "is told as it is where it holds nothing of the kind: %s",
    (message) =>
      Effect.forEach(operations, (operation) =>
        Effect.gen(function* () {
          assert.strictEqual(yield* says(operation, message), message)
        })
      )
  )

  it.effect("is told in 500 characters at the most", () =>
    Effect.gen(function* () {
      const text = yield* says(operations[0] as Operation, "long ".repeat(200_000))
      assert.strictEqual(text?.length, 501)
      assert.isTrue(text?.endsWith("…"))
    })
  )

  it.effect("is told without a marked value that stands where the text is cut", () =>
    Effect.forEach(creates, (operation) =>
      Effect.forEach(operation.secrets, (secret) =>
        Effect.gen(function* () {
          // Long runs of digits shrink to a word, so that what comes after them is within what a person reads.
          for (const length of [480, 490, 499, 1_985, 1_995, 9_985, 9_995]) {
            const text = yield* says(operation, `${"1".repeat(length)} ${secret}`)
            for (let part = 4; part <= secret.length; part++)
              assert.notInclude(text, secret.slice(0, part), operation.name)
          }
        })
      )
    )
  )

  it.effect("is told of the id in a record's place without being taken for it", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { error } = yield* failing(operation, { status: 500, json: { id: unmarked.id, message: "boom" } })
        assert.strictEqual(error.serverMessage, "boom")
      })
    )
  )
})
