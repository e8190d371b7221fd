/**
 * Masks secrets, e-mails and long numbers in a text of another program, in any encoding and spelling.
 *
 * The text is reduced to its letters and digits, and secrets and their parts are searched there. No regular expression
 * is built from a secret, so the work is bounded by the lengths of the text and the secrets.
 */
import { Sensitive } from "@palomma-effect/schema"

/** How many characters of a text are read. */
const maxRead = 4_000

/**
 * How many characters at the end of a text that was cut are left out. The cut may have split a secret, an e-mail or a
 * number.
 */
const droppedTail = 100

/** The largest total length of all secrets. With more, the full text is masked. */
const maxSecrets = 20_000

/** How many letters and digits in a row are a part of a secret that must be masked. */
const partLength = 6

/** How many times a text may be encoded. */
const maxDecodings = 4

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  commat: "@",
  gt: ">",
  lt: "<",
  nbsp: " ",
  num: "#",
  percnt: "%",
  period: ".",
  plus: "+",
  quot: '"'
}

const escapes: Readonly<Record<string, string>> = { b: " ", f: " ", n: " ", r: " ", t: " ", v: " " }

const ofCode = (digits: string, radix: number): string => {
  const code = Number.parseInt(digits, radix)
  return code <= 0x10ffff ? String.fromCodePoint(code) : " "
}

const percentDecoded = (bytes: string): string => {
  try {
    return decodeURIComponent(bytes)
  } catch {
    // The bytes are not valid UTF-8.
    return " "
  }
}

// The bytes 80 to 9F in Windows-1252, which has other characters for them than Latin-1.
const windows =
  "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
  "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178"

// A letter whose two bytes of UTF-8 were read as two letters. Only lead bytes of Latin letters: those of other scripts
// also occur in correct texts, for example before a closing guillemet.
const misread = new RegExp(`([\u00c2-\u00c5])([\u0080-\u00bf${windows}])`, "gu")

const reread = (_: string, lead: string, rest: string): string => {
  const at = windows.indexOf(rest)
  return String.fromCharCode(((lead.charCodeAt(0) & 31) << 6) | ((at < 0 ? rest.charCodeAt(0) : at) & 63))
}

const decodeOnce = (text: string): string =>
  text
    // Quoted-printable, but only if it cannot be a value after an equals sign.
    .replaceAll(/=(c[2-5])=([89ab][\da-f])/giu, "%$1%$2")
    .replaceAll(/=40(?=[a-z][\w-]*\.)/giu, "@")
    .replaceAll(
      /%(?:[0-7][\da-f]|[cd][\da-f]%[89ab][\da-f]|e[\da-f](?:%[89ab][\da-f]){2}|f[\da-f](?:%[89ab][\da-f]){3})/giu,
      percentDecoded
    )
    // The remaining escapes are not UTF-8. Some forms are sent in Latin-1.
    .replaceAll(/%([89a-f][\da-f])/giu, (_, digits: string) => ofCode(digits, 16))
    .replaceAll(/&#x([\da-f]{1,12});?/giu, (_, digits: string) => ofCode(digits, 16))
    .replaceAll(/&#(\d{1,12});?/gu, (_, digits: string) => ofCode(digits, 10))
    // The search ignores accents.
    .replaceAll(/&([a-z])(?:acute|cedil|circ|grave|ring|tilde|uml);/giu, "$1")
    .replaceAll(
      /&([a-z]{2,6});/gu,
      (entity, name: string) => (Object.hasOwn(entities, name) ? entities[name] : entity) ?? ""
    )
    .replaceAll(
      /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|([\\/"'bfnrtv]))/giu,
      (_, braced: string | undefined, four: string | undefined, two: string | undefined, one: string) => {
        const digits = braced ?? four ?? two
        return digits === undefined ? (escapes[one] ?? one) : ofCode(digits, 16)
      }
    )

// Invisible characters, such as a zero-width space within a number, would split a secret.
const clean = (text: string): string =>
  text
    .normalize("NFC")
    // Before the removal below, because one of the two characters of a misread letter may be invisible.
    .replaceAll(misread, reread)
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
    .normalize("NFKD")
    .replaceAll(/(\p{M}{2})\p{M}+/gu, "$1")

const onOneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Z}\u2800]+/gu, " ")

/**
 * Returns a text without escapes, invisible characters and compatibility forms, on one line. Returns nothing if the
 * text is encoded too many times.
 */
const plain = (text: string): string | undefined => {
  let current = clean(text)
  for (let round = 0; round < maxDecodings; round++) {
    const decoded = clean(decodeOnce(current))
    if (decoded === current) return onOneLine(current)
    current = decoded
  }
  return undefined
}

/** The letters and digits of a text, without case and accents, each with its position in the text. */
interface Skeleton {
  readonly text: string
  readonly starts: ReadonlyArray<number>
  readonly ends: ReadonlyArray<number>
}

const skeletonOf = (text: string, isPart: (character: string) => boolean): Skeleton => {
  const starts: Array<number> = []
  const ends: Array<number> = []
  let folded = ""
  let at = 0
  for (const character of text) {
    const end = at + character.length
    if (isPart(character)) {
      // A sharp s is two letters in upper case.
      const fold = character.toUpperCase().toLowerCase()
      for (let unit = 0; unit < fold.length; unit++) {
        starts.push(at)
        ends.push(end)
      }
      folded += fold
    }
    at = end
  }
  return { text: folded, starts, ends }
}

const isLetterOrDigit = (character: string): boolean => /[\p{L}\p{N}]/u.test(character)
const isNotMark = (character: string): boolean => !/\p{M}/u.test(character)

type Range = readonly [start: number, end: number]

const occurrences = (skeleton: Skeleton, part: string): Array<Range> => {
  const found: Array<Range> = []
  for (let at = skeleton.text.indexOf(part); at >= 0; at = skeleton.text.indexOf(part, at + 1)) {
    found.push([skeleton.starts[at] ?? 0, skeleton.ends[at + part.length - 1] ?? 0])
  }
  return found
}

const fold = (text: string, isPart: (character: string) => boolean): string => skeletonOf(text, isPart).text

/** The search terms of secrets. */
interface SearchTerms {
  /** Texts with their blanks and signs. */
  readonly texts: Set<string>
  /** Texts reduced to letters and digits. */
  readonly skeletons: Set<string>
  /** Every `partLength` letters and digits in a row. */
  readonly parts: Set<string>
}

/**
 * Returns the spellings of a text. A server without accents writes a question mark for an accented letter, or leaves it
 * out.
 */
const spellings = (text: string): ReadonlyArray<string> => [...new Set([text, text.replaceAll(/.\p{M}+/gu, "")])]

const add = (terms: SearchTerms, text: string): void => {
  for (const spelling of spellings(text)) {
    const skeleton = fold(spelling, isLetterOrDigit)
    for (let at = 0; at + partLength <= skeleton.length; at++) terms.parts.add(skeleton.slice(at, at + partLength))
    // Shorter skeletons occur in many texts by chance, across blanks.
    if (skeleton.length < partLength && (skeleton.length > 3 || /^\p{N}+$/u.test(skeleton))) {
      terms.skeletons.add(skeleton)
    }
  }
  const folded = fold(text, isNotMark)
  if (folded !== "" && fold(text, isLetterOrDigit).length < partLength) terms.texts.add(folded)
  // A server may repeat one word of a name. A key or code without blanks is not split into words.
  for (const word of /\s/u.test(text) ? text.split(/[\s-]+/u) : []) {
    for (const spelling of spellings(word)) {
      const part = fold(spelling, isNotMark)
      if (part.length > (spelling === word ? 2 : 3) && part.length < partLength) terms.texts.add(part)
      if (spelling !== word && part.length > 3) terms.skeletons.add(fold(spelling, isLetterOrDigit))
    }
  }
}

const rangesOf = (text: string, secrets: ReadonlyArray<string>): Array<Range> => {
  const terms: SearchTerms = { texts: new Set(), skeletons: new Set(), parts: new Set() }
  for (const secret of secrets) {
    // A server may or may not decode what looks like an escape in a secret.
    for (const form of new Set([onOneLine(clean(secret)), plain(secret) ?? ""])) add(terms, form.trim())
  }
  const skeleton = skeletonOf(text, isLetterOrDigit)
  const folded = skeletonOf(text, isNotMark)
  const found: Array<Range> = []
  for (const part of terms.texts) found.push(...occurrences(folded, part))
  for (const part of terms.skeletons) found.push(...occurrences(skeleton, part))
  for (let at = 0; at + partLength <= skeleton.text.length; at++) {
    if (terms.parts.has(skeleton.text.slice(at, at + partLength))) {
      found.push([skeleton.starts[at] ?? 0, skeleton.ends[at + partLength - 1] ?? 0])
    }
  }
  return found
}

const isOfMail = (character: string | undefined): boolean => character !== undefined && !/[\s"'<>@(),;]/.test(character)

const mails = (text: string): Array<Range> => {
  const found: Array<Range> = []
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at
    let end = at + 1
    while (isOfMail(text[start - 1])) start -= 1
    while (isOfMail(text[end])) end += 1
    if (start < at && end > at + 1) found.push([start, end])
  }
  return found
}

const numbers = (text: string): Array<Range> =>
  Array.from(text.matchAll(/\p{N}(?:[^\p{L}\p{N}]{0,6}\p{N}){5,}/gu), ({ 0: { length }, index }) => [
    index,
    index + length
  ])

const masked = (text: string, ranges: Array<Range>): string => {
  let output = ""
  let at = 0
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    // Ranges that overlap or touch get one mask.
    if (start > at || at === 0) output += text.slice(at, start) + Sensitive.masked
    // The accent of the last letter belongs to the range too.
    at = Math.max(at, end + (/^\p{M}+/u.exec(text.slice(end))?.[0].length ?? 0))
  }
  return output + text.slice(at)
}

const isTooMuch = (secrets: ReadonlyArray<string>): boolean =>
  secrets.reduce((sum, { length }) => sum + length, 0) > maxSecrets

/** Returns a text on one line, with secrets, e-mails and long numbers masked. */
export const redact = (text: string, secrets: ReadonlyArray<string>): string => {
  const decoded = isTooMuch(secrets) ? undefined : plain(text.slice(0, maxRead))
  if (decoded === undefined) return Sensitive.masked
  const isCut = text.length > maxRead || decoded.length > maxRead
  const visible = decoded.slice(0, maxRead)
  const ranges = [...rangesOf(visible, secrets), ...mails(visible), ...numbers(visible)]
  if (!isCut) return masked(visible, ranges)
  const end = Math.max(0, visible.length - droppedTail)
  return masked(
    visible.slice(0, end),
    ranges.flatMap(([from, to]) => (from < end ? [[from, Math.min(to, end)]] : []))
  )
}

/** Whether a text contains a complete secret, in any encoding and spelling. */
export const holds = (text: string, secrets: ReadonlyArray<string>): boolean => {
  const decoded = plain(text)
  if (decoded === undefined) return true
  const skeleton = fold(decoded, isLetterOrDigit)
  return secrets.some((secret) => {
    const part = fold(plain(secret.slice(0, maxRead)) ?? "", isLetterOrDigit)
    return part === "" ? secret !== "" && text.includes(secret) : skeleton.includes(part)
  })
}
