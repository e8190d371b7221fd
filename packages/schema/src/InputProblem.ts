/**
 * What is wrong with an input, a field and a rule each.
 */
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import { safePath } from "./internal/names.ts"
import { codeKey } from "./internal/rule.ts"

/**
 * One thing that is wrong with an input.
 *
 * It never holds the value itself.
 */
export interface InputProblem {
  /** Where it is, such as `bankAccount.bank`; empty if the input as a whole is meant. */
  readonly field: string
  /** The rule as a stable word, by which it can be translated: `required`, `amount`, `payout-bank`. */
  readonly code: string
  /** What would be right, in English. */
  readonly rule: string
}

/** The schema of {@link InputProblem}. */
export const InputProblem: Schema.Codec<InputProblem> = Schema.Struct({
  field: Schema.String,
  code: Schema.String,
  rule: Schema.String
})

interface Said {
  readonly code: string | undefined
  readonly rule: string | undefined
}

const said = (annotations: { readonly [key: string]: unknown } | undefined): Said => {
  const code = annotations?.[codeKey]
  const message = annotations?.["message"]
  return {
    code: typeof code === "string" ? code : undefined,
    rule: typeof message === "string" ? message : undefined
  }
}

const expected = (ast: SchemaAST.AST): string => {
  const name = ast.annotations?.["expected"] ?? ast.annotations?.["identifier"]
  return typeof name === "string" ? name : ast._tag.toLowerCase()
}

type Path = ReadonlyArray<PropertyKey>

const list = (issue: SchemaIssue.Issue, path: Path, outer: Said, add: (path: Path, said: Said) => void): void => {
  switch (issue._tag) {
    case "Filter": {
      const own = said(issue.filter.annotations)
      return list(issue.issue, path, { code: outer.code ?? own.code, rule: outer.rule ?? own.rule }, add)
    }
    case "Encoding":
      return list(issue.issue, path, outer, add)
    case "Pointer":
      return list(issue.issue, [...path, ...issue.path], outer, add)
    case "Composite":
      for (const inner of issue.issues) list(inner, path, outer, add)
      return
    case "AnyOf": {
      if (issue.issues.length > 0) {
        for (const inner of issue.issues) list(inner, path, outer, add)
        return
      }
      const own = said(issue.ast.annotations)
      return add(path, {
        code: outer.code ?? own.code,
        rule: outer.rule ?? own.rule ?? `must be ${expected(issue.ast)}`
      })
    }
    case "MissingKey":
      return add(path, { code: "required", rule: "is missing" })
    case "UnexpectedKey":
      return add(path, { code: "unknown-field", rule: "is not a field of this request" })
    case "InvalidType": {
      const own = said(issue.ast.annotations)
      return add(path, {
        code: outer.code ?? own.code,
        rule: outer.rule ?? own.rule ?? `must be ${expected(issue.ast)}`
      })
    }
    case "InvalidValue": {
      const own = said(issue.annotations)
      return add(path, { code: outer.code ?? own.code, rule: outer.rule ?? own.rule })
    }
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
 */
export const inputProblems = (issue: SchemaIssue.Issue): ReadonlyArray<InputProblem> => {
  const found = new Map<string, InputProblem>()
  list(issue, [], { code: undefined, rule: undefined }, (path, { code = "value", rule = "must be a valid value" }) => {
    const field = safePath(path)
    found.set(`${field}: ${rule}`, { field, code, rule })
  })
  return [...found.values()]
}
