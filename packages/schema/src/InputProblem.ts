/**
 * What is wrong with an input, a field and a rule each: of a request, of a record, or of the options of the client.
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
 * | `value`                                                                                  | a rule that has no word of its own    |
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import { safePath } from "./internal/names.ts"
import { codeKey } from "./internal/rule.ts"

/**
 * One thing that is wrong with an input.
 *
 * It never holds the value itself.
 *
 * @category models
 * @since 0.1.0
 */
export interface InputProblem {
  /** Where it is, such as `bankAccount.bank`; empty if the input as a whole is meant. */
  readonly field: string
  /** The rule as a stable word, by which it can be translated: `required`, `amount`, `bank`. */
  readonly code: string
  /** What would be right, in English. */
  readonly rule: string
}

/**
 * The schema of {@link InputProblem}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InputProblem: Schema.Codec<InputProblem> = Schema.Struct({
  field: Schema.String,
  code: Schema.String,
  rule: Schema.String
})

interface Said {
  readonly code: string | undefined
  readonly rule: string | undefined
}

const said = (annotations: { readonly [key: string]: unknown } | undefined, outer: Said): Said => {
  const code = annotations?.[codeKey]
  const message = annotations?.["message"]
  return {
    code: outer.code ?? (typeof code === "string" ? code : undefined),
    rule: outer.rule ?? (typeof message === "string" ? message : undefined)
  }
}

const saidOfType = (ast: SchemaAST.AST, outer: Said): Said => {
  const { code, rule } = said(ast.annotations, outer)
  // A new issue, since the one at hand may hold the value.
  const expected = SchemaIssue.defaultLeafHook(new SchemaIssue.InvalidType(ast))
  return { code, rule: rule ?? expected.replace(/^Expected /, "must be ") }
}

type Path = ReadonlyArray<PropertyKey>
type Add = (path: Path, said: Said) => void

// What a check says goes before what the value itself says, as in the messages that Effect formats.
const list = (issue: SchemaIssue.Issue, path: Path, outer: Said, add: Add): void => {
  switch (issue._tag) {
    case "Filter":
      return list(issue.issue, path, said(issue.filter.annotations, outer), add)
    case "Encoding":
      return list(issue.issue, path, outer, add)
    case "Pointer":
      return list(issue.issue, [...path, ...issue.path], outer, add)
    case "Composite":
    case "AnyOf": {
      if (issue.issues.length === 0) return add(path, saidOfType(issue.ast, outer))
      for (const inner of issue.issues) list(inner, path, outer, add)
      return
    }
    case "MissingKey":
      return add(path, { code: "required", rule: "is missing" })
    case "UnexpectedKey":
      return add(path, { code: "unknown-field", rule: "is not a field of this request" })
    case "InvalidType":
      return add(path, saidOfType(issue.ast, outer))
    case "InvalidValue":
      return add(path, said(issue.annotations, outer))
    case "Forbidden":
    case "OneOf":
      return add(path, outer)
  }
}

/**
 * All that is wrong, a field and a rule each; what several parts of a schema say alike is listed once.
 *
 * The name of a field that is no part of the schema may be data, such as a map that is keyed by phone number: it is made safe.
 *
 * **Example** (What a form can show)
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
