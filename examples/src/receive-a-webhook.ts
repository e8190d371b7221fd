/**
 * Receives webhooks, and updates a payout and a debit to their final status.
 *
 * It needs no network: in `receive-a-webhook/story.ts` a simulated Palomma signs and delivers the webhooks, and forged
 * ones arrive too.
 */
import { Payins, Payouts, TransferJournal, WebhookInbox, Webhooks } from "@palomma-effect/client"
import { Effect, Layer, Redacted } from "effect"
import { palomma, story } from "./receive-a-webhook/story.ts"
import { runOffline } from "./support/run.ts"

// The receiver. A webhook is only a hint: `applyWebhook` fetches the record before it trusts the event, and ignores the
// records of other transfers. A server serves it with `HttpRouter.serve(receiver)`.
const receiver = Webhooks.route("/webhooks/palomma", (event) =>
  Effect.gen(function* () {
    yield* (yield* Payouts).applyWebhook(event)
    yield* (yield* Payins).applyWebhook(event)
  })
)

// In production: a journal and an inbox that survive the process, `Webhooks.layerConfig()` and `Palomma.layerConfig()`.
const services = Layer.mergeAll(
  // Both use one journal: a payout and a debit with the same reference are two transfers.
  Layer.merge(Payouts.layer(), Payins.layer()).pipe(Layer.provide(TransferJournal.layerMemory)),
  Webhooks.layer({ integrityKeys: [Redacted.make("sim-integrity-key")] }),
  WebhookInbox.layerMemory
).pipe(Layer.provideMerge(palomma))

runOffline(story(receiver).pipe(Effect.provide(services)))
