/**
 * Stores which webhooks were handled.
 *
 * @since 0.1.0
 */
import type { WebhookId } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SafeText from "./SafeText.ts"

/**
 * The inbox could not be read or written.
 *
 * It is not known whether the webhook was handled.
 *
 * @category errors
 * @since 0.1.0
 */
export class WebhookInboxError extends Schema.TaggedError<WebhookInboxError>()("WebhookInboxError", {
  /** The id of the webhook. Use `SafeText.id`, because the id in a webhook can be any text. */
  webhookId: SafeText.schema,
  /** The error of the store. */
  reason: Schema.String
}) {
  override get message(): string {
    // An inbox may pass an id that is not safe, so it is made safe here.
    const webhookId = SafeText.id(this.webhookId)
    return (
      `The webhook inbox failed for ${webhookId}: ${this.reason}. It is not known whether the webhook was handled. ` +
      "Repair the store. Palomma will deliver the webhook again."
    )
  }
}

const retention = 30 * 24 * 60 * 60 * 1_000
const capacity = 100_000

/**
 * Stores which webhooks were handled, so that each is handled once.
 *
 * Palomma delivers a webhook again if it gets no answer in time.
 *
 * **Example** (The second delivery changes nothing)
 *
 * ```ts
 * import { WebhookInbox } from "@palomma-effect/client"
 * import { WebhookId } from "@palomma-effect/schema"
 * import * as Effect from "effect/Effect"
 *
 * const id = WebhookId.make("01HPR8QBF5QKA313RPBSKYB7DS")
 * let shipped = 0
 * const ship = Effect.sync(() => void (shipped += 1))
 *
 * const program = Effect.gen(function*() {
 *   const inbox = yield* WebhookInbox
 *   return [yield* inbox.process(id, ship), yield* inbox.process(id, ship)]
 * })
 * await Effect.runPromise(Effect.provide(program, WebhookInbox.layerMemory)) // => ["handled", "already-handled"]
 * shipped // => 1
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class WebhookInbox extends Context.Service<
  WebhookInbox,
  {
    /**
     * Runs the handler of a webhook, except if a handler of this webhook has already succeeded.
     *
     * If the handler fails or is interrupted, the next delivery runs it again. If several deliveries arrive
     * concurrently, one runs the handler and the others wait. If it fails, the next one runs it.
     *
     * **Gotchas**
     *
     * If the program ends after the handler succeeded and before the inbox recorded it, the handler runs again at the
     * next delivery. Only an inbox that writes in the same database transaction as the handler prevents that. With any
     * other inbox, a handler must be idempotent.
     */
    readonly process: <E, R>(
      webhookId: WebhookId,
      handle: Effect.Effect<unknown, E, R>
    ) => Effect.Effect<"handled" | "already-handled", E | WebhookInboxError, R>
  }
>()("@palomma-effect/client/WebhookInbox") {
  /**
   * Provides an inbox in memory, for one process whose handlers are idempotent.
   *
   * **Gotchas**
   *
   * It loses all webhooks when the layer closes. It drops a webhook after 30 days, and the oldest ones if there are
   * more than 100,000 (about 10 MB). By default, a webhook is accepted for two days, so do not use it for more than
   * 50,000 webhooks a day.
   */
  static readonly layerMemory: Layer.Layer<WebhookInbox> = Layer.sync(WebhookInbox, () => {
    // In the order in which they were handled, with the time at which each is dropped.
    const handled = new Map<WebhookId, number>()
    const running = new Map<WebhookId, Deferred.Deferred<void>>()

    const remember = (webhookId: WebhookId, now: number): void => {
      handled.delete(webhookId)
      handled.set(webhookId, now + retention)
      for (const oldest of handled.keys()) {
        if (handled.size <= capacity) break
        handled.delete(oldest)
      }
    }

    return {
      process: <E, R>(webhookId: WebhookId, handle: Effect.Effect<unknown, E, R>) =>
        Effect.uninterruptibleMask((restore) => {
          const handleOnce: Effect.Effect<"handled" | "already-handled", E, R> = Effect.flatMap(
            Clock.currentTimeMillis,
            (now) => {
              if ((handled.get(webhookId) ?? 0) > now) return Effect.succeed("already-handled")
              const other = running.get(webhookId)
              if (other !== undefined) return Effect.andThen(restore(Deferred.await(other)), handleOnce)
              const mine = Deferred.makeUnsafe<void>()
              running.set(webhookId, mine)
              return restore(handle).pipe(
                Effect.onExit((exit) =>
                  Effect.map(Clock.currentTimeMillis, (now) => {
                    if (Exit.isSuccess(exit)) remember(webhookId, now)
                    running.delete(webhookId)
                    Deferred.doneUnsafe(mine, Effect.void)
                  })
                ),
                Effect.as("handled")
              )
            }
          )
          return handleOnce
        })
    }
  })
}
