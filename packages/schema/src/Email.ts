/**
 * E-mail addresses.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"
import { trim } from "./internal/typed/text.ts"

/**
 * An e-mail address of the form `name@domain.tld`.
 *
 * @category models
 * @since 0.1.0
 */
export type Email = Brand.Branded<string, "Email">

/**
 * Type of the schema {@link Email}, with a function that reads an address as a person types it.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface EmailSchema extends Schema.Codec<Email, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /** Reads an address: removes white space around it, and writes its domain in lower case. */
  readonly normalize: (text: string) => Option.Option<Email>
}

const form = rule("email", "must be an e-mail address, such as ana@example.com")

const name = /^[a-z\d!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z\d!#$%&'*+/=?^_`{|}~-]+)*$/i
const domain = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?:[a-z]{2,63}|xn--[a-z\d-]{1,59})$/i

/** The longest parts of an address that e-mail can transport (RFC 5321). */
const longest = { name: 64, address: 254 }

const isAddress = (text: string): boolean => {
  if (text.length > longest.address) return false
  const at = text.lastIndexOf("@")
  const before = text.slice(0, Math.max(at, 0))
  return before.length <= longest.name && name.test(before) && domain.test(text.slice(at + 1))
}

const schema = Schema.String.annotate(form).check(Schema.makeFilter(isAddress, form)).pipe(Schema.brand("Email"))

const isEmail = Schema.is(schema)

const read = (text: string): string => {
  const address = trim(text)
  const at = address.lastIndexOf("@") + 1
  // Only ASCII: in lower case, the Kelvin sign would become the letter k of another address.
  return `${address.slice(0, at)}${address.slice(at).replace(/[A-Z]+/g, (letters) => letters.toLowerCase())}`
}

/**
 * Schema of an e-mail address with a domain that has a dot.
 *
 * **Gotchas**
 *
 * It does not show that the address exists. Addresses with letters outside ASCII, quotes or an IP number are refused,
 * since they are typing errors far more often than addresses.
 *
 * **Example** (Reading an address that a person typed)
 *
 * ```ts
 * import { Email } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * Email.normalize(" ana.rojas@Example.com ") // => Option.some("ana.rojas@example.com")
 * Email.normalize("ana.rojas@example") // => Option.none()
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const Email: EmailSchema = Schema.make<EmailSchema>(schema.ast, {
  normalize: (text: string) => Option.some(read(text)).pipe(Option.filter(isEmail))
})
