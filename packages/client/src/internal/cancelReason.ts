import { StatusMessage } from "@palomma-effect/schema"
import type { SafeText } from "../SafeText.ts"

/** Returns why Palomma cancelled an account, and what to do. A known reason has its own advice. */
export const describe = (statusMessage: SafeText | undefined): string => {
  if (statusMessage === undefined) return "Register the account again."
  return StatusMessage.isKnown(statusMessage)
    ? StatusMessage.describe(statusMessage)
    : `Palomma's reason: ${statusMessage}. Register the account again.`
}
