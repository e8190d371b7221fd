/**
 * Enums that may grow at the provider without breaking the program, and that the compiler still makes you handle in full.
 *
 * A value that Palomma documents is its literal. Any other string is `Unrecognized`: at run time the plain string that Palomma sent,
 * for the compiler an opaque type. So logs, JSON and encoding see the raw value, while `status === "aproved"`, `case "paid"` and
 * handing a status to a `string` do not compile; `match`, `guards`, `isAnyOf`, `isFinal` and `raw` are the way to use a value.
 *
 * **Gotchas**
 *
 * What an opaque type costs, on TypeScript 5.9 and 7 alike:
 *
 * - `Record<PayoutStatus, X>` and `table[status]` do not compile. Use `Record<OpenEnum.Known<typeof PayoutStatus>, X>` and narrow by
 *   `isKnown` first, or index by `raw(status)`.
 * - `typeof status === "string"` narrows to the known values although an unrecognised value is a string too, and the other branch,
 *   which looks like it holds the unrecognised ones, never runs. Use `isKnown` or `guards`.
 * - A template such as `${status}` compiles and prints the raw value, but the rule `restrict-template-expressions` of
 *   typescript-eslint and oxlint refuses it: write `${PayoutStatus.raw(status)}`.
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
 * A value that Palomma sent where only documented values were expected: a new bank, a new status.
 *
 * **Gotchas**
 *
 * It is never final and never an error. At run time it is a plain string: `PayoutStatus.raw(status)` is that string for the compiler
 * too.
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
 * Passes a value that this version of the library does not know, such as a bank that Palomma opened for one merchant.
 *
 * **Gotchas**
 *
 * A request accepts it only if the merchant's rules list it: `Palomma.layer({ extra: … })`.
 *
 * @category constructors
 * @since 0.1.0
 */
// The opaque type has no value of its own: a string is what stands for it at run time.
export const unrecognized = (value: string): Unrecognized => value as unknown as Unrecognized

/** The string that a value is at run time. */
const text = (value: string | Unrecognized): string => value as string

/**
 * The known values of an open enum: `OpenEnum.Known<typeof PayoutStatus>` is `"processing" | "approved" | "cancelled"`.
 *
 * @category type-level
 * @since 0.1.0
 */
export type Known<E> = E extends { readonly values: ReadonlyArray<infer K> } ? K : never

/**
 * The branches of `match`: one for every known value, and one for those that Palomma may add.
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
 * One test for every known value, and one for those that Palomma may add.
 *
 * @category type-level
 * @since 0.1.0
 */
export type Guards<K extends string> = {
  readonly [Value in K]: (value: K | Unrecognized) => value is Value
} & { readonly Unrecognized: (value: K | Unrecognized) => value is Unrecognized }

/**
 * An open enum: a schema from `string` to the known literals or `Unrecognized`, and what can be asked of its values.
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
  /** The schema that accepts every string but the known values. */
  readonly unrecognized: Schema.Codec<Unrecognized, string>
  /** Whether the value is one that Palomma documents. */
  readonly isKnown: (value: string | Unrecognized) => value is K
  /** What a person would read for the value; an unrecognised value is returned as it is. */
  readonly describe: (value: K | Unrecognized) => string
  /** The known value that a misspelt one most resembles, if there is one. */
  readonly nearest: (value: string) => K | undefined
  /** The value as the string that Palomma sent, for a database or a comparison with text from elsewhere. */
  readonly raw: (value: K | Unrecognized) => string
  /** Whether the value is a certain one: `PayoutStatus.guards.approved(status)`. */
  readonly guards: Guards<K>
  /** Whether the value is one of several: `PayoutStatus.isAnyOf(["approved", "cancelled"])(status)`. */
  readonly isAnyOf: <const Values extends ReadonlyArray<K>>(
    values: Values
  ) => (value: K | Unrecognized) => value is Values[number]
  /** Runs the branch of the value. Leaving a branch out does not compile. */
  readonly match: {
    <C extends Cases<K, unknown>>(cases: C): (value: K | Unrecognized) => CaseResult<C>
    <C extends Cases<K, unknown>>(value: K | Unrecognized, cases: C): CaseResult<C>
  }
}

/**
 * An open enum of states, some of which are final.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface OpenStatus<K extends string, Final extends K> extends OpenEnum<K> {
  /** Whether the state is one that Palomma documents as the end. An unrecognised state never is. */
  readonly isFinal: (status: K | Unrecognized) => status is Final
}

/**
 * Makes an open enum from its values and what a person would read for each, in the documented order.
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
  const closed = Schema.Literals(values).annotate(rule("one-of", `must be one of: ${values.join(", ")}`))
  const readOpen = Reader.oneOf(known)
  const said = rule("text", `must be a string of ${identifier}`)
  const unrecognizedSchema = Schema.String.annotate(said).check(
    Schema.makeFilter((value) => !known.has(value), {
      ...rule("unrecognized", `must be a value other than those of ${identifier}`),
      ...Reader.annotation((value, field) =>
        typeof value === "string" && known.has(value) ? Reader.lost(field) : readOpen(value, field)
      )
    })
  )
  const open = Schema.Union([closed, unrecognizedSchema]).annotate({
    identifier,
    ...said,
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
 * Makes an open enum of states from its values, what each means, and which are final.
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
  const ends = new Set<string>(final)
  const status = make(identifier, texts)
  return Schema.make<OpenStatus<K, Final>>(status.ast, { ...status, isFinal: (value: string) => ends.has(value) })
}
