/**
 * The error of a webhook that is refused.
 *
 * @since 0.1.0
 */
import { InputProblem } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"

/**
 * Why a webhook is refused.
 *
 * @category models
 * @since 0.1.0
 */
export type WebhookRejection =
  | "missing-header"
  | "too-large"
  | "malformed-signature"
  | "signature-mismatch"
  | "too-old"
  | "malformed-payload"

interface Reason {
  readonly status: 401 | 431 | 500
  readonly cause: string
  readonly advice: string
}

const reasons: Record<WebhookRejection, Reason> = {
  "missing-header": {
    status: 401,
    cause: "the header X-Encoded-Data or X-Signature is missing.",
    advice:
      "Palomma did not send it, a proxy removed the headers, or your program passed a value that is not a request with " +
      "readable headers."
  },
  "too-large": {
    status: 431,
    cause: "X-Encoded-Data is longer than 65,536 characters. The signature was not checked.",
    advice: "Palomma's events have about 2,000 characters. If Palomma sent it, report it to Palomma."
  },
  "malformed-signature": {
    status: 401,
    cause: "X-Signature is not 64 lower-case hexadecimal digits.",
    advice: "Palomma did not send it, or a proxy changed the header."
  },
  "signature-mismatch": {
    status: 401,
    cause: "X-Signature does not match X-Encoded-Data under any integrity key.",
    advice:
      "Check that the keys are those of this environment (sandbox or production). " +
      "If they are, the sender is not Palomma."
  },
  "too-old": {
    status: 401,
    cause: "the event is older than the tolerance.",
    advice: "Either an old webhook was sent again, or the clock of this machine is ahead: check the clock."
  },
  "malformed-payload": {
    status: 500,
    cause: "Palomma signed it, but the event is not as documented.",
    advice: "Palomma will deliver it again. Read the record from Palomma, and report the fields to Palomma."
  }
}

/**
 * The webhook was refused and was not handled.
 *
 * The error contains nothing from the webhook.
 *
 * @category errors
 * @since 0.1.0
 */
export class WebhookRejected extends Schema.TaggedError<WebhookRejected>()("WebhookRejected", {
  /** Why it was refused. */
  reason: Schema.Literals(Object.keys(reasons) as ReadonlyArray<WebhookRejection>),
  /** The fields that are not as documented, if the reason is `malformed-payload`. Never contains a value. */
  problems: Schema.Array(InputProblem)
}) {
  /** The HTTP status to answer: 401 or 431, or 500 if Palomma signed it, so that it is delivered again. */
  get status(): 401 | 431 | 500 {
    return reasons[this.reason].status
  }
  override get message(): string {
    const { advice, cause } = reasons[this.reason]
    const problems = this.problems.map(({ field, rule }) => ` ${field}: ${rule}.`).join("")
    return `The webhook was refused: ${cause}${problems} It was not handled. ${advice}`
  }
}
