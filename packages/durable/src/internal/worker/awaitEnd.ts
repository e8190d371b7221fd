/**
 * Waiting for the end of a transfer: it reads the journal, and makes no request.
 */
import type { PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import type { Transfer, TransferKind } from "@palomma-effect/client/Transfer"
import { TransferInvalidState, type TransferJournalError } from "@palomma-effect/client/TransferError"
import type { TransferOperations } from "@palomma-effect/client/TransferService"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { endStates } from "../transfersTable.ts"

const firstPause = Duration.millis(50)
const longestPause = Duration.seconds(5)

/** Waits until a transfer has ended or was rejected. */
export const awaitEnd = Effect.fnUntraced(function* (
  { find }: Pick<TransferOperations, "find">,
  { kind, reference }: { readonly kind: TransferKind; readonly reference: string }
): Effect.fn.Return<Transfer, TransferInvalidState | TransferJournalError | PalommaInvalidInput> {
  let pause = firstPause
  while (true) {
    const row = yield* find(reference)
    if (Option.isNone(row)) {
      return yield* new TransferInvalidState({
        operation: "Durable.await",
        kind,
        reference,
        reason: "unknown-reference",
        records: []
      })
    }
    if (endStates.includes(row.value.state)) return row.value
    yield* Effect.sleep(pause)
    pause = Duration.min(Duration.times(pause, 1.5), longestPause)
  }
})
