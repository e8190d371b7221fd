/**
 * The span of a call: one per call, with the fields needed to find it, and no content of the request or the answer.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { observed } from "./support/observed.ts"
import { aGet, type Operation, operations } from "./support/operations.ts"
import type { Reply } from "./support/stub.ts"

describe("a span", () => {
  const spansOf = (operation: Operation, reply: Reply) =>
    Effect.map(observed(operation.call, reply), ({ spans }) => spans.filter(({ name }) => name === operation.operation))

  it.effect("holds the status, the number of attempts and no outcome if the call succeeds", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const [span] = yield* spansOf(operation, { json: operation.success })
        assert.deepStrictEqual(Object.fromEntries(span?.attributes ?? []), {
          "http.request.method": operation.method,
          "url.template": operation.path,
          "http.response.status_code": 200,
          "palomma.attempts": 1
        })
      })
    )
  )

  it.effect("holds the status, the number of attempts and the outcome if the call fails", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const [span] = yield* spansOf(operation, { status: 500 })
        const isCreate = operation.safety === "create"
        assert.deepStrictEqual(Object.fromEntries(span?.attributes ?? []), {
          "http.request.method": operation.method,
          "url.template": operation.path,
          "http.response.status_code": 500,
          "palomma.attempts": isCreate ? 1 : 3,
          "palomma.outcome": isCreate ? "unknown" : "none"
        })
        assert.isTrue(span?.status._tag === "Ended" && Exit.isFailure(span.status.exit))
      })
    )
  )

  it.effect("is of kind client, and does not capture the call site, which takes longer than the call", () =>
    Effect.gen(function* () {
      const { exit, spans } = yield* observed(aGet.call, { status: 400, json: {} })
      assert.strictEqual(spans.find(({ name }) => name === aGet.operation)?.kind, "client")
      assert.isTrue(Exit.isFailure(exit))
      if (Exit.isFailure(exit)) assert.match(Cause.pretty(exit.cause), new RegExp(`at ${aGet.operation}$`, "m"))
    })
  )

  it.effect("is the only one of a call, with any client below", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { spans } = yield* observed(operation.call, { json: operation.success })
        assert.deepStrictEqual(
          spans.map(({ name }) => name),
          ["the caller's own span", operation.operation]
        )
      })
    )
  )

  it.effect("sends no header of its own to Palomma", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { requests } = yield* observed(operation.call, { json: operation.success })
        for (const name of ["traceparent", "tracestate", "b3", "x-b3-traceid", "baggage"])
          assert.notProperty(requests[0]?.headers, name)
      })
    )
  )

  it.effect("ends if its caller is interrupted", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const [span] = yield* spansOf(
          { ...operation, call: Effect.timeout(operation.call, "1 second").pipe(Effect.orDie) },
          Effect.never
        )
        assert.strictEqual(span?.status._tag, "Ended")
      })
    )
  )
})
