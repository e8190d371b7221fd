/**
 * Measures the cost of payments that a worker carries, on each database that is available.
 */
import * as Effect from "effect/Effect"
import { stores } from "../../../durable/test/support/commits.ts"
import type { Effort, Table } from "../measure.ts"
import { counts } from "./counts.ts"
import { withOpenRows } from "./openRows.ts"
import { rate, untilRequest } from "./rate.ts"
import { takeOver } from "./takeOver.ts"

/** Measures the cost of payments that a worker carries. */
export const durable = async (effort: Effort): Promise<ReadonlyArray<Table | string>> => {
  const results: Array<Table | string> = []
  for (const [name, make] of stores) {
    const shown = (self: Effect.Effect<string>) => Effect.runPromise(Effect.map(self, (text) => `${name}: ${text}`))
    results.push(
      await shown(counts(make)),
      await Effect.runPromise(rate(make, effort)),
      await shown(untilRequest(make, effort)),
      await shown(takeOver(make, Math.ceil(effort.rounds / 4))),
      await shown(withOpenRows(make, effort))
    )
  }
  return results
}
