/**
 * An id is one segment of a path, with any content: percent-encoded, and refused only if no encoding can make it one.
 */
import { assert, describe, it } from "@effect/vitest"
import { PayinSettlements, PayoutRequests } from "@palomma-effect/client"
import { MerchantAccountId, PayinSettlementId, PayoutRequestId } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { answering, fetchStub, overFetch } from "./support/fetch.ts"
import { aGet, call, operations, sampleOf } from "./support/operations.ts"
import { failure, runTest, runToEnd, type Stub, stub } from "./support/stub.ts"
import { fieldsOf } from "./support/errorFields.ts"

const segmentOf = ({ requests }: Stub): string | undefined =>
  requests[0]?.url.pathname.replace("/v0/payoutRequests/", "")

describe("an id in a path", () => {
  it.effect.each([
    ["01HPR57X6QR5ZRKEEKBSDBW4RA", "01HPR57X6QR5ZRKEEKBSDBW4RA"],
    ["a/b", "a%2Fb"],
    ["../customers", "..%2Fcustomers"],
    ["a?b=c", "a%3Fb%3Dc"],
    ["a#b", "a%23b"],
    ["100%", "100%25"],
    ["%2e%2e", "%252e%252e"],
    ["%2F", "%252F"],
    ["a b", "a%20b"],
    ["a+b", "a%2Bb"],
    ["ñandú 💸", "%C3%B1and%C3%BA%20%F0%9F%92%B8"],
    ["\\..\\", "%5C..%5C"],
    ["a\r\nb", "a%0D%0Ab"],
    [":payoutRequestId", "%3ApayoutRequestId"],
    ["$&", "%24%26"],
    ["...", "..."]
  ] as const)("%j is sent as %s", ([id, segment]) =>
    Effect.gen(function* () {
      const palomma = stub({ json: aGet.success })
      yield* yield* runToEnd(
        PayoutRequests.use((payouts) => payouts.get(PayoutRequestId.make(id))),
        palomma
      )
      assert.strictEqual(segmentOf(palomma), segment)
      assert.strictEqual(palomma.requests[0]?.url.search, "")
      assert.strictEqual(palomma.requests[0]?.url.hash, "")
    })
  )

  it.effect.each([[""], ["."], [".."], ["\ud800"], [undefined], [null], [5], [{}]])("is refused if it is %j", ([id]) =>
    Effect.forEach(
      operations.filter(({ kind }) => kind === "get"),
      ({ group, name, operation }) =>
        Effect.gen(function* () {
          const { parents = [] } = sampleOf(group)
          const palomma = stub({ status: 500 })
          const error = fieldsOf(yield* failure(call(group, "get", ...parents, id), palomma))
          assert.strictEqual(error._tag, "PalommaInvalidInput", name)
          assert.strictEqual(error.operation, operation)
          assert.strictEqual(error.outcome, "none")
          assert.lengthOf(error.problems ?? [], 1)
          assert.strictEqual(palomma.requests.length, 0)
        })
    )
  )

  it.effect("is separate from another id of the same path", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: { id: "01S" } })
      const get = PayinSettlements.use((settlements) =>
        settlements.get(MerchantAccountId.make(":payinSettlementId"), PayinSettlementId.make("a/b"))
      )
      yield* yield* runToEnd(get, palomma)
      assert.strictEqual(
        palomma.requests[0]?.url.pathname,
        "/v0/merchantAccounts/%3ApayinSettlementId/settlements/a%2Fb"
      )
    })
  )

  it.effect("is sent in the same way over fetch", () =>
    Effect.gen(function* () {
      const { calls, fetch } = fetchStub(answering(aGet.success))
      const get = PayoutRequests.use((payouts) => payouts.get(PayoutRequestId.make("../a/b?c")))
      yield* Effect.provide(get, overFetch(fetch, { baseUrl: "https://sandbox.api.palomma.com/v0/" }))
      assert.strictEqual(calls[0]?.url, "https://sandbox.api.palomma.com/v0/payoutRequests/..%2Fa%2Fb%3Fc")
    })
  )

  it("decodes to the same id on a server, and no path outside of its resource is requested", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", minLength: 1 }).filter((id) => id !== "." && id !== ".."),
        async (id) => {
          const palomma = stub({ json: aGet.success })
          await runTest(runToEnd(call("payoutRequests", "get", id), palomma))
          const { pathname = "", search } = palomma.requests[0]?.url ?? {}
          assert.match(pathname, /^\/v0\/payoutRequests\/[^/]+$/)
          assert.strictEqual(search, "")
          assert.strictEqual(decodeURIComponent(pathname.split("/").at(-1) ?? ""), id)
        }
      ),
      { numRuns: 500 }
    )
  })
})

describe("a filter in a query", () => {
  it("decodes to the same text on a server, with any content", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (reference) => {
        const palomma = stub({ json: { items: [], cursor: null } })
        await runTest(runToEnd(call("payoutRequests", "list", { reference }), palomma))
        const { pathname, searchParams } = palomma.requests[0]?.url ?? {}
        assert.strictEqual(pathname, "/v0/payoutRequests")
        assert.deepStrictEqual([...(searchParams ?? [])], [["reference", reference]])
      }),
      { numRuns: 500 }
    )
  })
})
