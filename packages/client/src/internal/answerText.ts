import type { InputProblem } from "@palomma-effect/schema"
import type { Outcome } from "../Outcome.ts"
import type * as SafeText from "../SafeText.ts"

interface Answered {
  readonly operation: string
  readonly outcome: Outcome
  readonly status: number
  readonly serverMessage?: SafeText.SafeText
}

export const knownOf = (outcome: Outcome): string => {
  switch (outcome) {
    case "none":
      return ""
    case "not-sent":
      return " Nothing was sent."
    case "rejected":
      return " It had no effect."
    case "unknown":
      return " It may have taken effect: look it up before you send it again (Payouts.send and Payins.charge do that)."
  }
}

export const answer = (error: Answered, advice: string): string =>
  `${error.operation}: Palomma answered ${error.status}` +
  (error.serverMessage === undefined ? "." : `: "${error.serverMessage}".`) +
  knownOf(error.outcome) +
  ` ${advice}`

// A merchant may know what Palomma does not document: that a status means refusal.
export const rejectedStatusesAdvice = ({ outcome, status }: Answered): string =>
  outcome === "unknown"
    ? ` If Palomma confirmed to you that ${status} always means refusal, name it in the option rejectedStatuses of the Palomma layer.`
    : ""

export const listed = (problems: ReadonlyArray<InputProblem>): string =>
  problems.map(({ field, rule }) => (field === "" ? rule : `${field}: ${rule}`)).join("; ")
