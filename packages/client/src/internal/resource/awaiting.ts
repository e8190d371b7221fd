/**
 * Asking again and again until a record is as it is waited for.
 */
import { type OpenEnum, Sensitive } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import type { AwaitOptions } from "../../AwaitOptions.ts"
import { type GetError, isPalommaError, type PalommaInvalidInput } from "../../PalommaError.ts"
import { PalommaStillPending } from "../../PalommaStillPending.ts"
import * as SafeText from "../../SafeText.ts"
import { countdown, within } from "../http/deadline.ts"
import * as Options from "../options/checks.ts"

/** The longest wait. Timers of most runtimes count no further. */
const longest = Duration.days(24)

const names = ["timeout", "initialBackoff", "maxBackoff"]

const checked = (operation: string, given: AwaitOptions): Effect.Effect<AwaitOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const options = Options.copy(given)
    const problems = Options.object("", options, names, ({ initialBackoff, maxBackoff, timeout }) => [
      ...Options.duration("timeout", timeout, { atMost: longest }),
      ...Options.duration("initialBackoff", initialBackoff),
      ...Options.duration("maxBackoff", maxBackoff)
    ])
    // A copy of the options, whose fields have just been checked.
    return Effect.as(Options.refuse(operation, "none", problems), options as AwaitOptions)
  })

/** What is waited for. */
export interface Awaited<Status, A> {
  /** The id that is asked for. */
  readonly id: string
  readonly read: Effect.Effect<A, GetError>
  readonly model: Schema.Top
  readonly status: { readonly isFinal: (status: Status) => boolean; readonly raw: (status: Status) => string }
}

/** Reads until the status is final. A look that fails for the moment is followed by another one while there is time. */
export const awaitRecord = <Status extends string | OpenEnum.Unrecognized, A extends { readonly status: Status }>(
  operation: string,
  { id, model, read, status }: Awaited<Status, A>,
  given: AwaitOptions = {}
): Effect.Effect<A, GetError | PalommaStillPending> =>
  Effect.gen(function* () {
    const options = yield* checked(operation, given)
    const timeout = Duration.fromInputUnsafe(options.timeout ?? "15 minutes")
    const maxBackoff = Duration.fromInputUnsafe(options.maxBackoff ?? "30 seconds")
    const left = yield* countdown(timeout)
    let last: GetError | PalommaStillPending = new PalommaStillPending({ operation, waited: timeout })
    const look = Effect.flatMap(read, (record) => {
      if (status.isFinal(record.status)) return Effect.succeed(record)
      // The id is the caller's own: what stands there in an answer may be anything.
      const shown = SafeText.make(status.raw(record.status), Sensitive.values(model, record))
      last = new PalommaStillPending({ operation, waited: timeout, recordId: SafeText.id(id), status: shown })
      return Effect.fail(last)
    }).pipe(Effect.tapError((error) => Effect.sync(() => void (last = error))))
    const pauses = Schedule.exponential(options.initialBackoff ?? "1 second", 1.5).pipe(
      Schedule.modifyDelay(({ duration }) =>
        Effect.map(Random.next, (chance) => Duration.times(Duration.min(duration, maxBackoff), 0.75 + chance / 4))
      ),
      Schedule.while(({ duration }) => Effect.map(left, (rest) => Duration.isLessThan(duration, rest)))
    )
    const found = yield* look.pipe(
      Effect.retry({ while: (error) => !isPalommaError(error) || error.isSafeToResend, schedule: pauses }),
      (looking) => within(looking, timeout)
    )
    return found._tag === "Some" ? found.value : yield* Effect.fail(last)
  })
