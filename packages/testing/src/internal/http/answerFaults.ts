import * as Effect from "effect/Effect"
import type { AnswerFault, Fault, Together } from "../../Fault.ts"
import type { Answer } from "./answer.ts"
import { ListFaults } from "../handlers/pages.ts"
import { rewriteBody } from "./rewrite.ts"

/** What can happen to a request and to the answer on its way. */
export type ConnectionFault = Exclude<Fault, AnswerFault | Together>

const isOfAnswer = (fault: Fault): fault is AnswerFault | Together => {
  switch (fault._tag) {
    case "Rewrite":
    case "Transform":
    case "InsertItem":
    case "Lag":
    case "IgnoreFilters":
    case "RepeatRecord":
    case "EndlessCursor":
    case "Together":
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

/** The slot of a rule's faults: what is wrong with an answer and what happens to its connection can strike one call together. */
export const slotOf = (faults: ReadonlyArray<Fault>): string => (faults.every(isOfAnswer) ? "answer" : "connection")

/** What happens to the connection of a call. */
export const connectionFaultOf = (faults: ReadonlyArray<Fault>): ConnectionFault | undefined =>
  faults.find((fault): fault is ConnectionFault => !isOfAnswer(fault))

/** What is wrong with the answer of a call. */
export const answerFaultsOf = (faults: ReadonlyArray<Fault>): ReadonlyArray<AnswerFault> =>
  faults.filter(isOfAnswer).flatMap((fault) => (fault._tag === "Together" ? fault.faults : [fault]))

/** Lets faults of the answer strike a request as it is answered. */
export const withAnswerFaults = (
  faults: ReadonlyArray<AnswerFault>,
  taken: Effect.Effect<Answer>
): Effect.Effect<Answer> => {
  if (faults.length === 0) return taken
  const ofList = faults.filter((fault) => !isOfBody(fault))
  return Effect.map(Effect.provideService(taken, ListFaults, ofList), (answer) =>
    answer.status === 200 ? { ...answer, body: faults.filter(isOfBody).reduce(rewriteBody, answer.body) } : answer
  )
}

type BodyFault = Parameters<typeof rewriteBody>[1]

const isOfBody = (fault: AnswerFault): fault is BodyFault =>
  fault._tag === "Rewrite" || fault._tag === "Transform" || fault._tag === "InsertItem"
