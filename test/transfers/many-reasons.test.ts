/**
 * The reason of one failure decides whether a run stops: a problem with the key or the base URL affects all of its
 * transfers.
 */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Stream from "effect/Stream"
import { both, scene } from "./support/people.ts"
import { inTime, type Process } from "./support/scenario.ts"

const json = { message: "No" }

const refused = Fault.respond({ status: 401, body: json })
const wrongAddress = Fault.respond({ status: 404, body: "<html>" })
const failing = Fault.respond({ status: 503, body: json })

const tags = (process: Process, account: string) =>
  Effect.map(
    inTime(
      Stream.runCollect(
        process.sendAll(
          Stream.fromIterable(
            ["first", "second"].map((reference) => ({ reference, accountId: account, amount: 50_000 }))
          ),
          { concurrency: 1 }
        )
      )
    ),
    (results) => results.map((result) => (result._tag === "Failed" ? result.error._tag : result._tag))
  )

describe("a run with a transfer in doubt", () => {
  for (const state of ["unknown", "needsReview"] as const) {
    for (const [why, fault, becomes] of [
      ["stops if the key is refused", refused, "Skipped"],
      ["stops if the base URL is wrong", wrongAddress, "Skipped"],
      ["continues if Palomma fails", failing, "Accepted"]
    ] as const) {
      both(`that is ${state} ${why} during the look-up`, (kind) =>
        Effect.gen(function* () {
          const scenery = yield* scene(kind)
          yield* scenery.write({ reference: "first", state })
          yield* scenery.fault("list", fault, { rate: 1, containing: "first" })
          const results = yield* tags(scenery.transfers, scenery.intent.accountId)
          assert.deepStrictEqual(results, ["TransferOutcomeUnknown", becomes])
        })
      )
    }
  }
})

describe("a run whose first look-up fails", () => {
  both("continues if a connection breaks", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, transfers } = yield* scene(kind)
      yield* fault("list", Fault.drop(), { rate: 1, containing: "first" })
      assert.deepStrictEqual(yield* tags(transfers, intent.accountId), ["TransferNotSent", "Accepted"])
    })
  )

  both("continues if a request fails for an unknown reason", (kind) =>
    Effect.gen(function* () {
      const { intent, start } = yield* scene(kind)
      let isFirst = true
      const cause = new TypeError("fetch failed")
      const request = HttpClientRequest.get("http://127.0.0.1/v0")
      const reason = new HttpClientError.TransportError({ request, cause })
      const process = yield* start({
        client: { retry: { reads: { maxAttempts: 1 } } },
        request: (_, send) =>
          Effect.suspend(() => {
            const fails = isFirst
            isFirst = false
            return fails ? Effect.fail(new HttpClientError.HttpClientError({ reason })) : send
          })
      })
      assert.deepStrictEqual(yield* tags(process, intent.accountId), ["TransferNotSent", "Accepted"])
    })
  )
})
