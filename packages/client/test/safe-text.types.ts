/**
 * No error accepts unsafe text from a server. Never run: `tsc -b` is the test.
 */
import { PalommaServerError, PayoutTargetCancelled, SafeText, WebhookInboxError } from "@palomma-effect/client"
import { PayoutTargetId, type StatusMessage } from "@palomma-effect/schema"

declare const raw: string
declare const message: StatusMessage
const facts = { operation: "PayoutRequests.create", outcome: "unknown", status: 500 } as const

export const errors = () => [
  new PalommaServerError({ ...facts, serverMessage: SafeText.make(raw) }),
  // @ts-expect-error raw text of the server
  new PalommaServerError({ ...facts, serverMessage: raw }),
  // @ts-expect-error a raw header
  new PalommaServerError({ ...facts, requestId: raw }),
  // @ts-expect-error an unknown outcome
  new PalommaServerError({ ...facts, outcome: "sent" }),

  new PayoutTargetCancelled({ payoutTargetId: SafeText.id(raw) }),
  // @ts-expect-error the id of a record comes from a server, too
  new PayoutTargetCancelled({ payoutTargetId: PayoutTargetId.make(raw) }),
  // @ts-expect-error and so does its reason
  new PayoutTargetCancelled({ payoutTargetId: SafeText.id(raw), statusMessage: message }),

  // @ts-expect-error the id of a webhook
  new WebhookInboxError({ webhookId: raw, reason: "the disk is full" })
]
