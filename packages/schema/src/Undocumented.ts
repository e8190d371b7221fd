/**
 * The way out of the models: what Palomma sent beside what this version of the library could read.
 *
 * @since 0.1.0
 */
import { find } from "./internal/read/sideFields.ts"

/**
 * What Palomma sent beside what the model could read, as it came: fields that are not documented, and documented ones
 * that are unreadable.
 *
 * Empty if all is as documented.
 *
 * **Gotchas**
 *
 * It belongs to the instance that was decoded: a copy, such as `{ ...payout }` or what comes back from JSON, has none. It is never
 * printed, and may hold what is personal.
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
export const fields = (record: object): Readonly<Record<string, unknown>> => find(record)
