import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type * as Latch from "effect/Latch"
import { type Outbox, type ReportedWebhook, signed } from "./outbox.ts"
import type { World } from "../state/world.ts"

// An older document of Palomma requires a 200 within five seconds.
const post = (client: HttpClient.HttpClient, url: string, webhook: ReportedWebhook): Effect.Effect<boolean> =>
  client.post(url, { headers: webhook.headers, body: HttpBody.text(webhook.body, "application/json") }).pipe(
    Effect.map((response) => response.status === 200),
    Effect.timeoutOrElse({ duration: "5 seconds", orElse: () => Effect.succeed(false) }),
    Effect.catch(() => Effect.succeed(false))
  )

/** Sends due webhooks, one after another, and retries those that the merchant does not accept. It never ends. */
export const deliver = Effect.fnUntraced(function* (world: World, outbox: Outbox, url: string, changed: Latch.Latch) {
  const client = HttpClient.filterStatus(yield* HttpClient.HttpClient, () => true)
  while (true) {
    yield* changed.close
    const now = yield* Clock.currentTimeMillis
    world.advance(now)
    for (const entry of outbox.take(now)) {
      if (!(yield* post(client, url, signed(entry)))) outbox.retry(entry, yield* Clock.currentTimeMillis)
    }
    const next = Math.min(world.nextDue() ?? Number.POSITIVE_INFINITY, outbox.nextDue() ?? Number.POSITIVE_INFINITY)
    const wait = Math.max(0, next - (yield* Clock.currentTimeMillis))
    yield* Number.isFinite(wait) ? Effect.raceFirst(changed.await, Effect.sleep(wait)) : changed.await
  }
})
