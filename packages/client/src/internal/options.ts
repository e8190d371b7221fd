/**
 * The checks of options. A program without types passes anything, and an option that is wrong must be an error before anything is
 * sent, never a defect later.
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { PalommaInvalidInput } from "../PalommaError.ts"

/** How many problems an error lists. */
const maxProblems = 20

/** The error of an input that has these problems. */
export const invalidInput = (
  operation: string,
  outcome: "none" | "not-sent",
  problems: ReadonlyArray<InputProblem>
): PalommaInvalidInput =>
  new PalommaInvalidInput({
    operation,
    outcome,
    problems: problems.slice(0, maxProblems),
    more: Math.max(0, problems.length - maxProblems)
  })

type Problems = ReadonlyArray<InputProblem>

const none: Problems = []

const problem = (field: string, code: string, rule: string): Problems => [{ field, code, rule }]

/** What is wrong with the fields of an option that is an object, those that are no option of it included. */
export const object = (
  field: string,
  value: unknown,
  known: ReadonlyArray<string>,
  check: (fields: { readonly [key: string]: unknown }) => Problems
): Problems => {
  if (value === undefined) return none
  if (!Predicate.isObject(value)) return problem(field, "object", "must be an object")
  // A misspelt option would be ignored in silence.
  const unknown = Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      field: path(field, /^[A-Za-z]{1,40}$/.test(name) ? name : "?"),
      code: "unknown-field",
      rule: `is not an option; the options are: ${known.join(", ")}`
    }))
  return [...unknown, ...check(Object.fromEntries(known.map((name) => [name, Reflect.get(value, name)])))]
}

/** The path of a field below another one. */
export const path = (at: string, name: string): string => (at === "" ? name : `${at}.${name}`)

/** The longest time that an option may name: a timer of more than 24 days ends at once on some runtimes. */
const longest = Duration.days(1)

/** A duration, as `Duration.Input`, longer than zero (or zero, if that is allowed) and at most a day unless `atMost` is longer. */
export const duration = (
  field: string,
  value: unknown,
  options: { readonly allowsZero?: boolean; readonly atMost?: Duration.Duration } = {}
): Problems => {
  if (value === undefined) return none
  const { allowsZero = false, atMost = longest } = options
  const isLongEnough = (duration: Duration.Duration): boolean =>
    allowsZero ? Duration.isGreaterThanOrEqualTo(duration, Duration.zero) : Duration.isPositive(duration)
  const parsed = Duration.fromInput(value as Duration.Input)
  return Option.isSome(parsed) && isLongEnough(parsed.value) && Duration.isLessThanOrEqualTo(parsed.value, atMost)
    ? none
    : problem(
        field,
        "duration",
        `must be a duration, such as "5 seconds", ${allowsZero ? "not negative" : "longer than zero"} and at most ${Duration.format(atMost)}`
      )
}

/** A whole number within bounds. */
export const wholeNumber = (field: string, value: unknown, least: number, most: number): Problems =>
  value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most)
    ? none
    : problem(field, "whole-number", `must be a whole number from ${least} to ${most}`)

/** A secret wrapped by `Redacted.make`, whose text is right. */
export const secret = (field: string, value: unknown, isRight: (text: string) => boolean, rule: string): Problems => {
  const text: unknown = Redacted.isRedacted(value) ? Redacted.value(value) : undefined
  if (typeof text !== "string") return problem(field, "secret", "must be a text wrapped by Redacted.make")
  return isRight(text) ? none : problem(field, "secret", rule)
}

/** A list of which every member is right. */
export const list = (
  field: string,
  value: unknown,
  isRight: (member: unknown) => boolean,
  code: string,
  rule: string
): Problems => {
  if (value === undefined) return none
  if (!Array.isArray(value)) return problem(field, "list", "must be a list")
  return value.flatMap((member: unknown, index) =>
    isRight(member) ? none : problem(path(field, String(index)), code, rule)
  )
}

/** Fails with all problems at once, if there are any. */
export const refuse = (
  operation: string,
  outcome: "none" | "not-sent",
  problems: () => Problems
): Effect.Effect<void, PalommaInvalidInput> =>
  Effect.suspend(() => {
    let found: Problems
    try {
      found = problems()
    } catch {
      found = problem("", "unreadable", "must be an object whose fields can be read; reading one threw")
    }
    return found.length === 0 ? Effect.void : Effect.fail(invalidInput(operation, outcome, found))
  })
