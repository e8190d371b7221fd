/**
 * Validation of faults. Without limits, a mistake in a test could use all memory or never end.
 */
import type { AnswerFault, Fault } from "../../Fault.ts"
import type { WebhookFault } from "../../WebhookFault.ts"
import type { FaultInjection, FaultTiming, WebhookFaultInjection } from "./armed.ts"
import { isBetween, isWhole, type Problems, problemUnless } from "../checks.ts"
import { isNumberTransformation, isTextTransformation } from "../state/transform.ts"

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

const kindProblems = <Kind>(
  kind: Kind | ReadonlyArray<Kind>,
  armed: number,
  problemsOf: (fault: Kind) => Problems
): Problems => {
  const kinds: ReadonlyArray<Kind> = [kind].flat() as ReadonlyArray<Kind>
  return [
    ...problemUnless(armed < maxArmed, `at most ${maxArmed} faults can be armed: clear some first`),
    ...problemUnless(
      isBetween(kinds.length, 1, maxArmed),
      `kind must be a fault, or a list of 1 to ${maxArmed} faults`
    ),
    ...kinds.slice(0, maxArmed).flatMap(problemsOf)
  ]
}

const faultProblems = (fault: Fault): Problems => {
  switch (fault._tag) {
    case "Cut":
      return problemUnless(isBetween(fault.keep, 0, 1), "keep must be a number from 0 to 1")
    case "All":
      return fault.faults.length > maxArmed
        ? [`faults must be a list of at most ${maxArmed} faults`]
        : fault.faults.flatMap(answerProblems)
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
  ...timingProblems(injection),
  ...kindProblems(injection.kind, armed, faultProblems)
]

/** Checks a fault of webhooks before it is armed. `armed` is the number of those that are armed already. */
export const webhookInjectionProblems = (injection: WebhookFaultInjection, armed: number): Problems => [
  ...timingProblems(injection),
  ...kindProblems(injection.kind, armed, webhookFaultProblems)
]
