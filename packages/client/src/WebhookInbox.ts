/**
 * Remembers which webhooks were handled, since Palomma delivers a webhook again if it was not answered in time.
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
  /** The webhook that was delivered, made by `SafeText.id`: an id is what a server wrote. */
  webhookId: SafeText.schema,
  /** What the store says. */
  reason: Schema.String
}) {
  override get message(): string {
    return (
      // Once more: the compiler lets an inbox give the id as it came.
      `The webhook inbox failed for ${SafeText.id(this.webhookId)}: ${this.reason}. It is not known whether the webhook was handled. ` +
      "Repair the store; Palomma delivers the webhook again."
    )
  }
}

const retention = 30 * 24 * 60 * 60 * 1_000
const capacity = 100_000

/**
 * Remembers which webhooks were handled, since Palomma delivers a webhook again if it was not answered in time.
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
     * Runs the handler of a webhook, if no handler of it has succeeded yet.
     *
     * If the handler fails or is interrupted, the next delivery runs it again. If deliveries come at the same time, one runs the handler
     * and the others wait for it; if it fails, the next one runs it.
     *
     * **Gotchas**
     *
     * If the program ends after a handler has done its work and before the inbox has recorded it, the handler runs again. Only an inbox
     * that writes to the handler's own database, in the same transaction, prevents that. With any other one a handler must be idempotent.
     */
    readonly process: <E, R>(
      webhookId: WebhookId,
      handle: Effect.Effect<unknown, E, R>
    ) => Effect.Effect<"handled" | "already-handled", E | WebhookInboxError, R>
  }
>()("@palomma-effect/client/WebhookInbox") {
  /**
   * An inbox in memory, for one process whose handlers are idempotent.
   *
   * **Gotchas**
   *
   * It forgets everything when the layer closes, a webhook after 30 days, and the oldest ones if there are more than 100,000 (about
   * 10 MB). A webhook is accepted for two days by default, so more than 50,000 a day are too many for it.
   */
  static readonly layerMemory: Layer.Layer<WebhookInbox> = Layer.sync(WebhookInbox, () => {
    // In the order in which they were handled, with the time when each is forgotten.
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
