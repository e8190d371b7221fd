/**
 * Delivers webhooks to an app without a server.
 */
import type { Payins, Payouts, WebhookInbox, Webhooks } from "@palomma-effect/client"
import type { WebhookSigner } from "@palomma-effect/testing"
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"

type Services = Payins | Payouts | WebhookInbox | Webhooks

/** Makes a function that delivers a webhook to a part of an app and returns the status of its response. */
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
