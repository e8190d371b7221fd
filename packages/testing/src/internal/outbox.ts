import { WebhookId } from "@palomma-effect/schema/Id"
import type { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import * as Duration from "effect/Duration"
import type { WebhookFault } from "../WebhookFault.ts"
import * as WebhookSigner from "../WebhookSigner.ts"
import type { Faults, WebhookInjection } from "./faults.ts"
import { nextId, timestamp, type World } from "./world.ts"

/** One webhook on its way to the merchant. */
export interface ReportedWebhook extends WebhookSigner.SignedWebhook {
  /** What it says, unsigned. */
  readonly event: WebhookEvent
}

/** A webhook that waits to be delivered. */
export interface Entry {
  readonly webhook: ReportedWebhook
  readonly due: number
  /** Stays behind until so many events have been reported in all. */
  readonly after: number
  /** How often it has been tried. */
  readonly tries: number
}

/** The webhooks that were reported, and those that are on their way. */
export interface Outbox {
  /** Every event there was to report, whatever became of it. */
  readonly events: () => ReadonlyArray<WebhookEvent>
  /** Takes what is due. */
  readonly take: (now: number) => ReadonlyArray<Entry>
  readonly nextDue: () => number | undefined
  /** Sends an event again, as it was. Whether there is one of that id. */
  readonly redeliver: (webhookId: string, now: number) => boolean
  /** Puts back what the merchant did not take, unless it has been tried often enough. */
  readonly retry: (entry: Entry, now: number) => void
}

// The pauses of Palomma's v1; v0 says only that failed deliveries are sent again.
const pauses: ReadonlyArray<Duration.Input> = ["1 minute", "5 minutes", "25 minutes", "2 hours"]

/** Makes the outbox of a world, which from then on reports into it. */
export const makeOutbox = (
  world: World,
  faults: Faults<WebhookFault, WebhookInjection>,
  changed: () => void
): Outbox => {
  const { integrityKey } = world.settings
  const events: Array<WebhookEvent> = []
  let queue: Array<Entry> = []

  // What was overtaken by enough others follows the last of them.
  const release = (now: number): void => {
    const isReleased = (entry: Entry) => entry.after === events.length
    queue = [
      ...queue.filter((entry) => !isReleased(entry)),
      ...queue.filter(isReleased).map((entry) => ({ ...entry, due: Math.max(entry.due, now) }))
    ]
  }

  const post = (event: WebhookEvent, key: string, due: number, after = 0): void => {
    queue.push({ webhook: { event, ...WebhookSigner.sign(event, key) }, due, after, tries: 0 })
  }

  world.report = (now, make) => {
    const event = make({ webhookId: WebhookId.make(nextId(world, now)), timestamp: timestamp(now) })
    events.push(event)
    const [fault] = faults.strike((rule) => rule.eventType === undefined || rule.eventType === event.eventType)
    switch (fault?._tag) {
      case undefined:
        post(event, integrityKey, now)
        break
      case "Lose":
        break
      case "Duplicate":
        for (let left = fault.copies; left > 0; left--) post(event, integrityKey, now)
        break
      case "Delay":
        post(event, integrityKey, now + Duration.toMillis(fault.by))
        break
      case "Overtaken":
        post(event, integrityKey, now, events.length + fault.by)
        break
      case "BadSignature":
        post(event, `not ${integrityKey}`, now)
    }
    release(now)
    changed()
  }

  const isDue =
    (now: number) =>
    (entry: Entry): boolean =>
      entry.due <= now && entry.after <= events.length

  return {
    events: () => events.slice(),
    take: (now) => {
      const due = queue.filter(isDue(now)).sort((a, b) => a.due - b.due)
      queue = queue.filter((entry) => !due.includes(entry))
      return due
    },
    nextDue: () =>
      queue
        .filter((entry) => entry.after <= events.length)
        .reduce<number | undefined>((next, { due }) => (next === undefined || due < next ? due : next), undefined),
    redeliver: (webhookId, now) => {
      const event = events.find((reported) => reported.webhookId === webhookId)
      if (event === undefined) return false
      post(event, integrityKey, now)
      changed()
      return true
    },
    retry: (entry, now) => {
      const pause = pauses[entry.tries]
      if (pause !== undefined) {
        queue.push({ ...entry, due: now + Duration.toMillis(Duration.fromInputUnsafe(pause)), tries: entry.tries + 1 })
      }
    }
  }
}
