/**
 * The schema of records in answers. It reads each field tolerantly, and keeps the fields that are not documented.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { safeName } from "../names.ts"
import * as Reader from "./reader.ts"
import { rule } from "../rule.ts"
import * as SideFields from "./sideFields.ts"
import { enterField, leaveField, reportDrift, withoutDrift } from "./collectDrift.ts"

/** A JSON object that is not decoded yet. */
export type RawRecord = { readonly [name: string]: unknown }

/** Whether a value is a JSON object. */
export const isRecord = (value: unknown): value is RawRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Makes the schema of a JSON object that is not decoded yet. Its JSON schema is that of `encoded`. */
export const raw = <E>(identifier: string, encoded: Schema.Constraint): Schema.Codec<E> =>
  Schema.declare<E>((value): value is E => isRecord(value), {
    expected: "object",
    ...rule("object", "must be an object"),
    toCodecJson: () =>
      Schema.link<E>()(
        Schema.make<Schema.Codec<E>>(SchemaAST.toEncoded(encoded.ast)).annotate({ identifier: `${identifier}Encoded` }),
        SchemaTransformation.passthrough()
      )
  })

/** Returns the issue of a failed decoding. */
export const issueOf = (exit: Exit.Failure<unknown, SchemaIssue.Issue>, ast: SchemaAST.AST): SchemaIssue.Issue =>
  exit.cause.reasons.find(Cause.isFailReason)?.error ?? new SchemaIssue.InvalidType(ast)

interface Field {
  readonly name: string
  readonly isRequired: boolean
  readonly keepsNull: boolean
  readonly read: Reader.Reader
  /** Returns the issue of a value that is invalid by the schema of the field. */
  readonly explain: (value: unknown) => SchemaIssue.Issue
}

const fieldOf = (name: string, schema: Schema.Constraint): Field => {
  const parse = SchemaParser.decodeUnknownExit(Schema.make<Schema.Codec<unknown>>(schema.ast), { errors: "all" })
  return {
    name,
    isRequired: !SchemaAST.isOptional(schema.ast),
    keepsNull: SchemaAST.isUnknown(schema.ast),
    read: Reader.of(schema),
    explain: (value) => {
      const exit = withoutDrift(() => parse(value))
      return Exit.isFailure(exit) ? issueOf(exit, schema.ast) : new SchemaIssue.InvalidType(schema.ast)
    }
  }
}

const none: ReadonlyArray<never> = []

/** Reads a record: returns its instance or its issues. */
export type RecordReader<A> = (
  raw: RawRecord,
  options: SchemaAST.ParseOptions
) => Result.Result<A, ReadonlyArray<SchemaIssue.Issue>>

type Problems = ReadonlyArray<SchemaIssue.Issue>

/** Returns the issue of a required field that is missing or unreadable. */
const missingField = (raw: RawRecord, field: Field): SchemaIssue.Issue => {
  const value = raw[field.name]
  // For any other value, the reader of the field has reported the drift.
  if (value === undefined || value === null) reportDrift("unreadable", field.name)
  return new SchemaIssue.Pointer(
    [field.name],
    value === undefined ? new SchemaIssue.MissingKey(undefined) : field.explain(value)
  )
}

/** Makes the reader of a record with these fields. */
export const readerOf = <A extends object>(prototype: object, fields: Schema.Struct.Fields): RecordReader<A> => {
  const byName = new Map<string, Field>()
  for (const [name, schema] of Object.entries(fields)) byName.set(name, fieldOf(name, schema))
  const required = [...byName.values()].filter((field) => field.isRequired)
  // Cheaper than `Object.create`: constructing any function gives an empty object with its prototype.
  const Blank = function () {} as unknown as new () => Record<string, unknown>
  Blank.prototype = prototype

  return (raw, options) => {
    const instance = new Blank()
    let rest: Record<string, unknown> | undefined
    let invalid: Array<SchemaIssue.Issue> | undefined
    // One pass over the object finds null, unreadable, unrecognised and undocumented fields. `for in` is cheaper than
    // `Object.keys`.
    for (const name in raw) {
      const field = byName.get(name)
      const value = raw[name]
      if (field === undefined) {
        if (!Object.hasOwn(raw, name)) continue
        reportDrift("undocumented", safeName(name))
        rest = SideFields.setField(rest, name, value)
        continue
      }
      if (value === undefined || (value === null && !field.keepsNull)) continue
      const read = field.read(value, name)
      if (read === Reader.unreadable) {
        rest = SideFields.setField(rest, name, value)
      } else if (read === Reader.invalid) {
        invalid ??= []
        invalid.push(new SchemaIssue.Pointer([name], field.explain(value)))
      } else {
        instance[name] = read
      }
    }
    let problems: Problems = invalid ?? none
    for (const field of required) {
      if (instance[field.name] === undefined) problems = [...problems, missingField(raw, field)]
    }
    if (problems.length > 0) return Result.fail(options.errors === "all" ? problems : problems.slice(0, 1))
    if (rest !== undefined) SideFields.attach(instance, rest)
    // Every required field was read by its reader. Every other field was read by its reader or is absent.
    return Result.succeed(instance as A)
  }
}

/** Makes the reader of a record that is a field of another record. */
const nested =
  (read: RecordReader<object>): Reader.Reader =>
  (value, field) => {
    if (!isRecord(value)) return Reader.reportUnreadable(field)
    const outer = enterField(field)
    const result = read(value, {})
    leaveField(outer)
    return Result.isSuccess(result) ? result.success : Reader.unreadable
  }

const isNonEmpty = <A>(values: ReadonlyArray<A>): values is readonly [A, ...Array<A>] => values.length > 0

/** Fails with all the problems of a record. */
export const failWith = (
  ast: SchemaAST.AST,
  problems: ReadonlyArray<SchemaIssue.Issue>
): Effect.Effect<never, SchemaIssue.Issue> =>
  Effect.fail(isNonEmpty(problems) ? new SchemaIssue.Composite(ast, problems) : new SchemaIssue.InvalidType(ast))

/**
 * Makes a schema class for records of Palomma: an unreadable optional field counts as absent.
 *
 * It decodes in one step, from the raw object to the instance. `Schema.Class` would check every field once more
 * afterwards. Encoding and the constructor are as strict as those of `Schema.Class`.
 */
export const Record =
  <Self>(identifier: string) =>
  <const Fields extends Schema.Struct.Fields>(fields: Fields) => {
    const struct = Schema.Struct(fields)
    const model = Schema.Class<Self>(identifier)(struct)
    const strict = Object.getOwnPropertyDescriptor(model, "ast")
    const encode = SchemaParser.encodeUnknownEffect(Schema.make<Schema.Codec<object, RawRecord>>(struct.ast))
    const schemaOf = (self: { readonly prototype: object }): Schema.Constraint => {
      const declaration = SchemaAST.toType<SchemaAST.AST>(strict?.get?.call(self))
      let made: RecordReader<object> | undefined
      const read: RecordReader<object> = (value, options) =>
        (made ??= readerOf<object>(self.prototype, fields))(value, options)
      return raw<RawRecord>(identifier, struct).pipe(
        Schema.decodeTo(Schema.make<Schema.Codec<object>>(declaration).annotate(Reader.annotation(nested(read))), {
          decode: SchemaGetter.transformEffect((value: RawRecord, options) => {
            const result = read(value, options)
            return Result.isSuccess(result) ? Effect.succeed(result.success) : failWith(declaration, result.failure)
          }),
          encode: SchemaGetter.transformEffect(encode)
        })
      )
    }
    let schema: Schema.Constraint | undefined
    // Every static method of a schema class starts from `this.ast`, so this property makes all of them tolerant.
    Object.defineProperty(model, "ast", {
      get(this: { readonly prototype: object }) {
        return (schema ??= schemaOf(this)).ast
      }
    })
    return model
  }
