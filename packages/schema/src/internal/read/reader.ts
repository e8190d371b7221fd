/**
 * Readers: how a field of an answer is read tolerantly, and reports drift.
 */
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaParser from "effect/SchemaParser"
import { reportDrift } from "./collectDrift.ts"

/** The result of a reader for an unreadable value: an optional field then counts as absent. */
export const unreadable: unique symbol = Symbol("unreadable")

/** The result of a reader for a value that makes the whole record invalid, even in an optional field. */
export const invalid: unique symbol = Symbol("invalid")

/** Reads the value of one field of an answer, which is neither `null` nor `undefined`, and reports its drift. */
export type Reader = (value: unknown, field: string) => unknown

const key = "~palomma-effect/reader"

/** Makes the annotation of a schema with its own reader. */
export const annotation = (reader: Reader): { readonly [key]: Reader } => ({ [key]: reader })

/** Reports an unreadable value as drift. */
export const reportUnreadable = (field: string): typeof unreadable => {
  reportDrift("unreadable", field)
  return unreadable
}

const text: Reader = (value, field) => (typeof value === "string" ? value : reportUnreadable(field))

const flag: Reader = (value, field) => (typeof value === "boolean" ? value : reportUnreadable(field))

const anything: Reader = (value) => value

/** Reads a finite number. A number in a text is unreadable, since its format is unknown. */
export const finite: Reader = (value, field) =>
  typeof value === "number" && Number.isFinite(value) ? value : reportUnreadable(field)

/** Reads a value of an open enum. */
export const oneOf =
  (known: ReadonlySet<string>): Reader =>
  (value, field) => {
    if (typeof value !== "string") return reportUnreadable(field)
    if (!known.has(value)) reportDrift("unrecognized", field)
    return value
  }

/** Reads an id. An empty text is unreadable. */
export const id: Reader = (value, field) => {
  if (typeof value === "string" && value !== "") return value
  if (!Number.isSafeInteger(value)) return reportUnreadable(field)
  reportDrift("unreadable", field)
  return String(value)
}

/** Returns the reader of a schema: its own one, a simple one for a primitive type, or its parser. */
export const of = (schema: Schema.Constraint): Reader => {
  const own = SchemaAST.resolveAt<Reader>(key)(schema.ast)
  if (own !== undefined) return own
  const { ast } = schema
  if (ast.encoding === undefined && ast.checks === undefined) {
    if (SchemaAST.isString(ast)) return text
    if (SchemaAST.isBoolean(ast)) return flag
    if (SchemaAST.isUnknown(ast)) return anything
  }
  const parse = SchemaParser.decodeUnknownExit(Schema.make<Schema.Codec<unknown>>(ast))
  return (value, field) => {
    const exit = parse(value)
    return Exit.isSuccess(exit) ? exit.value : reportUnreadable(field)
  }
}
