/**
 * Armed faults: decides which call gets which fault.
 */
import type * as Random from "effect/Random"
import type { Fault } from "../../Fault.ts"
import type { WebhookFault } from "../../WebhookFault.ts"
import type { WebhookEventType } from "@palomma-effect/schema/WebhookEvent"
import type { Operation } from "../operations.ts"

/**
 * When a fault happens.
 *
 * @category options
 * @since 0.1.0
 */
export interface FaultTiming {
  /** The first call that gets the fault, counted from now: 1 to 1,000,000. Default: 1, the next call. */
  readonly nth?: number | undefined
  /**
   * How many calls get the fault, starting with the `nth`: 1 to 1,000,000. Default: 1, or no limit if there is a
   * `rate`.
   */
  readonly times?: number | undefined
  /** The probability, from 0 to 1, that a call gets the fault. Default: 1. */
  readonly rate?: number | undefined
}

/**
 * A fault, and the calls that get it.
 *
 * @category options
 * @since 0.1.0
 */
export interface FaultInjection extends FaultTiming {
  /** The operation, or several of them. Default: all. */
  readonly operation?: Operation | ReadonlyArray<Operation> | undefined
  /** A text that the URL or the body of the request must contain, such as a reference. Default: any request. */
  readonly containing?: string | undefined
  /** The fault. From a list, one is drawn for each call. */
  readonly kind: Fault | ReadonlyArray<Fault>
}

/**
 * A fault of webhooks, and the webhooks that get it.
 *
 * @category options
 * @since 0.1.0
 */
export interface WebhookFaultInjection extends FaultTiming {
  /** The type of event. Default: all. */
  readonly eventType?: WebhookEventType | undefined
  /** The fault. From a list, one is drawn for each call. */
  readonly kind: WebhookFault | ReadonlyArray<WebhookFault>
}

/**
 * A fault that is still armed.
 *
 * After its last call it is no longer armed.
 *
 * @category models
 * @since 0.1.0
 */
export interface ArmedFault<Injection> {
  /** The fault, as it was armed. */
  readonly injection: Injection
  /** How many calls it applied to so far. With `nth: 3`, the first two of them do not get it. */
  readonly calls: number
  /** How many calls got it so far. With 0 it has not happened yet. */
  readonly fired: number
}

interface Rule<Kind> extends FaultTiming {
  readonly kind: Kind | ReadonlyArray<Kind>
}

/** The armed faults. */
export interface Faults<Kind, R extends Rule<Kind>> {
  readonly arm: (rule: R) => void
  readonly clear: () => void
  /** The number of armed rules. */
  readonly size: () => number
  /** The armed rules, in the order in which they were armed. */
  readonly armed: () => ReadonlyArray<ArmedFault<R>>
  /** Counts a call for every rule that applies, and returns the faults of the call: at most one of each slot. */
  readonly draw: (applies: (rule: R) => boolean) => ReadonlyArray<Kind>
}

/**
 * Makes an empty set of armed faults. One call can get several faults only if `slotOf` returns different slots for
 * them.
 */
export const makeFaults = <Kind extends object, R extends Rule<Kind>>(
  random: Random.Random,
  slotOf: (kinds: ReadonlyArray<Kind>) => string = () => ""
): Faults<Kind, R> => {
  let armed: Array<{ readonly rule: R; readonly slot: string; calls: number; fired: number; left: number }> = []
  const drawOf = (kind: Kind | ReadonlyArray<Kind>): Kind | undefined =>
    isList(kind) ? kind[Math.floor(random.nextDoubleUnsafe() * kind.length)] : kind
  return {
    arm: (rule) => {
      const left = rule.times ?? (rule.rate === undefined ? 1 : Number.POSITIVE_INFINITY)
      armed.push({ rule, slot: slotOf(isList(rule.kind) ? rule.kind : [rule.kind]), calls: 0, fired: 0, left })
    },
    clear: () => {
      armed = []
    },
    size: () => armed.length,
    armed: () => armed.map(({ calls, fired, rule }) => ({ injection: rule, calls, fired })),
    draw: (applies) => {
      const bySlot = new Map<string, Kind>()
      for (const entry of armed) {
        const { kind, nth = 1, rate } = entry.rule
        if (!applies(entry.rule)) continue
        entry.calls++
        // Every rule draws on every call, so that one rule does not change the random numbers of another.
        const isHit = rate === undefined || random.nextDoubleUnsafe() < rate
        if (!bySlot.has(entry.slot) && isHit && entry.left > 0 && entry.calls >= nth) {
          entry.left--
          entry.fired++
          const drawn = drawOf(kind)
          if (drawn !== undefined) bySlot.set(entry.slot, drawn)
        }
      }
      armed = armed.filter((entry) => entry.left > 0)
      return [...bySlot.values()]
    }
  }
}

const isList = <Kind extends object>(kind: Kind | ReadonlyArray<Kind>): kind is ReadonlyArray<Kind> =>
  Array.isArray(kind)
