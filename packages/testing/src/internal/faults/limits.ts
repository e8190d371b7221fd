/**
 * Validation of faults. Without limits, a mistake in a test could use all memory or never end.
 */
import { WebhookEventType } from "@palomma-effect/schema/WebhookEvent"
import * as Predicate from "effect/Predicate"
import type { AnswerFault, Fault } from "../../Fault.ts"
import type { WebhookFault } from "../../WebhookFault.ts"
import type { FaultInjection, FaultTiming, WebhookFaultInjection } from "./armed.ts"
import { isBetween, isWhole, type Problems, problemUnless, unknownFields, unknownName } from "../checks.ts"
import { operations } from "../operations.ts"
import { isNumberTransformation, isTextTransformation } from "../state/transform.ts"

const timingNames: ReadonlyArray<string> = ["nth", "times", "rate", "kind"]

// Only a cast, or a program without types, can pass another name. Such a fault would never happen.
const namesProblems = (
  what: string,
  names: string | ReadonlyArray<string> | undefined,
  known: ReadonlyArray<string>
): Problems =>
  (names === undefined ? [] : [names].flat())
    .filter((name) => !known.includes(name))
    .map((name) => `${unknownName(what, name, known)} (the ${what}s are ${known.join(", ")})`)

const maxCalls = 1_000_000
const maxArmed = 1_000
const maxCopies = 100
const maxReorder = 1_000

const timingProblems = ({ nth, rate, times }: FaultTiming): Problems => [
  ...problemUnless(nth === undefined || isWhole(nth, 1, maxCalls), `nth must be a whole number from 1 to ${maxCalls}`),
  ...problemUnless(
    times === undefined || isWhole(times, 1, maxCalls),
    `times must be a whole number from 1 to ${maxCalls}`
  ),
  ...problemUnless(rate === undefined || isBetween(rate, 0, 1), "rate must be a number from 0 to 1")
]

// Also for a value that is no fault, such as a constructor that was not called.
const problemsOfFault = <Kind extends object>(
  fault: Kind,
  example: string,
  problemsOf: (fault: Kind) => Problems | undefined
): Problems =>
  (Predicate.hasProperty(fault, "_tag") ? problemsOf(fault) : undefined) ?? [
    `kind must be made by a constructor, such as ${example}`
  ]

const kindProblems = <Kind extends object>(
  kind: Kind | ReadonlyArray<Kind>,
  armed: number,
  example: string,
  problemsOf: (fault: Kind) => Problems
): Problems => {
  const kinds: ReadonlyArray<Kind> = [kind].flat() as ReadonlyArray<Kind>
  return [
    ...problemUnless(armed < maxArmed, `at most ${maxArmed} faults can be armed: clear some first`),
    ...problemUnless(
      isBetween(kinds.length, 1, maxArmed),
      `kind must be a fault, or a list of 1 to ${maxArmed} faults`
    ),
    ...kinds.slice(0, maxArmed).flatMap((fault) => problemsOfFault(fault, example, problemsOf))
  ]
}

const faultProblems = (fault: Fault): Problems => {
  switch (fault._tag) {
    case "Cut":
      return problemUnless(isBetween(fault.keep, 0, 1), "keep must be a number from 0 to 1")
    case "All":
      return fault.faults.length > maxArmed
        ? [`faults must be a list of at most ${maxArmed} faults`]
        : fault.faults.flatMap((one) => problemsOfFault(one, 'Fault.lag("1 minute")', answerProblems))
    case "Transform":
    case "Rewrite":
    case "InsertItem":
    case "Lag":
    case "IgnoreFilters":
    case "RepeatRecord":
    case "EndlessCursor":
      return answerProblems(fault)
    case "Respond":
    case "Refuse":
    case "Drop":
    case "Hang":
    case "Slow":
      return []
  }
}

const answerProblems = (fault: AnswerFault): Problems => {
  switch (fault._tag) {
    case "Transform":
      return problemUnless(
        isTextTransformation(fault.as) || isNumberTransformation(fault.as),
        'as must be a transformation of a text, such as "trim" or { cut: 16 }, or of a number, such as { add: -500 }'
      )
    case "Rewrite":
      return problemUnless(fault.item === undefined || isWhole(fault.item, 0), "item must be a whole number, 0 or more")
    case "InsertItem":
    case "Lag":
    case "IgnoreFilters":
    case "RepeatRecord":
    case "EndlessCursor":
      return []
  }
}

const webhookFaultProblems = (fault: WebhookFault): Problems => {
  switch (fault._tag) {
    case "Duplicate":
      return problemUnless(isWhole(fault.copies, 1, maxCopies), `copies must be a whole number from 1 to ${maxCopies}`)
    case "Reorder":
      return problemUnless(isWhole(fault.by, 1, maxReorder), `by must be a whole number from 1 to ${maxReorder}`)
    case "Lose":
    case "Delay":
    case "BadSignature":
      return []
  }
}

/** Checks a fault before it is armed. `armed` is the number of faults that are armed already. */
export const injectionProblems = (injection: FaultInjection, armed: number): Problems => [
  ...unknownFields(injection, ["operation", "containing", ...timingNames]),
  ...namesProblems("operation", injection.operation, operations),
  ...timingProblems(injection),
  ...kindProblems(injection.kind, armed, "Fault.drop()", faultProblems)
]

/** Checks a fault of webhooks before it is armed. `armed` is the number of those that are armed already. */
export const webhookInjectionProblems = (injection: WebhookFaultInjection, armed: number): Problems => [
  ...unknownFields(injection, ["eventType", ...timingNames]),
  ...namesProblems(
    "eventType",
    injection.eventType === undefined ? undefined : WebhookEventType.raw(injection.eventType),
    WebhookEventType.values
  ),
  ...timingProblems(injection),
  ...kindProblems(injection.kind, armed, "WebhookFault.duplicate()", webhookFaultProblems)
]
