/**
 * Enums that Palomma may extend without breaking the program, while the compiler still checks that every case is
 * handled.
 *
 * A documented value is a literal. Any other string is `Unrecognized`: at run time the plain string that Palomma sent,
 * for the compiler an opaque type. Logs, JSON and encoding contain the raw value. But `status === "aproved"`,
 * `case "paid"` and passing a status as a `string` do not compile: use `match`, `guards`, `isAnyOf`, `isFinal` and
 * `raw`.
 *
 * **Gotchas**
 *
 * The opaque type has these limits, in TypeScript 5.9 and 7:
 *
 * - `Record<PayoutStatus, X>` and `table[status]` do not compile. Use `Record<OpenEnum.Known<typeof PayoutStatus>, X>`
 *   and narrow by `isKnown` first, or index by `raw(status)`.
 * - `typeof status === "string"` narrows to the known values, although an unrecognised value is a string too. The other
 *   branch seems to be for unrecognised values, but never runs. Use `isKnown` or `guards`.
 * - A template such as `${status}` compiles and prints the raw value, but the rule `restrict-template-expressions` of
 *   typescript-eslint and oxlint reports it: write `${PayoutStatus.raw(status)}`.
 *
 * @since 0.1.0
 */
import { dual } from "effect/Function"
import * as Schema from "effect/Schema"
import { nearest } from "./internal/check/nearest.ts"
import * as Reader from "./internal/read/reader.ts"
import { rule } from "./internal/rule.ts"

declare const opaque: unique symbol

/**
 * A value of an open enum that this version of the library does not know, such as a new bank or a new status.
 *
 * **Gotchas**
 *
 * It is never final and never an error. At run time it is a plain string. For the compiler, `PayoutStatus.raw(status)`
 * returns that string.
 *
 * @category models
 * @since 0.1.0
 */
export interface Unrecognized {
  readonly [opaque]: "Unrecognized"
  /** The string that Palomma sent. */
  readonly toString: () => string
}

/**
 * Makes a value of an open enum that this version of the library does not know, such as a bank that Palomma enabled for
 * one merchant.
 *
 * **Gotchas**
 *
 * A request accepts it only if the merchant's rules list it: `Palomma.layer({ extra: … })`.
 *
 * @category constructors
 * @since 0.1.0
 */
// The opaque type exists only for the compiler: at run time the value is a string.
export const unrecognized = (value: string): Unrecognized => value as unknown as Unrecognized

/** Returns the string that a value is at run time. */
const text = (value: string | Unrecognized): string => value as string

/**
 * The known values of an open enum: `OpenEnum.Known<typeof PayoutStatus>` is `"processing" | "approved" | "cancelled"`.
 *
 * @category type-level
 * @since 0.1.0
 */
export type Known<E> = E extends { readonly values: ReadonlyArray<infer K> } ? K : never

/**
 * The branches of `match`: one for each known value, and one for unrecognised values.
 *
 * @category type-level
 * @since 0.1.0
 */
export type Cases<K extends string, A> = { readonly [Value in K]: (value: Value) => A } & {
  readonly Unrecognized: (value: Unrecognized) => A
}

/**
 * The result of a set of `Cases`: the union of what its branches return.
 *
 * @category type-level
 * @since 0.1.0
 */
export type CaseResult<C> = { [K in keyof C]: C[K] extends (value: never) => infer A ? A : never }[keyof C]

/**
 * Type guards: one for each known value, and one for unrecognised values.
 *
 * @category type-level
 * @since 0.1.0
 */
export type Guards<K extends string> = {
  readonly [Value in K]: (value: K | Unrecognized) => value is Value
} & { readonly Unrecognized: (value: K | Unrecognized) => value is Unrecognized }

/**
 * An open enum: a schema from `string` to the known literals or `Unrecognized`, with functions for its values.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface OpenEnum<K extends string> extends Schema.Codec<K | Unrecognized, string> {
  readonly "~type.make": K | Unrecognized
  readonly "~type.make.in": K | Unrecognized
  /** The known values, in the order of Palomma's documentation. */
  readonly values: ReadonlyArray<K>
  /** The schema that accepts the known values only. */
  readonly closed: Schema.Codec<K>
  /** The schema that accepts every string except the known values. */
  readonly unrecognized: Schema.Codec<Unrecognized, string>
  /** Whether the value is a known one. */
  readonly isKnown: (value: string | Unrecognized) => value is K
  /** Returns a text for people: the name or meaning of a known value, or an unrecognised value unchanged. */
  readonly describe: (value: K | Unrecognized) => string
  /** Returns the known value that is most similar to a misspelt one, or `undefined` if none is similar enough. */
  readonly nearest: (value: string) => K | undefined
  /** Returns the value as the string that Palomma sent, to store it or to compare it with other text. */
  readonly raw: (value: K | Unrecognized) => string
  /** Type guards for single values: `PayoutStatus.guards.approved(status)`. */
  readonly guards: Guards<K>
  /** Makes a type guard for several values: `PayoutStatus.isAnyOf(["approved", "cancelled"])(status)`. */
  readonly isAnyOf: <const Values extends ReadonlyArray<K>>(
    values: Values
  ) => (value: K | Unrecognized) => value is Values[number]
  /** Runs the branch for the value. A missing branch does not compile. */
  readonly match: {
    <C extends Cases<K, unknown>>(cases: C): (value: K | Unrecognized) => CaseResult<C>
    <C extends Cases<K, unknown>>(value: K | Unrecognized, cases: C): CaseResult<C>
  }
}

/**
 * An open enum of statuses, some of which are final.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface OpenStatus<K extends string, Final extends K> extends OpenEnum<K> {
  /** Whether the status is final. An unrecognised status never is. */
  readonly isFinal: (status: K | Unrecognized) => status is Final
}

/**
 * Makes an open enum from its values and their texts for people, in the order of Palomma's documentation.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <const Texts extends Record<string, string>>(
  identifier: string,
  texts: Texts
): OpenEnum<keyof Texts & string> => {
  type K = keyof Texts & string
  const values = Object.keys(texts) as ReadonlyArray<K>
  const known = new Set<string>(values)
  const isKnown = (value: string | Unrecognized): value is K => known.has(text(value))
  const closed = Schema.Literals(values).annotate(rule("one-of", `must be one of: ${values.join(", ")}`, { values }))
  const readOpen = Reader.oneOf(known)
  const isText = rule("text", `must be text: a value of ${identifier}`)
  const unrecognizedSchema = Schema.String.annotate(isText).check(
    Schema.makeFilter((value) => !known.has(value), {
      ...rule("unrecognized", `must be a value that ${identifier} does not list`),
      ...Reader.annotation((value, field) =>
        typeof value === "string" && known.has(value) ? Reader.reportUnreadable(field) : readOpen(value, field)
      )
    })
  )
  const open = Schema.Union([closed, unrecognizedSchema]).annotate({
    identifier,
    ...isText,
    ...Reader.annotation(readOpen)
  })
  const guards: Record<string, (value: string) => boolean> = { Unrecognized: (value) => !known.has(value) }
  for (const value of values) guards[value] = (other) => other === value
  return Schema.make<OpenEnum<K>>(open.ast, {
    values,
    closed,
    unrecognized: Schema.make<Schema.Codec<Unrecognized, string>>(unrecognizedSchema.ast),
    isKnown,
    describe: (value: string) => (isKnown(value) ? texts[value] : value),
    nearest: (value: string) => nearest(values, value),
    raw: text,
    guards,
    isAnyOf: (some: ReadonlyArray<string>) => (value: string) => some.includes(value),
    match: dual(2, (value: string, cases: Record<string, (value: string) => unknown>) =>
      (isKnown(value) ? cases[value] : cases["Unrecognized"])?.(value)
    )
  })
}

/**
 * Makes an open enum of statuses from its values, their meanings and the list of the final ones.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makeStatus = <const Texts extends Record<string, string>, const Final extends keyof Texts & string>(
  identifier: string,
  texts: Texts,
  final: ReadonlyArray<Final>
): OpenStatus<keyof Texts & string, Final> => {
  type K = keyof Texts & string
  const finalValues = new Set<string>(final)
  const status = make(identifier, texts)
  return Schema.make<OpenStatus<K, Final>>(status.ast, {
    ...status,
    isFinal: (value: string) => finalValues.has(value)
  })
}
