/**
 * Transfers that another program sent, or may have sent: they are added to the journal in doubt. Nothing is sent.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Transfer } from "../../Transfer.ts"
import type { TransferConflict, TransferInvalidState, TransferJournalError } from "../../TransferError.ts"
import { unwritten } from "./change.ts"
import * as Claim from "./claim.ts"
import { mustNotBeOfAnother } from "./decide.ts"
import { isSameContent } from "./samePayment.ts"
import { conflict, type Intent, invalidState, maxReads, type Sender } from "./sender.ts"

const sentByOthers = "Another program sent the transfer, or may have sent it."

/**
 * Adds a transfer in doubt. It takes a claim that no process sends with, and loses its answer: every crash in between
 * leaves a row that is looked up and not sent.
 */
export const adopt = Effect.fnUntraced(function* (
  sender: Sender,
  intent: Intent,
  recordId: string | undefined
): Effect.fn.Return<Transfer, TransferConflict | TransferInvalidState | TransferJournalError> {
  const { api, store } = sender
  const { reference } = intent
  if (recordId !== undefined) yield* mustNotBeOfAnother(sender, "adopt", reference, recordId)
  const key = { namespace: store.namespace, kind: api.kind, reference }
  for (let reads = 0; reads < maxReads; reads++) {
    const found = yield* store.find(reference)
    const row = Option.isSome(found) ? found.value : unwritten(key, intent, yield* Clock.currentTimeMillis)
    if (!isSameContent(row, intent)) return yield* conflict(row, "journal")
    // A person decided that this record is another payment.
    const ruledOut = row.notOurs.filter((id) => id === recordId)
    if (ruledOut.length > 0) {
      return yield* invalidState(sender, "adopt", reference, "record-of-another", row, { records: ruledOut })
    }
    const claim = yield* Claim.newId
    const taken = yield* store.apply(row, { _tag: "adopted", claim: { id: claim } })
    // Another process has changed the row since it was read.
    if (taken.step._tag === "Refused") continue
    const lost = { _tag: "answerLost", claim, recordId, error: sentByOthers } as const
    const { row: adopted } = yield* store.apply(taken.row, lost)
    if (adopted.state === "sending") {
      // The request of another process may still be proven to have had no effect. That proof says nothing about the
      // other program, so the row must be put in doubt after it.
      yield* Claim.awaitEnd(sender, adopted)
    } else if (adopted.state !== "intended" && adopted.state !== "rejected") {
      return isSameContent(adopted, intent) ? adopted : yield* conflict(adopted, "journal")
    }
  }
  return yield* invalidState(sender, "adopt", reference, "changed-since")
})
