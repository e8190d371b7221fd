/**
 * Drift: what Palomma answers that is not as its documentation says.
 *
 * No drift stops a payment. It is told when an answer is decoded, so that it can be counted and an engineer is called in time.
 */
import type * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { watch } from "./internal/watch.ts"

/** One difference between an answer and the documentation. */
export interface Drift {
  /**
   * `unreadable`: a documented field holds what it should not, and counts as absent; or an id is a number, and is read as its text.
   * `unrecognized`: an enum holds a value that this version does not know. `undocumented`: the field is not in the documentation.
   */
  readonly kind: "unreadable" | "unrecognized" | "undocumented"
  /**
   * Where, by names of the documentation: `customerDetails.email`, `items.status`.
   *
   * An undocumented field is told by its name if that can only be a name, `^[a-z][A-Za-z]{0,39}$`, else by `other`.
   */
  readonly field: string
}

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
