/**
 * Functions to open journals in tests.
 */
import { TransferJournal, type TransferJournalService } from "@palomma-effect/client/TransferJournal"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { namespace } from "./rows.ts"

/** A query for all payouts of the namespace. */
export const all = { namespace, kind: "payout", limit: 100 } as const

/** Opens the journal of a layer until the scope ends. */
export const journalOf = <E, R>(
  layer: Layer.Layer<TransferJournal, E, R>
): Effect.Effect<TransferJournalService, E, R | Scope.Scope> =>
  Effect.map(Layer.build(Layer.fresh(layer)), Context.get(TransferJournal))

/** Returns the error of a journal that does not open. */
export const failureOf = <E, R>(layer: Layer.Layer<TransferJournal, E, R>) =>
  Effect.flip(Effect.scoped(journalOf(layer)))
