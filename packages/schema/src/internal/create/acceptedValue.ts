import * as Schema from "effect/Schema"
import type { Unrecognized } from "../../OpenEnum.ts"
import { nearest } from "../check/nearest.ts"
import { codeKey, rule } from "../rule.ts"

interface Values<T> extends Schema.Codec<T, string> {
  readonly values: ReadonlyArray<string>
}

/** The values of a merchant that an enum does not know. To list one that it knows changes nothing: what is checked of it still is. */
export const addedTo = (of: { readonly values: ReadonlyArray<string> }, extra: ReadonlyArray<string>): Array<string> =>
  [...new Set(extra)].filter((value) => !of.values.includes(value))

/** One value that an enum does not know. A literal, so that a body of a known type is not told what one of this type would need. */
export const literalOf = (value: string): Schema.Codec<Unrecognized> =>
  // The opaque type has no value of its own: a string is what stands for it at run time.
  Schema.make<Schema.Codec<Unrecognized>>(Schema.Literal(value).ast)

/** The values of an enum that a request may hold: the documented ones, and those of the merchant. */
export const acceptedValue = <T>(of: Values<T>, extra: ReadonlyArray<string> = []): Schema.Codec<T> => {
  const accepted = [...of.values, ...addedTo(of, extra)]
  const said = rule("one-of", `must be one of: ${accepted.join(", ")}`)
  return Schema.toType(of)
    .annotate(said)
    .check(
      // At run time a value of an open enum is a string, whatever the compiler makes of it.
      Schema.makeFilter((value: unknown) => accepted.some((one) => one === value), said)
    )
}

/**
 * The banks of a list that a request may name: those documented, and those of the merchant.
 *
 * `said` goes on after "must be a bank", and `name.values` lists the documented ones.
 */
export const acceptedBank = <T>(
  banks: Values<T>,
  name: string,
  said: string,
  extra: ReadonlyArray<string> = []
): Schema.Codec<T> => {
  const accepted = [...banks.values, ...extra]
  const listed = `must be a bank ${said}: ${name}.values lists them`
  return Schema.toType(banks)
    .annotate(rule("bank", listed))
    .check(
      Schema.makeFilter(
        (bank: unknown) => {
          if (typeof bank !== "string" || accepted.includes(bank)) return undefined
          const suggested = nearest(accepted, bank)
          return suggested === undefined ? listed : `must be a bank ${said}; did you mean "${suggested}"?`
        },
        { [codeKey]: "bank" }
      )
    )
}
