/**
 * Pages that Palomma opens after a customer paid, verified an account or authorized debits.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { rule } from "./internal/rule.ts"
import { trim } from "./internal/typed/text.ts"

/**
 * An absolute `https` URL, or an `http` URL of this machine.
 *
 * @category models
 * @since 0.1.0
 */
export type RedirectUrl = Brand.Branded<string, "RedirectUrl">

/**
 * Type of the schema {@link RedirectUrl}, with a function that reads a URL as a person types it.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface RedirectUrlSchema extends Schema.Codec<RedirectUrl, string> {
  readonly "~type.make": string
  readonly "~type.make.in": string
  /** Reads a URL: removes white space around it, and changes nothing else. */
  readonly normalize: (text: string) => Option.Option<RedirectUrl>
}

const form = rule("redirect-url", "must be an absolute https URL, such as https://merchant.example/back")

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

const isRedirectUrl = (text: string): boolean => {
  // `URL` repairs backslashes, blanks and missing slashes, and another program may not.
  if (!/^https?:\/\/[^\s\\\p{C}]+$/iu.test(text) || !URL.canParse(text)) return false
  // `URL` does not tell an empty user name from none.
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return false
  const { hostname, protocol } = new URL(text)
  return protocol === "https:" || loopback.test(hostname)
}

const schema = Schema.String.annotate(form)
  .check(Schema.makeFilter(isRedirectUrl, form))
  .pipe(Schema.brand("RedirectUrl"))

const isValid = Schema.is(schema)

/**
 * Schema of an absolute `https` URL without a user name or a password.
 *
 * On this machine (`localhost`, `127.0.0.1`, `[::1]`) `http` is valid too, for development.
 *
 * **Example** (Reading a URL that a person typed)
 *
 * ```ts
 * import { RedirectUrl } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * RedirectUrl.normalize(" https://merchant.example/back ") // => Option.some("https://merchant.example/back")
 * RedirectUrl.normalize("merchant.example/back") // => Option.none()
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const RedirectUrl: RedirectUrlSchema = Schema.make<RedirectUrlSchema>(schema.ast, {
  normalize: (text: string) => Option.some(trim(text)).pipe(Option.filter(isValid))
})
