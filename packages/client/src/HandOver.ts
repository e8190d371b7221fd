/**
 * The switch of one request.
 *
 * It decides whether the body may be handed over to the HTTP client, and records whether it was.
 *
 * A body that `fetch` never requested was never sent. No other proof of "not sent" holds for every failure. So the body
 * of a create is handed over as late as possible, through a switch.
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
 * The conditions for the hand-over of a body.
 *
 * @category options
 * @since 0.1.0
 */
export interface HandOverOptions {
  /**
   * The check that runs just before the hand-over. If it returns `false` or dies, the body is never handed over. A
   * defect is not reported.
   */
  readonly check?: Effect.Effect<boolean> | undefined
  /** The end by the wall clock, in milliseconds since the epoch. From this time on, no body is handed over. */
  readonly wallClockEnd: number
  /** The end by the monotonic clock, in nanoseconds. From this time on, no body is handed over. */
  readonly monotonicEnd: bigint
}

/**
 * Why the hand-over of a body was refused.
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
   * Promises that the body is sent only through `offer` or `offerPromise`. Without this promise, the switch proves
   * nothing.
   *
   * **Gotchas**
   *
   * Do not call it for a request without a body or with an empty body: such a request is complete without a hand-over.
   */
  readonly take: () => void
  /**
   * Withdraws the promise of `take`, for a transport that cannot see when the body is sent. After that, only the
   * failure of the request can prove that nothing was sent.
   */
  readonly release: () => void
  /** Whether `take` was called, and `release` was not called after it. */
  readonly isTaken: () => boolean
  /**
   * Runs the check, reads both clocks, and then calls `send` in the same step. Returns whether `send` was called.
   *
   * It calls `send` at most once, and never after `close`. If `send` throws, the error is rethrown and the body counts
   * as handed over, because `send` may have sent a part of it.
   */
  readonly offer: (send: () => void) => Effect.Effect<boolean>
  /**
   * Like `offer`, for code that is not an Effect. The check runs in the context of the call, and `close` interrupts it.
   */
  readonly offerPromise: (send: () => void) => Promise<boolean>
  /**
   * Closes the switch, so that nothing is handed over any more. Returns whether it is proven that the body was not
   * handed over.
   */
  readonly close: () => boolean
  /** Why the hand-over was refused, if it was. */
  readonly refusal: () => Refusal | undefined
}

/**
 * Makes the switch of one request.
 *
 * The check runs in `context`.
 *
 * **Gotchas**
 *
 * Use a switch for one request only. A second request with the same switch gets no body.
 *
 * **Example** (A body that is requested after the call ended)
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
  let state: "waiting" | "offered" | "handed-over" | "closed" = "waiting"
  let isTaken = false
  let refusal: Refusal | undefined
  let checkFiber: Fiber.Fiber<unknown> | undefined

  const refuse = (reason: Refusal): false => {
    refusal = reason
    state = "closed"
    return false
  }

  // The conditions are negated, so that an end of `NaN` refuses the hand-over.
  const sendIfAllowed = (isAllowed: boolean, send: () => void): boolean => {
    if (state !== "offered") return false
    if (!isAllowed) return refuse("check")
    if (!(clock.currentTimeMillisUnsafe() < options.wallClockEnd)) return refuse("wall-clock")
    if (!(clock.monotonicTimeNanosUnsafe() < options.monotonicEnd)) return refuse("monotonic-clock")
    // Set before `send`, because `send` may read the state, and may throw after it sent a part of the body.
    state = "handed-over"
    send()
    return true
  }

  const checkThenSend = (check: Effect.Effect<boolean>, send: () => void): Effect.Effect<boolean> =>
    check.pipe(
      // A check that dies refuses the hand-over. The caller that passed the check reports the defect.
      Effect.catchCause(() => Effect.succeed(false)),
      Effect.map((isAllowed) => sendIfAllowed(isAllowed, send))
    )

  const beginOffer = (): boolean => {
    if (state !== "waiting") return false
    state = "offered"
    return true
  }

  const offer = (send: () => void): Effect.Effect<boolean> =>
    Effect.suspend(() => {
      if (!beginOffer()) return Effect.succeed(false)
      return options.check === undefined
        ? Effect.sync(() => sendIfAllowed(true, send))
        : checkThenSend(options.check, send)
    })

  const offerPromise = async (send: () => void): Promise<boolean> => {
    if (!beginOffer()) return false
    // Most calls have no check, so they need no fiber.
    if (options.check === undefined) return sendIfAllowed(true, send)
    const fiber = Effect.runForkWith(context)(checkThenSend(options.check, send))
    checkFiber = fiber
    // The check may have closed the switch before `checkFiber` was set.
    if (state === "closed") fiber.interruptUnsafe()
    const exit = await new Promise<Exit.Exit<boolean>>((done) => fiber.addObserver(done))
    if (Exit.isSuccess(exit)) return exit.value
    // Only `close` interrupts this fiber, and only before the hand-over.
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
      checkFiber?.interruptUnsafe()
      return isTaken
    },
    refusal: () => refusal
  }
}

/**
 * The key of the switch in the `RequestInit` that is passed to `fetch`.
 *
 * @category constants
 * @since 0.1.0
 */
export const key: unique symbol = Symbol.for("@palomma-effect/client/HandOver")

/**
 * Returns the switch in a `RequestInit`, if there is one.
 *
 * @category conversions
 * @since 0.1.0
 */
export const from = (init: RequestInit | undefined): HandOver | undefined =>
  // Only `into` uses this key, so the value is a switch.
  Predicate.hasProperty(init, key) ? (init[key] as HandOver | undefined) : undefined

/**
 * Returns a copy of a `RequestInit` with the switch of its request.
 *
 * @category combinators
 * @since 0.1.0
 */
export const into = (init: RequestInit, handOver: HandOver): RequestInit => {
  const withSwitch: RequestInit & { readonly [key]: HandOver } = { ...init, [key]: handOver }
  return withSwitch
}
