/**
 * Drift: what Palomma answers that is not as its documentation says.
 *
 * No drift stops a payment. It is told when an answer is decoded, so that it can be counted and an engineer is called in time.
 *
 * @since 0.1.0
 */
import type * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { type Drift, watch } from "./internal/read/watch.ts"

export type { Drift }

/**
 * Makes a decoder that tells the drift of each answer, whether the answer can be decoded or not.
 *
 * Make it once for a schema. The drift is told after the answer was decoded, in the order in which it was found.
 *
 * **Example** (An answer that is not as documented)
 *
 * ```ts
 * import { Customer, Drift } from "@palomma-effect/schema"
 *
 * const decode = Drift.decoder(Customer)
 * const drifts: Array<Drift.Drift> = []
 * decode({ id: 7, email: "pepito@gmail.com", documentType: "ppt", vip: true }, (drift) => drifts.push(drift))
 * drifts.map(({ kind, field }) => `${kind} ${field}`) // => ["unreadable id", "unrecognized documentType", "undocumented vip"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const decoder = <A>(
  schema: Schema.Codec<A, unknown>
): ((raw: unknown, onDrift: (drift: Drift) => void) => Result.Result<A, SchemaIssue.Issue>) => {
  const decode = SchemaParser.decodeUnknownResult(schema, { errors: "all" })
  return (raw, onDrift) => {
    const [result, drifts] = watch(() => decode(raw))
    for (const drift of drifts) onDrift(drift)
    return result
  }
}
