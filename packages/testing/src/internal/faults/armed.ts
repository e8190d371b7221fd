import type * as Random from "effect/Random"
import type { Fault } from "../../Fault.ts"
import type { WebhookFault } from "../../WebhookFault.ts"
import type { WebhookEventType } from "@palomma-effect/schema/WebhookEvent"
import type { Operation } from "../operations.ts"

/**
 * When a fault strikes.
 *
 * @category options
 * @since 0.1.0
 */
export interface Timing {
  /** The call it strikes, counted from now, at most the millionth. Default: the next one (1). */
  readonly nth?: number | undefined
  /** How often it strikes from there on, at most a million times. Default: once, or without end if a rate is given. */
  readonly times?: number | undefined
  /** The chance, from 0 to 1, that a call is struck. */
  readonly rate?: number | undefined
}

/**
 * When a fault strikes, and which.
 *
 * @category options
 * @since 0.1.0
 */
export interface Injection extends Timing {
  /** The operation that it strikes, or several of them. Default: any. */
  readonly operation?: Operation | ReadonlyArray<Operation> | undefined
  /** A text that the URL or the body must hold, such as a reference. */
  readonly containing?: string | undefined
  /** What goes wrong; of several one is drawn. */
  readonly kind: Fault | ReadonlyArray<Fault>
}

/**
 * When a fault strikes a webhook, and which.
 *
 * @category options
 * @since 0.1.0
 */
export interface WebhookInjection extends Timing {
  /** The kind of event it strikes. Default: any. */
  readonly eventType?: WebhookEventType | undefined
  /** What goes wrong; of several one is drawn. */
  readonly kind: WebhookFault | ReadonlyArray<WebhookFault>
}

interface Rule<Kind> extends Timing {
  readonly kind: Kind | ReadonlyArray<Kind>
}

/** The faults that are armed. */
export interface Faults<Kind, R extends Rule<Kind>> {
  readonly arm: (rule: R) => void
  readonly clear: () => void
  /** How many rules are armed. */
  readonly size: () => number
  /** Counts a call to every rule that applies, and says which faults strike it: at most one of each slot. */
  readonly strike: (applies: (rule: R) => boolean) => ReadonlyArray<Kind>
}

/** No faults yet. `slotOf` tells which of them can strike a call together: those of different slots. */
export const makeFaults = <Kind extends object, R extends Rule<Kind>>(
  random: Random.Random,
  slotOf: (kinds: ReadonlyArray<Kind>) => string = () => ""
): Faults<Kind, R> => {
  let armed: Array<{ readonly rule: R; readonly slot: string; calls: number; left: number }> = []
  const drawOf = (kind: Kind | ReadonlyArray<Kind>): Kind | undefined =>
    isSeveral(kind) ? kind[Math.floor(random.nextDoubleUnsafe() * kind.length)] : kind
  return {
    arm: (rule) => {
      const left = rule.times ?? (rule.rate === undefined ? 1 : Number.POSITIVE_INFINITY)
      armed.push({ rule, slot: slotOf(isSeveral(rule.kind) ? rule.kind : [rule.kind]), calls: 0, left })
    },
    clear: () => {
      armed = []
    },
    size: () => armed.length,
    strike: (applies) => {
      const struck = new Map<string, Kind>()
      for (const entry of armed) {
        const { kind, nth = 1, rate } = entry.rule
        if (!applies(entry.rule)) continue
        entry.calls++
        // Each rule draws for itself, so that arming one does not change the luck of another.
        const isDrawn = rate === undefined || random.nextDoubleUnsafe() < rate
        if (!struck.has(entry.slot) && isDrawn && entry.left > 0 && entry.calls >= nth) {
          entry.left--
          const drawn = drawOf(kind)
          if (drawn !== undefined) struck.set(entry.slot, drawn)
        }
      }
      armed = armed.filter((entry) => entry.left > 0)
      return [...struck.values()]
    }
  }
}

const isSeveral = <Kind extends object>(kind: Kind | ReadonlyArray<Kind>): kind is ReadonlyArray<Kind> =>
  Array.isArray(kind)
