/**
 * Measures verifying a webhook, in comparison with WebCrypto alone and with stripe-node.
 */
import { Webhooks } from "@palomma-effect/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createHmac } from "node:crypto"
import { Stripe } from "stripe"
import { payout } from "./fixtures.ts"
import { compare, type Effort, type Table } from "./measure.ts"
import { awaited, effect, plain } from "./subjects.ts"

const key = "ik_test_integrity"
const algorithm = { name: "HMAC", hash: "SHA-256" }

/** Measures verifying a webhook. */
export const webhooks = (effort: Effort): Promise<ReadonlyArray<Table>> => {
  const json = JSON.stringify({
    webhookId: "01JD4ZPAYOUT0000000000000A",
    timestamp: new Date().toISOString(),
    eventType: "payout-request.update",
    event: payout()
  })
  const encodedData = Buffer.from(json).toString("base64")
  const signed = { encodedData, signature: createHmac("sha256", key).update(encodedData).digest("hex") }
  const stripeHeader = Stripe.webhooks.generateTestHeaderString({ payload: json, secret: key })
  const encoder = new TextEncoder()
  const importKey = () => globalThis.crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, ["verify"])
  const verifyWith = async (imported: CryptoKey) => {
    const isValid = await globalThis.crypto.subtle.verify(
      algorithm.name,
      imported,
      Buffer.from(signed.signature, "hex"),
      encoder.encode(signed.encodedData)
    )
    if (!isValid) throw new Error("the signature is wrong")
    return JSON.parse(Buffer.from(signed.encodedData, "base64").toString())
  }
  return Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(Layer.build(Webhooks.layer({ integrityKeys: [Redacted.make(key)] })), (context) =>
        Effect.promise(async () => {
          const palomma = Context.get(context, Webhooks)
          const imported = await importKey()
          return [
            {
              title: "verify a webhook",
              rows: await compare(
                [
                  awaited("WebCrypto and JSON.parse alone, key imported once", () => verifyWith(imported)),
                  awaited("the same, key imported each time", async () => verifyWith(await importKey())),
                  plain("stripe-node, constructEvent", () => Stripe.webhooks.constructEvent(json, stripeHeader, key)),
                  effect("palomma-effect", () => palomma.verify(signed))
                ],
                effort
              )
            }
          ]
        })
      )
    )
  )
}
