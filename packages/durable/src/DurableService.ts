/**
 * The interface of `Durable`.
 *
 * @since 0.1.0
 */
import type { GetError, PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import type { Transfer, TransferKind } from "@palomma-effect/client/Transfer"
import type { Acknowledgement, TransferDecision, Withdrawal } from "@palomma-effect/client/TransferDecision"
import type { TransferInvalidState, TransferJournalError } from "@palomma-effect/client/TransferError"
import type { IntendError, ResolveError } from "@palomma-effect/client/TransferResult"
import type { TransferQuery } from "@palomma-effect/client/TransferService"
import type { PayinIntent, PayoutIntent, WebhookEvent } from "@palomma-effect/schema"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"

/**
 * A transfer for a worker: a payout or a debit.
 *
 * @category models
 * @since 0.1.0
 */
export type DurableIntent = ({ readonly kind: "payout" } & PayoutIntent) | ({ readonly kind: "payin" } & PayinIntent)

/**
 * The name of a transfer.
 *
 * @category models
 * @since 0.1.0
 */
export interface TransferName {
  readonly kind: TransferKind
  readonly reference: string
}

/**
 * The filter of `list`.
 *
 * @category options
 * @since 0.1.0
 */
export interface DurableQuery extends TransferQuery {
  /** Only payouts, or only debits. */
  readonly kind?: TransferKind | undefined
}

/**
 * Options of a worker.
 *
 * @category options
 * @since 0.1.0
 */
export interface WorkOptions<E = never, R = never> {
  /** How many transfers have their turn concurrently: 8 by default, 100 at the most. */
  readonly concurrency?: number | undefined
  /**
   * Tells the program that a transfer ended, was rejected, waits for a person, or has an alarm.
   *
   * It runs after the state was written, in a turn of its own. With a database, it runs in one transaction with the
   * mark that the program was told: what it writes with the same `SqlClient` is committed together with the mark. If it
   * fails, the transaction is rolled back, the state stays as it is, and the worker tries again later.
   *
   * **Gotchas**
   *
   * - Give it work in the database only. On SQLite, everything else waits until it has ended.
   * - All workers of a namespace need the same `onEnd`. If you add it later, it is called for all earlier ends too.
   * - What it does outside the database can happen more than once, for example an e-mail.
   * - It runs again after each change: a payout that was approved can be returned by the bank.
   * - It must not send: `Payouts.send` fails in a transaction. Use `Durable.intend`.
   */
  readonly onEnd?: ((transfer: Transfer) => Effect.Effect<unknown, E, R>) | undefined
  /**
   * The time limit of one call of `onEnd`. The default is 5 seconds: a transaction holds a connection until then. If it
   * is longer than a minute, set `idleTransactionTimeout` of PostgreSQL too.
   */
  readonly onEndTimeout?: Duration.Input | undefined
}

/**
 * The operations of `Durable`.
 *
 * @category services
 * @since 0.1.0
 */
export interface DurableService {
  /**
   * Gives a transfer to the workers, and makes no request.
   *
   * In a transaction of the same `SqlClient`, the transfer and its job are part of that transaction: if it is rolled
   * back, nothing is sent. The same intent again returns the transfer. A transfer that Palomma rejected is sent again.
   *
   * **Gotchas**
   *
   * - After `TransferJournalError` the transfer may have been written all the same, and then a worker sends it. Call
   *   `intend` again with the same reference, or `poll`. Never pay in another way before that.
   * - In a transaction of another `SqlClient` it fails, and writes nothing.
   * - In a transaction, run no other statement at the same time: if the journal fails, `intend` rolls back what was
   *   written since it began.
   * - Another amount or account under the same reference is `TransferConflict`, also if Palomma rejected the transfer:
   *   nothing was moved, so use a new reference.
   * - Without a worker in any process, nothing is sent.
   *
   * **Example** (A refund for a worker)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect, Layer } from "effect"
   *
   * const program = Effect.gen(function* () {
   *   const { intend } = yield* Durable
   *   const { addPayoutTarget, ledger } = yield* PalommaSimulator
   *   const { id } = yield* addPayoutTarget()
   *   const { state } = yield* intend({ kind: "payout", reference: "refund-4711", payoutTargetId: id, amount: 50_000 })
   *   return [state, (yield* ledger.payouts).length] // there is no worker yet
   * })
   *
   * const services = Durable.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer()))
   * await Effect.runPromise(program.pipe(Effect.provide(services))) // => ["intended", 0]
   * ```
   */
  readonly intend: (intent: DurableIntent) => Effect.Effect<Transfer, IntendError>
  /**
   * Gives a transfer to the workers, and waits until it has ended or was rejected, as `await` does.
   *
   * **Gotchas**
   *
   * - It returns a transfer that was rejected, cancelled or withdrawn too: read its `alarm`, then its `state`.
   * - It fails in a transaction, since a transfer that is not committed does not end.
   * - If it is interrupted, the transfer goes on.
   *
   * **Example** (Paying a refund, and waiting for its end)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect, Fiber, Layer } from "effect"
   * import { TestClock } from "effect/testing"
   *
   * const program = Effect.gen(function* () {
   *   const { execute } = yield* Durable
   *   const { id } = yield* PalommaSimulator.use(({ addPayoutTarget }) => addPayoutTarget())
   *   const refund = execute({ kind: "payout", reference: "refund-4711", payoutTargetId: id, amount: 50_000 })
   *   const waiting = yield* Effect.forkChild(refund)
   *   yield* TestClock.adjust("1 hour")
   *   return (yield* Fiber.join(waiting)).state
   * })
   *
   * const services = Durable.layerWorker().pipe(
   *   Layer.provideMerge(Durable.layerMemory()),
   *   Layer.provideMerge(PalommaSimulator.layer({ processingTime: "1 minute" })),
   *   Layer.provideMerge(TestClock.layer())
   * )
   * await Effect.runPromise(program.pipe(Effect.provide(services))) // => "approved"
   * ```
   */
  readonly execute: (intent: DurableIntent) => Effect.Effect<Transfer, IntendError>
  /**
   * Waits until a transfer has ended or was rejected, for days if need be. It reads the journal and makes no request.
   *
   * While the transfer waits for a person, so does this call. It fails with `TransferInvalidState` and the reason
   * `unknown-reference` if the journal has no such transfer. An interrupted wait does not stop the transfer.
   *
   * **Example** (Waiting no longer than a request of a user may take)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import { Effect } from "effect"
   *
   * export const answer = Effect.fnUntraced(function* (reference: string) {
   *   const durable = yield* Durable
   *   const ended = yield* durable.await({ kind: "payout", reference }).pipe(Effect.timeoutOption("10 seconds"))
   *   return ended._tag === "Some" ? ended.value.state : "we are working on it"
   * })
   * ```
   */
  readonly await: (
    name: TransferName
  ) => Effect.Effect<Transfer, TransferInvalidState | TransferJournalError | PalommaInvalidInput>
  /**
   * Reads a transfer from the journal, without a request.
   *
   * **Example** (A refund that does not exist)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect, Layer, Option } from "effect"
   *
   * const found = Durable.use(({ poll }) => poll({ kind: "payout", reference: "refund-4711" }))
   *
   * const services = Durable.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer()))
   * Option.isNone(await Effect.runPromise(found.pipe(Effect.provide(services)))) // => true
   * ```
   */
  readonly poll: (
    name: TransferName
  ) => Effect.Effect<Option.Option<Transfer>, TransferJournalError | PalommaInvalidInput>
  /**
   * Lists transfers of the journal: the payouts, then the debits, each by reference.
   *
   * It also lists transfers of `Payouts.send` and `Payins.charge`, which share the journal.
   *
   * **Example** (What waits for a person)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import { Effect, Stream } from "effect"
   *
   * export const report = Effect.gen(function* () {
   *   const { list } = yield* Durable
   *   const waiting = Stream.concat(list({ state: "needsReview" }), list({ alarmed: true }))
   *   yield* Stream.runForEach(waiting, ({ kind, reference, version }) => Effect.log(kind, reference, version))
   * })
   * ```
   */
  readonly list: (query?: DurableQuery) => Stream.Stream<Transfer, TransferJournalError | PalommaInvalidInput>
  /**
   * Records the decision of a person about a transfer in doubt.
   *
   * After "not paid" a worker sends it again, if it was given to a worker. After "paid" a worker follows it.
   *
   * **Gotchas**
   *
   * A wrong "not paid" pays twice. It is refused for 20 minutes after the last request (`quietTime`), and while Palomma
   * shows a record that may be the transfer.
   *
   * **Example** (Palomma said that there is no such payout)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import type { Transfer } from "@palomma-effect/client"
   *
   * export const notPaid = ({ kind, reference, version }: Transfer, by: string) =>
   *   Durable.use(({ resolve }) =>
   *     resolve({ kind, reference }, { as: "not-paid", version, by, note: "Palomma, by mail: there is no such payout" })
   *   )
   * ```
   */
  readonly resolve: (name: TransferName, decision: TransferDecision) => Effect.Effect<Transfer, ResolveError>
  /**
   * Withdraws a transfer, so that it is never sent.
   *
   * It can be `intended`, `rejected` or, under the conditions of "not paid", `needsReview`.
   *
   * **Example** (A debt that was paid in cash)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import type { Transfer } from "@palomma-effect/client"
   *
   * export const paidInCash = ({ kind, reference, version }: Transfer, by: string) =>
   *   Durable.use(({ withdraw }) => withdraw({ kind, reference }, { version, by, note: "paid in cash" }))
   * ```
   */
  readonly withdraw: (name: TransferName, withdrawal: Withdrawal) => Effect.Effect<Transfer, ResolveError>
  /**
   * Closes an alarm, after a person has asked Palomma about it. The transfer takes the present status at Palomma.
   *
   * **Example** (A payout that the bank returned)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import type { Transfer } from "@palomma-effect/client"
   *
   * export const returned = ({ kind, reference, version }: Transfer, by: string) =>
   *   Durable.use(({ acknowledge }) => acknowledge({ kind, reference }, { version, by, note: "the account was closed" }))
   * ```
   */
  readonly acknowledge: (name: TransferName, acknowledgement: Acknowledgement) => Effect.Effect<Transfer, ResolveError>
  /**
   * Records what Palomma says about the transfer of a webhook, so that no worker waits for it.
   *
   * It reads the record from Palomma, and does not trust the content of the event. It returns none for an event that is
   * about no transfer of the journal. Call it after `Webhooks` has verified the signature.
   *
   * **Example** (The route of the webhooks)
   *
   * ```ts
   * import { WebhookInbox, Webhooks } from "@palomma-effect/client"
   * import { Durable } from "@palomma-effect/durable"
   * import { Layer } from "effect"
   *
   * export const receiver = Webhooks.route("/webhooks/palomma", (event) =>
   *   Durable.use(({ applyWebhook }) => applyWebhook(event))
   * ).pipe(Layer.provide(Webhooks.layerConfig()), Layer.provide(WebhookInbox.layerMemory))
   * ```
   */
  readonly applyWebhook: (
    event: WebhookEvent
  ) => Effect.Effect<Option.Option<Transfer>, GetError | TransferJournalError>
  /**
   * Carries transfers until it is interrupted. An interruption waits for the requests that are in flight, at most for
   * `sendTimeout` (60 seconds).
   *
   * `Durable.layerWorker` runs it in a fiber of a layer. Any number of workers can share a database.
   *
   * **Example** (A process that only works)
   *
   * ```ts
   * import { Durable } from "@palomma-effect/durable"
   * import { Effect } from "effect"
   *
   * export const main = Durable.use(({ work }) =>
   *   work({ concurrency: 4, onEnd: ({ reference, state }) => Effect.log(reference, state) })
   * )
   * ```
   */
  readonly work: <E = never, R = never>(options?: WorkOptions<E, R>) => Effect.Effect<never, PalommaInvalidInput, R>
}
