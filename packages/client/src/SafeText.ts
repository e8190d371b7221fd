/**
 * Text that is fit for a log: made of what a server, or anyone else, wrote.
 *
 * Palomma's own words may hold a customer's name, account number or e-mail, line breaks, or terminal escapes. A `SafeText` holds none
 * of these, and the errors of this library take no other text of a server's.
 */
import { Sensitive } from "@palomma-effect/schema"
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"

/** One line of at most 200 characters without control characters, e-mails, long runs of digits, or the secrets it was made with. */
export type SafeText = Brand.Branded<string, "SafeText">

/** The schema of {@link SafeText}, for fields of errors. It checks nothing: `make` is the way to get one. */
export const schema: Schema.Codec<SafeText, string> = Schema.String.pipe(Schema.brand("SafeText"))

// The one place where a text is called safe.
const safeText = (text: string): SafeText => text as SafeText

const maxLength = 200

/** How much of a text is looked at. Longer ones are cut, since patterns take their time over a long text. */
const maxRead = 4_000

// Format characters are invisible and would split what the patterns look for: a zero-width space within a number, for one.
const invisible = /\p{Cf}/gu
const control = /[\p{C}\p{Z}]+/gu
const eMail = /[^\s"'<>@]+(?:@|%40|&#0*64;|&#x0*40;|&commat;|\\u0040)[^\s"'<>@]+/giu
const longDigits = /\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}\p{Nd}){5,}/gu

const escaped = (character: string): string =>
  /[\p{L}\p{N}]/u.test(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

// Letters match whatever accents they bear, and blanks any blanks: a server may write a name in its own way.
const loosely = (text: string): string =>
  [...text.normalize("NFKD").replace(/\p{M}/gu, "").trim()]
    .map((character) => (/\s/u.test(character) ? "\\s" : `${escaped(character)}\\p{M}*`))
    .join("")
    .replaceAll(/(?:\\s)+/gu, "(?:\\s|\\+|%20)+")

const encoded = (text: string): ReadonlyArray<string> => (text.isWellFormed() ? [encodeURIComponent(text)] : [])

const variants = (secret: string): ReadonlyArray<string> => {
  // A name may be repeated in part.
  const words = secret.split(/\s+/u).filter((word) => word.length > 2)
  const texts = [secret, ...encoded(secret), JSON.stringify(secret).slice(1, -1), ...(words.length > 1 ? words : [])]
  return texts.filter((text) => text.trim() !== "")
}

const patternOf = (secrets: ReadonlyArray<string>): RegExp | undefined => {
  // The longest first: a secret may be a part of another one.
  const all = [...new Set(secrets.flatMap(variants))].sort((a, b) => b.length - a.length)
  return all.length === 0 ? undefined : new RegExp(all.map(loosely).join("|"), "giu")
}

/**
 * Makes a text safe to print.
 *
 * The secrets are removed however their letters are cased or accented, and where they are URL-encoded or escaped.
 *
 * **Example** (Words of a server)
 *
 * ```ts
 * import { SafeText } from "@palomma-effect/client"
 *
 * SafeText.make("Account 300 765 4321 of\n ANA PEREZ (ana@mail.co) is closed", ["Ana Pérez"])
 * // => "Account <redacted> of <redacted> (<redacted> is closed"
 * ```
 */
export const make = (text: string, secrets: ReadonlyArray<string> = []): SafeText => {
  const longest = Math.max(0, ...secrets.map((secret) => secret.length * 6))
  const limit = maxRead + longest
  const pattern = patternOf(secrets)
  let safe = text.slice(0, limit).replaceAll(invisible, "").normalize("NFKD")
  if (pattern !== undefined) safe = safe.replaceAll(pattern, Sensitive.masked)
  safe = safe
    .replaceAll(control, " ")
    .replaceAll(eMail, Sensitive.masked)
    .replaceAll(longDigits, Sensitive.masked)
    .normalize("NFC")
  // A secret that was cut in two at the limit is not found, so what stands at the cut is not shown.
  if (text.length > limit) safe = safe.slice(0, Math.max(0, safe.length - longest))
  safe = safe.trim()
  return safeText(safe.length > maxLength ? `${safe.slice(0, maxLength - 1)}…` : safe)
}

/** An id as a message may show it: whole if it looks like one, else masked. Nothing can be found by half an id. */
export const id = (text: string): SafeText => safeText(/^[\w.:=+/~-]{1,128}$/u.test(text) ? text : Sensitive.masked)
