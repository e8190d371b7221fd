/**
 * Rules of one merchant: its limits of amounts, and the values that Palomma enabled for it.
 *
 * @since 0.1.0
 */

/**
 * The bounds of the amount of one request, in pesos, never cents.
 *
 * @category models
 * @since 0.1.0
 */
export interface AmountBounds {
  /** The exclusive lower bound: an amount must be greater. */
  readonly above: number
  /** The inclusive upper bound: the greatest valid amount. */
  readonly atMost: number
}

/**
 * The limits of the amount of one request, by kind of request.
 *
 * Palomma changes them for a merchant on request.
 *
 * @category models
 * @since 0.1.0
 */
export interface AmountLimits {
  /** The amount of one payout request. */
  readonly payout: AmountBounds
  /** The amount of one payin request. */
  readonly payin: AmountBounds
  /** The amount of one payin link of any type except `pse`. */
  readonly payinLink: AmountBounds
  /** The amount of one payin link of type `pse`. */
  readonly payinLinkPse: AmountBounds
}

/**
 * The undocumented values that a merchant may send.
 *
 * They are values that Palomma added after this version of the library, or enabled for this merchant only.
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
  /** Payment methods of a payin link, valid in its `availableTypes` and as its `type`. */
  readonly payinLinkMethods: ReadonlyArray<string>
  /** Types of payin sources. */
  readonly payinSourceTypes: ReadonlyArray<string>
  /** Types of payout targets. */
  readonly payoutTargetTypes: ReadonlyArray<string>
}

/**
 * The limits and the additional values of one merchant.
 *
 * @category models
 * @since 0.1.0
 */
export interface MerchantRules {
  readonly limits: AmountLimits
  readonly extra: ExtraValues
}

/**
 * The documented rules, which apply to a merchant by default.
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
 * The differences between the rules of a merchant and the documented ones.
 *
 * @category options
 * @since 0.1.0
 */
export interface MerchantRulesOptions {
  /** The bounds that Palomma changed. Each bound defaults to the documented one. */
  readonly limits?:
    | { readonly [K in keyof AmountLimits]?: { readonly [B in keyof AmountBounds]?: number | undefined } | undefined }
    | undefined
  /** The values that Palomma enabled besides the documented ones. */
  readonly extra?: { readonly [K in keyof ExtraValues]?: ReadonlyArray<string> | undefined } | undefined
}

/**
 * Makes the rules of a merchant from the documented rules and the differences.
 *
 * **Example** (A merchant with a higher payout limit and one more bank)
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
