/**
 * The memory of which webhooks have been processed, since Palomma delivers them again.
 */
import type { WebhookId } from "@palomma-effect/schema"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

/** The inbox could not be read or written. Whether the webhook was processed is not known: let Palomma deliver it again. */
export class WebhookInboxError extends Schema.TaggedError<WebhookInboxError>()("WebhookInboxError", {
  /** The webhook that was to be processed. */
  webhookId: Schema.String,
  /** What the store says. */
  reason: Schema.String
}) {
  override get message(): string {
    return `The webhook inbox failed for ${this.webhookId}: ${this.reason}. Mend the store; Palomma delivers the webhook again.`
  }
}

const retention = 30 * 24 * 60 * 60 * 1_000
const capacity = 100_000

/**
 * The memory of which webhooks have been processed, since Palomma delivers them again.
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
 */
export class WebhookInbox extends Context.Service<
  WebhookInbox,
  {
    /**
     * Processes a webhook, unless that has been done.
     *
     * Only success counts: whoever fails or is interrupted leaves the webhook open for its next delivery. Of deliveries at the same
     * time one is processed and the others wait for it; if it fails, the next one is.
     *
     * **Gotchas**
     *
     * The program may end between a handler's effect and the writing down of its success, and then the handler runs again. Only an
     * inbox that keeps both in one transaction rules that out; with any other, what a handler does must do no harm if it is done twice.
     */
    readonly process: <E, R>(
      webhookId: WebhookId,
      handle: Effect.Effect<unknown, E, R>
    ) => Effect.Effect<"handled" | "already-handled", E | WebhookInboxError, R>
  }
>()("@palomma-effect/client/WebhookInbox") {
  /**
   * An inbox that lasts as long as the layer, for one process whose handlers may run twice without harm.
   *
   * **Gotchas**
   *
   * It forgets with the process. It also forgets after 30 days, and of more than 100,000 webhooks (about 10 MB) the oldest: more than
   * 50,000 a day outrun it, since Palomma may deliver a webhook again for two days.
   */
  static readonly layerMemory: Layer.Layer<WebhookInbox> = Layer.sync(WebhookInbox, () => {
    // In the order in which they were processed, with the time when each is forgotten.
    const handled = new Map<WebhookId, number>()
    const running = new Map<WebhookId, Deferred.Deferred<void>>()

    const remember = (webhookId: WebhookId, now: number): void => {
      handled.delete(webhookId)
      handled.set(webhookId, now + retention)
      for (const [oldest, until] of handled) {
        if (until > now && handled.size <= capacity) break
        handled.delete(oldest)
      }
    }

    return {
      process: <E, R>(webhookId: WebhookId, handle: Effect.Effect<unknown, E, R>) =>
        Effect.uninterruptibleMask((restore) => {
          const attempt: Effect.Effect<"handled" | "already-handled", E, R> = Effect.flatMap(
            Clock.currentTimeMillis,
            (now) => {
              if ((handled.get(webhookId) ?? 0) > now) return Effect.succeed("already-handled")
              const other = running.get(webhookId)
              if (other !== undefined) return Effect.andThen(restore(Deferred.await(other)), attempt)
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
          return attempt
        })
    }
  })
}
