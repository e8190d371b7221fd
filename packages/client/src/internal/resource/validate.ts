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

/** The texts in a value, however deep: what is not known may be a secret. One or two characters are none, and stand in every message. */
export const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string" || typeof value === "number") {
    const text = String(value)
    return text.length > 2 ? [text] : []
  }
  return Predicate.isObject(value) || Array.isArray(value) ? Object.values(value).flatMap(textsIn) : []
}

/** The names of the fields that a schema's values may have, of any of its variants. */
export const namesOf = (ast: SchemaAST.AST): ReadonlySet<string> => {
  const type = SchemaAST.toType(ast)
  if (SchemaAST.isUnion(type)) return new Set(type.types.flatMap((member) => [...namesOf(member)]))
  return new Set(SchemaAST.isObjects(type) ? type.propertySignatures.map(({ name }) => String(name)) : [])
}

const isPlain = (value: unknown): value is { readonly [name: string]: unknown } => {
  if (!Predicate.isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** How deep a field that is not known may be. A value that holds itself is deeper. */
const maxDepth = 100

// What `JSON.stringify` would leave out or write as something else: `undefined`, a number that is none, a date, a map, a mask.
const isJson = (value: unknown, depth = 0): boolean => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true
  if (typeof value === "number") return Number.isFinite(value)
  if (depth === maxDepth) return false
  const members = Array.isArray(value) ? Array.from<unknown>(value) : isPlain(value) ? Object.values(value) : undefined
  return members !== undefined && members.every((member) => isJson(member, depth + 1))
}

/** Checks the fields in the options of a create that its schema does not know, and returns a copy that JSON has written and read. */
export const undocumented = (known: ReadonlySet<string>): Check<{ readonly [field: string]: unknown }> =>
  guarded((options) => {
    const field = "undocumented"
    const fields: unknown = Predicate.hasProperty(options, field) ? options[field] : undefined
    if (fields === undefined) return Result.succeed({})
    if (!isPlain(fields)) return Result.fail([{ field, code: "object", rule: "must be an object of fields to send" }])
    const problems = Object.entries(fields).flatMap(([name, value]): Problems => {
      if (known.has(name)) {
        return [{ field: `${field}.${name}`, code: "known-field", rule: "is a field of the body: put it there" }]
      }
      return isJson(value) ? [] : [{ field, code: "json", rule: "must hold values that JSON has, and no others" }]
    })
    return problems.length === 0 ? Result.succeed(JSON.parse(JSON.stringify(fields))) : Result.fail(problems)
  })
