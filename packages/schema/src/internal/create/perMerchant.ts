import type { MerchantRules } from "../../MerchantRules.ts"

/**
 * Makes a schema once for the rules of a merchant.
 *
 * To make one and its parser costs a hundred times what it costs to check a body with it, and callers ask for it where they need it.
 */
export const perMerchant = <S>(make: (rules: MerchantRules) => S): ((rules: MerchantRules) => S) => {
  const made = new WeakMap<MerchantRules, S>()
  return (rules) => {
    const before = made.get(rules)
    if (before !== undefined) return before
    const schema = make(rules)
    made.set(rules, schema)
    return schema
  }
}
