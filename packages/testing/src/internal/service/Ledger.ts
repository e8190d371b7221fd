import type { PayinRequest } from "@palomma-effect/schema/PayinRequest"
import type { PayoutRequest } from "@palomma-effect/schema/PayoutRequest"
import type * as Effect from "effect/Effect"
import type { ReceivedRequest } from "../http/exchange.ts"
import type { Operation } from "../operations.ts"
import type { LedgerAccount, Movement } from "../state/books.ts"

/**
 * What really happened in the simulator, independent of what a client believes.
 *
 * Amounts are in pesos.
 *
 * **Gotchas**
 *
 * A reference here is always the one that was *sent*, even if it was stored, returned or listed in another form: a test
 * that sent `salary-1` finds every record of that request under `salary-1`. For a record that a control added, it is
 * the reference that was passed to the control.
 *
 * @category services
 * @since 0.1.0
 */
export interface Ledger {
  /**
   * All requests that were received in full, in order: the latest ones, at most `maxRequestsKept`.
   *
   * **Example** (What a program asked for)
   *
   * ```ts
   * import { Customers } from "@palomma-effect/client"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Customers.use((customers) => customers.list()).pipe(
   *   Effect.andThen(PalommaSimulator.use(({ ledger }) => ledger.requests))
   * )
   * const requests = Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer())))
   * requests.map(({ method, url }) => `${method} ${url}`) // => ["GET /v0/customers"]
   * ```
   */
  readonly requests: Effect.Effect<ReadonlyArray<ReceivedRequest>>
  /**
   * Returns the requests of one operation that were received in full, in order: those among `requests`.
   *
   * **Example** (How often a program asked for the customers)
   *
   * ```ts
   * import { Customers } from "@palomma-effect/client"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Customers.use((customers) => customers.list()).pipe(
   *   Effect.andThen(PalommaSimulator.use(({ ledger }) => ledger.requestsByOperation("customers.list")))
   * )
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).length // => 1
   * ```
   */
  readonly requestsByOperation: (operation: Operation) => Effect.Effect<ReadonlyArray<ReceivedRequest>>
  /**
   * All payouts, in the order of creation.
   *
   * **Example** (How many payouts there are)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) =>
   *   Effect.andThen(simulator.addPayoutRequest(), simulator.ledger.payouts)
   * )
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).length // => 1
   * ```
   */
  readonly payouts: Effect.Effect<ReadonlyArray<PayoutRequest>>
  /**
   * Returns the payouts whose requests had this reference. More than one means that the payout was made more than once.
   *
   * **Example** (A reference that was paid twice)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   yield* simulator.addPayoutRequest({ reference: "salary-1" })
   *   yield* simulator.addPayoutRequest({ reference: "salary-1" })
   *   return yield* simulator.ledger.payoutsByReference("salary-1")
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).length // => 2
   * ```
   */
  readonly payoutsByReference: (reference: string) => Effect.Effect<ReadonlyArray<PayoutRequest>>
  /**
   * Returns the payouts to a payout target.
   *
   * **Example** (The payouts to one account)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const target = yield* simulator.addPayoutTarget()
   *   yield* simulator.addPayoutRequest({ payoutTargetId: target.id, amount: 80_000 })
   *   return yield* simulator.ledger.payoutsByTarget(target.id)
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).map(({ amount }) => amount) // => [80_000]
   * ```
   */
  readonly payoutsByTarget: (payoutTargetId: string) => Effect.Effect<ReadonlyArray<PayoutRequest>>
  /**
   * All payin requests, in the order of creation.
   *
   * **Example** (How many payin requests there are)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) =>
   *   Effect.andThen(simulator.addPayinRequest(), simulator.ledger.payins)
   * )
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).length // => 1
   * ```
   */
  readonly payins: Effect.Effect<ReadonlyArray<PayinRequest>>
  /**
   * Returns the payin requests whose requests had this reference. More than one means that the debit was made more than
   * once.
   *
   * **Example** (A reference that was debited once)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) =>
   *   Effect.andThen(simulator.addPayinRequest({ reference: "fee-1" }), simulator.ledger.payinsByReference("fee-1"))
   * )
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).length // => 1
   * ```
   */
  readonly payinsByReference: (reference: string) => Effect.Effect<ReadonlyArray<PayinRequest>>
  /**
   * Returns the payin requests that debit a payin source.
   *
   * **Example** (The debits of one account)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const source = yield* simulator.addPayinSource()
   *   yield* simulator.addPayinRequest({ payinSourceId: source.id, amount: 30_000 })
   *   return yield* simulator.ledger.payinsBySource(source.id)
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).map(({ amount }) => amount) // => [30_000]
   * ```
   */
  readonly payinsBySource: (payinSourceId: string) => Effect.Effect<ReadonlyArray<PayinRequest>>
  /**
   * Returns the `number` of the request that created a record of any kind, or `undefined` if a control added the
   * record.
   *
   * **Example** (The request that created a payout)
   *
   * ```ts
   * import { PayoutRequests } from "@palomma-effect/client"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { id: payoutTargetId } = yield* simulator.addPayoutTarget()
   *   const { id } = yield* PayoutRequests.use((requests) => requests.create({ payoutTargetId, amount: 50_000 }))
   *   return yield* simulator.ledger.createdBy(id)
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => 1
   * ```
   */
  readonly createdBy: (id: string) => Effect.Effect<number | undefined>
  /**
   * All movements of money, in order.
   *
   * **Example** (The opening balance)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use(({ ledger }) => ledger.movements)
   * const layer = PalommaSimulator.layer({ balances: { default: 200_000 } })
   * const movements = Effect.runSync(program.pipe(Effect.provide(layer)))
   * movements.map(({ to, amount }) => `${to} ${amount}`) // => ["available:default 200000"]
   * ```
   */
  readonly movements: Effect.Effect<ReadonlyArray<Movement>>
  /**
   * Returns the current balance of one account of the ledger.
   *
   * **Example** (What a merchant account can pay out)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use(({ ledger }) => ledger.balance("available:default"))
   * const layer = PalommaSimulator.layer({ balances: { default: 200_000 } })
   * Effect.runSync(program.pipe(Effect.provide(layer))) // => 200_000
   * ```
   */
  readonly balance: (account: LedgerAccount) => Effect.Effect<number>
  /**
   * The total amount that recipients have received.
   *
   * **Example** (An approved payout and a cancelled one)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   yield* simulator.addPayoutRequest({ amount: 50_000, status: "approved" })
   *   yield* simulator.addPayoutRequest({ amount: 70_000, status: "cancelled" })
   *   return yield* simulator.ledger.totalPaid
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => 50_000
   * ```
   */
  readonly totalPaid: Effect.Effect<number>
}
