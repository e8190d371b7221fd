/**
 * Reads a record repeatedly until its status is final.
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

/** The longest timeout. Timers of most runtimes support no longer delay. */
const maxTimeout = Duration.days(24)

const names = ["timeout", "initialBackoff", "maxBackoff"]

const readOptions = (operation: string, input: AwaitOptions): Effect.Effect<AwaitOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const options = Options.copy(input)
    const problems = Options.object("", options, names, ({ initialBackoff, maxBackoff, timeout }) => [
      ...Options.duration("timeout", timeout, { atMost: maxTimeout }),
      ...Options.duration("initialBackoff", initialBackoff),
      ...Options.duration("maxBackoff", maxBackoff)
    ])
    // The checks above make the cast safe.
    return Effect.as(Options.refuse(operation, "none", problems), options as AwaitOptions)
  })

/** How to read the record and its status. */
export interface Awaited<Status, A> {
  /** The id of the record. */
  readonly id: string
  readonly read: Effect.Effect<A, GetError>
  readonly model: Schema.Top
  readonly status: { readonly isFinal: (status: Status) => boolean; readonly raw: (status: Status) => string }
}

/** Reads the record until its status is final or the timeout ends. A read that may succeed later is retried. */
export const awaitRecord = <Status extends string | OpenEnum.Unrecognized, A extends { readonly status: Status }>(
  operation: string,
  { id, model, read, status }: Awaited<Status, A>,
  input: AwaitOptions = {}
): Effect.Effect<A, GetError | PalommaStillPending> =>
  Effect.gen(function* () {
    const options = yield* readOptions(operation, input)
    const timeout = Duration.fromInputUnsafe(options.timeout ?? "15 minutes")
    const maxBackoff = Duration.fromInputUnsafe(options.maxBackoff ?? "30 seconds")
    const left = yield* countdown(timeout)
    let lastError: GetError | PalommaStillPending = new PalommaStillPending({ operation, waited: timeout })
    const readFinal = Effect.flatMap(read, (record) => {
      if (status.isFinal(record.status)) return Effect.succeed(record)
      const safeStatus = SafeText.make(status.raw(record.status), Sensitive.values(model, record))
      // The id that the caller passed, because the id in a response can be any text.
      const recordId = SafeText.id(id)
      return Effect.fail(new PalommaStillPending({ operation, waited: timeout, recordId, status: safeStatus }))
    }).pipe(Effect.tapError((error) => Effect.sync(() => void (lastError = error))))
    const backoff = Schedule.exponential(options.initialBackoff ?? "1 second", 1.5).pipe(
      Schedule.modifyDelay(({ duration }) =>
        Effect.map(Random.next, (chance) => Duration.times(Duration.min(duration, maxBackoff), 0.75 + chance / 4))
      ),
      Schedule.while(({ duration }) => Effect.map(left, (rest) => Duration.isLessThan(duration, rest)))
    )
    const found = yield* readFinal.pipe(
      Effect.retry({ while: (error) => !isPalommaError(error) || error.isSafeToResend, schedule: backoff }),
      (reading) => within(reading, timeout)
    )
    return found._tag === "Some" ? found.value : yield* Effect.fail(lastError)
  })
