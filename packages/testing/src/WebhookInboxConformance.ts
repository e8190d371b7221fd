/**
 * The laws of a webhook inbox, as a list that any test runner can run.
 *
 * **Example** (Testing an inbox with vitest)
 *
 * ```ts no-run
 * import { describe, it } from "@effect/vitest"
 * import { WebhookInbox } from "@palomma-effect/client"
 * import { WebhookInboxConformance } from "@palomma-effect/testing"
 * import { Effect } from "effect"
 *
 * describe("an inbox", () => {
 *   for (const law of WebhookInboxConformance.laws) {
 *     // Use the layer of your inbox.
 *     it.live(law.name, () => law.run.pipe(Effect.provide(WebhookInbox.layerMemory)))
 *   }
 * })
 * ```
 *
 * **Gotchas**
 *
 * - Each law handles webhooks with new ids, which begin with `conformance-`, and does not delete their records. Use a
 *   test database.
 * - No law tests whether a record survives a crash, or whether a second process waits. Run two processes, and kill one,
 *   to test that.
 * - Run the laws under a real clock (`it.live`), because an inbox may wait between two reads of its store.
 *
 * @since 0.1.0
 */
import * as Failing from "./internal/inbox/failing.ts"
import * as Handling from "./internal/inbox/handling.ts"
import type { Law } from "./internal/inbox/law.ts"
import * as Waiting from "./internal/inbox/waiting.ts"

export { type Law, type LawError, WebhookInboxConformanceError } from "./internal/inbox/law.ts"

/**
 * All laws of a webhook inbox.
 *
 * A law fails with a {@link WebhookInboxConformanceError} if the inbox violates it.
 *
 * @category constants
 * @since 0.1.0
 */
export const laws: ReadonlyArray<Law> = [...Handling.laws, ...Failing.laws, ...Waiting.laws]
