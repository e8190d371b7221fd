/**
 * Problems of an input: of a request, of a form, of a record, or of the options of the client.
 *
 * | code                                                                                     | rule                                  |
 * | ---------------------------------------------------------------------------------------- | ------------------------------------- |
 * | `required`, `unknown-field`                                                              | a field is missing, or does not exist |
 * | `non-empty`, `well-formed`                                                               | a text                                |
 * | `reference-characters`, `reference-blank`, `reference-normalization`, `reference-length` | the reference of a create             |
 * | `amount`, `amount-text`                                                                  | an amount of pesos, and its text      |
 * | `bank`, `one-of`, `type`, `payin-link-methods`                                           | a value of a list                     |
 * | `card-number`, `card-month`, `card-year`, `card-cvv`                                     | a card                                |
 * | `cedula`, `nit`, `document-number`                                                       | the number of a document              |
 * | `email`, `redirect-url`, `account-number`                                                | another field of a form               |
 * | `local-date-time`, `boolean`, `mobile-number`, `path-segment`                            | other fields                          |
 * | `page-limit`, `page-cursor`                                                              | which page of a list to fetch         |
 * | `known-field`, `json`                                                                    | an undocumented field of a create     |
 * | `unreadable`                                                                             | reading the input threw               |
 * | `secret`, `secret-blank`, `environment`, `environment-or-base-url`, `base-url`, `blocked-port`, `palomma-path`, `function`          | the key, server or fetch of a layer   |
 * | `duration`, `whole-number`, `list`, `word`, `status`, `rate-limit`, `store`              | another option                        |
 * | `object`, `list`, `text`, `number`, `iso-8601`, `future`, `unrecognized`, `page`         | a record that cannot be read          |
 * | `value`                                                                                  | a rule without a code of its own      |
 *
 * Some rules have parameters, to write them in another language:
 *
 * - `amount`: `above` and `atMost`, in pesos. Without `atMost`, there is no maximum.
 * - `bank`: `list`, such as `PayoutBank`, and `suggestion` if a bank of the list is similar.
 * - `one-of` and `type`: `values`.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import type { StandardSchemaV1 } from "effect/StandardSchema"
import { safePath } from "./internal/names.ts"
import { dataKey, type RuleData } from "./internal/rule.ts"

/**
 * The parameters of a rule, to write it in another language.
 *
 * They come from the rule and never hold the value.
 *
 * @category models
 * @since 0.1.0
 */
export interface ProblemParameters {
  /** The bound that an amount must exceed, in pesos. */
  readonly above?: number
  /** The greatest valid amount, in pesos. */
  readonly atMost?: number
  /** The list with the valid values, such as `PayoutBank`. */
  readonly list?: string
  /** The value of the list that is most similar to the input, if one is. */
  readonly suggestion?: string
  /** The valid values. */
  readonly values?: ReadonlyArray<string>
}

/**
 * One problem of an input: a field and the rule that it breaks.
 *
 * It never holds the value itself.
 *
 * @category models
 * @since 0.1.0
 */
export interface InputProblem {
  /** The path of the field, such as `bankAccount.bank`; empty for a problem of the whole input. */
  readonly field: string
  /** The code of the rule, such as `required`, `amount` or `bank`. It is stable: use it to translate the rule. */
  readonly code: string
  /** The rule in English, fit to show beside a form field. */
  readonly rule: string
  /** What the rule says besides its code, such as bounds: to write the rule in another language. */
  readonly parameters?: ProblemParameters
}

const number = Schema.optionalKey(Schema.Number)
const text = Schema.optionalKey(Schema.String)

/**
 * Schema of a problem of an input, to send it over the network or to store it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InputProblem: Schema.Codec<InputProblem> = Schema.Struct({
  field: Schema.String,
  code: Schema.String,
  rule: Schema.String,
  parameters: Schema.optionalKey(
    Schema.Struct({
      above: number,
      atMost: number,
      list: text,
      suggestion: text,
      values: Schema.optionalKey(Schema.Array(Schema.String))
    })
  )
})

interface Description {
  readonly data: RuleData | undefined
  readonly rule: string | undefined
}

const describe = (annotations: { readonly [key: string]: unknown } | undefined, outer: Description): Description => {
  const message = annotations?.["message"]
  return {
    // Only `rule` makes this annotation.
    data: outer.data ?? (annotations?.[dataKey] as RuleData | undefined),
    rule: outer.rule ?? (typeof message === "string" ? message : undefined)
  }
}

const describeType = (ast: SchemaAST.AST, outer: Description): Description => {
  const { data, rule } = describe(ast.annotations, outer)
  // From a new issue, since the original one may hold the value.
  const expected = SchemaIssue.defaultLeafHook(new SchemaIssue.InvalidType(ast))
  return { data, rule: rule ?? expected.replace(/^Expected /, "must be ") }
}

type Path = ReadonlyArray<PropertyKey>
type Add = (path: Path, description: Description) => void

// The message of a check replaces the message of the type, as in the messages that Effect formats.
const list = (issue: SchemaIssue.Issue, path: Path, outer: Description, add: Add): void => {
  switch (issue._tag) {
    case "Filter":
      return list(issue.issue, path, describe(issue.filter.annotations, outer), add)
    case "Encoding":
      return list(issue.issue, path, outer, add)
    case "Pointer":
      return list(issue.issue, [...path, ...issue.path], outer, add)
    case "Composite":
    case "AnyOf": {
      if (issue.issues.length === 0) return add(path, describeType(issue.ast, outer))
      for (const inner of issue.issues) list(inner, path, outer, add)
      return
    }
    case "MissingKey":
      return add(path, { data: { code: "required" }, rule: "is missing" })
    case "UnexpectedKey":
      return add(path, { data: { code: "unknown-field" }, rule: "is not a field of this request" })
    case "InvalidType":
      return add(path, describeType(issue.ast, outer))
    case "InvalidValue":
      return add(path, describe(issue.annotations, outer))
    case "Forbidden":
    case "OneOf":
      return add(path, outer)
  }
}

/**
 * Lists all problems of a failed decoding, each one once.
 *
 * The name of a field that is not part of the schema may be personal data, for example in a map with phone numbers as
 * keys. A name that is no identifier of 1 to 40 characters, or has five digits in a row, becomes `<redacted>`.
 *
 * **Example** (Problems to show in a form)
 *
 * ```ts
 * import { CreatePayoutRequest, inputProblems } from "@palomma-effect/schema"
 * import * as Result from "effect/Result"
 * import * as SchemaParser from "effect/SchemaParser"
 *
 * const decode = SchemaParser.decodeUnknownResult(CreatePayoutRequest, { errors: "all" })
 * const problems = Result.match(decode({ payoutTargetId: "t", amount: 900 }), { onSuccess: () => [], onFailure: inputProblems })
 * problems[0]?.field // => "amount"
 * problems[0]?.code // => "amount"
 * problems[0]?.rule // => "must be a whole number of pesos (never cents) above 1.000 and at most 5.000.000"
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const inputProblems = (issue: SchemaIssue.Issue): ReadonlyArray<InputProblem> => {
  const found = new Map<string, InputProblem>()
  list(issue, [], { data: undefined, rule: undefined }, (path, { data, rule = "must be a valid value" }) => {
    const field = safePath(path)
    const { code, parameters } = data ?? { code: "value" }
    found.set(`${field}: ${rule}`, { field, code, rule, ...(parameters === undefined ? undefined : { parameters }) })
  })
  return [...found.values()]
}

/** The steps of a field. Only an index of a list has digits alone: another name of digits is `<redacted>`. */
const stepsOf = (field: string): ReadonlyArray<string | number> =>
  field === "" ? [] : field.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step))

/**
 * Makes a Standard Schema of a schema, whose issues have the texts that `text` makes of each problem.
 *
 * Libraries of forms that accept a Standard Schema show these texts beside their fields. `Schema.toStandardSchemaV1`
 * does it in English only.
 *
 * **Example** (Messages in Spanish)
 *
 * ```ts
 * import { Form, Spanish, standardSchema } from "@palomma-effect/schema"
 *
 * const { validate } = standardSchema(Form.payoutRequest(), Spanish.text)["~standard"]
 * const result = await validate({ payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P", amount: "900" })
 * result.issues?.[0]?.path // => ["amount"]
 * result.issues?.[0]?.message // => "debe ser un valor en pesos enteros, sin centavos: más de $ 1.000 y máximo $ 5.000.000"
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const standardSchema = <T, E>(
  schema: Schema.Codec<T, E>,
  text: (problem: InputProblem) => string
): StandardSchemaV1<E, T> => {
  const decode = SchemaParser.decodeUnknownResult(schema, { errors: "all" })
  return {
    "~standard": {
      version: 1,
      vendor: "palomma-effect",
      validate: (input) =>
        Result.match(decode(input), {
          onFailure: (issue) => ({
            issues: inputProblems(issue).map((problem) => ({ message: text(problem), path: stepsOf(problem.field) }))
          }),
          onSuccess: (value) => ({ value })
        })
    }
  }
}
