/**
 * The banks that a create accepts: the documented ones, and those of the merchant.
 */
import type * as Schema from "effect/Schema"
import { DirectDebitBank } from "../../DirectDebitBank.ts"
import { PseBank } from "../../PseBank.ts"
import { acceptedBank } from "./acceptedValue.ts"

/** Makes the schema of the banks that a payer can pay from through PSE. */
export const acceptedPseBank = (extra: ReadonlyArray<string>): Schema.Codec<PseBank> =>
  acceptedBank(PseBank, "PseBank", "that supports PSE", extra)

/** Makes the schema of the banks whose accounts can be debited. */
export const acceptedDirectDebitBank = (extra: ReadonlyArray<string> = []): Schema.Codec<DirectDebitBank> =>
  acceptedBank(DirectDebitBank, "DirectDebitBank", "whose accounts Palomma can debit", extra)
