/**
 * Text of a server or another program, made safe for logs and messages.
 *
 * A message of Palomma may contain the name, account number or e-mail of a customer, line breaks, or terminal escapes.
 * A `SafeText` contains none of these. The errors of this library contain text of a server only as `SafeText`.
 *
 * @since 0.1.0
 */
import { Sensitive } from "@palomma-effect/schema"
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { holds, redact } from "./internal/redact.ts"

/**
 * One line of at most 200 characters, without control characters, e-mails, long runs of digits, or the secrets passed
 * to {@link make}.
 *
 * @category models
 * @since 0.1.0
 */
export type SafeText = Brand.Branded<string, "SafeText">

// All casts to `SafeText` are here.
const safeText = (text: string): SafeText => text as SafeText

/**
 * The schema of {@link SafeText}, for fields of errors.
 *
 * The compiler accepts no other text for such a field.
 *
 * **Gotchas**
 *
 * Decoding does not make a text safe. It assumes that the text in the JSON was made by {@link make} or {@link id}.
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
 * Encoded characters (`%C3%A9`, `\\u00e9`, `&eacute;`) are decoded first. Secrets and parts of them are masked,
 * independent of case, accents, and signs between their letters and digits.
 *
 * **Example** (The message of a server)
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
  // The cut must not leave half of a surrogate pair.
  return safeText(`${safe.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, "")}…`)
}

/**
 * Makes an id safe to print.
 *
 * It returns the complete id if the text has the form of an id and contains no secret, else a mask. A part of an id
 * would be useless.
 *
 * @category constructors
 * @since 0.1.0
 */
export const id = (text: string, secrets: ReadonlyArray<string> = []): SafeText =>
  safeText(/^[\w.:=+/~-]{1,128}$/u.test(text) && !holds(text, secrets) ? text : Sensitive.masked)
