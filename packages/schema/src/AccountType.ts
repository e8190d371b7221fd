/**
 * The two kinds of Colombian bank account.
 */
import * as OpenEnum from "./OpenEnum.ts"

/** A kind of bank account. Nequi and Daviplata accounts are savings accounts. */
export type AccountType = typeof AccountType.Type
/** The schema of {@link AccountType}. */
export interface AccountTypeSchema extends OpenEnum.OpenEnum<"savings" | "checking"> {}
/** A kind of bank account. Nequi and Daviplata accounts are savings accounts. */
export const AccountType: AccountTypeSchema = OpenEnum.make("AccountType", {
  savings: "Cuenta de ahorros",
  checking: "Cuenta corriente"
})
