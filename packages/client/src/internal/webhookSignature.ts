/**
 * The signature of a webhook, as Palomma makes it: HMAC-SHA-256 of a text, in lower-case hexadecimal digits.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

/** Whether a text has the form of a signature. Whatever else is decoded as hexadecimal may come out empty, and equal to nothing. */
export const isSignature = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

const encoder = new TextEncoder()
const algorithm = { name: "HMAC", hash: "SHA-256" }

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))

/** Whether a signature is that of a text under a key. WebCrypto compares in constant time. */
export const isSignedBy = (key: Redacted.Redacted, text: string, signature: string): Effect.Effect<boolean> =>
  Effect.promise(async () => {
    const { subtle } = globalThis.crypto
    const secret = await subtle.importKey("raw", encoder.encode(Redacted.value(key)), algorithm, false, ["verify"])
    return subtle.verify(algorithm.name, secret, bytesOf(signature), encoder.encode(text))
  })
