/**
 * Checks of option values.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** What is wrong, each in a few words. */
export type Problems = ReadonlyArray<string>

/** A problem, unless something is right. */
export const unless = (isRight: boolean, problem: string): Problems => (isRight ? [] : [problem])

/** Dies with a `TypeError` that names everything that is wrong. */
export const dieOf = (problems: Problems): Effect.Effect<void> =>
  problems.length === 0 ? Effect.void : Effect.die(new TypeError(`PalommaSimulator: ${problems.join("; ")}`))

/** Whether a number is one of a range, both ends included. */
export const isBetween = (value: unknown, least: number, most: number): value is number =>
  typeof value === "number" && value >= least && value <= most

/** Whether a whole number is one of a range, both ends included. */
export const isWhole = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isInteger(value) && isBetween(value, least, most)

/** Whether a value is a duration that is not negative. */
export const isTime = (value: Duration.Input): boolean => {
  // `Duration` reads what is no number as zero.
  if (typeof value === "number" && Number.isNaN(value)) return false
  const parsed = Duration.fromInput(value)
  return Option.isSome(parsed) && Duration.isGreaterThanOrEqualTo(parsed.value, Duration.zero)
}

/** Whether a value is a text that is not empty. */
export const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

/** Whether a value is a list of such texts. */
export const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

/** What is wrong with each option, if it is given. */
export type Rules<Options> = {
  readonly [Name in keyof Required<Options>]: (value: NonNullable<Options[Name]>) => Problems
}

/** What is wrong with the options that rules are for. */
export const problemsOf = <Options extends object>(options: Options, by: Rules<Options>): Problems => {
  const problems: Array<string> = []
  for (const name in by) {
    const value = options[name]
    if (value !== undefined && value !== null) problems.push(...by[name](value))
  }
  return problems
}
