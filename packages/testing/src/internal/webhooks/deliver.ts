import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as Latch from "effect/Latch"
import { type Outbox, type ReportedWebhook, signed } from "./outbox.ts"
import type { World } from "../state/world.ts"

// An older document of Palomma requires a 200 within five seconds.
const longestWait = Duration.seconds(5)

const reasonOf = (error: HttpClientError.HttpClientError): string => {
  for (let cause: unknown = error.reason.cause; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return `no connection (${cause.code})`
  }
  return "no connection"
}

// Returns why the merchant did not accept the webhook, if it did not.
const post = (
  client: HttpClient.HttpClient,
  url: string,
  webhook: ReportedWebhook
): Effect.Effect<string | undefined> =>
  client.post(url, { headers: webhook.headers, body: HttpBody.text(webhook.body, "application/json") }).pipe(
    Effect.map(({ status }) => (status === 200 ? undefined : `the answer was ${status} instead of 200`)),
    Effect.timeoutOrElse({
      duration: longestWait,
      orElse: () => Effect.succeed(`no answer within ${Duration.format(longestWait)}`)
    }),
    Effect.catch((error) => Effect.succeed(reasonOf(error)))
  )

/** How long a reason is not printed again. */
const quietTime = Duration.toMillis(Duration.minutes(1))

/** Reports failed deliveries: each reason at most once a minute, since a burst of events fails with one reason. */
const makeReport = (url: string) => {
  // The path and the query may be secret.
  const { origin } = new URL(url)
  const printed = new Map<string, { readonly at: number; readonly silent: number }>()
  return (reason: string, pause: Duration.Duration | undefined, now: number): Effect.Effect<void> => {
    const last = printed.get(reason)
    if (last !== undefined && now - last.at < quietTime) {
      printed.set(reason, { ...last, silent: last.silent + 1 })
      return Effect.void
    }
    printed.set(reason, { at: now, silent: 0 })
    const next = pause === undefined ? "It is not sent again." : `It is sent again in ${Duration.format(pause)}.`
    const silent = last === undefined || last.silent === 0 ? "" : ` ${last.silent} more failed since the last report.`
    return Effect.logWarning(`The webhook for ${origin} was not accepted: ${reason}. ${next}${silent}`)
  }
}

/** Sends due webhooks, one after another, and retries those that the merchant does not accept. It never ends. */
export const deliver = Effect.fnUntraced(function* (world: World, outbox: Outbox, url: string, changed: Latch.Latch) {
  const client = HttpClient.filterStatus(yield* HttpClient.HttpClient, () => true)
  const report = makeReport(url)
  while (true) {
    yield* changed.close
    const now = yield* Clock.currentTimeMillis
    world.advance(now)
    for (const entry of outbox.take(now)) {
      const reason = yield* post(client, url, signed(entry))
      if (reason === undefined) continue
      const failedAt = yield* Clock.currentTimeMillis
      yield* report(reason, outbox.retry(entry, failedAt), failedAt)
    }
    const next = Math.min(world.nextDue() ?? Number.POSITIVE_INFINITY, outbox.nextDue() ?? Number.POSITIVE_INFINITY)
    const wait = Math.max(0, next - (yield* Clock.currentTimeMillis))
    yield* Number.isFinite(wait) ? Effect.raceFirst(changed.await, Effect.sleep(wait)) : changed.await
  }
})
