import type { Unrecognized } from "@palomma-effect/schema/OpenEnum"
import type { PayinLink, PayinLinkStatus } from "@palomma-effect/schema/PayinLink"
import type { PayinRequest } from "@palomma-effect/schema/PayinRequest"
import type { PayinSettlement } from "@palomma-effect/schema/PayinSettlement"
import type { PayinSource, PayinSourceStatus } from "@palomma-effect/schema/PayinSource"
import type { PayoutRequest, PayoutStatus } from "@palomma-effect/schema/PayoutRequest"
import type { PayoutTarget, PayoutTargetStatus } from "@palomma-effect/schema/PayoutTarget"
import type { StatusMessage } from "@palomma-effect/schema/StatusMessage"
import type * as Effect from "effect/Effect"
import type { PayinStatusChange, StatusChange } from "../state/transitions.ts"
import type { RecordNotFound } from "./RecordNotFound.ts"

/**
 * The status of a payout after its money came back.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayoutReturn {
  /** The new status: `cancelled`, or one that Palomma does not document. Default: `cancelled`. */
  readonly status?: "cancelled" | Unrecognized | undefined
  /** Why it was cancelled. Default: `ERROR` if the status is `cancelled`. */
  readonly statusMessage?: StatusMessage | undefined
}

/**
 * Controls that do what banks and people do: they change records and move money.
 *
 * @category services
 * @since 0.1.0
 */
export interface StatusControls {
  /**
   * Returns the money of a payout, even of an approved one, as the bank of the recipient does. The amount and the fee
   * are in the merchant account again, and a webhook reports the new status.
   *
   * **Example** (An approved payout that comes back)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { id } = yield* simulator.addPayoutRequest({ status: "approved" })
   *   return yield* simulator.returnPayout(id)
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).status // => "cancelled"
   * ```
   */
  readonly returnPayout: (
    payoutRequestId: string,
    change?: PayoutReturn
  ) => Effect.Effect<PayoutRequest, RecordNotFound>
  /**
   * Changes the status of a payout. A final status can change too, because Palomma does not document that it cannot.
   *
   * **Example** (A payout that the bank rejects)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { id } = yield* simulator.addPayoutRequest()
   *   return yield* simulator.setPayoutStatus(id, { status: "cancelled", statusMessage: "INVALID_ACCOUNT" })
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).amountSent // => 0
   * ```
   */
  readonly setPayoutStatus: (
    payoutRequestId: string,
    change: StatusChange<PayoutStatus>
  ) => Effect.Effect<PayoutRequest, RecordNotFound>
  /**
   * Changes the status of a payout target.
   *
   * **Example** (An account that was closed)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { id } = yield* simulator.addPayoutTarget()
   *   return yield* simulator.setPayoutTargetStatus(id, { status: "cancelled" })
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).statusMessage // => "ERROR"
   * ```
   */
  readonly setPayoutTargetStatus: (
    payoutTargetId: string,
    change: StatusChange<PayoutTargetStatus>
  ) => Effect.Effect<PayoutTarget, RecordNotFound>
  /**
   * Changes the status of a payin link.
   *
   * **Example** (A link that was paid)
   *
   * ```ts
   * import { PayinLinks } from "@palomma-effect/client"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { id: customerId } = yield* simulator.addCustomer()
   *   const create = { customerId, amount: 50_000, type: "nequiButton", phoneNumber: "3013111111" } as const
   *   const { id } = yield* PayinLinks.use((links) => links.create({ ...create, redirectUrl: "https://example.com" }))
   *   return yield* simulator.setPayinLinkStatus(id, { status: "approved" })
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).amountCollected // => 50_000
   * ```
   */
  readonly setPayinLinkStatus: (
    payinLinkId: string,
    change: StatusChange<PayinLinkStatus>
  ) => Effect.Effect<PayinLink, RecordNotFound>
  /**
   * Changes the status of a payin source.
   *
   * **Example** (An owner who no longer allows debits)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { id } = yield* simulator.addPayinSource()
   *   return yield* simulator.setPayinSourceStatus(id, { status: "cancelled" })
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).status // => "cancelled"
   * ```
   */
  readonly setPayinSourceStatus: (
    payinSourceId: string,
    change: StatusChange<PayinSourceStatus>
  ) => Effect.Effect<PayinSource, RecordNotFound>
  /**
   * Changes the status of a payin request.
   *
   * **Example** (A debit of a part of the amount)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { id } = yield* simulator.addPayinRequest({ amount: 20_000 })
   *   return yield* simulator.setPayinStatus(id, { status: "partial", amountCollected: 5_000 })
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).amountCollected // => 5_000
   * ```
   */
  readonly setPayinStatus: (
    payinRequestId: string,
    change: PayinStatusChange
  ) => Effect.Effect<PayinRequest, RecordNotFound>
  /**
   * Settles all money that a merchant account has collected, before the day it is due. Returns `undefined` if there is
   * none.
   *
   * **Example** (A settlement of one debit)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) =>
   *   Effect.andThen(simulator.addPayinRequest({ status: "approved" }), simulator.settle("default"))
   * )
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer())))?.totalAmountCollected // => 20_000
   * ```
   */
  readonly settle: (merchantAccountId: string) => Effect.Effect<PayinSettlement | undefined, RecordNotFound>
  /**
   * Makes a payout target active, as its owner does on the page of its `authUrl`.
   *
   * **Example** (A payout target that waits for its owner)
   *
   * ```ts
   * import { unrecognized } from "@palomma-effect/schema"
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { id } = yield* simulator.addPayoutTarget()
   *   yield* simulator.setPayoutTargetStatus(id, { status: unrecognized("pending") })
   *   return yield* simulator.verifyPayoutTarget(id)
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).status // => "active"
   * ```
   */
  readonly verifyPayoutTarget: (payoutTargetId: string) => Effect.Effect<PayoutTarget, RecordNotFound>
  /**
   * Visits an `authUrl` or a `paymentUrl` and does what its owner does there: verifies a payout target, allows debits,
   * or pays a link. Returns the URL that the page redirects to.
   *
   * **Example** (An owner who allows debits)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const { authUrl = "", id } = yield* simulator.addPayinSource({ redirectUrl: "https://example.com/back" })
   *   yield* simulator.setPayinSourceStatus(id, { status: "pending" })
   *   return yield* simulator.visit(authUrl)
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => "https://example.com/back"
   * ```
   */
  readonly visit: (url: string) => Effect.Effect<string, RecordNotFound>
  /**
   * Sets the amount, in pesos, that a merchant account can pay out. An amount that is not a number is a defect.
   *
   * **Example** (A merchant account without money)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) =>
   *   Effect.andThen(simulator.setBalance("default", 0), simulator.ledger.balance("available:default"))
   * )
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => 0
   * ```
   */
  readonly setBalance: (merchantAccountId: string, amount: number) => Effect.Effect<void>
}
