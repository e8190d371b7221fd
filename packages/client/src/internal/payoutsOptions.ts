/**
 * The options of `Payouts.layer`, checked: all problems at once.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { PalommaInvalidInput } from "../PalommaError.ts"
import type { PayoutsOptions } from "../PayoutsService.ts"
import * as Options from "./options.ts"

const names: ReadonlyArray<keyof PayoutsOptions> = [
  "sendDeadline",
  "patience",
  "lookFirst",
  "environment",
  "resendAfter"
]

// No timer runs for it, so it may be longer than other durations.
const longestResendAfter = Duration.days(10_000)

/** The options as they were read, if nothing is wrong with them. */
export const read = (given: PayoutsOptions): Effect.Effect<PayoutsOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(given)
    const problems = Options.object("", copy, names, (options) => [
      ...Options.duration("sendDeadline", options["sendDeadline"]),
      // Zero is one look, and then a person is asked.
      ...Options.duration("patience", options["patience"], { allowsZero: true }),
      ...Options.boolean("lookFirst", options["lookFirst"]),
      ...Options.nonEmpty("environment", options["environment"]),
      ...Options.duration("resendAfter", options["resendAfter"], { atMost: longestResendAfter })
    ])
    // A copy of the options, whose fields have just been checked.
    return Effect.as(Options.refuse("Payouts.layer", "none", problems), copy as PayoutsOptions)
  })
