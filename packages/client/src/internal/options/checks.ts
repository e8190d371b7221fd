/**
 * The checks of options. A program without types passes anything, and an option that is wrong must be an error before anything is
 * sent, never a defect later. So options are copied before they are checked: what a getter says later changes nothing.
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

/** Stands where reading threw. */
const unreadable = Symbol("unreadable")

const orUnreadable = (read: () => unknown): unknown => {
  try {
    return read()
  } catch {
    // What a getter or a proxy throws is the caller's, and may be anything: it is not repeated.
    return unreadable
  }
}

/** How many members a list may have, and how many objects and lists a value. */
const maxMembers = 10_000

// Fields of its own, and what the class of an instance computes.
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

// A value that stands in many places, or in itself, is copied once: without that, a request object of a web server has no end.
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

/** A copy of what is data in a value, each field of which was read once. A hole of a list is an `undefined` member of its copy. */
export const copy = (value: unknown): unknown => copyOnce(value, new Map())

/** A copy of options, of which some hold data and the others are kept as they are. */
export const copyOf = (value: unknown, data: ReadonlyArray<string>): unknown =>
  orUnreadable(() =>
    Predicate.isObject(value) ? copyFields(value, (field, name) => (data.includes(name) ? copy(field) : field)) : value
  )

const notRead = (field: string): Problems => problem(field, "unreadable", "must be readable; reading it threw")

/** What is wrong with the fields of an option that is an object, those that are no option of it included. */
export const object = (
  field: string,
  value: unknown,
  known: ReadonlyArray<string>,
  check: (fields: { readonly [key: string]: unknown }) => Problems
): Problems => {
  if (value === undefined) return none
  if (value === unreadable) return notRead(field)
  if (!Predicate.isObject(value)) return problem(field, "object", "must be an object")
  // A misspelt option would be ignored in silence.
  const unknown = Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      field: path(field, /^[A-Za-z]{1,40}$/.test(name) ? name : "?"),
      code: "unknown-field",
      rule: `is not an option; the options are: ${known.join(", ")}`
    }))
  const fields = Object.fromEntries(known.map((name) => [name, value[name]]))
  const lost = known.filter((name) => fields[name] === unreadable).map((name) => path(field, name))
  const found = check(fields).filter((problem) => !lost.includes(problem.field))
  return [...unknown, ...lost.flatMap(notRead), ...found]
}

/** The path of a field below another one. */
export const path = (at: string, name: string): string => (at === "" ? name : `${at}.${name}`)

/** The longest time that an option may name: a timer of more than 24 days ends at once on some runtimes. */
const longest = Duration.days(1)

const units = ["weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"]

// `Duration` reads what is no number, and an object without units, as zero.
const isDurationInput = (value: unknown): value is Duration.Input => {
  if (typeof value === "number") return Number.isFinite(value)
  if (Array.isArray(value)) return value.length === 2 && value.every(Number.isFinite)
  if (!Predicate.isObject(value)) return typeof value === "bigint" || typeof value === "string"
  if (Duration.isDuration(value)) return true
  const given = Object.entries(value).filter(([, amount]) => amount !== undefined)
  return given.length > 0 && given.every(([unit, amount]) => units.includes(unit) && Number.isFinite(amount))
}

/** The shortest time that an option may name: timers and the wall clock count no less, so a shorter one is over before it begins. */
const shortest = Duration.millis(1)

/** A duration, as `Duration.Input`, of a millisecond or more (or from zero, if that is allowed) and at most a day or `atMost`. */
export const duration = (
  field: string,
  value: unknown,
  options: { readonly allowsZero?: boolean; readonly atMost?: Duration.Duration } = {}
): Problems => {
  if (value === undefined) return none
  const { allowsZero = false, atMost = longest } = options
  const atLeast = allowsZero ? Duration.zero : shortest
  const parsed = isDurationInput(value) ? Duration.fromInput(value) : Option.none<Duration.Duration>()
  return Option.isSome(parsed) && Duration.between(parsed.value, { minimum: atLeast, maximum: atMost })
    ? none
    : problem(
        field,
        "duration",
        `must be a duration, such as "5 seconds", ${allowsZero ? "not negative" : "at least 1ms"} and at most ${Duration.format(atMost)}`
      )
}

/** A whole number within bounds. */
export const wholeNumber = (field: string, value: unknown, least: number, most: number): Problems =>
  value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most)
    ? none
    : problem(field, "whole-number", `must be a whole number from ${least} to ${most}`)

/** A number that is finite. */
export const finite = (field: string, value: unknown): Problems =>
  value === undefined || Number.isFinite(value) ? none : problem(field, "number", "must be a finite number")

/** `true` or `false`. */
export const boolean = (field: string, value: unknown): Problems =>
  value === undefined || typeof value === "boolean" ? none : problem(field, "boolean", "must be true or false")

/** A text of at least one character. */
export const nonEmpty = (field: string, value: unknown): Problems =>
  value === undefined || (typeof value === "string" && value !== "")
    ? none
    : problem(field, "non-empty", "must be a non-empty string")

/** A secret wrapped by `Redacted.make`, whose text is right. */
export const secret = (field: string, value: unknown, isRight: (text: string) => boolean, rule: string): Problems => {
  // One that was wiped has no value, and throws.
  const text = orUnreadable(() => (Redacted.isRedacted(value) ? Redacted.value(value) : undefined))
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
  if (!Array.isArray(value) || value.length > maxMembers) {
    return problem(field, "list", `must be a list of at most ${maxMembers} members`)
  }
  return value.flatMap((member: unknown, index) =>
    isRight(member) ? none : problem(path(field, String(index)), code, rule)
  )
}

/** Fails with all problems at once, if there are any. */
export const refuse = (
  operation: string,
  outcome: "none" | "not-sent",
  problems: Problems
): Effect.Effect<void, PalommaInvalidInput> =>
  problems.length === 0 ? Effect.void : Effect.fail(invalidInput(operation, outcome, problems))
