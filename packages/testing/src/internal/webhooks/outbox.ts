import { WebhookId } from "@palomma-effect/schema/Id"
import type { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import * as Duration from "effect/Duration"
import type { WebhookFault } from "../../WebhookFault.ts"
import * as WebhookSigner from "../../WebhookSigner.ts"
import type { Faults, WebhookInjection } from "../faults/armed.ts"
import { makeHeap } from "../state/heap.ts"
import { nextId, timestamp, type World } from "../state/world.ts"

/**
 * One webhook on its way to the merchant.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReportedWebhook extends WebhookSigner.SignedWebhook {
  /** What it says, unsigned. */
  readonly event: WebhookEvent
}

/** A webhook that waits to be delivered. It is signed when it is. */
export interface Entry {
  readonly event: WebhookEvent
  readonly key: string
  readonly due: number
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
  /** How many wait. */
  readonly size: () => number
  /** How many comparisons it has taken so far. */
  readonly steps: () => number
}

/** Signs a webhook that is to be delivered. */
export const signed = ({ event, key }: Entry): ReportedWebhook => ({ event, ...WebhookSigner.sign(event, key) })

// The pauses of Palomma's v1; v0 says only that failed deliveries are sent again.
const pauses: ReadonlyArray<Duration.Input> = ["1 minute", "5 minutes", "25 minutes", "2 hours"]

/** Makes the outbox of a world, which from then on reports into it. */
export const makeOutbox = (
  world: World,
  faults: Faults<WebhookFault, WebhookInjection>,
  changed: () => void
): Outbox => {
  const { integrityKey } = world.settings
  const events = new Map<string, WebhookEvent>()
  const queue = makeHeap<Entry>()
  // What stays behind until so many events have been reported in all.
  const overtaken = makeHeap<Entry>()

  const add = (entry: Entry): void => queue.add(entry.due, entry)

  // What was overtaken by enough others follows the last of them.
  const release = (now: number): void => {
    for (let next = overtaken.take(events.size); next !== undefined; next = overtaken.take(events.size)) {
      add({ ...next.item, due: Math.max(next.item.due, now) })
    }
  }

  world.report = (now, make) => {
    const event = make({ webhookId: WebhookId.make(nextId(world, now)), timestamp: timestamp(now) })
    events.set(event.webhookId, event)
    const [fault] = faults.strike((rule) => rule.eventType === undefined || rule.eventType === event.eventType)
    const entry: Entry = { event, key: integrityKey, due: now, tries: 0 }
    switch (fault?._tag) {
      case undefined:
        add(entry)
        break
      case "Lose":
        break
      case "Duplicate":
        for (let left = fault.copies; left > 0; left--) add(entry)
        break
      case "Delay":
        add({ ...entry, due: now + Duration.toMillis(fault.by) })
        break
      case "Overtaken":
        overtaken.add(events.size + fault.by, entry)
        break
      case "BadSignature":
        add({ ...entry, key: `not ${integrityKey}` })
    }
    release(now)
    changed()
  }

  return {
    events: () => [...events.values()],
    take: (now) => {
      const due: Array<Entry> = []
      for (let next = queue.take(now); next !== undefined; next = queue.take(now)) due.push(next.item)
      return due
    },
    nextDue: queue.next,
    redeliver: (webhookId, now) => {
      const event = events.get(webhookId)
      if (event === undefined) return false
      add({ event, key: integrityKey, due: now, tries: 0 })
      changed()
      return true
    },
    retry: (entry, now) => {
      const pause = pauses[entry.tries]
      if (pause === undefined) return
      add({ ...entry, due: now + Duration.toMillis(Duration.fromInputUnsafe(pause)), tries: entry.tries + 1 })
    },
    size: () => queue.size() + overtaken.size(),
    steps: () => queue.steps() + overtaken.steps()
  }
}
