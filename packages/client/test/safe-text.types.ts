/**
 * No error takes a text that was not made safe, for what a server wrote. Never run: `tsc -b` is the test.
 */
import { PalommaServerError, PayoutTargetCancelled, SafeText, WebhookInboxError } from "@palomma-effect/client"
import { PayoutTargetId, type StatusMessage } from "@palomma-effect/schema"

declare const raw: string
declare const message: StatusMessage
const facts = { operation: "PayoutRequests.create", outcome: "unknown", status: 500 } as const

export const errors = () => [
  new PalommaServerError({ ...facts, serverMessage: SafeText.make(raw) }),
  // @ts-expect-error raw words of the server
  new PalommaServerError({ ...facts, serverMessage: raw }),
  // @ts-expect-error a raw header
  new PalommaServerError({ ...facts, requestId: raw }),
  // @ts-expect-error no outcome
  new PalommaServerError({ ...facts, outcome: "sent" }),

  new PayoutTargetCancelled({ payoutTargetId: SafeText.id(raw) }),
  // @ts-expect-error the id of a record is what a server wrote, too
  new PayoutTargetCancelled({ payoutTargetId: PayoutTargetId.make(raw) }),
  // @ts-expect-error and so is its reason
  new PayoutTargetCancelled({ payoutTargetId: SafeText.id(raw), statusMessage: message }),

  // @ts-expect-error the id of a webhook
  new WebhookInboxError({ webhookId: raw, reason: "the disk is full" })
]
