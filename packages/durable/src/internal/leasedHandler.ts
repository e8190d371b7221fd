/**
 * A handler that runs only as long as this process has the lease of its webhook.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"

/** A lease that this process took. */
export interface Lease {
  readonly length: Duration.Duration
  /** The monotonic time, in nanoseconds, before the lease was requested. So the lease cannot end before its length. */
  readonly requestedAt: bigint
  /** Extends the lease. Returns `false` if another process has it now. */
  readonly renew: Effect.Effect<boolean, string>
}

/** Makes an id that no other process can make, also if a test sets the seed of `Random`. */
export const newLeaseId = (): string =>
  Array.from(globalThis.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    ""
  )

const lost = "another process may run its handler now, because the lease of this process ended"

/** Renews a lease three times during its length, and fails when this process may have lost it. */
const keep = Effect.fnUntraced(function* ({ length, renew, requestedAt }: Lease) {
  let from = requestedAt
  const third = Duration.times(length, 1 / 3)
  while (true) {
    yield* Effect.sleep(third)
    const now = yield* Clock.monotonicTimeNanos
    const left = Duration.subtract(length, Duration.nanos(now - from))
    const isMine = yield* Effect.timeoutOption(
      Effect.retry(renew, Schedule.spaced(Duration.times(length, 1 / 30))),
      left
    )
    if (!Option.getOrElse(isMine, () => false)) return yield* Effect.fail(lost)
    from = now
  }
})

/**
 * Runs a handler, and interrupts it if the lease is lost. `leaseLost` is the error in that case.
 */
export const leasedHandler = <A, E, R, E2>(
  lease: Lease,
  handle: Effect.Effect<A, E, R>,
  leaseLost: (reason: string) => E2
): Effect.Effect<A, E | E2, R> => Effect.raceFirst(handle, Effect.mapError(keep(lease), leaseLost))
