/**
 * The webhooks of the simulator: all events, and the webhooks that wait for their delivery.
 */
import { WebhookId } from "@palomma-effect/schema/Id"
import type { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import * as Duration from "effect/Duration"
import type { WebhookFault } from "../../WebhookFault.ts"
import * as WebhookSigner from "../../WebhookSigner.ts"
import type { Faults, WebhookFaultInjection } from "../faults/armed.ts"
import { makeHeap } from "../state/heap.ts"
import { nextId, timestamp, type World } from "../state/world.ts"

/**
 * A signed webhook that is due, with its event.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReportedWebhook extends WebhookSigner.SignedWebhook {
  /** The event. */
  readonly event: WebhookEvent
}

/** A webhook that waits for its delivery. It is signed at delivery. */
export interface Entry {
  readonly event: WebhookEvent
  readonly key: string
  readonly due: number
  /** The number of deliveries that failed. */
  readonly failures: number
}

/** All events, and the webhooks that wait for their delivery. */
export interface Outbox {
  /** All events, including those whose webhooks were lost or delayed. */
  readonly events: () => ReadonlyArray<WebhookEvent>
  /** Takes the webhooks that are due. */
  readonly take: (now: number) => ReadonlyArray<Entry>
  readonly nextDue: () => number | undefined
  /** Sends an event again. Returns whether there is an event with this id. */
  readonly redeliver: (webhookId: string, now: number) => boolean
  /**
   * Schedules the next delivery of a webhook that the merchant did not accept, and returns how long that is from now.
   * After the last retry the webhook is dropped.
   */
  readonly retry: (entry: Entry, now: number) => Duration.Duration | undefined
  /** The number of waiting webhooks. */
  readonly size: () => number
  /** The number of comparisons so far. */
  readonly steps: () => number
}

/** Signs a webhook for its delivery. */
export const signed = ({ event, key }: Entry): ReportedWebhook => ({ event, ...WebhookSigner.sign(event, key) })

// The backoff of Palomma's API v1. The documents of v0 state only that failed deliveries are retried.
const pauses = [Duration.minutes(1), Duration.minutes(5), Duration.minutes(25), Duration.hours(2)]

/** Makes the outbox of a world. From then on, every event of the world goes into it. */
export const makeOutbox = (
  world: World,
  faults: Faults<WebhookFault, WebhookFaultInjection>,
  changed: () => void
): Outbox => {
  const { integrityKey } = world.settings
  const events = new Map<string, WebhookEvent>()
  const queue = makeHeap<Entry>()
  // The key is the total number of events after which the webhook is delivered.
  const reordered = makeHeap<Entry>()

  const add = (entry: Entry): void => queue.add(entry.due, entry)

  // A reordered webhook is delivered directly after the last of the webhooks that it lets pass.
  const release = (now: number): void => {
    for (let next = reordered.take(events.size); next !== undefined; next = reordered.take(events.size)) {
      add({ ...next.item, due: Math.max(next.item.due, now) })
    }
  }

  world.report = (now, make) => {
    const event = make({ webhookId: WebhookId.make(nextId(world, now)), timestamp: timestamp(now) })
    events.set(event.webhookId, event)
    const [fault] = faults.draw((rule) => rule.eventType === undefined || rule.eventType === event.eventType)
    const entry: Entry = { event, key: integrityKey, due: now, failures: 0 }
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
      case "Reorder":
        reordered.add(events.size + fault.by, entry)
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
      add({ event, key: integrityKey, due: now, failures: 0 })
      changed()
      return true
    },
    retry: (entry, now) => {
      const pause = pauses[entry.failures]
      if (pause !== undefined) add({ ...entry, due: now + Duration.toMillis(pause), failures: entry.failures + 1 })
      return pause
    },
    size: () => queue.size() + reordered.size(),
    steps: () => queue.steps() + reordered.steps()
  }
}
