/**
 * The options of a simulated Palomma, checked: a test that gives a wrong one is wrong itself, and dies of it.
 */
import { type AmountLimits, defaultMerchantRules, type ExtraValues } from "@palomma-effect/schema/MerchantRules"
import * as Predicate from "effect/Predicate"
import { isBetween, isText, isTexts, isTime, isWhole, type Problems, problemsOf, type Rules, unless } from "./checks.ts"
import type { SimulatorOptions } from "./service.ts"
import { isNumberTransformation, isTextTransformation } from "./state/transform.ts"

// Printable ASCII without spaces: what a header can carry as a key.
const isKey = (value: unknown): boolean => typeof value === "string" && /^[\x21-\x7e]+$/.test(value)

const isFlag = (value: unknown): boolean => typeof value === "boolean"

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  Predicate.isObject(value) && !Array.isArray(value)

const limitNames = Object.keys(defaultMerchantRules.limits) as ReadonlyArray<keyof AmountLimits>
const extraNames = Object.keys(defaultMerchantRules.extra) as ReadonlyArray<keyof ExtraValues>

const unknownNames = (of: string, value: object, names: ReadonlyArray<string>): Problems =>
  Object.keys(value)
    .filter((name) => !names.includes(name))
    .map((name) => `${of} has no ${name}: it has ${names.join(", ")}`)

const boundsProblems = (name: keyof AmountLimits, value: unknown): Problems => {
  if (value === undefined) return []
  if (!isRecord(value)) return [`limits.${name} must hold above and atMost`]
  const { above = defaultMerchantRules.limits[name].above, atMost = defaultMerchantRules.limits[name].atMost } = value
  return [
    ...unknownNames(`limits.${name}`, value, ["above", "atMost"]),
    ...unless(
      isWhole(above, 0) && isWhole(atMost, above + 1),
      `limits.${name} must be whole pesos, and atMost greater than above`
    )
  ]
}

const limitProblems = (limits: unknown): Problems =>
  isRecord(limits)
    ? [
        ...unknownNames("limits", limits, limitNames),
        ...limitNames.flatMap((name) => boundsProblems(name, limits[name]))
      ]
    : ["limits must hold bounds by their names"]

const extraProblems = (extra: unknown): Problems =>
  isRecord(extra)
    ? [
        ...unknownNames("extra", extra, extraNames),
        ...extraNames.flatMap((name) =>
          unless(extra[name] === undefined || isTexts(extra[name]), `extra.${name} must be a list of texts`)
        )
      ]
    : ["extra must hold lists by their names"]

const storesProblems = (stores: unknown): Problems =>
  isRecord(stores)
    ? [
        ...unknownNames("stores", stores, ["reference", "amount"]),
        ...unless(
          stores["reference"] === undefined || isTextTransformation(stores["reference"]),
          'stores.reference must be what becomes of a text, such as "trim" or { cut: 16 }'
        ),
        ...unless(
          stores["amount"] === undefined || isNumberTransformation(stores["amount"]),
          "stores.amount must be what becomes of a number, such as { add: -500 }"
        )
      ]
    : ["stores must hold reference or amount"]

const isBalances = (value: unknown): boolean =>
  isRecord(value) && Object.entries(value).every(([account, amount]) => account !== "" && isWhole(amount, 0))

const rules: Rules<SimulatorOptions> = {
  apiKey: (value) => unless(isKey(value), "apiKey must be printable ASCII without spaces"),
  integrityKey: (value) => unless(isText(value), "integrityKey must be a text"),
  processingTime: (value) =>
    unless(isTime(value), 'processingTime must be a duration, such as "5 seconds", not negative'),
  requireTargetVerification: (value) => unless(isFlag(value), "requireTargetVerification must be true or false"),
  fee: (value) => unless(isWhole(value, 0), "fee must be whole pesos, not negative"),
  balances: (value) => unless(isBalances(value), "balances must be whole pesos by merchant account, not negative"),
  gateways: (value) => unless(isTexts(value), "gateways must be a list of merchant accounts"),
  limits: limitProblems,
  extra: extraProblems,
  stores: storesProblems,
  keptRequests: (value) => unless(isWhole(value, 0), "keptRequests must be a whole number, not negative"),
  faultRate: (value) => unless(isBetween(value, 0, 1), "faultRate must be a number from 0 to 1"),
  seed: (value) => unless(typeof value === "string" || Number.isFinite(value), "seed must be a text or a number")
}

/** What is wrong with the options of any simulated Palomma. */
export const simulatorProblems = (options: SimulatorOptions): Problems => problemsOf(options, rules)
