import { StatusMessage } from "@palomma-effect/schema"
import type { SafeText } from "../SafeText.ts"

/** Describes why Palomma cancelled an account: what to do about a known status message, or the unknown status message. */
export const describe = (statusMessage: SafeText | undefined): string => {
  if (statusMessage === undefined) return ""
  return ` ${StatusMessage.isKnown(statusMessage) ? StatusMessage.describe(statusMessage) : `Palomma's reason: ${statusMessage}.`}`
}
