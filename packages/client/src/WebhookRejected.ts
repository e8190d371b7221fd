/**
 * Why a webhook is refused.
 *
 * @since 0.1.0
 */
import { InputProblem } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"

const reasons = {
  MissingHeader: {
    status: 401,
    text:
      "X-Encoded-Data or X-Signature is missing. Palomma did not send it, a proxy removed the headers, or what was passed in is " +
      "not a request with readable headers."
  },
  TooLarge: {
    status: 431,
    text: "X-Encoded-Data is longer than 65,536 characters. The signature was not checked."
  },
  MalformedSignature: {
    status: 401,
    text: "X-Signature is not 64 lower-case hexadecimal digits. Palomma did not send it, or a proxy changed the header."
  },
  SignatureMismatch: {
    status: 401,
    text:
      "X-Signature does not match X-Encoded-Data under any integrity key. Check that the keys are those of this environment " +
      "(sandbox or production). If they are, the sender is not Palomma."
  },
  TooOld: {
    status: 401,
    text: "it is older than the tolerance. An old webhook was sent again, or this machine's clock is ahead."
  },
  MalformedPayload: {
    status: 500,
    text:
      "Palomma signed it, but it is not as Palomma documents. Palomma delivers it again; read the record by its operation, and " +
      "report the fields."
  }
} as const

/**
 * Why a webhook is refused.
 *
 * @category models
 * @since 0.1.0
 */
export type WebhookRejection = keyof typeof reasons

/**
 * A webhook was refused, and nothing was done with it.
 *
 * Holds nothing of what it says.
 *
 * @category errors
 * @since 0.1.0
 */
export class WebhookRejected extends Schema.TaggedError<WebhookRejected>()("WebhookRejected", {
  /** Why it was refused. */
  reason: Schema.Literals(Object.keys(reasons) as ReadonlyArray<WebhookRejection>),
  /** What is not as documented, if the reason is `MalformedPayload`. Never holds a value. */
  problems: Schema.Array(InputProblem)
}) {
  /** The HTTP status to answer: 401 or 431, or 500 if Palomma signed it, so that it is delivered again. */
  get status(): 401 | 431 | 500 {
    return reasons[this.reason].status
  }
  override get message(): string {
    const where = this.problems.map(({ field, rule }) => ` ${field}: ${rule}.`).join("")
    return `The webhook was refused, and nothing was done with it: ${reasons[this.reason].text}${where}`
  }
}
