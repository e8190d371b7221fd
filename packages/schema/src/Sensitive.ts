/**
 * Markers for fields that must never be printed: document numbers, account numbers, phone numbers, e-mails, card
 * numbers.
 *
 * A field is marked once, in its schema. The models mask their marked fields when they are printed. The client removes
 * the marked values of a request from every text that it reports.
 *
 * **Gotchas**
 *
 * The property itself is a plain string. `JSON.stringify`, `Schema.encode` and `{ ...model }` contain the value.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Redactable from "effect/Redactable"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

const annotation = "~palomma-effect/sensitive"

/**
 * The text that replaces a marked value when it is printed.
 *
 * @category constants
 * @since 0.1.0
 */
export const masked = "<redacted>"

/**
 * Marks a schema, so that its values are masked when they are printed.
 *
 * @category combinators
 * @since 0.1.0
 */
export const mark = <S extends Schema.Top>(schema: S): S["Rebuild"] => schema.annotate({ [annotation]: true })

/**
 * Whether a schema is marked.
 *
 * @category guards
 * @since 0.1.0
 */
export const isMarked = (ast: SchemaAST.AST): boolean => {
  const type = SchemaAST.toType(ast)
  return (
    SchemaAST.resolveAt<boolean>(annotation)(type) === true || (SchemaAST.isUnion(type) && type.types.some(isMarked))
  )
}

/**
 * Returns every marked string in a value of a schema, nested ones included.
 *
 * @category conversions
 * @since 0.1.0
 */
export const values = (schema: Schema.Top, value: unknown): ReadonlyArray<string> => {
  const found: Array<string> = []
  const walk = (ast: SchemaAST.AST, part: unknown): void => {
    if (isMarked(ast)) {
      const plain = Redacted.isRedacted(part) ? Redacted.value(part) : part
      if (typeof plain === "string") found.push(plain)
    } else if (SchemaAST.isUnion(ast)) {
      for (const member of ast.types) walk(member, part)
    } else if (SchemaAST.isDeclaration(ast)) {
      for (const parameter of ast.typeParameters) walk(SchemaAST.toType(parameter), part)
    } else if (SchemaAST.isObjects(ast) && Predicate.isObject(part)) {
      for (const property of ast.propertySignatures) {
        walk(property.type, (part as Record<PropertyKey, unknown>)[property.name])
      }
    }
  }
  walk(SchemaAST.toType(schema.ast), value)
  return found
}

// `inspect` of Node, Deno and Bun calls the method with this symbol.
const inspect = Symbol.for("nodejs.util.inspect.custom")

interface ModelClass {
  readonly name: string
  readonly identifier: string
  readonly fields: Schema.Struct.Fields
  readonly prototype: object
}

/**
 * Changes a model class so that its instances mask their marked fields in `inspect`, `toString`, and the loggers and
 * formatters of Effect.
 *
 * @category combinators
 * @since 0.1.0
 */
export const maskIn = (model: ModelClass): void => {
  const marked = Object.keys(model.fields).filter((key) => isMarked((model.fields[key] as Schema.Top).ast))
  const maskedCopy = (self: object): Record<string, unknown> => {
    const copy: Record<string, unknown> = { ...self }
    for (const key of marked) if (key in copy) copy[key] = masked
    return copy
  }
  const define = (key: PropertyKey, value: unknown): void => {
    Object.defineProperty(model.prototype, key, { value, configurable: true, writable: true, enumerable: false })
  }
  define(Redactable.symbolRedactable, function (this: object) {
    return maskedCopy(this)
  })
  define(
    inspect,
    function (this: object, depth: number, options: object, render: (value: unknown, o: object) => string) {
      return `${model.identifier} ${render(maskedCopy(this), options)}`
    }
  )
  define("toString", function (this: object) {
    return `${model.identifier}(${JSON.stringify(maskedCopy(this), (_, value) => Redactable.redact(value))})`
  })
}
