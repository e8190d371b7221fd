/**
 * A payout as a workflow of `effect/workflow`: a step of your own workflows that may take days.
 *
 * The workflow hands the payout over in one activity, and then waits for one deferred. A worker of `Durable` sends the
 * payout and completes the deferred. So the workflow has no loop, and its history stays short.
 *
 * @since 0.1.0
 */
import { PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import { Transfer } from "@palomma-effect/client/Transfer"
import { TransferConflict, TransferInvalidState, TransferJournalError } from "@palomma-effect/client/TransferError"
import { MerchantAccountId, PayoutTargetId } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Activity from "effect/workflow/Activity"
import * as DurableDeferred from "effect/workflow/DurableDeferred"
import * as Workflow from "effect/workflow/Workflow"
import type { WorkflowEngine } from "effect/workflow/WorkflowEngine"
import { Durable } from "./Durable.ts"
import { endStates } from "./internal/transfersTable.ts"

const payload = {
  reference: Schema.String,
  payoutTargetId: PayoutTargetId,
  amount: Schema.Finite,
  sourceMerchantAccountId: Schema.optionalKey(MerchantAccountId)
}

const error = Schema.Union([TransferConflict, TransferInvalidState, TransferJournalError, PalommaInvalidInput])

/**
 * Pays a payout target, and returns the transfer when it has ended or was rejected.
 *
 * Each reference is one payout. It has one execution: another amount or account under the same reference fails with
 * `TransferConflict`.
 *
 * **Gotchas**
 *
 * - It needs a worker with {@link onEnd}. Otherwise the payout is sent, and the workflow waits forever.
 * - While the payout waits for a person, so does the workflow.
 * - Check the `alarm` and the `state` of the result: a payout can also end as `cancelled`, `rejected` or `withdrawn`.
 * - An execution has one result. After `rejected` it sends nothing again: use a new reference. Do not send or `intend`
 *   the old reference then, since the execution would still say `rejected`.
 *
 * **Example** (A step of a workflow)
 *
 * ```ts
 * import * as PayoutWorkflow from "@palomma-effect/durable/PayoutWorkflow"
 * import { PayoutTargetId } from "@palomma-effect/schema"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import * as Workflow from "effect/workflow/Workflow"
 *
 * const Refund = Workflow.make("Refund", {
 *   payload: { order: Schema.String, payoutTargetId: PayoutTargetId, amount: Schema.Finite },
 *   success: Schema.String,
 *   error: PayoutWorkflow.PayoutWorkflow.errorSchema,
 *   idempotencyKey: ({ order }) => order
 * })
 *
 * export const RefundLayer = Refund.toLayer(
 *   Effect.fnUntraced(function* ({ amount, order, payoutTargetId }) {
 *     const payout = { reference: `refund-${order}`, payoutTargetId, amount }
 *     const { state } = yield* PayoutWorkflow.PayoutWorkflow.execute(payout)
 *     return state
 *   })
 * )
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export const PayoutWorkflow = Workflow.make("PalommaPayout", {
  payload,
  success: Transfer,
  error,
  // An execution with other content must not get the result of the first one: `intend` refuses it.
  idempotencyKey: ({ amount, payoutTargetId, reference, sourceMerchantAccountId = "" }) =>
    JSON.stringify([reference, payoutTargetId, amount, sourceMerchantAccountId])
})

const ended = DurableDeferred.make("ended", { success: Transfer })

// An execution has one result, so an outage of the database must not become it.
const untilRepaired = <A, E extends { readonly _tag: string }, R>(
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.retry(self, {
    while: (error) => error instanceof TransferJournalError && error.written === "unknown",
    schedule: Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])
  })

/**
 * Provides the workflow to the engine.
 *
 * It gives payouts to the workers of `Durable`, and one with {@link onEnd}, in any process, carries them. A payout that
 * had ended before is the result at once. While the database fails, the hand-over is repeated.
 *
 * **Gotchas**
 *
 * - Every process whose worker has {@link onEnd} needs this layer too.
 * - Use `WorkflowEngine.layerMemory` only with `Durable.layerMemory`: it would go on with your workflow inside the SQL
 *   transaction of `onEnd`.
 *
 * **Example** (The workflow, the engine and a worker)
 *
 * ```ts
 * import { Durable } from "@palomma-effect/durable"
 * import * as PayoutWorkflow from "@palomma-effect/durable/PayoutWorkflow"
 * import * as Layer from "effect/Layer"
 *
 * export const workflows = Layer.merge(
 *   PayoutWorkflow.layer,
 *   Durable.layerWorker({ onEnd: PayoutWorkflow.onEnd })
 * ) // needs Durable and the WorkflowEngine of your program
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, never, WorkflowEngine | Durable> = PayoutWorkflow.toLayer(
  Effect.fnUntraced(function* (intent) {
    const transfer = yield* Activity.make({
      name: "intend",
      success: Transfer,
      error,
      execute: Effect.flatMap(Durable, (durable) => untilRepaired(durable.intend({ kind: "payout", ...intent })))
    })
    if (endStates.includes(transfer.state)) return transfer
    const reported = yield* DurableDeferred.await(ended)
    if (reported.version > transfer.version) return reported
    // The rejection was reported before this execution gave the payout to a worker again.
    const { kind, reference } = transfer
    return yield* Activity.make({
      name: "await",
      success: Transfer,
      error,
      execute: Effect.flatMap(Durable, (durable) => untilRepaired(durable.await({ kind, reference })))
    })
  })
)

/**
 * Completes the workflow of a payout that has ended.
 *
 * Use it as the option `onEnd` of the worker, or call it in yours.
 *
 * **Gotchas**
 *
 * - A workflow has one result: if the bank returns the payout later, it does not change any more.
 * - It also completes executions of payouts that no workflow started, which writes one entry each.
 *
 * **Example** (A worker that also tells the program)
 *
 * ```ts
 * import { Durable } from "@palomma-effect/durable"
 * import * as PayoutWorkflow from "@palomma-effect/durable/PayoutWorkflow"
 * import * as Effect from "effect/Effect"
 *
 * export const worker = Durable.layerWorker({
 *   onEnd: (transfer) =>
 *     Effect.andThen(Effect.log(`${transfer.reference}: ${transfer.state}`), PayoutWorkflow.onEnd(transfer))
 * })
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const onEnd = Effect.fnUntraced(function* (transfer: Transfer): Effect.fn.Return<void, never, WorkflowEngine> {
  if (transfer.kind !== "payout" || !endStates.includes(transfer.state)) return
  const { accountId, amount, merchantAccountId, reference } = transfer
  const token = yield* DurableDeferred.tokenFromPayload(ended, {
    workflow: PayoutWorkflow,
    payload: {
      reference,
      payoutTargetId: PayoutTargetId.make(accountId),
      amount,
      ...(merchantAccountId === undefined ? {} : { sourceMerchantAccountId: MerchantAccountId.make(merchantAccountId) })
    }
  })
  yield* DurableDeferred.succeed(ended, { token, value: transfer })
})
