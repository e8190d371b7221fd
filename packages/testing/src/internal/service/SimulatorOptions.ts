import type { MerchantRulesOptions } from "@palomma-effect/schema/MerchantRules"
import type * as Duration from "effect/Duration"
import type { StoreAs } from "../state/world.ts"

/**
 * Options of the simulator.
 *
 * Every option has a default.
 *
 * **Gotchas**
 *
 * An invalid option is a defect: the layer dies with a `TypeError` that lists every problem.
 *
 * @category options
 * @since 0.1.0
 */
export interface SimulatorOptions {
  /** The only API key that is accepted. Default: `sim-key`. */
  readonly apiKey?: string | undefined
  /** The key that signs webhooks. Default: `sim-integrity-key`. */
  readonly integrityKey?: string | undefined
  /**
   * How long the bank takes to process anything. Default: records stay `processing` until a control changes their
   * status.
   */
  readonly processingTime?: Duration.Input | undefined
  /**
   * Whether a new payout target is `pending` until it is verified. Default: it is `active`, as in Palomma's example.
   */
  readonly requireTargetVerification?: boolean | undefined
  /** The fee of each payout and each payin, in pesos. Default: 500. */
  readonly fee?: number | undefined
  /**
   * The opening balance of each merchant account, in pesos. `default` always exists. Default: 1,000,000,000,000 for
   * `default`.
   */
  readonly balances?: Readonly<Record<string, number>> | undefined
  /**
   * Merchant accounts of type `gateway`: each settlement transfers all of their money to the merchant's bank, and they
   * cannot pay out. Default: none.
   */
  readonly gatewayAccounts?: ReadonlyArray<string> | undefined
  /** The merchant's own bounds of amounts, in pesos. Default: the documented ones. */
  readonly limits?: MerchantRulesOptions["limits"]
  /** Banks, types and methods that are accepted in addition to the documented ones. Default: none. */
  readonly extra?: MerchantRulesOptions["extra"]
  /** The share of requests, from 0 to 1, that get one of the faults in `Fault.common`. Default: none. */
  readonly faultRate?: number | undefined
  /**
   * How values are transformed before they are stored: the `reference` of any record, and the `amount` of a payout or
   * payin request. Default: they are stored as sent.
   *
   * Every response, list and webhook shows the stored value. A filter finds a record only by its stored reference.
   */
  readonly storeAs?: StoreAs | undefined
  /** How many received requests are kept: the latest ones, and fewer if they are long. Default: 10,000. */
  readonly maxRequestsKept?: number | undefined
  /**
   * The seed of ids and random faults: the same seed gives the same run. Default: the `Random` service of the program.
   */
  readonly seed?: string | number | undefined
}
