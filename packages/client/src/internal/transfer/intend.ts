/**
 * Transfers that a worker carries: they are added to the journal, or marked there. Nothing is sent.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Transfer } from "../../Transfer.ts"
import type { TransferConflict, TransferInvalidState, TransferJournalError } from "../../TransferError.ts"
import { unwritten } from "./change.ts"
import { requireRow } from "./decide.ts"
import { conflict, type Intent, invalidState, maxReads, type Sender } from "./sender.ts"

/** Writes the transfer, so that a worker carries it to its end. */
export const intend = Effect.fnUntraced(function* (
  sender: Sender,
  intent: Intent
): Effect.fn.Return<Transfer, TransferConflict | TransferInvalidState | TransferJournalError> {
  const { api, store } = sender
  const { reference } = intent
  const key = { namespace: store.namespace, kind: api.kind, reference }
  // A new transfer is the common case, so the row is inserted without a read before.
  let row = unwritten(key, intent, yield* Clock.currentTimeMillis)
  for (let reads = 0; reads < maxReads; reads++) {
    const applied = yield* store.apply(row, { _tag: "carried", version: row.version, content: intent })
    row = applied.row
    if (applied.step._tag !== "Refused") return row
    if (applied.step.reason === "content") return yield* conflict(row, "journal")
    if (applied.step.reason === "state") return yield* invalidState(sender, "intend", reference, "wrong-state", row)
  }
  return yield* invalidState(sender, "intend", reference, "changed-since", row)
})

/** Records that the program was told of the present version of a transfer. */
export const markTold = Effect.fnUntraced(function* (
  sender: Sender,
  reference: string,
  version: number
): Effect.fn.Return<Transfer, TransferInvalidState | TransferJournalError> {
  const found = yield* requireRow(sender, "markTold", reference)
  const { row, step } = yield* sender.store.apply(found, { _tag: "told", version })
  return step._tag === "Refused" ? yield* invalidState(sender, "markTold", reference, "changed-since", row) : row
})
