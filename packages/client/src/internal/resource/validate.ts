/**
 * Checking an input before anything is sent: all problems at once, fields that do not belong there included.
 */
import { type InputProblem, inputProblems } from "@palomma-effect/schema"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

type Problems = ReadonlyArray<InputProblem>

/** A check of an input against a schema. */
export type Check<A> = (input: unknown) => Result.Result<A, Problems>

const unreadable: Problems = [
  { field: "", code: "unreadable", rule: "must be a plain object whose fields can be read; reading one threw" }
]

// The input is the caller's: a getter or a proxy may throw, and whatever it throws is not repeated.
const guarded =
  <A>(check: Check<A>): Check<A> =>
  (input) => {
    try {
      return check(input)
    } catch {
      return Result.fail(unreadable)
    }
  }

/** Makes the check of a schema's values. Its parser is made once. */
export const of = <A>(schema: Schema.Codec<A, unknown>): Check<A> => {
  const decode = Schema.decodeUnknownResult(Schema.toType(schema), { errors: "all", onExcessProperty: "error" })
  return guarded((input) => Result.mapError(decode(input), ({ issue }) => inputProblems(issue)))
}

/** Makes the writer of a schema's values, as they go over the wire. Its input has been checked. */
export const encoder = <A>(schema: Schema.Codec<A, unknown>): ((value: A) => object) => {
  const encode = Schema.encodeResult(schema)
  return (value) => {
    const encoded = Result.getOrThrow(encode(value))
    return Predicate.isObject(encoded) ? encoded : {}
  }
}

/** The texts in a value, however deep: what is not known may be a secret. */
export const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value === "number") return [String(value)]
  return Predicate.isObject(value) || Array.isArray(value) ? Object.values(value).flatMap(textsIn) : []
}

/** The names of the fields that a schema's values may have, of any of its variants. */
export const namesOf = (ast: SchemaAST.AST): ReadonlySet<string> => {
  const type = SchemaAST.toType(ast)
  if (SchemaAST.isUnion(type)) return new Set(type.types.flatMap((member) => [...namesOf(member)]))
  return new Set(SchemaAST.isObjects(type) ? type.propertySignatures.map(({ name }) => String(name)) : [])
}

/** Checks fields that the schema does not know, and returns a copy that JSON has written and read. */
export const undocumented =
  (known: ReadonlySet<string>): Check<{ readonly [field: string]: unknown }> =>
  (input) =>
    guarded((fields) => {
      const field = "undocumented"
      if (!Predicate.isObject(fields) || Array.isArray(fields)) {
        return Result.fail([{ field, code: "object", rule: "must be an object of fields to send" }])
      }
      const problems = Object.entries(fields).flatMap(([name, value]): Problems => {
        if (known.has(name)) {
          return [{ field: `${field}.${name}`, code: "known-field", rule: "is a field of the body: put it there" }]
        }
        return JSON.stringify(value) === undefined
          ? [{ field, code: "json", rule: "must hold values that JSON has" }]
          : []
      })
      return problems.length === 0 ? Result.succeed(JSON.parse(JSON.stringify(fields))) : Result.fail(problems)
    })(input)
