/**
 * Checks the options of the Palomma layers. One error lists all problems.
 */
import {
  type AmountLimits,
  defaultMerchantRules,
  type ExtraValues,
  type InputProblem,
  palommaServers
} from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import type { PalommaInvalidInput } from "../PalommaError.ts"
import type { Environment } from "../PalommaOptions.ts"
import * as BaseUrl from "./options/baseUrl.ts"
import * as Options from "./options/checks.ts"
import { isRateLimit } from "./options/isRateLimit.ts"
import { checkRetryOptions } from "./options/retry.ts"

type Problems = ReadonlyArray<InputProblem>

const isApiKey = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

const apiKeyRule = "must be the API key that Palomma issued: printable ASCII without spaces"

/** Returns what is wrong with an API key, if anything. The problem does not repeat the key. */
export const apiKeyProblems = (field: string, value: unknown): Problems =>
  Options.secret(field, value, isApiKey, apiKeyRule)

/** The rule of the variable of the API key, if it is not set. */
export const missingKeyRule = "is not set: set it to the API key that Palomma issued for this environment"

/** Whether a text names an environment. */
export const isEnvironment = (text: unknown): text is Environment =>
  typeof text === "string" && Object.hasOwn(palommaServers, text)

/** The rule of environments. */
export const environmentRule = "must be sandbox or production"

/** Returns the problem of an environment and a base URL that are both set: only one of them can decide. */
export const bothProblem = (environment: string, baseUrl: string): InputProblem => ({
  field: environment,
  code: "environment-or-base-url",
  rule: `must not be set together with ${baseUrl}: set only one of ${environment} and ${baseUrl}`
})

const limitNames = Object.keys(defaultMerchantRules.limits) as ReadonlyArray<keyof AmountLimits>
const extraNames = Object.keys(defaultMerchantRules.extra) as ReadonlyArray<keyof ExtraValues>

const boundsProblems = (name: keyof AmountLimits, value: unknown): Problems => {
  const field = `limits.${name}`
  return Options.object(field, value, ["above", "atMost"], (bounds) => {
    const defaults = defaultMerchantRules.limits[name]
    const above = bounds["above"] ?? defaults.above
    const least = typeof above === "number" && Number.isSafeInteger(above) ? above + 1 : 1
    // A lower bound above the upper bound would refuse every amount.
    const most = (bounds["atMost"] === undefined ? defaults.atMost : Number.MAX_SAFE_INTEGER) - 1
    return [
      ...Options.wholeNumber(`${field}.above`, bounds["above"], 0, most),
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

const statusRule = "must be a whole number from 300 to 599: a status that means rejection"

const notALimit: Problems = [{ field: "rateLimit", code: "rate-limit", rule: "must be made by RateLimit.make" }]

const rateLimitProblems = (value: unknown): Problems => {
  if (value === undefined) return []
  try {
    return isRateLimit(value) ? value.problems("rateLimit") : notALimit
  } catch {
    return notALimit
  }
}

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

const configured: ReadonlyArray<string> = ["apiKey", "environment", "baseUrl"]
const data: ReadonlyArray<string> = ["limits", "extra", "retry", "rejectedStatuses"]
const names = [...configured, ...data, "rateLimit"]

const noOptions: Problems = [{ field: "", code: "required", rule: "needs options; apiKey is required" }]

const problemsOf = (options: { readonly [key: string]: unknown }, known: ReadonlyArray<string>): Problems => [
  ...(known.includes("apiKey") ? apiKeyProblems("apiKey", options["apiKey"]) : []),
  ...environmentProblems(options["environment"]),
  ...baseUrlProblems(options["baseUrl"]),
  ...(options["environment"] === undefined || options["baseUrl"] === undefined
    ? []
    : [bothProblem("environment", "baseUrl")]),
  ...limitProblems(options["limits"]),
  ...extraProblems(options["extra"]),
  ...checkRetryOptions("retry", options["retry"]),
  ...rateLimitProblems(options["rateLimit"]),
  ...Options.list("rejectedStatuses", options["rejectedStatuses"], isStatus, "status", statusRule),
  ...fetchProblems(options["fetch"])
]

/** A variant of the layer options: with the option `fetch`, or without the options that come from the configuration. */
type Variant = "fetch" | "configuration"

const namesOf = (variants: ReadonlyArray<Variant>): ReadonlyArray<string> => [
  ...(variants.includes("configuration") ? names.filter((name) => !configured.includes(name)) : names),
  ...(variants.includes("fetch") ? ["fetch"] : [])
]

/** Reads and checks the options of a layer. The error lists `knownProblems` first. */
export const read = <O extends object>(
  operation: string,
  input: O,
  variants: ReadonlyArray<Variant>,
  knownProblems: Problems = []
): Effect.Effect<O, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const known = namesOf(variants)
    const copy = Options.copyOf(input, data)
    const problems =
      copy === undefined ? noOptions : Options.object("", copy, known, (options) => problemsOf(options, known))
    // The checks above make the cast safe.
    return Effect.as(Options.refuse(operation, "none", [...knownProblems, ...problems]), copy as O)
  })
