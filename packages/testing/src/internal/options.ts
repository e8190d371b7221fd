/**
 * Validation of the simulator's options. An invalid option is a defect of the test.
 */
import { type AmountLimits, defaultMerchantRules, type ExtraValues } from "@palomma-effect/schema/MerchantRules"
import * as Predicate from "effect/Predicate"
import {
  isBetween,
  isDuration,
  isText,
  isTexts,
  isWhole,
  type Problems,
  problemsOf,
  problemUnless,
  type Rules
} from "./checks.ts"
import type { SimulatorOptions } from "./service/SimulatorOptions.ts"
import { isNumberTransformation, isTextTransformation } from "./state/transform.ts"

/** Whether a value can be an API key: a header cannot contain any other text. */
export const isKey = (value: unknown): boolean => typeof value === "string" && /^[\x21-\x7e]+$/.test(value)

const isBoolean = (value: unknown): boolean => typeof value === "boolean"

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  Predicate.isObject(value) && !Array.isArray(value)

const limitNames = Object.keys(defaultMerchantRules.limits) as ReadonlyArray<keyof AmountLimits>
const extraNames = Object.keys(defaultMerchantRules.extra) as ReadonlyArray<keyof ExtraValues>

const unknownNames = (option: string, value: object, names: ReadonlyArray<string>): Problems =>
  Object.keys(value)
    .filter((name) => !names.includes(name))
    .map((name) => `${option}.${name} is unknown: use ${names.join(", ")}`)

const boundsProblems = (name: keyof AmountLimits, value: unknown): Problems => {
  if (value === undefined) return []
  if (!isRecord(value)) return [`limits.${name} must be an object with above and atMost`]
  const { above = defaultMerchantRules.limits[name].above, atMost = defaultMerchantRules.limits[name].atMost } = value
  return [
    ...unknownNames(`limits.${name}`, value, ["above", "atMost"]),
    ...problemUnless(
      isWhole(above, 0) && isWhole(atMost, above + 1),
      `limits.${name} must be whole pesos, with atMost greater than above`
    )
  ]
}

const limitProblems = (limits: unknown): Problems =>
  isRecord(limits)
    ? [
        ...unknownNames("limits", limits, limitNames),
        ...limitNames.flatMap((name) => boundsProblems(name, limits[name]))
      ]
    : [`limits must be an object with ${limitNames.join(", ")}`]

const extraProblems = (extra: unknown): Problems =>
  isRecord(extra)
    ? [
        ...unknownNames("extra", extra, extraNames),
        ...extraNames.flatMap((name) =>
          problemUnless(
            extra[name] === undefined || isTexts(extra[name]),
            `extra.${name} must be a list of non-empty texts`
          )
        )
      ]
    : [`extra must be an object with ${extraNames.join(", ")}`]

const storeAsProblems = (storeAs: unknown): Problems =>
  isRecord(storeAs)
    ? [
        ...unknownNames("storeAs", storeAs, ["reference", "amount"]),
        ...problemUnless(
          storeAs["reference"] === undefined || isTextTransformation(storeAs["reference"]),
          'storeAs.reference must be a transformation of a text, such as "trim" or { cut: 16 }'
        ),
        ...problemUnless(
          storeAs["amount"] === undefined || isNumberTransformation(storeAs["amount"]),
          "storeAs.amount must be a transformation of a number, such as { add: -500 }"
        )
      ]
    : ["storeAs must be an object with reference, amount"]

const isBalances = (value: unknown): boolean =>
  isRecord(value) && Object.entries(value).every(([account, amount]) => account !== "" && isWhole(amount, 0))

const rules: Rules<SimulatorOptions> = {
  apiKey: (value) => problemUnless(isKey(value), "apiKey must be printable ASCII without spaces"),
  integrityKey: (value) => problemUnless(isText(value), "integrityKey must be a non-empty text"),
  processingTime: (value) =>
    problemUnless(isDuration(value), 'processingTime must be a duration of 0 or more, such as "5 seconds"'),
  requireTargetVerification: (value) =>
    problemUnless(isBoolean(value), "requireTargetVerification must be true or false"),
  fee: (value) => problemUnless(isWhole(value, 0), "fee must be whole pesos, 0 or more"),
  balances: (value) => problemUnless(isBalances(value), "balances must be whole pesos, 0 or more, by merchant account"),
  gatewayAccounts: (value) =>
    problemUnless(isTexts(value), "gatewayAccounts must be a list of ids of merchant accounts"),
  limits: limitProblems,
  extra: extraProblems,
  storeAs: storeAsProblems,
  maxRequestsKept: (value) => problemUnless(isWhole(value, 0), "maxRequestsKept must be a whole number, 0 or more"),
  faultRate: (value) => problemUnless(isBetween(value, 0, 1), "faultRate must be a number from 0 to 1"),
  seed: (value) => problemUnless(typeof value === "string" || Number.isFinite(value), "seed must be a text or a number")
}

/** Checks the options that the simulator has in process and on a port. */
export const simulatorProblems = (options: SimulatorOptions): Problems => problemsOf(options, rules)
