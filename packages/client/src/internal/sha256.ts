import * as Effect from "effect/Effect"

const encoder = new TextEncoder()

/** Returns the SHA-256 of a text, in hexadecimal digits. */
export const sha256 = (text: string): Effect.Effect<string> =>
  Effect.promise(async () => {
    const digest = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", encoder.encode(text)))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")
  })
