/**
 * The laws of inboxes, for both modes and both databases.
 */
import { describe, it } from "@effect/vitest"
import { WebhookInbox } from "@palomma-effect/client/WebhookInbox"
import { WebhookInboxConformance } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Inboxes from "./support/inboxes.ts"

for (const [name, make] of Inboxes.all) {
  describe(`SqlWebhookInbox ${name}`, () => {
    for (const law of WebhookInboxConformance.laws) {
      it.live(law.name, () =>
        Effect.gen(function* () {
          const store = yield* make
          const { inbox } = yield* Inboxes.open(store)
          yield* Effect.provideService(law.run, WebhookInbox, inbox)
        }).pipe(Effect.scoped)
      )
    }
  })
}
