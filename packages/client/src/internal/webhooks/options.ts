/**
 * Checks the options of the `Webhooks` layers and applies their defaults. One error lists all problems.
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

// Spaces around a key come from copying a line. An empty key would let anyone sign.
const isIntegrityKey = (text: string): boolean => text !== "" && text.trim() === text && !/\p{Cc}/u.test(text)

const keyRule = "must be the integrity key that Palomma issued, without spaces or line breaks around it"

const keyProblems = (value: unknown): Problems => {
  if (!Array.isArray(value) || value.length === 0) {
    return [{ field: "integrityKeys", code: "required", rule: "must be a list of at least one key" }]
  }
  // The copy turns the holes of a list into `undefined`, which is not a key.
  return [...value].flatMap((key, i) => Options.secret(`integrityKeys.${i}`, key, isIntegrityKey, keyRule))
}

// The tolerance needs no timer, so it may be longer than other durations.
const maxTolerance = Duration.days(10_000)

const otherProblems = (options: { readonly [key: string]: unknown }): Problems => [
  ...Options.duration("tolerance", options["tolerance"], { atMost: maxTolerance }),
  ...Options.duration("handlerTimeout", options["handlerTimeout"])
]

const otherNames = ["tolerance", "handlerTimeout"]
const names = ["integrityKeys", ...otherNames]

/** Reads and checks the options of `Webhooks.layer`. */
export const read = (operation: string, input: WebhooksOptions): Effect.Effect<WebhooksOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copyOf(input, names)
    const problems: Problems =
      copy === undefined
        ? [{ field: "", code: "required", rule: "needs options; integrityKeys is required" }]
        : Options.object("", copy, names, (options) => [
            ...keyProblems(options["integrityKeys"]),
            ...otherProblems(options)
          ])
    // The checks above make the cast safe.
    return Effect.as(Options.refuse(operation, "none", problems), copy as WebhooksOptions)
  })

const variable = "PALOMMA_INTEGRITY_KEY"

const missingKeyRule = "is not set: set it to the integrity key that Palomma issued for this environment"

const keyTexts = (configured: Option.Option<Redacted.Redacted>): ReadonlyArray<string> =>
  Option.isNone(configured)
    ? []
    : Redacted.value(configured.value)
        .split(",")
        .map((key) => key.trim())

const variableProblems = (configured: Option.Option<Redacted.Redacted>): Problems => {
  const texts = keyTexts(configured)
  if (texts.length === 0) return [{ field: variable, code: "required", rule: missingKeyRule }]
  return texts.every(isIntegrityKey)
    ? []
    : [{ field: variable, code: "secret", rule: `${keyRule}, or several separated by commas` }]
}

/** Reads and checks the options of `Webhooks.layerConfig` and the keys in `PALOMMA_INTEGRITY_KEY`. */
export const readConfig = (
  operation: string,
  configured: Option.Option<Redacted.Redacted>,
  input: Omit<WebhooksOptions, "integrityKeys">
): Effect.Effect<WebhooksOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copyOf(input, otherNames)
    const problems = [...variableProblems(configured), ...Options.object("", copy, otherNames, otherProblems)]
    const integrityKeys = keyTexts(configured).map((key) => Redacted.make(key))
    // The checks above make the cast safe.
    const options = { ...(copy as Omit<WebhooksOptions, "integrityKeys">), integrityKeys }
    return Effect.as(Options.refuse(operation, "none", problems), options)
  })

/** Returns how old a webhook may be. */
export const toleranceOf = ({ tolerance }: Pick<WebhooksOptions, "tolerance">): Duration.Duration =>
  Duration.fromInputUnsafe(tolerance ?? "2 days")

/** Returns how long a handler may run. */
export const handlerTimeoutOf = ({ handlerTimeout }: Pick<WebhooksOptions, "handlerTimeout">): Duration.Duration =>
  Duration.fromInputUnsafe(handlerTimeout ?? "1 minute")
