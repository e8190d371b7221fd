/**
 * Asking again and again until a record is as it is waited for.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import { type GetError, isPalommaError } from "../PalommaError.ts"
import { PalommaStillPending } from "../PalommaStillPending.ts"
import { countdown, within } from "./deadline.ts"

/** How long to wait, and how soon to ask again. */
export interface AwaitOptions {
  /** How long to wait at the most: 15 minutes unless said otherwise. */
  readonly deadline?: Duration.Input | undefined
  /** The pause after the first look: a second unless said otherwise. It grows by half from look to look. */
  readonly firstPause?: Duration.Input | undefined
  /** What a pause grows to at the most: 30 seconds unless said otherwise. */
  readonly longestPause?: Duration.Input | undefined
}

/** Reads until `isDone`. A look that fails in passing is followed by another one while there is time. */
export const poll = <A extends { readonly id: string; readonly status: string }>(
  operation: string,
  read: Effect.Effect<A, GetError>,
  isDone: (record: A) => boolean,
  options: AwaitOptions = {}
): Effect.Effect<A, GetError | PalommaStillPending> =>
  Effect.gen(function* () {
    const deadline = Duration.fromInputUnsafe(options.deadline ?? "15 minutes")
    const longest = Duration.fromInputUnsafe(options.longestPause ?? "30 seconds")
    const left = yield* countdown(deadline)
    let last: GetError | PalommaStillPending = new PalommaStillPending({ operation, waited: deadline })
    const look = Effect.flatMap(read, (record) => {
      last = new PalommaStillPending({ operation, waited: deadline, recordId: record.id, status: record.status })
      return isDone(record) ? Effect.succeed(record) : Effect.fail(last)
    }).pipe(Effect.tapError((error) => Effect.sync(() => void (last = error))))
    const pauses = Schedule.exponential(options.firstPause ?? "1 second", 1.5).pipe(
      Schedule.modifyDelay(({ duration }) =>
        Effect.map(Random.next, (chance) => Duration.times(Duration.min(duration, longest), 0.75 + chance / 4))
      ),
      Schedule.while(({ duration }) => Effect.map(left, (rest) => Duration.isLessThan(duration, rest)))
    )
    const found = yield* look.pipe(
      Effect.retry({ while: (error) => !isPalommaError(error) || error.isSafeToResend, schedule: pauses }),
      (looking) => within(looking, deadline)
    )
    return found._tag === "Some" ? found.value : yield* Effect.fail(last)
  })
