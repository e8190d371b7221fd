/**
 * Delivers webhooks to an app, without a server in between.
 */
import type { Payins, Payouts, WebhookInbox, Webhooks } from "@palomma-effect/client"
import type { WebhookSigner } from "@palomma-effect/testing"
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"

type Services = Payins | Payouts | WebhookInbox | Webhooks

/** Delivers a webhook to a part of an app, and tells the status that it answers with. */
export const deliveryTo = <E>(part: Layer.Layer<never, E, HttpRouter.HttpRouter | Services>) =>
  Effect.gen(function* () {
    const context = yield* Effect.context<Services>()
    const app = part.pipe(Layer.provide(Layer.succeedContext(context)))
    const { handler } = yield* Effect.acquireRelease(
      Effect.sync(() => HttpRouter.toWebHandler(app, { disableLogger: true })),
      ({ dispose }) => Effect.promise(dispose)
    )
    return ({ body, headers }: WebhookSigner.SignedWebhook) => {
      const request = new Request("http://localhost/webhooks/palomma", { method: "POST", headers, body })
      return Effect.map(
        Effect.promise(() => handler(request)),
        ({ status }) => status
      )
    }
  })
