/**
 * What the parts of a worker share.
 */
import type { Transfer, TransferKind } from "@palomma-effect/client/Transfer"
import type { TransferOperations } from "@palomma-effect/client/TransferService"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Backend } from "./backend.ts"
import type { LimitedLog } from "./limitedLog.ts"

/** What a worker works with. */
export interface Worker<E, R> {
  readonly backend: Backend
  readonly transfers: Readonly<Record<TransferKind, TransferOperations>>
  /** Tells the program of a transfer. */
  readonly onEnd: ((transfer: Transfer) => Effect.Effect<unknown, E, R>) | undefined
  readonly onEndTimeout: Duration.Duration
  /** Logs what can fail many times for one reason. */
  readonly warn: LimitedLog
}

/** Returns the name of a transfer in the log. */
export const nameOf = ({ kind, reference }: Pick<Transfer, "kind" | "reference">): string =>
  `${kind === "payout" ? "Payout" : "Debit"} ${JSON.stringify(reference.slice(0, 400))}`
