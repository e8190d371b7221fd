/**
 * What may be sent for one merchant: the amounts, and the values that Palomma opened for that merchant.
 *
 * @since 0.1.0
 */

/**
 * The amounts that may be moved at once, in pesos, never cents: above one bound, and at most the other.
 *
 * @category models
 * @since 0.1.0
 */
export interface AmountBounds {
  /** The greatest amount that is still refused. */
  readonly above: number
  /** The greatest amount that is accepted. */
  readonly atMost: number
}

/**
 * The amounts that a merchant may move at once.
 *
 * Palomma changes them on request.
 *
 * @category models
 * @since 0.1.0
 */
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

/**
 * The values beside the documented ones that a merchant may send: what Palomma added after this version, or for that
 * merchant.
 *
 * @category models
 * @since 0.1.0
 */
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
  /** Types of payin sources. */
  readonly payinSourceTypes: ReadonlyArray<string>
  /** Types of payout targets. */
  readonly payoutTargetTypes: ReadonlyArray<string>
}

/**
 * What may be sent for one merchant.
 *
 * @category models
 * @since 0.1.0
 */
export interface MerchantRules {
  readonly limits: AmountLimits
  readonly extra: ExtraValues
}

/**
 * The rules of a merchant who has asked Palomma for nothing else.
 *
 * @category constants
 * @since 0.1.0
 */
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
    payinLinkMethods: [],
    payinSourceTypes: [],
    payoutTargetTypes: []
  }
}

/**
 * What is different for a merchant: bounds that Palomma changed, and values that it opened.
 *
 * @category options
 * @since 0.1.0
 */
export interface MerchantRulesOptions {
  /** The bounds that are not the documented ones. */
  readonly limits?:
    | { readonly [K in keyof AmountLimits]?: { readonly [B in keyof AmountBounds]?: number | undefined } | undefined }
    | undefined
  /** The values beside the documented ones. */
  readonly extra?: { readonly [K in keyof ExtraValues]?: ReadonlyArray<string> | undefined } | undefined
}

/**
 * The documented rules with what is different for a merchant.
 *
 * **Example** (A merchant who may pay out more at once, and at one more bank)
 *
 * ```ts
 * import { CreatePayoutRequest, merchantRules } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const rules = merchantRules({ limits: { payout: { atMost: 20_000_000 } }, extra: { payoutBanks: ["newbank"] } })
 * const isPayout = Schema.is(CreatePayoutRequest.forMerchant(rules))
 * isPayout({ payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P", amount: 10_000_000 }) // => true
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const merchantRules = ({ extra = {}, limits = {} }: MerchantRulesOptions = {}): MerchantRules => {
  if (Object.values({ ...limits, ...extra }).every((part) => part === undefined)) return defaultMerchantRules
  const bounds = (name: keyof AmountLimits): AmountBounds => {
    const documented = defaultMerchantRules.limits[name]
    return { above: limits[name]?.above ?? documented.above, atMost: limits[name]?.atMost ?? documented.atMost }
  }
  const values = (name: keyof ExtraValues): ReadonlyArray<string> => [...(extra[name] ?? [])]
  return {
    limits: {
      payout: bounds("payout"),
      payin: bounds("payin"),
      payinLink: bounds("payinLink"),
      payinLinkPse: bounds("payinLinkPse")
    },
    extra: {
      payoutBanks: values("payoutBanks"),
      pseBanks: values("pseBanks"),
      directDebitBanks: values("directDebitBanks"),
      documentTypes: values("documentTypes"),
      accountTypes: values("accountTypes"),
      payinLinkMethods: values("payinLinkMethods"),
      payinSourceTypes: values("payinSourceTypes"),
      payoutTargetTypes: values("payoutTargetTypes")
    }
  }
}
