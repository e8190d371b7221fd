import { StatusMessage } from "@palomma-effect/schema"
import type { SafeText } from "../SafeText.ts"

/** Why something was cancelled, for a message: what to do about it if Palomma's word is known, else that word. */
export const describe = (statusMessage: SafeText | undefined): string => {
  if (statusMessage === undefined) return ""
  return ` ${StatusMessage.isKnown(statusMessage) ? StatusMessage.describe(statusMessage) : `Palomma's reason: ${statusMessage}.`}`
}
