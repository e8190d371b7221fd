/**
 * Bodies that only a custom `fetch` returns, and how much of a body that is not JSON is shown.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fetchStub, overFetch } from "./support/fetch.ts"
import { aGet, type Operation } from "./support/operations.ts"
import { failing, fieldsOf } from "./support/errorFields.ts"

const answered = (operation: Operation, response: () => Response) =>
  Effect.map(
    Effect.flip(
      Effect.provide(operation.call, overFetch(fetchStub(response).fetch, { retry: { reads: { maxAttempts: 1 } } }))
    ),
    fieldsOf
  )

/** A response whose body is being read by other code. */
const locked = (status: number): Response => {
  const response = new Response("{}", { status })
  response.body?.getReader()
  return response
}

describe("a response of a custom fetch", () => {
  it.effect("is unauthorized if its status is 401 and it has no body", () =>
    Effect.gen(function* () {
      const error = yield* answered(aGet, () => new Response(null, { status: 401 }))
      assert.strictEqual(error._tag, "PalommaUnauthorized")
    })
  )

  it.effect("is not treated as one without a body if other code reads it", () =>
    Effect.gen(function* () {
      const error = yield* answered(aGet, () => locked(401))
      assert.strictEqual(error._tag, "PalommaUnexpectedStatus")
    })
  )

  it.effect("is cut short if other code reads it", () =>
    Effect.gen(function* () {
      const error = yield* answered(aGet, () => locked(200))
      assert.strictEqual(error.defect, "cut-short")
    })
  )
})

describe("a body that is not JSON", () => {
  const saying = (text: string) => Effect.map(failing(aGet, { status: 403, text }), ({ error }) => error.serverMessage)

  it.effect("is shown with up to 500 characters", () =>
    Effect.gen(function* () {
      assert.isDefined(yield* saying(`${"no ".repeat(166)}no`))
    })
  )

  it.effect("is not shown if it is longer", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* saying(`${"no ".repeat(166)}now`))
    })
  )

  it.effect("is not shown if it is a page of HTML, after white space too", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* saying(" \n<html>no</html>"))
    })
  )
})
