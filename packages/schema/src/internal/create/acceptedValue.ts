/**
 * The values of an enum that a create accepts: the documented ones, and those of the merchant.
 */
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Unrecognized } from "../../OpenEnum.ts"
import { nearest } from "../check/nearest.ts"
import { rule } from "../rule.ts"

interface Values<T> extends Schema.Codec<T, string> {
  readonly values: ReadonlyArray<string>
}

/**
 * Returns the values of a merchant that an enum does not know. Listing a known value has no effect: its checks stay.
 */
export const extraValues = (
  of: { readonly values: ReadonlyArray<string> },
  extra: ReadonlyArray<string>
): Array<string> => [...new Set(extra)].filter((value) => !of.values.includes(value))

/**
 * Makes the schema of one value that an enum does not know. It is a literal, so that a body of a known type gets no
 * problems of this type.
 */
export const unrecognizedLiteral = (value: string): Schema.Codec<Unrecognized> =>
  // The opaque type exists only for the compiler: at run time the value is a string.
  Schema.make<Schema.Codec<Unrecognized>>(Schema.Literal(value).ast)

/**
 * Makes the schema of the values of an enum that a request may contain: the documented ones, and those of the merchant.
 */
export const acceptedValue = <T>(of: Values<T>, extra: ReadonlyArray<string> = []): Schema.Codec<T> => {
  const accepted = [...of.values, ...extraValues(of, extra)]
  const oneOf = rule("one-of", `must be one of: ${accepted.join(", ")}`, { values: accepted })
  return Schema.toType(of)
    .annotate(oneOf)
    .check(
      // At run time a value of an open enum is a string, although its type is opaque.
      Schema.makeFilter((value: unknown) => accepted.some((one) => one === value), oneOf)
    )
}

/**
 * Makes the schema of the banks that a request may contain: the documented ones, and those of the merchant.
 *
 * `condition` completes "must be a bank" in the message, and `name.values` lists the documented banks.
 */
export const acceptedBank = <T>(
  banks: Values<T>,
  name: string,
  condition: string,
  extra: ReadonlyArray<string> = []
): Schema.Codec<T> => {
  const accepted = [...banks.values, ...extra]
  const listed = rule("bank", `must be a bank ${condition}: ${name}.values lists them`, { list: name })
  return Schema.toType(banks)
    .annotate(listed)
    .check(
      Schema.makeFilter((bank: unknown) => {
        if (typeof bank !== "string" || accepted.includes(bank)) return undefined
        const suggested = nearest(accepted, bank)
        const meant = `must be a bank ${condition}; did you mean "${suggested}"?`
        return new SchemaIssue.InvalidValue(
          suggested === undefined ? listed : rule("bank", meant, { list: name, suggestion: suggested })
        )
      })
    )
}
