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

  it("is any string but the empty one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => assert.strictEqual(decode(text), text))
    )
    for (const other of ["", null, undefined, 7, {}]) assert.throws(() => decode(other), /^must be a non-empty string$/)
    assert.throws(() => id.make(""))
  })
})

describe("an id in a URL", () => {
  const segment = pathSegment(PayoutRequestId)
  const rule = /must be one URL path segment/

  it.each(["01HPR8QBF5QKA313RPBSKYB7DS", "default", "a", "...", ".a", "a.b~c_d-e", "x".repeat(128)])(
    "may be %j",
    (id) => {
      assert.strictEqual(Schema.decodeUnknownSync(segment)(id), id)
    }
  )

  it.each([
    "..",
    ".",
    "%2e%2e",
    "%2E.",
    "a/b",
    "/",
    "a\\b",
    "..\\",
    "a?b=c",
    "a#b",
    "a b",
    " ",
    "a\n",
    "\n..",
    "ñ",
    "💚",
    "．．",
    "a\u0000",
    "x".repeat(129)
  ])("may not be %j", (id) => {
    assert.throws(() => Schema.decodeUnknownSync(segment)(id), rule)
  })

  it("may not be empty", () => {
    assert.throws(() => Schema.decodeUnknownSync(segment)(""), /must be a non-empty string/)
  })

  it("asks for the resource it stands for, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(".", "/", "\\", "%", "2", "e", "E", "?", "#", "a", " ", "\t", "~"),
          minLength: 1,
          maxLength: 6
        }),
        (id) => {
          if (!Schema.is(segment)(id)) return
          const url = new URL(`https://api.palomma.com/v0/payoutRequests/${encodeURIComponent(id)}`)
          assert.strictEqual(url.pathname, `/v0/payoutRequests/${id}`)
          assert.strictEqual(url.search + url.hash, "")
        }
      ),
      { numRuns: 1_000 }
    )
  })
})
