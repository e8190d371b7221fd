/**
 * Problems of an input: of a request, of a record, or of the options of the client.
 *
 * | code                                                                                     | rule                                  |
 * | ---------------------------------------------------------------------------------------- | ------------------------------------- |
 * | `required`, `unknown-field`                                                              | a field is missing, or does not exist |
 * | `non-empty`, `well-formed`                                                               | a text                                |
 * | `reference-characters`, `reference-blank`, `reference-normalization`, `reference-length` | the reference of a create             |
 * | `amount`                                                                                 | an amount of pesos                    |
 * | `bank`, `one-of`, `type`, `payin-link-methods`                                           | a value of a list                     |
 * | `card-number`, `card-month`, `card-year`, `card-cvv`                                     | a card                                |
 * | `local-date-time`, `boolean`, `mobile-number`, `path-segment`                            | other fields                          |
 * | `page-limit`, `page-cursor`                                                              | which page of a list to fetch         |
 * | `known-field`, `json`                                                                    | an undocumented field of a create     |
 * | `unreadable`                                                                             | reading the input threw               |
 * | `secret`, `environment`, `base-url`, `blocked-port`, `palomma-path`, `function`          | the key, server or fetch of a layer   |
 * | `duration`, `whole-number`, `list`, `word`, `status`, `rate-limit`, `store`              | another option                        |
 * | `object`, `list`, `text`, `number`, `iso-8601`, `future`, `unrecognized`, `page`         | a record that cannot be read          |
 * | `value`                                                                                  | a rule without a code of its own      |
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import { safePath } from "./internal/names.ts"
import { codeKey } from "./internal/rule.ts"

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
}

/**
 * Schema of a problem of an input, to send it over the network or to store it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InputProblem: Schema.Codec<InputProblem> = Schema.Struct({
  field: Schema.String,
  code: Schema.String,
  rule: Schema.String
})

interface Description {
  readonly code: string | undefined
  readonly rule: string | undefined
}

const describe = (annotations: { readonly [key: string]: unknown } | undefined, outer: Description): Description => {
  const code = annotations?.[codeKey]
  const message = annotations?.["message"]
  return {
    code: outer.code ?? (typeof code === "string" ? code : undefined),
    rule: outer.rule ?? (typeof message === "string" ? message : undefined)
  }
}

const describeType = (ast: SchemaAST.AST, outer: Description): Description => {
  const { code, rule } = describe(ast.annotations, outer)
  // From a new issue, since the original one may hold the value.
  const expected = SchemaIssue.defaultLeafHook(new SchemaIssue.InvalidType(ast))
  return { code, rule: rule ?? expected.replace(/^Expected /, "must be ") }
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
      return add(path, { code: "required", rule: "is missing" })
    case "UnexpectedKey":
      return add(path, { code: "unknown-field", rule: "is not a field of this request" })
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
 * keys. Such a name becomes `<redacted>`.
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
  list(issue, [], { code: undefined, rule: undefined }, (path, { code = "value", rule = "must be a valid value" }) => {
    const field = safePath(path)
    found.set(`${field}: ${rule}`, { field, code, rule })
  })
  return [...found.values()]
}
