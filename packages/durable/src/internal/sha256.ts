import * as Effect from "effect/Effect"

/** Returns the SHA-256 of a text as hexadecimal digits. */
export const sha256 = (text: string): Effect.Effect<string> =>
  Effect.promise(async () => {
    const digest = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")
  })
