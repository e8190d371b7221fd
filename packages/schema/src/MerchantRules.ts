/**
 * What may be sent for one merchant: the amounts, and the values that Palomma opened for that merchant.
 */

/** The amounts that may be moved at once, in pesos, never cents: above one bound, and at most the other. */
export interface AmountBounds {
  /** The greatest amount that is still refused. */
  readonly above: number
  /** The greatest amount that is accepted. */
  readonly atMost: number
}

/** The amounts that a merchant may move at once. Palomma changes them on request. */
export interface AmountLimits {
  /** What one payout request may send. */
  readonly payout: AmountBounds
  /** What one payin request may debit. */
  readonly payin: AmountBounds
  /** What one payin link may collect, of any type but `pse`. */
  readonly payinLink: AmountBounds
  /** What one payin link of type `pse` may collect. */
  readonly payinLinkPse: AmountBounds
}

/** The values beside the documented ones that a merchant may send: what Palomma added after this version, or for that merchant. */
export interface ExtraValues {
  /** Banks to pay out to. */
  readonly payoutBanks: ReadonlyArray<string>
  /** Banks to collect from through PSE. */
  readonly pseBanks: ReadonlyArray<string>
  /** Banks whose accounts can be debited. */
  readonly directDebitBanks: ReadonlyArray<string>
  /** Types of identity documents. */
  readonly documentTypes: ReadonlyArray<string>
  /** Kinds of bank accounts. */
  readonly accountTypes: ReadonlyArray<string>
  /** Ways to pay a payin link, as one of its `availableTypes` or as the link's own `type`. */
  readonly payinLinkMethods: ReadonlyArray<string>
}

/** What may be sent for one merchant. */
export interface MerchantRules {
  readonly limits: AmountLimits
  readonly extra: ExtraValues
}

/** The rules of a merchant who has asked Palomma for nothing else. */
export const defaultMerchantRules: MerchantRules = {
  limits: {
    payout: { above: 1_000, atMost: 5_000_000 },
    payin: { above: 1_000, atMost: 2_000_000 },
    payinLink: { above: 1_500, atMost: 2_000_000 },
    payinLinkPse: { above: 1_000, atMost: 2_000_000 }
  },
  extra: {
    payoutBanks: [],
    pseBanks: [],
    directDebitBanks: [],
    documentTypes: [],
    accountTypes: [],
    payinLinkMethods: []
  }
}
