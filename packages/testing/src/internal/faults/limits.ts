/**
 * How much of anything can be armed: more would be a mistake, and stop the simulator.
 */
import type { AnswerFault, Fault } from "../../Fault.ts"
import type { WebhookFault } from "../../WebhookFault.ts"
import type { Injection, Timing, WebhookInjection } from "./armed.ts"
import { isBetween, isWhole, type Problems, unless } from "../checks.ts"
import { isNumberTransformation, isTextTransformation } from "../state/transform.ts"

const mostCalls = 1_000_000
const mostArmed = 1_000
const mostCopies = 100
const mostOvertaking = 1_000

const timingProblems = ({ nth, rate, times }: Timing): Problems => [
  ...unless(nth === undefined || isWhole(nth, 1, mostCalls), `nth must be a whole number from 1 to ${mostCalls}`),
  ...unless(times === undefined || isWhole(times, 1, mostCalls), `times must be a whole number from 1 to ${mostCalls}`),
  ...unless(rate === undefined || isBetween(rate, 0, 1), "rate must be a number from 0 to 1")
]

const severalProblems = <Kind>(
  kind: Kind | ReadonlyArray<Kind>,
  armed: number,
  problemsOf: (one: Kind) => Problems
): Problems => {
  const kinds: ReadonlyArray<Kind> = [kind].flat() as ReadonlyArray<Kind>
  return [
    ...unless(armed < mostArmed, `no more than ${mostArmed} faults can be armed`),
    ...unless(isBetween(kinds.length, 1, mostArmed), `kind must be a fault, or a list of 1 to ${mostArmed} faults`),
    ...kinds.slice(0, mostArmed).flatMap(problemsOf)
  ]
}

const faultProblems = (fault: Fault): Problems => {
  switch (fault._tag) {
    case "Cut":
      return unless(isBetween(fault.keep, 0, 1), "keep must be a number from 0 to 1")
    case "Together":
      return fault.faults.length > mostArmed
        ? [`no more than ${mostArmed} faults can strike together`]
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
      return unless(
        isTextTransformation(fault.as) || isNumberTransformation(fault.as),
        'a transformation must be one of a text, such as "trim" or { cut: 16 }, or of a number, such as { add: -500 }'
      )
    case "Rewrite":
      return unless(fault.item === undefined || isWhole(fault.item, 0), "item must be a whole number, not negative")
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
      return unless(isWhole(fault.copies, 1, mostCopies), `copies must be a whole number from 1 to ${mostCopies}`)
    case "Overtaken":
      return unless(isWhole(fault.by, 1, mostOvertaking), `by must be a whole number from 1 to ${mostOvertaking}`)
    case "Lose":
    case "Delay":
    case "BadSignature":
      return []
  }
}

/** What is wrong with a fault that is to be armed beside so many others. */
export const injectionProblems = (injection: Injection, armed: number): Problems => [
  ...timingProblems(injection),
  ...severalProblems(injection.kind, armed, faultProblems)
]

/** What is wrong with a fault of webhooks that is to be armed beside so many others. */
export const webhookInjectionProblems = (injection: WebhookInjection, armed: number): Problems => [
  ...timingProblems(injection),
  ...severalProblems(injection.kind, armed, webhookFaultProblems)
]
