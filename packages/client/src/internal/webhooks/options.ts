/**
 * The options of the `Webhooks` layers, checked and resolved: all problems at once.
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import type { WebhooksOptions } from "../../WebhooksService.ts"
import * as Options from "../options/checks.ts"

type Problems = ReadonlyArray<InputProblem>

// Spaces at either end come from a line that was copied. With an empty key anyone could sign.
const isIntegrityKey = (text: string): boolean => text !== "" && text.trim() === text && !/\p{Cc}/u.test(text)

const keyRule = "must be the integrity key that Palomma issued, without spaces or line breaks around it"

const keyProblems = (value: unknown): Problems => {
  if (!Array.isArray(value) || value.length === 0) {
    return [{ field: "integrityKeys", code: "required", rule: "must be a list of at least one key" }]
  }
  // The holes of a list are no keys either.
  return [...value].flatMap((key, i) => Options.secret(`integrityKeys.${i}`, key, isIntegrityKey, keyRule))
}

// No timer runs for it, so it may be longer than other durations.
const longestTolerance = Duration.days(10_000)

const otherProblems = (options: { readonly [key: string]: unknown }): Problems => [
  ...Options.duration("tolerance", options["tolerance"], { atMost: longestTolerance }),
  ...Options.duration("handlerTimeout", options["handlerTimeout"])
]

const others = ["tolerance", "handlerTimeout"]
const names = ["integrityKeys", ...others]

/** The options of `Webhooks.layer` as they were read, if nothing is wrong with them. */
export const read = (operation: string, given: WebhooksOptions): Effect.Effect<WebhooksOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copyOf(given, names)
    const problems: Problems =
      copy === undefined
        ? [{ field: "", code: "required", rule: "needs options, of which integrityKeys is required" }]
        : Options.object("", copy, names, (options) => [
            ...keyProblems(options["integrityKeys"]),
            ...otherProblems(options)
          ])
    // A copy of the options, whose fields have just been checked.
    return Effect.as(Options.refuse(operation, "none", problems), copy as WebhooksOptions)
  })

const variable = "PALOMMA_INTEGRITY_KEY"

const configuredTexts = (configured: Option.Option<Redacted.Redacted>): ReadonlyArray<string> =>
  Option.isNone(configured)
    ? []
    : Redacted.value(configured.value)
        .split(",")
        .map((key) => key.trim())

const variableProblems = (configured: Option.Option<Redacted.Redacted>): Problems => {
  const texts = configuredTexts(configured)
  if (texts.length === 0) return [{ field: variable, code: "required", rule: `is not set; it ${keyRule}` }]
  return texts.every(isIntegrityKey)
    ? []
    : [{ field: variable, code: "secret", rule: `${keyRule}, or several separated by commas` }]
}

/** The options of `Webhooks.layerConfig` with the keys in `PALOMMA_INTEGRITY_KEY`, if nothing is wrong with either. */
export const readConfig = (
  operation: string,
  configured: Option.Option<Redacted.Redacted>,
  given: Omit<WebhooksOptions, "integrityKeys">
): Effect.Effect<WebhooksOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copyOf(given, others)
    const problems = [...variableProblems(configured), ...Options.object("", copy, others, otherProblems)]
    const integrityKeys = configuredTexts(configured).map((key) => Redacted.make(key))
    // A copy of the options, whose fields have just been checked.
    const options = { ...(copy as Omit<WebhooksOptions, "integrityKeys">), integrityKeys }
    return Effect.as(Options.refuse(operation, "none", problems), options)
  })

/** How old a webhook may be. */
export const toleranceOf = ({ tolerance }: Pick<WebhooksOptions, "tolerance">): Duration.Duration =>
  Duration.fromInputUnsafe(tolerance ?? "2 days")

/** How long a handler may run. */
export const handlerTimeoutOf = ({ handlerTimeout }: Pick<WebhooksOptions, "handlerTimeout">): Duration.Duration =>
  Duration.fromInputUnsafe(handlerTimeout ?? "1 minute")
