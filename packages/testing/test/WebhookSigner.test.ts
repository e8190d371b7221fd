import { assert, describe, it } from "@effect/vitest"
import { WebhookSigner } from "@palomma-effect/testing"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import { createHmac } from "node:crypto"

const expected = (text: string, key: string): string => createHmac("sha256", key).update(text).digest("hex")

describe("signatures", () => {
  it("are HMAC-SHA-256, equal to Node's, for any text and key", () => {
    const texts = fc.string({ unit: "binary", maxLength: 300 })
    fc.assert(
      fc.property(texts, texts, (text, key) => {
        assert.strictEqual(WebhookSigner.signatureOf(text, key), expected(text, key))
      })
    )
  })

  it("are correct at every length around the block boundaries", () => {
    for (let length = 0; length <= 200; length++) {
      assert.strictEqual(WebhookSigner.signatureOf("a", "k".repeat(length)), expected("a", "k".repeat(length)))
    }
  })

  it("are correct for a text of a megabyte, and for a redacted key", () => {
    const text = "ñ".repeat(500_000)
    assert.strictEqual(WebhookSigner.signatureOf(text, Redacted.make("key")), expected(text, "key"))
  })
})
