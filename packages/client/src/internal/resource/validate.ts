/**
 * Checking an input before anything is sent: all problems at once, fields that do not belong there included.
 */
import { type InputProblem, inputProblems } from "@palomma-effect/schema"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Options from "../options/checks.ts"

type Problems = ReadonlyArray<InputProblem>

/** A check of an input against a schema. */
export type Check<A> = (input: unknown) => Result.Result<A, Problems>

const rule = "must be a plain object whose fields can be read; reading one threw"

// The input is the caller's: a getter or a proxy may throw, and whatever it throws is not repeated.
const guarded =
  <A>(check: Check<A>, field = ""): Check<A> =>
  (input) => {
    try {
      return check(input)
    } catch {
      return Result.fail([{ field, code: "unreadable", rule }])
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

/** The names of fields that a schema's values may have. */
export interface Names {
  /** Those of any variant. */
  readonly all: ReadonlySet<string>
  /** Those that every variant has. */
  readonly common: ReadonlySet<string>
}

/** The names of the fields that a schema's values may have. */
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

/** How deep a value may be. A deeper one may hold itself. */
const maxDepth = 32

// A value is read once, and what is sent is what was checked.
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

// Of this realm or another one.
const isPlain = (value: unknown): value is object => {
  if (!Predicate.isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const jsonFields = (value: object, depth: number): unknown => {
  const fields: Record<string, unknown> = {}
  for (const [name, given] of Object.entries(value)) {
    const field = jsonOf(given, depth + 1)
    if (field === notJson) return notJson
    Object.defineProperty(fields, name, { value: field, enumerable: true, configurable: true, writable: true })
  }
  return fields
}

const field = "undocumented"

/** Checks what a create is told beside its body, and returns the fields that are none of the known ones, to be sent as they are. */
export const createOptions = (known: ReadonlySet<string>): Check<object> => {
  const undocumented = (given: unknown): Result.Result<object, Problems> => {
    if (!isPlain(given)) return Result.fail([{ field, code: "object", rule: "must be an object of fields to send" }])
    const json = jsonOf(given)
    const names = Object.keys(given).filter((name) => known.has(name))
    const problems: Problems = [
      ...names.map((name) => ({
        field: `${field}.${name}`,
        code: "known-field",
        rule: "is a field of the body: put it there"
      })),
      ...(Predicate.isObject(json) ? [] : [{ field, code: "json", rule: "must hold values that JSON has" }])
    ]
    return problems.length === 0 && Predicate.isObject(json) ? Result.succeed(json) : Result.fail(problems)
  }
  return (given) => {
    if (given === undefined) return Result.succeed({})
    const options = Options.copyOf(given, [])
    const problems = Options.object("options", options, [field], () => [])
    if (problems.length > 0 || !Predicate.isObject(options)) return Result.fail(problems)
    const fields = options[field]
    return fields === undefined ? Result.succeed({}) : guarded(undocumented, field)(fields)
  }
}
