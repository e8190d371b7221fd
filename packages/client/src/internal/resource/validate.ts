/**
 * Checks inputs before anything is sent, and reports all problems together. Unknown fields are problems too.
 */
import { type InputProblem, inputProblems } from "@palomma-effect/schema"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Options from "../options/checks.ts"

type Problems = ReadonlyArray<InputProblem>

/** A check that returns the valid input, or all its problems. */
export type Check<A> = (input: unknown) => Result.Result<A, Problems>

const rule = "must be a plain object; reading one of its fields threw an error"

// A getter or a proxy of the caller may throw. The thrown value is not repeated, because it may hold data.
const guarded =
  <A>(check: Check<A>, field = ""): Check<A> =>
  (input) => {
    try {
      return check(input)
    } catch {
      return Result.fail([{ field, code: "unreadable", rule }])
    }
  }

/** Makes the check of a schema. The parser is compiled once. */
export const of = <A>(schema: Schema.Codec<A, unknown>): Check<A> => {
  const decode = Schema.decodeUnknownResult(Schema.toType(schema), { errors: "all", onExcessProperty: "error" })
  return guarded((input) => Result.mapError(decode(input), ({ issue }) => inputProblems(issue)))
}

/** Makes the encoder of a schema, for values that were checked. */
export const encoder = <A>(schema: Schema.Codec<A, unknown>): ((value: A) => object) => {
  const encode = Schema.encodeResult(schema)
  return (value) => {
    const encoded = Result.getOrThrow(encode(value))
    return Predicate.isObject(encoded) ? encoded : {}
  }
}

/**
 * Collects all texts and numbers in a value, at any depth: undocumented fields may hold secrets. Texts of one or two
 * characters are left out, because most messages contain them.
 */
export const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string" || typeof value === "number") {
    const text = String(value)
    return text.length > 2 ? [text] : []
  }
  return Predicate.isObject(value) || Array.isArray(value) ? Object.values(value).flatMap(textsIn) : []
}

/** The field names of a schema. */
export interface Names {
  /** The names of all variants. */
  readonly all: ReadonlySet<string>
  /** The names that every variant has. */
  readonly common: ReadonlySet<string>
}

/** Returns the field names of a schema. */
export const namesOf = (ast: SchemaAST.AST): Names => {
  const type = SchemaAST.toType(ast)
  if (SchemaAST.isUnion(type)) {
    const members = type.types.map(namesOf)
    const all = new Set(members.flatMap((member) => [...member.all]))
    return { all, common: new Set([...all].filter((name) => members.every((member) => member.common.has(name)))) }
  }
  const names = new Set(SchemaAST.isObjects(type) ? type.propertySignatures.map(({ name }) => String(name)) : [])
  return { all: names, common: names }
}

const notJson = Symbol("not JSON")

/** How deep a value may be. A deeper value may contain itself. */
const maxDepth = 32

// Copies a value, so that the checked value is the one that is sent, even if the original has getters.
const jsonOf = (value: unknown, depth = 0): unknown => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value
  if (typeof value === "number") return Number.isFinite(value) ? value : notJson
  if (depth === maxDepth) return notJson
  if (Array.isArray(value)) {
    const members = Array.from(value, (member: unknown) => jsonOf(member, depth + 1))
    return members.includes(notJson) ? notJson : members
  }
  return isPlain(value) ? jsonFields(value, depth) : notJson
}

// Two steps of the prototype chain, so that plain objects of other realms count too.
const isPlain = (value: unknown): value is object => {
  if (!Predicate.isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const jsonFields = (value: object, depth: number): unknown => {
  const fields: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    const field = jsonOf(member, depth + 1)
    if (field === notJson) return notJson
    Object.defineProperty(fields, name, { value: field, enumerable: true, configurable: true, writable: true })
  }
  return fields
}

const field = "undocumented"

/**
 * Makes the check of `CreateOptions`, which returns the undocumented fields to send. `known` are the fields of the
 * body.
 */
export const createOptions = (known: ReadonlySet<string>): Check<object> => {
  const checkUndocumented = (input: unknown): Result.Result<object, Problems> => {
    if (!isPlain(input)) return Result.fail([{ field, code: "object", rule: "must be an object of fields to send" }])
    const json = jsonOf(input)
    const names = Object.keys(input).filter((name) => known.has(name))
    const problems: Problems = [
      ...names.map((name) => ({
        field: `${field}.${name}`,
        code: "known-field",
        rule: "is a field of the body; pass it in the body"
      })),
      ...(Predicate.isObject(json) ? [] : [{ field, code: "json", rule: "must hold only JSON values" }])
    ]
    return problems.length === 0 && Predicate.isObject(json) ? Result.succeed(json) : Result.fail(problems)
  }
  return (input) => {
    if (input === undefined) return Result.succeed({})
    const options = Options.copyOf(input, [])
    const problems = Options.object("options", options, [field], () => [])
    if (problems.length > 0 || !Predicate.isObject(options)) return Result.fail(problems)
    const fields = options[field]
    return fields === undefined ? Result.succeed({}) : guarded(checkUndocumented, field)(fields)
  }
}
