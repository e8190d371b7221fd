/**
 * What every transfer journal does, as a list of laws that any test runner can run.
 *
 * **Example** (A journal of your own, tested with vitest)
 *
 * ```ts no-run
 * import { describe, it } from "@effect/vitest"
 * import { JournalConformance } from "@palomma-effect/testing"
 * import { Effect } from "effect"
 * import { myJournal } from "./my-journal.js" // a Layer that provides TransferJournal
 *
 * describe("my journal", () => {
 *   for (const law of JournalConformance.laws) {
 *     it.live(law.name, () => law.run.pipe(Effect.provide(myJournal)))
 *   }
 * })
 * ```
 *
 * **Gotchas**
 *
 * - Each law writes rows, in namespaces of its own whose names begin with `conformance-`, and leaves them behind: use a database for
 *   tests.
 * - Whether a row survives a crash, and whether a second process sees it, no law can tell: test that by killing a process that writes.
 * - Run them with a clock that moves (`it.live`), or the laws of the times find less.
 */
import * as Finding from "./internal/journal/finding.ts"
import type { Law } from "./internal/journal/law.ts"
import * as Listing from "./internal/journal/listing.ts"
import * as Times from "./internal/journal/times.ts"
import * as Writing from "./internal/journal/writing.ts"

export { JournalConformanceError, type Law, type LawError } from "./internal/journal/law.ts"

/** Everything that a journal does, one law each. A law that does not hold fails with a {@link JournalConformanceError}. */
export const laws: ReadonlyArray<Law> = [...Writing.laws, ...Finding.laws, ...Times.laws, ...Listing.laws]
