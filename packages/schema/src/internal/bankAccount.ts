import * as Schema from "effect/Schema"
import { AccountType } from "../AccountType.ts"
import * as Sensitive from "../Sensitive.ts"
import { Text } from "./text.ts"

interface Banks extends Schema.Codec<string> {
  readonly isKnown: (value: string) => boolean
  readonly nearest: (value: string) => string | undefined
}

/** The schema of a bank in a request. */
export interface AcceptedBank<B extends Banks> extends Schema.Codec<B["Type"]> {}

/**
 * The banks of a list that a request may name: those documented, and those opened for the merchant.
 *
 * `rule` goes on after "must be a bank", and `name` is where a person finds the list.
 */
export const acceptedBank = <B extends Banks>(
  banks: B,
  name: string,
  rule: string,
  extra: ReadonlyArray<string> = []
): AcceptedBank<B> =>
  Schema.toType(banks).check(
    Schema.makeFilter((bank: string) => {
      if (banks.isKnown(bank) || extra.includes(bank)) return undefined
      const nearest = banks.nearest(bank)
      return nearest === undefined
        ? `must be a bank ${rule}: ${name}.values lists them`
        : `must be a bank ${rule}; did you mean "${nearest}"?`
    })
  )

/** The bank account of a create body. */
export const bankAccountOf = <B extends Schema.Top>(bank: B) =>
  Schema.Struct({
    bank,
    accountType: Schema.toType(AccountType.closed),
    /** Digits as a string: leading zeros matter. For Nequi and Daviplata, the ten digits of the mobile number. */
    accountNumber: Sensitive.mark(Text)
  })
