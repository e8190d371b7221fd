import { assert, describe, it } from "@effect/vitest"
import {
  CustomerId,
  MerchantAccountId,
  pathSegment,
  PayinLinkId,
  PayinRequestId,
  PayinSettlementId,
  PayinSourceId,
  PayoutRequestId,
  PayoutTargetId,
  WebhookId
} from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

const ids = {
  CustomerId,
  MerchantAccountId,
  PayinLinkId,
  PayinRequestId,
  PayinSettlementId,
  PayinSourceId,
  PayoutRequestId,
  PayoutTargetId,
  WebhookId
}

describe.each(Object.entries(ids))("%s", (_, id) => {
  const decode = Schema.decodeUnknownSync<Schema.ConstraintDecoder<unknown>>(id)

  it("is any string except the empty one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => assert.strictEqual(decode(text), text))
    )
    for (const other of ["", null, undefined, 7, {}]) assert.throws(() => decode(other), /^must be a non-empty string$/)
    assert.throws(() => id.make(""))
  })
})

describe("an id in a URL", () => {
  const segment = pathSegment(PayoutRequestId)
  const decode = Schema.decodeUnknownSync(segment)

  it.each(["01HPR8QBF5QKA313RPBSKYB7DS", "default", "...", ".a", "a.b~c_d-e", "a/b", "a?b#c", "ñ 💚", "x".repeat(500)])(
    "may be %j",
    (id) => {
      assert.strictEqual(decode(id), id)
    }
  )

  it.each([".", "..", "\ud800", "a\udc00"])("may not be %j", (id) => {
    assert.throws(() => decode(id), /must be an id that fits in a URL/)
  })

  it("may not be empty", () => {
    assert.throws(() => decode(""), /must be a non-empty string/)
  })

  it("names its resource after percent-encoding", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary", minLength: 1 }),
          fc.string({
            unit: fc.constantFrom(".", "/", "\\", "%", "2", "e", "E", "?", "#", "a", " ", "\t", "~"),
            minLength: 1,
            maxLength: 6
          })
        ),
        (id) => {
          if (!Schema.is(segment)(id)) return
          const url = new URL(`https://api.palomma.com/v0/payoutRequests/${encodeURIComponent(id)}`)
          const [, v0, payoutRequests, last, ...others] = url.pathname.split("/")
          assert.deepStrictEqual([v0, payoutRequests, decodeURIComponent(last ?? "")], ["v0", "payoutRequests", id])
          assert.deepStrictEqual([others, url.search, url.hash], [[], "", ""])
        }
      ),
      { numRuns: 1_000 }
    )
  })
})
