/**
 * Text that is fit for a log: made of what a server, or anyone else, wrote.
 *
 * Palomma's own words may hold a customer's name, account number or e-mail, line breaks, or terminal escapes. A `SafeText` holds none
 * of these, and the errors of this library take no other text of a server's.
 *
 * @since 0.1.0
 */
import { Sensitive } from "@palomma-effect/schema"
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { holds, redact } from "./internal/redact.ts"

/**
 * One line of at most 200 characters without control characters, e-mails, long runs of digits, or the secrets it was
 * made with.
 *
 * @category models
 * @since 0.1.0
 */
export type SafeText = Brand.Branded<string, "SafeText">

// The one place where a text is called safe.
const safeText = (text: string): SafeText => text as SafeText

/**
 * The schema of {@link SafeText}, for fields of errors: the compiler refuses any other text for them.
 *
 * **Gotchas**
 *
 * A text that is decoded from JSON is believed to have been safe when it was written.
 *
 * @category schemas
 * @since 0.1.0
 */
export const schema: Schema.declare<SafeText> = Schema.declare(
  (input): input is SafeText => typeof input === "string",
  {
    expected: "a text",
    toCodecJson: () =>
      Schema.link<SafeText>()(
        Schema.String,
        SchemaTransformation.transform({ decode: safeText, encode: (text): string => text })
      )
  }
)

const maxLength = 200

/**
 * Makes a text safe to print.
 *
 * What is encoded (`%C3%A9`, `\\u00e9`, `&eacute;`) is decoded first. The secrets are removed however their letters are cased or accented,
 * whatever stands between their letters and digits, and in part.
 *
 * **Example** (Words of a server)
 *
 * ```ts
 * import { SafeText } from "@palomma-effect/client"
 *
 * const words = "Account 300 765 4321 of\n ANA PEREZ (ana@mail.co) is closed"
 * SafeText.make(words, ["Ana Pérez"]) // => "Account <redacted> of <redacted> (<redacted>) is closed"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (text: string, secrets: ReadonlyArray<string> = []): SafeText => {
  const safe = redact(text, secrets).normalize("NFC").trim()
  if (safe.length <= maxLength) return safeText(safe)
  // No half of a surrogate pair is left at the end.
  return safeText(`${safe.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, "")}…`)
}

/**
 * An id as a message may show it: whole if it looks like one and holds no secret, else masked.
 *
 * Nothing can be found by half an id.
 *
 * @category constructors
 * @since 0.1.0
 */
export const id = (text: string, secrets: ReadonlyArray<string> = []): SafeText =>
  safeText(/^[\w.:=+/~-]{1,128}$/u.test(text) && !holds(text, secrets) ? text : Sensitive.masked)
