import type { CreateCustomer, Customer } from "@palomma-effect/schema/Customer"
import type { PayinRequest, PayinStatus } from "@palomma-effect/schema/PayinRequest"
import type { CreatePayinSourceNequiToken, PayinSource } from "@palomma-effect/schema/PayinSource"
import type { PayoutRequest, PayoutStatus } from "@palomma-effect/schema/PayoutRequest"
import type { CreatePayoutTargetBankAccount, PayoutTarget } from "@palomma-effect/schema/PayoutTarget"
import type { StatusMessage } from "@palomma-effect/schema/StatusMessage"
import type * as Effect from "effect/Effect"

/**
 * A payout request that was not made through the API.
 *
 * Missing fields get generated values.
 *
 * The fields are not validated.
 *
 * @category options
 * @since 0.1.0
 */
export interface AddedPayoutRequest {
  /** The payout target. It does not have to exist. Default: a new one. */
  readonly payoutTargetId?: string | undefined
  /** In pesos. Default: 50,000. */
  readonly amount?: number | undefined
  /** It is stored unchanged. Default: none. */
  readonly reference?: string | undefined
  /** The merchant account that pays. Default: `default`. */
  readonly sourceMerchantAccountId?: string | undefined
  /** The status that it changes to immediately; a webhook reports the change. Default: it stays `processing`. */
  readonly status?: PayoutStatus | undefined
  /** Why it was cancelled. Default: `ERROR` if the status is `cancelled`. */
  readonly statusMessage?: StatusMessage | undefined
}

/**
 * A payin request that was not made through the API.
 *
 * Missing fields get generated values.
 *
 * The fields are not validated.
 *
 * @category options
 * @since 0.1.0
 */
export interface AddedPayinRequest {
  /** The payin source. It does not have to exist. Default: a new one. */
  readonly payinSourceId?: string | undefined
  /** In pesos. Default: 20,000. */
  readonly amount?: number | undefined
  /** It is stored unchanged. Default: none. */
  readonly reference?: string | undefined
  /** The merchant account that receives the money. Default: `default`. */
  readonly targetMerchantAccountId?: string | undefined
  /** The status that it changes to immediately; a webhook reports the change. Default: it stays `processing`. */
  readonly status?: PayinStatus | undefined
  /** Why it was cancelled. Default: `ERROR` if the status is `cancelled`. */
  readonly statusMessage?: StatusMessage | undefined
  /** The amount that was debited, in pesos, as in `setPayinStatus`. */
  readonly amountCollected?: number | undefined
}

/**
 * Controls that add records without a request.
 *
 * @category services
 * @since 0.1.0
 */
export interface RecordControls {
  /**
   * Adds a customer. Missing fields get generated values.
   *
   * **Example** (A customer with a name)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) => simulator.addCustomer({ name: "Luis Gómez" }))
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).name // => "Luis Gómez"
   * ```
   */
  readonly addCustomer: (fields?: Partial<CreateCustomer>) => Effect.Effect<Customer>
  /**
   * Adds an active payout target: a Nequi account of a new customer. `fields` replaces these values.
   *
   * **Example** (An account to pay out to)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) => simulator.addPayoutTarget())
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).status // => "active"
   * ```
   */
  readonly addPayoutTarget: (fields?: Partial<CreatePayoutTargetBankAccount>) => Effect.Effect<PayoutTarget>
  /**
   * Adds an active payin source: a Nequi account of a new customer. `fields` replaces these values.
   *
   * **Example** (An account to debit)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) => simulator.addPayinSource())
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).status // => "active"
   * ```
   */
  readonly addPayinSource: (fields?: Partial<CreatePayinSourceNequiToken>) => Effect.Effect<PayinSource>
  /**
   * Adds a payout request as if a person had made it in Palomma's dashboard, with any reference, amount, target and
   * status.
   *
   * **Example** (A payout that a person made in the dashboard)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) => simulator.addPayoutRequest({ status: "approved" }))
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).amountSent // => 50_000
   * ```
   */
  readonly addPayoutRequest: (fields?: AddedPayoutRequest) => Effect.Effect<PayoutRequest>
  /**
   * Adds a payin request as if a person had made it in Palomma's dashboard, with any reference, amount, source and
   * status.
   *
   * **Example** (A debit that a person made in the dashboard)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) => simulator.addPayinRequest({ status: "approved" }))
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).amountCollected // => 20_000
   * ```
   */
  readonly addPayinRequest: (fields?: AddedPayinRequest) => Effect.Effect<PayinRequest>
}
