import type { MerchantRules } from "../../MerchantRules.ts"

/**
 * Caches a schema per merchant's rules.
 *
 * Making a schema and its parser takes a hundred times as long as checking a body, and callers request the schema for
 * each check.
 */
export const perMerchant = <S>(make: (rules: MerchantRules) => S): ((rules: MerchantRules) => S) => {
  const made = new WeakMap<MerchantRules, S>()
  return (rules) => {
    const cached = made.get(rules)
    if (cached !== undefined) return cached
    const schema = make(rules)
    made.set(rules, schema)
    return schema
  }
}
