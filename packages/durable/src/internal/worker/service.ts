/**
 * Makes the service `Durable` from `Payouts`, `Payins` and a worker.
 */
import type { PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import type { PayinsService } from "@palomma-effect/client/PayinsService"
import type { PayoutsService } from "@palomma-effect/client/PayoutsService"
import type { Transfer, TransferKind } from "@palomma-effect/client/Transfer"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import type { IntendError } from "@palomma-effect/client/TransferResult"
import type { TransferOperations } from "@palomma-effect/client/TransferService"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { DurableIntent, DurableService, TransferName } from "../../DurableService.ts"
import * as Checks from "../checks.ts"
import { isAborted, reasonOf } from "../sqlReason.ts"
import { awaitEnd } from "./awaitEnd.ts"
import type { Backend } from "./backend.ts"
import { makeLimitedLog } from "./limitedLog.ts"
import { readWorkOptions } from "./options.ts"
import { work } from "./work.ts"

const kindProblem = Checks.problem("kind", "one-of", 'must be "payout" or "payin"')

// A program without types can pass any value as a name, and a getter is read once.
const readName = (
  operation: string,
  name: TransferName
): Effect.Effect<{ readonly kind: TransferKind; readonly reference: string }, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const { fields, problems } = Checks.read(name)
    const { kind, reference } = fields
    const isKind = kind === "payout" || kind === "payin"
    const isReference = typeof reference === "string" && reference !== ""
    return isKind && isReference
      ? Effect.succeed({ kind, reference })
      : Effect.fail(
          Checks.invalidInput(`Durable.${operation}`, "none", [
            ...problems,
            ...(problems.length > 0 || isKind ? [] : kindProblem),
            ...(problems.length > 0 || isReference
              ? []
              : Checks.problem("reference", "non-empty", "must be a non-empty string"))
          ])
        )
  })

/** Makes the service. */
export const make = (backend: Backend, payouts: PayoutsService, payins: PayinsService): DurableService => {
  const transfers: Record<TransferKind, TransferOperations> = { payout: payouts, payin: payins }
  const warn = makeLimitedLog()

  const of = <A, E>(
    operation: string,
    name: TransferName,
    run: (transfers: TransferOperations, reference: string) => Effect.Effect<A, E>
  ): Effect.Effect<A, E | PalommaInvalidInput> =>
    Effect.flatMap(readName(operation, name), ({ kind, reference }) => run(transfers[kind], reference))

  const intend = (operation: string, intent: DurableIntent): Effect.Effect<Transfer, IntendError> =>
    Effect.suspend(() => {
      const { fields, problems } = Checks.read(intent)
      // The type allows it: `intend` checks the other fields.
      const { kind, ...rest } = fields as { readonly kind: unknown }
      if (problems.length > 0) return Effect.fail(Checks.invalidInput(`Durable.${operation}`, "not-sent", problems))
      switch (kind) {
        case "payout":
          return payouts.intend(rest as Parameters<typeof payouts.intend>[0])
        case "payin":
          return payins.intend(rest as Parameters<typeof payins.intend>[0])
        default:
          return Effect.fail(Checks.invalidInput(`Durable.${operation}`, "not-sent", kindProblem))
      }
    }).pipe(
      backend.joining,
      Effect.catchTag("SqlError", (error) =>
        Effect.fail(
          new TransferJournalError({
            operation: "insert",
            sent: "no",
            written: isAborted(error) ? "no" : "unknown",
            reason: reasonOf(error)
          })
        )
      )
    )

  const awaitName = (operation: string, name: TransferName) =>
    Effect.flatMap(readName(operation, name), (read) => awaitEnd(transfers[read.kind], read))

  return {
    intend: (intent) => intend("intend", intent),
    execute: (intent) =>
      Effect.gen(function* () {
        // In a transaction it could not wait for the end. This read fails there, before anything is written.
        yield* Effect.mapError(
          backend.journal.now,
          ({ reason, written }) => new TransferJournalError({ operation: "execute", sent: "no", written, reason })
        )
        const { kind, reference } = yield* intend("execute", intent)
        return yield* awaitName("execute", { kind, reference })
      }),
    await: (name) => awaitName("await", name),
    poll: (name) => of("poll", name, ({ find }, reference) => find(reference)),
    list: (query = {}) =>
      Stream.suspend(() => {
        const { fields, problems } = Checks.read(query)
        const { kind, ...rest } = fields
        const found =
          problems.length > 0 || kind === undefined || kind === "payout" || kind === "payin" ? problems : kindProblem
        if (found.length > 0) return Stream.fail(Checks.invalidInput("Durable.list", "none", found))
        if (kind === "payout") return payouts.list(rest)
        if (kind === "payin") return payins.list(rest)
        return Stream.concat(payouts.list(rest), payins.list(rest))
      }),
    resolve: (name, decision) => of("resolve", name, ({ resolve }, reference) => resolve(reference, decision)),
    withdraw: (name, withdrawal) => of("withdraw", name, ({ withdraw }, reference) => withdraw(reference, withdrawal)),
    acknowledge: (name, acknowledgement) =>
      of("acknowledge", name, ({ acknowledge }, reference) => acknowledge(reference, acknowledgement)),
    applyWebhook: (event) =>
      Effect.flatMap(
        payouts.applyWebhook(event),
        Option.match({ onNone: () => payins.applyWebhook(event), onSome: Effect.succeedSome })
      ),
    work: (options = {}) =>
      Effect.flatMap(readWorkOptions("Durable.work", options), ({ concurrency, onEnd, onEndTimeout }) =>
        work({ backend, transfers, onEnd, onEndTimeout, warn }, concurrency)
      )
  }
}
