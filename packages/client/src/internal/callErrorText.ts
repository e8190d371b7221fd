/**
 * The parts of the messages of call errors. A message states what happened, what is known about the effect, and what to
 * do.
 */
import type { InputProblem } from "@palomma-effect/schema"
import type { Outcome } from "../Outcome.ts"
import type * as SafeText from "../SafeText.ts"

interface Answered {
  readonly operation: string
  readonly outcome: Outcome
  readonly status: number
  readonly serverMessage?: SafeText.SafeText
}

// The services that look the record up by themselves, by the operation that moves money.
const lookedUpBy: { readonly [operation: string]: string } = {
  "PayoutRequests.create": " (Payouts.send does that)",
  "PayinRequests.create": " (Payins.charge does that)"
}

/** Returns what is known about the effect. If it is unknown, the look-up comes before any other advice. */
export const outcomeText = ({ operation, outcome }: Pick<Answered, "operation" | "outcome">): string => {
  switch (outcome) {
    case "none":
      return ""
    case "not-sent":
      return " Nothing was sent."
    case "rejected":
      return " The request had no effect."
    case "unknown":
      return (
        " The request may have taken effect. " +
        `Look up the record before you send the request again${lookedUpBy[operation] ?? ""}.`
      )
  }
}

/** Returns what is invalid: the variables or options of a layer, or the input of a call. */
export const invalidText = (operation: string): string => {
  if (operation.endsWith(".layerConfig")) return "the configuration is invalid."
  return /\.layer[A-Za-z]*$/.test(operation) ? "the options of the layer are invalid." : "the input is invalid."
}

/** Returns the message of an error that has the status of a response. */
export const statusText = (error: Answered, advice: string, detail = ""): string =>
  `${error.operation}: Palomma answered ${error.status}` +
  (error.serverMessage === undefined ? "." : `: "${error.serverMessage}".`) +
  `${detail}${outcomeText(error)} ${advice}`

/** Returns how a merchant can declare that a status means rejection, which only Palomma can confirm. */
export const rejectedStatusesAdvice = ({ outcome, status }: Answered): string =>
  outcome === "unknown"
    ? ` If Palomma confirmed to you that ${status} always means rejection, ` +
      "add it to the option rejectedStatuses of the Palomma layer."
    : ""

/** Returns problems as one text: the field and the rule of each. */
export const problemsText = (problems: ReadonlyArray<InputProblem>): string =>
  problems.map(({ field, rule }) => (field === "" ? rule : `${field}: ${rule}`)).join("; ")
