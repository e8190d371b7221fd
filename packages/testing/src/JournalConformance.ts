/**
 * What every transfer journal does, as a list of laws that any test runner can run.
 *
 * **Example** (A journal, tested with vitest)
 *
 * ```ts no-run
 * import { describe, it } from "@effect/vitest"
 * import { TransferJournal } from "@palomma-effect/client"
 * import { JournalConformance } from "@palomma-effect/testing"
 * import { Effect } from "effect"
 *
 * describe("a journal", () => {
 *   for (const law of JournalConformance.laws) {
 *     it.live(law.name, () => law.run.pipe(Effect.provide(TransferJournal.layerMemory))) // here goes the layer of yours
 *   }
 * })
 * ```
 *
 * **Gotchas**
 *
 * - Each law writes rows in namespaces of its own, whose names begin with `conformance-`, and leaves them behind: use a test database.
 * - No law can tell whether a row survives a crash, and whether a second process sees it: test that by killing a process that writes.
 * - Run them by a clock that moves (`it.live`): the laws of the times find less by one that stands still.
 *
 * @since 0.1.0
 */
import * as Finding from "./internal/journal/finding.ts"
import type { Law } from "./internal/journal/law.ts"
import * as Listing from "./internal/journal/listing.ts"
import * as Times from "./internal/journal/times.ts"
import * as Writing from "./internal/journal/writing.ts"

export { JournalConformanceError, type Law, type LawError } from "./internal/journal/law.ts"

/**
 * Everything that a journal does, one law each.
 *
 * A law that does not hold fails with a {@link JournalConformanceError}.
 *
 * @category constants
 * @since 0.1.0
 */
export const laws: ReadonlyArray<Law> = [...Writing.laws, ...Finding.laws, ...Times.laws, ...Listing.laws]
