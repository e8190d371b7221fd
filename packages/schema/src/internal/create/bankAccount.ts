import * as Schema from "effect/Schema"
import type { AccountType } from "../../AccountType.ts"
import * as Sensitive from "../../Sensitive.ts"
import { Text } from "../check/text.ts"

/** Makes the schema of the bank account of a create body. */
export const bankAccountOf = <B>(bank: Schema.Codec<B>, accountType: Schema.Codec<AccountType>) =>
  Schema.Struct({
    bank,
    accountType,
    /** Digits in a string, since leading zeros matter. For Nequi and Daviplata, the ten digits of the mobile number. */
    accountNumber: Sensitive.mark(Text)
  })
