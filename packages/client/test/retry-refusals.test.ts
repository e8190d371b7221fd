/**
 * A create that was rejected had no effect, so it can be sent again. It is sent again only if the answer asks to wait.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { creates } from "./support/operations.ts"
import { type Answer, stub } from "./support/stub.ts"
import { timed } from "./support/timed.ts"

const asking = { "retry-after": "1" }
const rejectedStatuses = [403, 408, 409, 429, 503]

const refusals: ReadonlyArray<readonly [string, number, Answer]> = [
  ["429", 3, { status: 429 }],
  ["429 with a wait", 3, { status: 429, headers: asking }],
  ["503 with a wait", 3, { status: 503, headers: asking }],
  ["408 with a wait", 3, { status: 408, headers: asking }],
  ["503", 1, { status: 503 }],
  ["408", 1, { status: 408 }],
  ["403", 1, { status: 403 }],
  ["409 with a wait, which does not prove that it had no effect", 1, { status: 409, headers: asking }],
  ["400", 1, { status: 400, json: {} }],
  ["401", 1, { status: 401, json: {} }]
]

describe("a create", () => {
  it.effect.each(refusals)("that is answered with %s is sent %i times", ([, times, answer]) =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const { exit, sentAt } = yield* timed(operation.call, stub(answer), { rejectedStatuses })
        const error = yield* Effect.flip(exit)
        assert.strictEqual(error.outcome, "rejected")
        assert.strictEqual(sentAt.length, times, operation.name)
      })
    )
  )
})
