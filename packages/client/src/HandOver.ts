/**
 * The switch of one request: it decides whether the body may leave this process, and it is the proof of whether it did.
 *
 * A body that `fetch` never asked for was never sent. That is the only proof of "not sent" that holds for every failure, so the body
 * of a create is handed over as late as possible, through one of these switches.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"

/**
 * When the body of a request may be handed over.
 *
 * @category options
 * @since 0.1.0
 */
export interface HandOverOptions {
  /** The call's own check, run just before the hand-over. `false` or a defect, which is not told, refuses it for good. */
  readonly check?: Effect.Effect<boolean> | undefined
  /** The last moment by the wall clock, in milliseconds since the epoch. */
  readonly wallClockEnd: number
  /** The last moment by the monotonic clock, in nanoseconds. */
  readonly monotonicEnd: bigint
}

/**
 * Why a body was not handed over although it was asked for.
 *
 * @category models
 * @since 0.1.0
 */
export type Refusal = "check" | "wall-clock" | "monotonic-clock"

/**
 * The switch of one request.
 *
 * @category models
 * @since 0.1.0
 */
export interface HandOver {
  /**
   * Promises that the body will not be sent but through `offer`. Only then does "never handed over" prove anything.
   *
   * **Gotchas**
   *
   * A request without a body, or with an empty one, is whole without a hand-over: it must not be promised.
   */
  readonly take: () => void
  /**
   * Takes that promise back, for a transport that cannot see when the body leaves: once it has the body, only the failure itself can
   * prove anything.
   */
  readonly release: () => void
  /** Whether the promise of `take` holds. */
  readonly isTaken: () => boolean
  /**
   * Runs the check, reads both clocks, and then calls `give` in the same step. Returns whether `give` was called.
   *
   * A closed switch gives nothing, and none gives twice. What `give` throws is thrown on; the body counts as handed over then, since
   * nobody knows how far `give` came.
   */
  readonly offer: (give: () => void) => Effect.Effect<boolean>
  /** The same for code that is not an Effect. The check runs in the context of the call, and is interrupted by `close`. */
  readonly offerPromise: (give: () => void) => Promise<boolean>
  /** Closes the switch, and returns whether it is proven that the body was not handed over. After that nothing is handed over. */
  readonly close: () => boolean
  /** Why the hand-over was refused, if it was. */
  readonly refusal: () => Refusal | undefined
}

/**
 * Makes the switch of one request, which runs the check in the given context.
 *
 * **Gotchas**
 *
 * One switch, one request: the second request with the same switch gets no body.
 *
 * **Example** (A body that is asked for when the call is over)
 *
 * ```ts
 * import { HandOver } from "@palomma-effect/client"
 * import { Clock, Effect } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const clock = yield* Clock.Clock
 *   const wallClockEnd = (yield* Clock.currentTimeMillis) + 60_000
 *   const monotonicEnd = (yield* Clock.monotonicTimeNanos) + 60_000_000_000n
 *   const handOver = HandOver.make({ wallClockEnd, monotonicEnd }, yield* Effect.context<never>(), clock)
 *   handOver.take()
 *   const isProvenNotSent = handOver.close()
 *   const isHandedOver = yield* handOver.offer(() => console.log("never printed"))
 *   return { isProvenNotSent, isHandedOver }
 * })
 *
 * await Effect.runPromise(program) // => { isProvenNotSent: true, isHandedOver: false }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: HandOverOptions, context: Context.Context<never>, clock: Clock.Clock): HandOver => {
  let state: "waiting" | "asked" | "handed-over" | "closed" = "waiting"
  let isTaken = false
  let refusal: Refusal | undefined
  let checking: Fiber.Fiber<unknown> | undefined

  const refuse = (reason: Refusal): false => {
    refusal = reason
    state = "closed"
    return false
  }

  // Both clocks are asked whether there is time left, so that an end that is no number leaves none.
  const giveNow = (isAllowed: boolean, give: () => void): boolean => {
    if (state !== "asked") return false
    if (!isAllowed) return refuse("check")
    if (!(clock.currentTimeMillisUnsafe() < options.wallClockEnd)) return refuse("wall-clock")
    if (!(clock.monotonicTimeNanosUnsafe() < options.monotonicEnd)) return refuse("monotonic-clock")
    // Before `give`, not after it: what it calls may read the proof, and what it throws says nothing of where the body is.
    state = "handed-over"
    give()
    return true
  }

  const checked = (check: Effect.Effect<boolean>, give: () => void): Effect.Effect<boolean> =>
    check.pipe(
      // It keeps the body here. What it died of is for the check itself to tell.
      Effect.catchCause(() => Effect.succeed(false)),
      Effect.map((isAllowed) => giveNow(isAllowed, give))
    )

  const ask = (): boolean => {
    if (state !== "waiting") return false
    state = "asked"
    return true
  }

  const offer = (give: () => void): Effect.Effect<boolean> =>
    Effect.suspend(() => {
      if (!ask()) return Effect.succeed(false)
      return options.check === undefined ? Effect.sync(() => giveNow(true, give)) : checked(options.check, give)
    })

  const offerPromise = async (give: () => void): Promise<boolean> => {
    if (!ask()) return false
    // Most calls have no check, and need no fiber.
    if (options.check === undefined) return giveNow(true, give)
    const fiber = Effect.runForkWith(context)(checked(options.check, give))
    checking = fiber
    // The check itself may have closed the switch before anybody knew of its fiber.
    if (state === "closed") fiber.interruptUnsafe()
    const exit = await new Promise<Exit.Exit<boolean>>((done) => fiber.addObserver(done))
    if (Exit.isSuccess(exit)) return exit.value
    // Only `close` knows this fiber, and it interrupts none that has handed over.
    if (Cause.hasInterruptsOnly(exit.cause)) return false
    throw Cause.squash(exit.cause)
  }

  return {
    take: () => {
      isTaken = true
    },
    release: () => {
      isTaken = false
    },
    isTaken: () => isTaken,
    offer,
    offerPromise,
    close: () => {
      if (state === "handed-over") return false
      state = "closed"
      checking?.interruptUnsafe()
      return isTaken
    },
    refusal: () => refusal
  }
}

/**
 * Under this key a request's switch travels in the `RequestInit` that `fetch` is given.
 *
 * @category constants
 * @since 0.1.0
 */
export const key: unique symbol = Symbol.for("@palomma-effect/client/HandOver")

/**
 * The switch in a `RequestInit`, if there is one.
 *
 * @category conversions
 * @since 0.1.0
 */
export const from = (init: RequestInit | undefined): HandOver | undefined =>
  // Nothing but a switch is ever put under a key that is named after this module.
  Predicate.hasProperty(init, key) ? (init[key] as HandOver | undefined) : undefined

/**
 * A `RequestInit` with the switch of its request.
 *
 * @category combinators
 * @since 0.1.0
 */
export const into = (init: RequestInit, handOver: HandOver): RequestInit => {
  const withSwitch: RequestInit & { readonly [key]: HandOver } = { ...init, [key]: handOver }
  return withSwitch
}
