/**
 * The laws of a transfer journal, as a list that any test runner can run.
 *
 * **Example** (Testing a journal with vitest)
 *
 * ```ts no-run
 * import { describe, it } from "@effect/vitest"
 * import { TransferJournal } from "@palomma-effect/client"
 * import { JournalConformance } from "@palomma-effect/testing"
 * import { Effect } from "effect"
 *
 * describe("a journal", () => {
 *   for (const law of JournalConformance.laws) {
 *     // Use the layer of your journal.
 *     it.live(law.name, () => law.run.pipe(Effect.provide(TransferJournal.layerMemory)))
 *   }
 * })
 * ```
 *
 * **Gotchas**
 *
 * - Each law writes rows in new namespaces, whose names begin with `conformance-`, and does not delete them. Use a test
 *   database.
 * - No law tests whether a row survives a crash or is visible to a second process. Kill a process while it writes to
 *   test that.
 * - Run the laws under a real clock (`it.live`). Under a clock that does not advance, the laws about times test less.
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
 * All laws of a transfer journal.
 *
 * A law fails with a {@link JournalConformanceError} if the journal violates it.
 *
 * @category constants
 * @since 0.1.0
 */
export const laws: ReadonlyArray<Law> = [...Writing.laws, ...Finding.laws, ...Times.laws, ...Listing.laws]
