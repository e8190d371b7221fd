/**
 * Enums that may grow at the provider without breaking the program, and that the compiler still makes you handle in full.
 *
 * A value Palomma documents is decoded as its literal. Any other string is decoded as itself, branded `Unrecognized`: logs, `===`,
 * databases and encoding see the raw value, while `switch`, `match` and `Match.exhaustive` make the caller say what happens to it.
 */
import type * as Brand from "effect/Brand"
import { dual } from "effect/Function"
import * as Schema from "effect/Schema"
import { nearest } from "./internal/nearest.ts"

/**
 * A string Palomma sent where only documented values were expected: a new bank, a new status.
 *
 * **Gotchas**
 *
 * It is never final, never an error, and at run time it is a plain string.
 */
export type Unrecognized = Brand.Branded<string, "Unrecognized">

/**
 * Brands a string as `Unrecognized`, to pass a value that this version of the library does not know, such as a bank that Palomma
 * opened for one merchant.
 */
export const unrecognized = (value: string): Unrecognized => value as Unrecognized

/** The branches of `match`: one for every known value, and one for whatever Palomma may add. */
export type Cases<Known extends string, A> = { readonly [K in Known]: (value: K) => A } & {
  readonly Unrecognized: (value: Unrecognized) => A
}

/** The result of a set of `Cases`: the union of what its branches return. */
export type CaseResult<C> = { [K in keyof C]: C[K] extends (value: never) => infer A ? A : never }[keyof C]

/** An open enum: a schema from `string` to the known literals or `Unrecognized`, and what can be asked of its values. */
export interface OpenEnum<Known extends string> extends Schema.Codec<Known | Unrecognized, string> {
  /** The known values, in the order of Palomma's documentation. */
  readonly values: ReadonlyArray<Known>
  /** The schema that accepts the known values only. */
  readonly closed: Schema.Codec<Known>
  /** The schema that accepts every string but the known values. */
  readonly unrecognized: Schema.Codec<Unrecognized, string>
  /** Whether the value is one that Palomma documents. */
  readonly isKnown: (value: string) => value is Known
  /** What a person would read for the value; an unrecognised value is returned as it is. */
  readonly describe: (value: Known | Unrecognized) => string
  /** The known value that a misspelt one most resembles, if there is one. */
  readonly nearest: (value: string) => Known | undefined
  /** Runs the branch of the value. Leaving a branch out does not compile. */
  readonly match: {
    <C extends Cases<Known, unknown>>(cases: C): (value: Known | Unrecognized) => CaseResult<C>
    <C extends Cases<Known, unknown>>(value: Known | Unrecognized, cases: C): CaseResult<C>
  }
}

/** An open enum of states, some of which are final. */
export interface OpenStatus<Known extends string, Final extends Known> extends OpenEnum<Known> {
  /** Whether the state is one that Palomma documents as the end. An unrecognised state never is. */
  readonly isFinal: (status: Known | Unrecognized) => status is Final
}

/** Makes an open enum from its values and what a person would read for each, in the documented order. */
export const make = <const Texts extends Record<string, string>>(
  identifier: string,
  texts: Texts
): OpenEnum<keyof Texts & string> => {
  type Known = keyof Texts & string
  const values = Object.keys(texts) as ReadonlyArray<Known>
  const known = new Set<string>(values)
  const isKnown = (value: string): value is Known => known.has(value)
  const closed = Schema.Literals(values).annotate({ message: `must be one of: ${values.join(", ")}` })
  const unrecognized: Schema.Codec<Unrecognized, string> = Schema.String.check(
    Schema.makeFilter((value) => !known.has(value), { expected: `a value other than those of ${identifier}` })
  ).pipe(Schema.brand("Unrecognized"))
  const open = Schema.Union([closed, unrecognized]).annotate({
    identifier,
    message: `must be a string of ${identifier}`
  })
  return Schema.make<OpenEnum<Known>>(open.ast, {
    values,
    closed,
    unrecognized,
    isKnown,
    describe: (value: string) => (isKnown(value) ? texts[value] : value),
    nearest: (value: string) => nearest(values, value),
    match: dual(2, (value: string, cases: Record<string, (value: string) => unknown>) =>
      (isKnown(value) ? cases[value] : cases["Unrecognized"])?.(value)
    )
  })
}

/** Makes an open enum of states from its values, what each means, and which are final. */
export const makeStatus = <const Texts extends Record<string, string>, const Final extends keyof Texts & string>(
  identifier: string,
  texts: Texts,
  final: ReadonlyArray<Final>
): OpenStatus<keyof Texts & string, Final> => {
  type Known = keyof Texts & string
  const ends = new Set<string>(final)
  const status = make(identifier, texts)
  return Schema.make<OpenStatus<Known, Final>>(status.ast, { ...status, isFinal: (value: string) => ends.has(value) })
}
