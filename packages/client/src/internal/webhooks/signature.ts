/**
 * Checks the signature of a webhook: Palomma signs with HMAC-SHA-256, in lower-case hexadecimal digits.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const encoder = new TextEncoder()
const algorithm = { name: "HMAC", hash: "SHA-256" }

/** Imports integrity keys into WebCrypto. Importing a key costs more than using it, so it happens once. */
export const importKeys = (keys: ReadonlyArray<Redacted.Redacted>): Effect.Effect<ReadonlyArray<CryptoKey>> =>
  Effect.promise(() =>
    Promise.all(
      keys.map((key) =>
        globalThis.crypto.subtle.importKey("raw", encoder.encode(Redacted.value(key)), algorithm, false, ["verify"])
      )
    )
  )

/** Whether a text has the form of a signature. */
export const isSignature = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/**
 * Whether one of the keys gives this signature of a text.
 *
 * WebCrypto compares in constant time. Every key is tried, even after a match, so the time reveals nothing about the
 * keys.
 */
export const isSigned = (keys: ReadonlyArray<CryptoKey>, text: string, signature: string): Effect.Effect<boolean> =>
  Effect.promise(async () => {
    const mac = bytesOf(signature)
    const data = encoder.encode(text)
    const matches = await Promise.all(
      keys.map((key) => globalThis.crypto.subtle.verify(algorithm.name, key, mac, data))
    )
    return matches.filter((isMatch) => isMatch).length > 0
  })
