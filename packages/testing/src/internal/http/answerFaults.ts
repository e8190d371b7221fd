/**
 * Faults of the response, as opposed to faults of the connection.
 */
import * as Effect from "effect/Effect"
import type { All, AnswerFault, Fault } from "../../Fault.ts"
import type { Answer } from "./answer.ts"
import { ListFaults } from "../handlers/pages.ts"
import { rewriteBody } from "./rewrite.ts"

/** A fault of the connection. */
export type ConnectionFault = Exclude<Fault, AnswerFault | All>

const isAnswerFault = (fault: Fault): fault is AnswerFault | All => {
  switch (fault._tag) {
    case "Rewrite":
    case "Transform":
    case "InsertItem":
    case "Lag":
    case "IgnoreFilters":
    case "RepeatRecord":
    case "EndlessCursor":
    case "All":
      return true
    case "Respond":
    case "Refuse":
    case "Drop":
    case "Cut":
    case "Hang":
    case "Slow":
      return false
  }
}

/** Returns the slot of a rule. One call can get both a fault of the response and a fault of the connection. */
export const slotOf = (faults: ReadonlyArray<Fault>): string => (faults.every(isAnswerFault) ? "answer" : "connection")

/** Finds the fault of the connection. */
export const connectionFaultOf = (faults: ReadonlyArray<Fault>): ConnectionFault | undefined =>
  faults.find((fault): fault is ConnectionFault => !isAnswerFault(fault))

/** Finds the faults of the response. */
export const answerFaultsOf = (faults: ReadonlyArray<Fault>): ReadonlyArray<AnswerFault> =>
  faults.filter(isAnswerFault).flatMap((fault) => (fault._tag === "All" ? fault.faults : [fault]))

/** Applies the faults of the response to a request that takes effect. */
export const withAnswerFaults = (
  faults: ReadonlyArray<AnswerFault>,
  handled: Effect.Effect<Answer>
): Effect.Effect<Answer> => {
  if (faults.length === 0) return handled
  const listFaults = faults.filter((fault) => !isBodyFault(fault))
  return Effect.map(Effect.provideService(handled, ListFaults, listFaults), (answer) =>
    answer.status === 200 ? { ...answer, body: faults.filter(isBodyFault).reduce(rewriteBody, answer.body) } : answer
  )
}

type BodyFault = Parameters<typeof rewriteBody>[1]

// A `switch` without a default, so that a new fault does not compile until this decides about it.
const isBodyFault = (fault: AnswerFault): fault is BodyFault => {
  switch (fault._tag) {
    case "Rewrite":
    case "Transform":
    case "InsertItem":
      return true
    case "Lag":
    case "IgnoreFilters":
    case "RepeatRecord":
    case "EndlessCursor":
      return false
  }
}
