/**
 * Decisions of a person about a transfer.
 *
 * @since 0.1.0
 */

/**
 * The decision of a person about a transfer in doubt.
 *
 * @category models
 * @since 0.1.0
 */
export type TransferDecision =
  | {
      /** Palomma has the transfer as the record `recordId`. */
      readonly as: "paid"
      readonly recordId: string
      /** The version of the transfer that the person saw. */
      readonly version: number
      /** The person who decides. */
      readonly by: string
      readonly note: string
      /**
       * The values of Palomma's record that differ from the transfer. A difference is accepted only if it is repeated
       * here. Amounts are whole pesos.
       */
      readonly differs?:
        | {
            readonly accountId?: string | undefined
            readonly amount?: number | undefined
            readonly merchantAccountId?: string | undefined
            readonly reference?: string | undefined
          }
        | undefined
      /** Ids of records that are not this transfer. */
      readonly notOurs?: ReadonlyArray<string> | undefined
    }
  | {
      /** Palomma confirmed that the transfer does not exist and will not exist. It may be sent again. */
      readonly as: "not-paid"
      /** The version of the transfer that the person saw. */
      readonly version: number
      /** The person who decides. */
      readonly by: string
      readonly note: string
      /** Ids of records that Palomma shows and that are not this transfer. The journal keeps them. */
      readonly notOurs?: ReadonlyArray<string> | undefined
      /**
       * Whether to decide although the look-up reached its limit, so that it may have missed a record of the transfer.
       * The journal keeps this.
       */
      readonly incomplete?: boolean | undefined
    }

/**
 * The input of `withdraw`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Withdrawal {
  /** The person or program that decides. */
  readonly by: string
  readonly note: string
  /** The version that the person saw. Required for a transfer in `needsReview`. */
  readonly version?: number | undefined
  /** Ids of records that Palomma shows and that are not this transfer. The journal keeps them. */
  readonly notOurs?: ReadonlyArray<string> | undefined
}

/**
 * The input of `acknowledge`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Acknowledgement {
  /**
   * The record of the alarm that is the transfer, if it is not the one that the journal has. The journal's record is
   * then ruled out. If Palomma cancelled the record named here, name each of the others in `notOurs`.
   */
  readonly recordId?: string | undefined
  /** The version that the person saw. */
  readonly version: number
  /** The person who decides. */
  readonly by: string
  readonly note: string
  /** Ids of records that are not this transfer. The journal keeps them. */
  readonly notOurs?: ReadonlyArray<string> | undefined
}
