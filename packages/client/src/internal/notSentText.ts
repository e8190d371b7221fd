/**
 * How the errors of a transfer describe the error of a call: what happened, and what has to be corrected.
 */
import type { CallError } from "../PalommaError.ts"

/** The advice after a wrong key. */
export const checkKey = "Check the API key and that it belongs to this environment"

/**
 * Returns what happened.
 *
 * Palomma's message may contain the account or the amount, so only the status is shown.
 */
export const happened = (cause: CallError): string =>
  "status" in cause && cause._tag !== "PalommaInvalidResponse"
    ? `${cause.operation}: Palomma answered ${cause.status} (its message is in the cause).`
    : cause.message.replace(/[^.]$/, "$&.")

/** Returns what has to be corrected before the call can succeed, or `undefined` if a later call may succeed. */
export const correctionOf = (cause: CallError): string | undefined => {
  switch (cause._tag) {
    case "PalommaUnauthorized":
      return checkKey
    case "PalommaBadRequest":
      return "Find out why Palomma rejects this call"
    case "PalommaUnexpectedStatus":
      // 408: a gateway waited too long for the request.
      return cause.status === 408 ? undefined : "Check the base URL, and any proxy or gateway between you and Palomma"
    case "PalommaConnectionError":
      // The message above names what to check.
      return cause.reason === "tls" || cause.reason === "redirect" ? "Correct this" : undefined
    case "PalommaInvalidInput":
      return "Correct this"
    case "PalommaInvalidResponse":
      return cause.defect === "cut-short" || cause.defect === "not-json"
        ? undefined
        : "Check the base URL, and whether Palomma changed its responses"
    case "PalommaRateLimited":
    case "PalommaServerError":
    case "PalommaTimeout":
      return undefined
  }
}
