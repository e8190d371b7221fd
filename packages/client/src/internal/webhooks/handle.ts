/**
 * Handles each webhook once, and returns the status to answer.
 */
import type { WebhookEvent } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as SafeText from "../../SafeText.ts"
import { WebhookInbox } from "../../WebhookInbox.ts"
import type { WebhooksService } from "../../WebhooksService.ts"
import { deliveryOf } from "./delivery.ts"
import { labelOf } from "./event.ts"
import { makeLog } from "./refusals.ts"

// Palomma waits five seconds for the answer.
const answerTimeout = Duration.millis(4_500)

/** Makes `Webhooks.handle`. */
export const make = (
  verify: WebhooksService["verify"],
  handlerTimeout: Duration.Duration,
  layerScope: Scope.Scope
): WebhooksService["handle"] => {
  const logRefusal = makeLog()

  const run = <E, R>(
    event: WebhookEvent,
    handler: (event: WebhookEvent) => Effect.Effect<unknown, E, R>,
    scope: Scope.Scope
  ) =>
    WebhookInbox.use((inbox) =>
      inbox.process(
        event.webhookId,
        // A handler may throw before it returns an effect.
        Effect.suspend(() => handler(event)).pipe(Effect.scoped, Effect.timeout(handlerTimeout))
      )
    ).pipe(
      Effect.tapCause((cause) => Effect.logError("Handling the webhook failed. Palomma will deliver it again.", cause)),
      Effect.forkIn(scope),
      Effect.flatMap(Fiber.await),
      Effect.timeoutOption(answerTimeout),
      Effect.tap((exit) =>
        Option.isSome(exit)
          ? Effect.void
          : Effect.logWarning(
              "The handler of the webhook has not finished in time. " +
                "It continues, and Palomma will deliver the webhook again."
            )
      ),
      Effect.map((exit) => (Option.isSome(exit) && Exit.isSuccess(exit.value) ? 200 : 500)),
      Effect.annotateLogs({ webhookId: SafeText.id(event.webhookId), eventType: labelOf(event) })
    )

  return (request, handler, options) =>
    Effect.suspend(() => verify(deliveryOf(request))).pipe(
      Effect.flatMap((event) => run(event, handler, options?.scope ?? layerScope)),
      Effect.catchTag("WebhookRejected", (error) => Effect.as(logRefusal(error), error.status)),
      Effect.map((status) => ({ status }))
    )
}
