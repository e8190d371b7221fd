/**
 * Kinds of Colombian bank account.
 *
 * @since 0.1.0
 */
import * as OpenEnum from "./OpenEnum.ts"

/**
 * A kind of bank account.
 *
 * Nequi and Daviplata accounts are savings accounts.
 *
 * @category models
 * @since 0.1.0
 */
export type AccountType = typeof AccountType.Type

/**
 * Type of the schema {@link AccountType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface AccountTypeSchema extends OpenEnum.OpenEnum<"savings" | "checking"> {}

/**
 * Schema of a kind of bank account: its known values and their Spanish names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AccountType: AccountTypeSchema = OpenEnum.make("AccountType", {
  savings: "Cuenta de ahorros",
  checking: "Cuenta corriente"
})
