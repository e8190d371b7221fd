/**
 * Numbers of bank accounts.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"
import { plainHyphens, withoutBlanks } from "./internal/typed/text.ts"

/**
 * The number of a bank account: 4 to 20 digits, leading zeros included.
 *
 * @category models
 * @since 0.1.0
 */
export type AccountNumber = Brand.Branded<string, "AccountNumber">

/**
 * Type of the schema {@link AccountNumber}, with a function that reads a number as a person types it.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface AccountNumberSchema extends Schema.Codec<AccountNumber, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /** Reads an account number as people write it, with or without spaces and hyphens. Leading zeros stay. */
  readonly normalize: (text: string) => Option.Option<AccountNumber>
}

const form = rule("account-number", "must be an account number: 4 to 20 digits, with or without spaces and hyphens")

const schema = Schema.String.annotate(form)
  .check(Schema.isPattern(/^\d{4,20}$/u, form))
  .pipe(Schema.brand("AccountNumber"))

const isAccountNumber = Schema.is(schema)

// Removes a hyphen only between digits: a hyphen at an end is a minus sign or a missing digit.
const read = (text: string): string => plainHyphens(withoutBlanks(text)).replace(/(?<=\d)-(?=\d)/g, "")

/**
 * Schema of the number of a bank account.
 *
 * **Gotchas**
 *
 * Dots and commas are not removed: spreadsheets write `12345678901` as `12345678901.0` or `1,23E+10`, and without the
 * mark these are numbers of other accounts. The account number of Nequi and Daviplata is a `MobileNumber`.
 *
 * **Example** (Reading a number that a person typed)
 *
 * ```ts
 * import { AccountNumber } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * AccountNumber.normalize("001-234567-89") // => Option.some("00123456789")
 * AccountNumber.normalize("123456789.0") // => Option.none()
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const AccountNumber: AccountNumberSchema = Schema.make<AccountNumberSchema>(schema.ast, {
  normalize: (text: string) => Option.some(read(text)).pipe(Option.filter(isAccountNumber))
})
