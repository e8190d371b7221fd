/**
 * The marking of fields that must never be printed: document numbers, account numbers, phones, e-mails, card numbers.
 *
 * A field is marked once, in its schema. The models mask their marked fields wherever a value is made readable for eyes; the client
 * takes the marked values of a request out of every text it reports.
 *
 * **Gotchas**
 *
 * The property itself stays a plain string, and `JSON.stringify`, `Schema.encode` and `{ ...model }` are data: they hold the value.
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
 * What is printed in place of a marked value.
 *
 * @category constants
 * @since 0.1.0
 */
export const masked = "<redacted>"

/**
 * Marks a schema: its values are masked wherever they would be printed.
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
 * Every marked string found in a value of a schema, nested ones included.
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

// The symbol by which Node's, Deno's and Bun's `inspect` ask an object how it wants to be shown.
const inspect = Symbol.for("nodejs.util.inspect.custom")

interface ModelClass {
  readonly name: string
  readonly identifier: string
  readonly fields: Schema.Struct.Fields
  readonly prototype: object
}

/**
 * Makes the instances of a model class mask their marked fields in `inspect`, `toString`, and Effect's loggers and
 * formatters.
 *
 * @category combinators
 * @since 0.1.0
 */
export const maskIn = (model: ModelClass): void => {
  const marked = Object.keys(model.fields).filter((key) => isMarked((model.fields[key] as Schema.Top).ast))
  const shown = (self: object): Record<string, unknown> => {
    const copy: Record<string, unknown> = { ...self }
    for (const key of marked) if (key in copy) copy[key] = masked
    return copy
  }
  const define = (key: PropertyKey, value: unknown): void => {
    Object.defineProperty(model.prototype, key, { value, configurable: true, writable: true, enumerable: false })
  }
  define(Redactable.symbolRedactable, function (this: object) {
    return shown(this)
  })
  define(
    inspect,
    function (this: object, depth: number, options: object, render: (value: unknown, o: object) => string) {
      return `${model.identifier} ${render(shown(this), options)}`
    }
  )
  define("toString", function (this: object) {
    return `${model.identifier}(${JSON.stringify(shown(this), (_, value) => Redactable.redact(value))})`
  })
}
