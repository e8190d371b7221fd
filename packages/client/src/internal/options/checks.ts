/**
 * Checks options. A program without types can pass any value, and an invalid option must be an error before anything is
 * sent, never a defect later. Options are copied before they are checked, so that a getter cannot change them
 * afterwards.
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { PalommaInvalidInput } from "../../PalommaError.ts"

/** How many problems an error lists. */
const maxProblems = 20

/** Makes the error of an input with these problems. */
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

/** The copy of a value whose reading threw. */
const unreadable = Symbol("unreadable")

const orUnreadable = (read: () => unknown): unknown => {
  try {
    return read()
  } catch {
    // The thrown value is not repeated, because it may hold data of the caller.
    return unreadable
  }
}

/** How many members a list may have, and how many objects and lists a value may contain. */
const maxMembers = 10_000

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

const copyFields = (value: object, copyField: (value: unknown, name: string) => unknown): object =>
  Object.fromEntries(
    namesIn(value).map((name) => [name, orUnreadable(() => copyField(Reflect.get(value, name), name))])
  )

// Each object is copied once. An object that contains itself, such as a request of a web server, would be copied
// without end.
const copyOnce = (value: unknown, copies: Map<object, unknown>): unknown =>
  orUnreadable(() => {
    if (!Predicate.isObject(value) && !Array.isArray(value)) return value
    if (Duration.isDuration(value) || Redacted.isRedacted(value)) return value
    if (Array.isArray(value) && value.length > maxMembers) return value
    if (copies.has(value)) return copies.get(value)
    if (copies.size >= maxMembers) return unreadable
    copies.set(value, unreadable)
    const copied = Array.isArray(value)
      ? Array.from(value, (member: unknown) => copyOnce(member, copies))
      : copyFields(value, (field) => copyOnce(field, copies))
    copies.set(value, copied)
    return copied
  })

/** Copies a value deeply and reads each field once. A hole of a list becomes `undefined`. */
export const copy = (value: unknown): unknown => copyOnce(value, new Map())

/** Copies options. The fields named in `data` are copied deeply; the others keep their values. */
export const copyOf = (value: unknown, data: ReadonlyArray<string>): unknown =>
  orUnreadable(() =>
    Predicate.isObject(value) ? copyFields(value, (field, name) => (data.includes(name) ? copy(field) : field)) : value
  )

const unreadableProblem = (field: string): Problems =>
  problem(field, "unreadable", "must be readable; reading it threw an error")

/** Returns the problems of an option that is an object. Unknown fields are problems too. */
export const object = (
  field: string,
  value: unknown,
  known: ReadonlyArray<string>,
  check: (fields: { readonly [key: string]: unknown }) => Problems
): Problems => {
  if (value === undefined) return none
  if (value === unreadable) return unreadableProblem(field)
  if (!Predicate.isObject(value)) return problem(field, "object", "must be an object")
  // Otherwise a misspelt option would be ignored.
  const unknown = Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      field: path(field, /^[A-Za-z]{1,40}$/.test(name) ? name : "?"),
      code: "unknown-field",
      rule: `is not an option; the options are: ${known.join(", ")}`
    }))
  const fields = Object.fromEntries(known.map((name) => [name, value[name]]))
  const unreadables = known.filter((name) => fields[name] === unreadable).map((name) => path(field, name))
  const others = check(fields).filter((problem) => !unreadables.includes(problem.field))
  return [...unknown, ...unreadables.flatMap(unreadableProblem), ...others]
}

/** Returns the path of a field of an option. */
export const path = (at: string, name: string): string => (at === "" ? name : `${at}.${name}`)

/** The default upper bound of a duration. On some runtimes, a timer of more than 24 days ends immediately. */
const defaultMaximum = Duration.days(1)

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

/** The shortest duration except zero. Timers and the wall clock count whole milliseconds. */
const shortest = Duration.millis(1)

/** Checks a `Duration.Input` of at least a millisecond (or zero, if allowed) and at most a day or `atMost`. */
export const duration = (
  field: string,
  value: unknown,
  options: { readonly allowsZero?: boolean; readonly atMost?: Duration.Duration } = {}
): Problems => {
  if (value === undefined) return none
  const { allowsZero = false, atMost = defaultMaximum } = options
  const atLeast = allowsZero ? Duration.zero : shortest
  const parsed = isDurationInput(value) ? Duration.fromInput(value) : Option.none<Duration.Duration>()
  return Option.isSome(parsed) && Duration.between(parsed.value, { minimum: atLeast, maximum: atMost })
    ? none
    : problem(
        field,
        "duration",
        `must be a duration, such as "5 seconds", ${allowsZero ? "not negative" : "at least 1ms"} ` +
          `and at most ${Duration.format(atMost)}`
      )
}

/** Checks a whole number within bounds. */
export const wholeNumber = (field: string, value: unknown, least: number, most: number): Problems =>
  value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most)
    ? none
    : problem(field, "whole-number", `must be a whole number from ${least} to ${most}`)

/** Checks a finite number. */
export const finite = (field: string, value: unknown): Problems =>
  value === undefined || Number.isFinite(value) ? none : problem(field, "number", "must be a finite number")

/** Checks a boolean. */
export const boolean = (field: string, value: unknown): Problems =>
  value === undefined || typeof value === "boolean" ? none : problem(field, "boolean", "must be true or false")

/** Checks a text of at least one character. */
export const nonEmpty = (field: string, value: unknown): Problems =>
  value === undefined || (typeof value === "string" && value !== "")
    ? none
    : problem(field, "non-empty", "must be a non-empty string")

/** Checks a secret that is wrapped by `Redacted.make`. */
export const secret = (field: string, value: unknown, isValid: (text: string) => boolean, rule: string): Problems => {
  // `Redacted.value` throws if the secret was wiped.
  const text = orUnreadable(() => (Redacted.isRedacted(value) ? Redacted.value(value) : undefined))
  if (typeof text !== "string") return problem(field, "secret", "must be a text wrapped by Redacted.make")
  if (isValid(text)) return none
  // A file often ends with a line break, and so does a key that was read from it.
  const isPadded = text.trim() !== "" && text.trim() !== text
  return isPadded
    ? problem(field, "secret-blank", "begins or ends with a space or a line break: remove it")
    : problem(field, "secret", rule)
}

/** Checks a list and each of its members. */
export const list = (
  field: string,
  value: unknown,
  isValid: (member: unknown) => boolean,
  code: string,
  rule: string
): Problems => {
  if (value === undefined) return none
  if (!Array.isArray(value) || value.length > maxMembers) {
    return problem(field, "list", `must be a list of at most ${maxMembers} members`)
  }
  return value.flatMap((member: unknown, index) =>
    isValid(member) ? none : problem(path(field, String(index)), code, rule)
  )
}

/** Fails with one error that lists all problems, if there are any. */
export const refuse = (
  operation: string,
  outcome: "none" | "not-sent",
  problems: Problems
): Effect.Effect<void, PalommaInvalidInput> =>
  problems.length === 0 ? Effect.void : Effect.fail(invalidInput(operation, outcome, problems))
