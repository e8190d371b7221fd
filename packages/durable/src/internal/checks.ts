/**
 * Checks options. A program without types can pass any value, and an invalid option must be an error, never a defect.
 */
import { PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import type { Outcome } from "@palomma-effect/client/Outcome"
import type { InputProblem } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

/** What is wrong with options. */
export type Problems = ReadonlyArray<InputProblem>

const none: Problems = []

/** Returns the problem of one field. */
export const problem = (field: string, code: string, rule: string): Problems => [{ field, code, rule }]

/** How many problems an error lists. */
const maxProblems = 20

/** Returns the error of an input with these problems. */
export const invalidInput = (operation: string, outcome: Extract<Outcome, "none" | "not-sent">, problems: Problems) =>
  new PalommaInvalidInput({
    operation,
    outcome,
    problems: problems.slice(0, maxProblems),
    more: Math.max(0, problems.length - maxProblems)
  })

/** The fields of an object, each read once, so that a getter cannot change them after they were checked. */
export interface Read {
  readonly fields: { readonly [name: string]: unknown }
  readonly problems: Problems
}

// Own fields, and the getters of the classes of an instance.
const namesIn = (value: object): ReadonlyArray<string> => {
  const names = new Set(Object.keys(value))
  for (let at: unknown = value; Predicate.isObject(at) && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (descriptor.get !== undefined) names.add(name)
    }
  }
  return [...names]
}

// The thrown value is not repeated, because it may hold data of the caller.
const unreadable = (field: string): Problems =>
  problem(field, "unreadable", "must be readable; reading it threw an error")

/** Copies the fields of an object. */
export const read = (value: unknown): Read => {
  if (!Predicate.isObject(value)) return { fields: {}, problems: problem("", "object", "must be an object") }
  const fields: Record<string, unknown> = {}
  const problems: Array<InputProblem> = []
  try {
    for (const name of namesIn(value)) {
      try {
        fields[name] = Reflect.get(value, name)
      } catch {
        problems.push(...unreadable(name))
      }
    }
  } catch {
    return { fields: {}, problems: unreadable("") }
  }
  return { fields, problems }
}

/** Returns the problems of fields that are no options: otherwise a misspelt option would be ignored. */
export const unknownFields = (names: ReadonlyArray<string>, known: ReadonlyArray<string>): Problems =>
  names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      field: /^[A-Za-z]{1,40}$/.test(name) ? name : "?",
      code: "unknown-field",
      rule: `is not an option; the options are: ${known.join(", ")}`
    }))

/** Says what is wrong with the names of options, or with an object that has none. */
export const optionsProblem = (options: unknown, known: ReadonlyArray<string>): string | undefined => {
  const { fields, problems } = read(options)
  const [first] = [...problems, ...unknownFields(Object.keys(fields), known)]
  if (first === undefined) return undefined
  return first.field === "" ? `the options ${first.rule}` : `the option ${first.field} ${first.rule}`
}

const units = ["weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"]

// `Duration` reads `NaN`, and an object without units, as zero.
const isDurationInput = (value: unknown): value is Duration.Input => {
  if (typeof value === "number") return Number.isFinite(value)
  if (Array.isArray(value)) return value.length === 2 && value.every(Number.isFinite)
  if (!Predicate.isObject(value)) return typeof value === "bigint" || typeof value === "string"
  if (Duration.isDuration(value)) return true
  const amounts = Object.entries(value).filter(([, amount]) => amount !== undefined)
  return amounts.length > 0 && amounts.every(([unit, amount]) => units.includes(unit) && Number.isFinite(amount))
}

/** Checks a duration within bounds. */
export const duration = (
  field: string,
  value: unknown,
  minimum: Duration.Duration,
  maximum: Duration.Duration
): Problems => {
  if (value === undefined) return none
  const parsed = isDurationInput(value) ? Duration.fromInput(value) : Option.none<Duration.Duration>()
  return Option.isSome(parsed) && Duration.between(parsed.value, { minimum, maximum })
    ? none
    : problem(
        field,
        "duration",
        `must be a duration, such as "5 seconds", at least ${Duration.format(minimum)} ` +
          `and at most ${Duration.format(maximum)}`
      )
}

/** Checks a whole number within bounds. */
export const wholeNumber = (field: string, value: unknown, least: number, most: number): Problems =>
  value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most)
    ? none
    : problem(field, "whole-number", `must be a whole number from ${least} to ${most}`)

/** Fails with one error that lists all problems, if there are any. */
export const refuse = (
  operation: string,
  outcome: Extract<Outcome, "none" | "not-sent">,
  problems: Problems
): Effect.Effect<void, PalommaInvalidInput> =>
  problems.length === 0 ? Effect.void : Effect.fail(invalidInput(operation, outcome, problems))
