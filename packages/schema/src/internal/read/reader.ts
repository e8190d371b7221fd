import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaParser from "effect/SchemaParser"
import { note } from "./watch.ts"

/** What a reader returns for a value that it cannot read: an optional field then counts as absent. */
export const unreadable: unique symbol = Symbol("unreadable")

/** What a reader returns for a value that makes the record worthless, even in an optional field. */
export const refused: unique symbol = Symbol("refused")

/** Reads the value of one field of an answer, which is neither `null` nor `undefined`, and notes what is not as documented. */
export type Reader = (value: unknown, field: string) => unknown

const key = "~palomma-effect/reader"

/** The annotation by which a schema brings its own reader. */
export const annotation = (reader: Reader): { readonly [key]: Reader } => ({ [key]: reader })

/** Notes a value that cannot be read. */
export const lost = (field: string): typeof unreadable => {
  note("unreadable", field)
  return unreadable
}

const text: Reader = (value, field) => (typeof value === "string" ? value : lost(field))

const flag: Reader = (value, field) => (typeof value === "boolean" ? value : lost(field))

const anything: Reader = (value) => value

/** Reads a finite number. A number in a text is none: the rules by which it was written are not known. */
export const finite: Reader = (value, field) =>
  typeof value === "number" && Number.isFinite(value) ? value : lost(field)

/** Reads a value of an open enum. */
export const oneOf =
  (known: ReadonlySet<string>): Reader =>
  (value, field) => {
    if (typeof value !== "string") return lost(field)
    if (!known.has(value)) note("unrecognized", field)
    return value
  }

/** Reads an id. An empty one is none. */
export const id: Reader = (value, field) => {
  if (typeof value === "string" && value !== "") return value
  if (!Number.isSafeInteger(value)) return lost(field)
  note("unreadable", field)
  return String(value)
}

/** The reader of a schema: its own, a plain one for a plain type, or its parser. */
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
    return Exit.isSuccess(exit) ? exit.value : lost(field)
  }
}
