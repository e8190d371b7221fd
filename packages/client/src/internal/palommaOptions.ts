/**
 * The options of the Palomma layers, checked and resolved: all problems at once.
 */
import {
  type AmountLimits,
  defaultMerchantRules,
  type ExtraValues,
  type InputProblem,
  palommaServers
} from "@palomma-effect/schema"
import type { Environment } from "../PalommaOptions.ts"
import { checkRetryOptions } from "../RetryPolicy.ts"
import * as BaseUrl from "./baseUrl.ts"
import * as Options from "./options.ts"
import { isRateLimit } from "./rateLimit.ts"

type Problems = ReadonlyArray<InputProblem>

/** Whether a text can be an API key. */
export const isApiKey = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

/** What an API key must be. */
export const apiKeyRule = "must be the API key that Palomma issued: printable ASCII without spaces"

/** Whether a text names an environment. */
export const isEnvironment = (text: unknown): text is Environment =>
  typeof text === "string" && Object.hasOwn(palommaServers, text)

/** What an environment must be. */
export const environmentRule = "must be sandbox or production"

const limitNames = Object.keys(defaultMerchantRules.limits) as ReadonlyArray<keyof AmountLimits>
const extraNames = Object.keys(defaultMerchantRules.extra) as ReadonlyArray<keyof ExtraValues>

const boundsProblems = (name: keyof AmountLimits, value: unknown): Problems => {
  const field = `limits.${name}`
  return Options.object(field, value, ["above", "atMost"], (bounds) => {
    const above = bounds["above"] ?? defaultMerchantRules.limits[name].above
    const least = typeof above === "number" && Number.isSafeInteger(above) ? above + 1 : 1
    return [
      ...Options.wholeNumber(`${field}.above`, bounds["above"], 0, Number.MAX_SAFE_INTEGER - 1),
      ...Options.wholeNumber(`${field}.atMost`, bounds["atMost"], least, Number.MAX_SAFE_INTEGER)
    ]
  })
}

const limitProblems = (value: unknown): Problems =>
  Options.object("limits", value, limitNames, (limits) =>
    limitNames.flatMap((name) => boundsProblems(name, limits[name]))
  )

const isWord = (text: unknown): boolean => typeof text === "string" && /^[^\s\p{C}]{1,100}$/u.test(text)

const extraProblems = (value: unknown): Problems =>
  Options.object("extra", value, extraNames, (extra) =>
    extraNames.flatMap((name) =>
      Options.list(`extra.${name}`, extra[name], isWord, "word", "must be a text of 1 to 100 characters without blanks")
    )
  )

const isStatus = (status: unknown): boolean =>
  typeof status === "number" && Number.isInteger(status) && status >= 300 && status <= 599

const statusRule = "must be a whole number from 300 to 599: a status that means refusal"

const rateLimitProblems = (value: unknown): Problems =>
  value === undefined || isRateLimit(value)
    ? (value?.problems("rateLimit") ?? [])
    : [{ field: "rateLimit", code: "rate-limit", rule: "must be made by RateLimit.make" }]

const environmentProblems = (value: unknown): Problems =>
  value === undefined || isEnvironment(value)
    ? []
    : [{ field: "environment", code: "environment", rule: environmentRule }]

const baseUrlProblems = (value: unknown): Problems => {
  const problem = value === undefined ? undefined : BaseUrl.problem(value)
  return problem === undefined ? [] : [{ field: "baseUrl", ...problem }]
}

const fetchProblems = (value: unknown): Problems =>
  value === undefined || typeof value === "function"
    ? []
    : [{ field: "fetch", code: "function", rule: "must be a function like globalThis.fetch" }]

const names = ["apiKey", "environment", "baseUrl", "limits", "extra", "retry", "rateLimit", "rejectedStatuses"]

/** Everything that is wrong with the options of a layer, of which one takes a `fetch`. */
export const problems = (value: unknown, takes: { readonly fetch: boolean }): Problems => {
  if (value === undefined) return [{ field: "", code: "required", rule: "needs options, of which apiKey is required" }]
  return Options.object("", value, takes.fetch ? [...names, "fetch"] : names, (options) => [
    ...Options.secret("apiKey", options["apiKey"], isApiKey, apiKeyRule),
    ...environmentProblems(options["environment"]),
    ...baseUrlProblems(options["baseUrl"]),
    ...limitProblems(options["limits"]),
    ...extraProblems(options["extra"]),
    ...checkRetryOptions("retry", options["retry"]),
    ...rateLimitProblems(options["rateLimit"]),
    ...Options.list("rejectedStatuses", options["rejectedStatuses"], isStatus, "status", statusRule),
    ...fetchProblems(options["fetch"])
  ])
}
