/**
 * Validation of options and of the arguments of controls.
 */
import * as OpenEnum from "@palomma-effect/schema/OpenEnum"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** The rules that a value violates, such as `fee must be whole pesos, 0 or more`. */
export type Problems = ReadonlyArray<string>

/** Returns the violated rule if a value is invalid. */
export const problemUnless = (isValid: boolean, rule: string): Problems => (isValid ? [] : [rule])

const subjects = { options: "invalid options", fault: "an invalid fault", amount: "an invalid amount" }

// A text of the caller, in quotes and not too long.
const quoted = (text: unknown): string => JSON.stringify(String(text).slice(0, 60))

/** Returns the problem of a name that is not in a list, with the most similar name of the list. */
export const unknownName = (what: string, name: unknown, names: ReadonlyArray<string>): string => {
  const similar = OpenEnum.make(what, Object.fromEntries(names.map((known) => [known, known]))).nearest(String(name))
  return `unknown ${what} ${quoted(name)}${similar === undefined ? "" : `; did you mean "${similar}"?`}`
}

/** Returns the problems of the names of an object that are not in a list. */
export const unknownFields = (value: object, names: ReadonlyArray<string>): Problems =>
  Object.keys(value)
    .filter((name) => !names.includes(name))
    .map((name) => `${unknownName("field", name, names)} (the fields are ${names.join(", ")})`)

/** Describes all problems in one message: what happened, and what to do. */
export const messageOf = (subject: keyof typeof subjects, problems: Problems): string =>
  `PalommaSimulator got ${subjects[subject]}. Correct this: ${problems.join("; ")}.`

/** Dies with a `TypeError` that lists all problems, if there are any. */
export const dieIfAny = (subject: keyof typeof subjects, problems: Problems): Effect.Effect<void> =>
  problems.length === 0 ? Effect.void : Effect.die(new TypeError(messageOf(subject, problems)))

/** Whether a value is a number in a range, including both bounds. */
export const isBetween = (value: unknown, min: number, max: number): value is number =>
  typeof value === "number" && value >= min && value <= max

/** Whether a value is a whole number in a range, including both bounds. */
export const isWhole = (value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isInteger(value) && isBetween(value, min, max)

/** Whether a value is a duration that is not negative. */
export const isDuration = (value: Duration.Input): boolean => {
  // `Duration` reads NaN as zero.
  if (typeof value === "number" && Number.isNaN(value)) return false
  const parsed = Duration.fromInput(value)
  return Option.isSome(parsed) && Duration.isGreaterThanOrEqualTo(parsed.value, Duration.zero)
}

/** Whether a value is a text and not empty. */
export const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

/** Whether a value is the URL of an HTTP server. */
export const isHttpUrl = (value: unknown): boolean =>
  typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

/** Whether a value is a list of non-empty texts. */
export const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

/** The check of each option. It runs only if the option is set. */
export type Rules<Options> = {
  readonly [Name in keyof Required<Options>]: (value: NonNullable<Options[Name]>) => Problems
}

/** Checks all options that have a rule. */
export const problemsOf = <Options extends object>(options: Options, rules: Rules<Options>): Problems => {
  const problems: Array<string> = []
  for (const name in rules) {
    const value = options[name]
    if (value !== undefined && value !== null) problems.push(...rules[name](value))
  }
  return problems
}
