import type * as Random from "effect/Random"
import type { Fault } from "../Fault.ts"
import type { WebhookFault } from "../WebhookFault.ts"
import type { WebhookEventType } from "@palomma-effect/schema/WebhookEvent"
import type { Operation } from "./operations.ts"

/** When a fault strikes. */
export interface Timing {
  /** The call it strikes, counted from now. Default: the next one (1). */
  readonly nth?: number | undefined
  /** How often it strikes from there on. Default: once, or without end if a rate is given. */
  readonly times?: number | undefined
  /** The chance, from 0 to 1, that a call is struck. */
  readonly rate?: number | undefined
}

/** When a fault strikes, and which. */
export interface Injection extends Timing {
  /** The operation it strikes. Default: any. */
  readonly operation?: Operation | undefined
  /** A text that the URL or the body must hold, such as a reference. */
  readonly containing?: string | undefined
  /** What goes wrong; of several one is drawn. */
  readonly kind: Fault | ReadonlyArray<Fault>
}

/** When a fault strikes a webhook, and which. */
export interface WebhookInjection extends Timing {
  /** The kind of event it strikes. Default: any. */
  readonly eventType?: WebhookEventType | undefined
  /** What goes wrong; of several one is drawn. */
  readonly kind: WebhookFault | ReadonlyArray<WebhookFault>
}

interface Rule<Kind> extends Timing {
  readonly kind: Kind | ReadonlyArray<Kind>
}

/** The faults that lie in wait. */
export interface Faults<Kind, R extends Rule<Kind>> {
  readonly arm: (rule: R) => void
  readonly clear: () => void
  /** Counts a call to every rule that applies, and says which fault strikes it. */
  readonly strike: (applies: (rule: R) => boolean) => Kind | undefined
}

/** No faults yet. */
export const makeFaults = <Kind extends object, R extends Rule<Kind>>(random: Random.Random): Faults<Kind, R> => {
  let armed: Array<{ readonly rule: R; calls: number; left: number }> = []
  const drawOf = (kind: Kind | ReadonlyArray<Kind>): Kind | undefined =>
    isSeveral(kind) ? kind[Math.floor(random.nextDoubleUnsafe() * kind.length)] : kind
  return {
    arm: (rule) => {
      armed.push({ rule, calls: 0, left: rule.times ?? (rule.rate === undefined ? 1 : Number.POSITIVE_INFINITY) })
    },
    clear: () => {
      armed = []
    },
    strike: (applies) => {
      let struck: Kind | undefined
      for (const entry of armed) {
        const { kind, nth = 1, rate } = entry.rule
        if (!applies(entry.rule)) continue
        entry.calls++
        // Each rule draws for itself, so that arming one does not change the luck of another.
        const drawn = rate === undefined || random.nextDoubleUnsafe() < rate
        if (struck === undefined && drawn && entry.left > 0 && entry.calls >= nth) {
          entry.left--
          struck = drawOf(kind)
        }
      }
      armed = armed.filter((entry) => entry.left > 0)
      return struck
    }
  }
}

const isSeveral = <Kind extends object>(kind: Kind | ReadonlyArray<Kind>): kind is ReadonlyArray<Kind> =>
  Array.isArray(kind)
