/**
 * Access to the data of Palomma that the models of this version do not contain.
 *
 * @since 0.1.0
 */
import { fieldsOf } from "./internal/read/sideFields.ts"

/**
 * Returns the fields of a decoded record that its model does not contain: undocumented fields, and documented fields
 * with unreadable values.
 *
 * The values are as Palomma sent them. The result is empty if the record is as documented.
 *
 * **Gotchas**
 *
 * The fields belong to the decoded instance: a copy, such as `{ ...payout }` or a value parsed from JSON, has none.
 * They are never printed, and may hold personal data.
 *
 * **Example** (A field that is newer than this library)
 *
 * ```ts
 * import { Customer, Undocumented } from "@palomma-effect/schema"
 * import * as Schema from "effect/Schema"
 *
 * const customer = Schema.decodeUnknownSync(Customer)({ id: "01HPR57X6QR5ZRKEEKBSDBW4RA", loyalty: "gold" })
 * Undocumented.fields(customer) // => { loyalty: "gold" }
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const fields = (record: object): Readonly<Record<string, unknown>> => fieldsOf(record)
