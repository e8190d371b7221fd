import * as Effect from "effect/Effect"
import { sha256 } from "./sha256.ts"

const hashed = "sha256:"

// Printable ASCII, which every database stores unchanged, and short enough for an index of PostgreSQL.
const isPlain = (id: string): boolean => /^[\x21-\x7e]{1,200}$/.test(id) && !id.startsWith(hashed)

/**
 * Returns the key of a webhook's row: its id, so that a person finds it, or a hash of an id that a database might not
 * store unchanged. Ids are made by another program and can be any text.
 *
 * The hash is of the JSON of the id, since UTF-8 has no unpaired surrogates.
 */
export const keyOf = (webhookId: string): Effect.Effect<string> =>
  isPlain(webhookId)
    ? Effect.succeed(webhookId)
    : Effect.map(sha256(JSON.stringify(webhookId)), (digest) => hashed + digest)
