/**
 * The switch of one request: it decides whether the body may leave this process, and it is the proof of whether it did.
 *
 * A body that `fetch` never asked for was never sent. That is the only proof of "not sent" that holds for every failure, so the body
 * of a create is handed over as late as possible, through one of these switches.
 */
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** When the body of a request may be handed over. */
export interface HandOverOptions {
  /** The call's own check, run just before the hand-over. `false` or a defect refuses it for good. */
  readonly check?: Effect.Effect<boolean> | undefined
  /** The last moment by the wall clock, in milliseconds since the epoch. */
  readonly wallClockEnd: number
  /** The last moment by the monotonic clock, in nanoseconds. */
  readonly monotonicEnd: bigint
}

/** Why a body was not handed over although it was asked for. */
export type Refusal = "check" | "wall-clock" | "monotonic-clock"

/** The switch of one request. */
export interface HandOver {
  /** Says that the body will be asked for through `offer`. Only then does "never handed over" prove anything. */
  readonly take: () => void
  /** Whether `take` was called. */
  readonly isTaken: () => boolean
  /**
   * Runs the check, reads both clocks, and then calls `give` in the same step. Returns whether `give` was called and succeeded.
   *
   * A closed switch gives nothing, and none gives twice.
   */
  readonly offer: (give: () => void) => Effect.Effect<boolean>
  /** The same for code that is not an Effect. The check runs in the context of the call. */
  readonly offerPromise: (give: () => void) => Promise<boolean>
  /** Closes the switch, and returns whether it is proven that the body was not handed over. After that nothing is handed over. */
  readonly close: () => boolean
  /** Why the hand-over was refused, if it was. */
  readonly refusal: () => Refusal | undefined
}

/** Makes the switch of one request, which runs the check in the given context. */
export const make = (options: HandOverOptions, context: Context.Context<never>, clock: Clock.Clock): HandOver => {
  let state: "waiting" | "asked" | "handed-over" | "closed" = "waiting"
  let isTaken = false
  let refusal: Refusal | undefined

  const refuse = (reason: Refusal): false => {
    refusal = reason
    state = "closed"
    return false
  }

  const giveNow = (isAllowed: boolean, give: () => void): boolean => {
    if (state !== "asked") return false
    if (!isAllowed) return refuse("check")
    if (clock.currentTimeMillisUnsafe() >= options.wallClockEnd) return refuse("wall-clock")
    if (clock.monotonicTimeNanosUnsafe() >= options.monotonicEnd) return refuse("monotonic-clock")
    try {
      give()
      state = "handed-over"
      return true
    } catch {
      // A body that could not be handed over, since the connection is gone, is still here.
      state = "closed"
      return false
    }
  }

  const offer = (give: () => void): Effect.Effect<boolean> =>
    Effect.suspend(() => {
      if (state !== "waiting") return Effect.succeed(false)
      state = "asked"
      if (options.check === undefined) return Effect.succeed(giveNow(true, give))
      return options.check.pipe(
        Effect.catchCause(() => Effect.succeed(false)),
        Effect.map((isAllowed) => giveNow(isAllowed, give))
      )
    })

  return {
    take: () => {
      isTaken = true
    },
    isTaken: () => isTaken,
    offer,
    offerPromise: (give) => Effect.runPromiseWith(context)(offer(give)),
    close: () => {
      if (state !== "handed-over") state = "closed"
      return isTaken && state === "closed"
    },
    refusal: () => refusal
  }
}

/** Under this key a request's switch travels in the `RequestInit` that `fetch` is given. */
export const key: unique symbol = Symbol.for("@palomma-effect/client/HandOver")

/** The switch in a `RequestInit`, if there is one. */
export const from = (init: RequestInit | undefined): HandOver | undefined =>
  init === undefined ? undefined : (Reflect.get(init, key) as HandOver | undefined)
