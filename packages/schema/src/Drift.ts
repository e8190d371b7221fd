/**
 * Drift: differences between Palomma's answers and its documentation.
 *
 * Drift never stops a payment. The decoder reports it, so that a program can count it and alert an engineer early.
 *
 * @since 0.1.0
 */
import type * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { collectDrift, type Drift } from "./internal/read/collectDrift.ts"

export type { Drift }

/**
 * Makes a decoder that reports the drift of each answer, also if the answer cannot be decoded.
 *
 * Make one decoder per schema and reuse it. It reports after decoding, in the order in which it found the differences.
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
    const [result, drifts] = collectDrift(() => decode(raw))
    for (const drift of drifts) onDrift(drift)
    return result
  }
}
