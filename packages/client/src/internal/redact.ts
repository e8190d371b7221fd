/**
 * Finding what must not be printed in a text that someone else wrote, however it is written.
 *
 * No pattern is made of a secret: a text is read as its letters and digits alone, in which a secret, or a part of one, is looked up.
 * So the work is bounded by the lengths of both.
 */
import { Sensitive } from "@palomma-effect/schema"

/** How much of a text is looked at. */
const maxRead = 4_000

/** What is not shown of a text that was cut: a secret, an e-mail or a number may have been cut in two there. */
const unshownTail = 100

/** How much there may be to look for. A text is masked as a whole if there is more. */
const maxSecrets = 20_000

/** How many letters and digits in a row are a part of a secret that tells something. */
const partLength = 6

/** How often a text may be encoded: an escape in an escape in an escape. */
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
    // An overlong or impossible sequence: no text is written so.
    return " "
  }
}

// The bytes 80 to 9F as Windows reads them, which shows other signs for them than Latin-1.
const windows =
  "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
  "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178"

// A letter whose two bytes of UTF-8 were read as two letters. Leads of other scripts end a word in quotes, as in a name between guillemets.
const misread = new RegExp(`([\u00c2-\u00c5])([\u0080-\u00bf${windows}])`, "gu")

const reread = (_: string, lead: string, rest: string): string => {
  const at = windows.indexOf(rest)
  return String.fromCharCode(((lead.charCodeAt(0) & 31) << 6) | ((at < 0 ? rest.charCodeAt(0) : at) & 63))
}

const decodeOnce = (text: string): string =>
  text
    // Quoted-printable, as far as it cannot be a value after an equals sign.
    .replaceAll(/=(c[2-5])=([89ab][\da-f])/giu, "%$1%$2")
    .replaceAll(/=40(?=[a-z][\w-]*\.)/giu, "@")
    .replaceAll(
      /%(?:[0-7][\da-f]|[cd][\da-f]%[89ab][\da-f]|e[\da-f](?:%[89ab][\da-f]){2}|f[\da-f](?:%[89ab][\da-f]){3})/giu,
      percentDecoded
    )
    // What is left is no UTF-8: forms are sent in Latin-1 too.
    .replaceAll(/%([89a-f][\da-f])/giu, (_, digits: string) => ofCode(digits, 16))
    .replaceAll(/&#x([\da-f]{1,12});?/giu, (_, digits: string) => ofCode(digits, 16))
    .replaceAll(/&#(\d{1,12});?/gu, (_, digits: string) => ofCode(digits, 10))
    // What is looked for is looked for without accents.
    .replaceAll(/&([a-z])(?:acute|cedil|circ|grave|ring|tilde|uml);/giu, "$1")
    .replaceAll(
      /&([a-z]{2,6});/gu,
      (whole, name: string) => (Object.hasOwn(entities, name) ? entities[name] : whole) ?? ""
    )
    .replaceAll(
      /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|([\\/"'bfnrtv]))/giu,
      (_, braced: string | undefined, four: string | undefined, two: string | undefined, one: string) => {
        const digits = braced ?? four ?? two
        return digits === undefined ? (escapes[one] ?? one) : ofCode(digits, 16)
      }
    )

// What shows nothing would split what is looked for: a zero-width space within a number, for one.
const clean = (text: string): string =>
  text
    .normalize("NFC")
    // Before anything is removed: what is left of a letter that was read as two may be invisible.
    .replaceAll(misread, reread)
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
    .normalize("NFKD")
    .replaceAll(/(\p{M}{2})\p{M}+/gu, "$1")

const onOneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Z}\u2800]+/gu, " ")

/** A text without escapes, invisible characters and compatibility forms, on one line; nothing if it never ends being encoded. */
const plain = (text: string): string | undefined => {
  let read = clean(text)
  for (let round = 0; round < maxDecodings; round++) {
    const decoded = clean(decodeOnce(read))
    if (decoded === read) return onOneLine(read)
    read = decoded
  }
  return undefined
}

/** Letters and digits alone, without case and accents, each with the place where it stands. */
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
const isNoMark = (character: string): boolean => !/\p{M}/u.test(character)

type Range = readonly [start: number, end: number]

const occurrences = (skeleton: Skeleton, part: string): Array<Range> => {
  const found: Array<Range> = []
  for (let at = skeleton.text.indexOf(part); at >= 0; at = skeleton.text.indexOf(part, at + 1)) {
    found.push([skeleton.starts[at] ?? 0, skeleton.ends[at + part.length - 1] ?? 0])
  }
  return found
}

const fold = (text: string, isPart: (character: string) => boolean): string => skeletonOf(text, isPart).text

/** What is looked for of some secrets. */
interface Wanted {
  /** Whole, blanks and signs included. */
  readonly texts: Set<string>
  /** Whole, by their letters and digits. */
  readonly skeletons: Set<string>
  /** Every `partLength` letters and digits in a row. */
  readonly parts: Set<string>
}

/** How a server may write a text: what cannot write an accent writes a question mark, or nothing. */
const writings = (text: string): ReadonlyArray<string> => [...new Set([text, text.replaceAll(/.\p{M}+/gu, "")])]

const add = (wanted: Wanted, text: string): void => {
  for (const writing of writings(text)) {
    const skeleton = fold(writing, isLetterOrDigit)
    for (let at = 0; at + partLength <= skeleton.length; at++) wanted.parts.add(skeleton.slice(at, at + partLength))
    // Fewer letters than these stand in many a sentence, across its blanks.
    if (skeleton.length < partLength && (skeleton.length > 3 || /^\p{N}+$/u.test(skeleton))) {
      wanted.skeletons.add(skeleton)
    }
  }
  const folded = fold(text, isNoMark)
  if (folded !== "" && fold(text, isLetterOrDigit).length < partLength) wanted.texts.add(folded)
  // A name may be repeated in part. A key or a code without blanks has no words, though it may be made of some.
  for (const word of /\s/u.test(text) ? text.split(/[\s-]+/u) : []) {
    for (const writing of writings(word)) {
      const part = fold(writing, isNoMark)
      if (part.length > (writing === word ? 2 : 3) && part.length < partLength) wanted.texts.add(part)
      if (writing !== word && part.length > 3) wanted.skeletons.add(fold(writing, isLetterOrDigit))
    }
  }
}

const rangesOf = (text: string, secrets: ReadonlyArray<string>): Array<Range> => {
  const wanted: Wanted = { texts: new Set(), skeletons: new Set(), parts: new Set() }
  for (const secret of secrets) {
    // What looks like an escape in a secret may be one for the server, or not.
    for (const form of new Set([onOneLine(clean(secret)), plain(secret) ?? ""])) add(wanted, form.trim())
  }
  const skeleton = skeletonOf(text, isLetterOrDigit)
  const folded = skeletonOf(text, isNoMark)
  const found: Array<Range> = []
  for (const part of wanted.texts) found.push(...occurrences(folded, part))
  for (const part of wanted.skeletons) found.push(...occurrences(skeleton, part))
  for (let at = 0; at + partLength <= skeleton.text.length; at++) {
    if (wanted.parts.has(skeleton.text.slice(at, at + partLength))) {
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
  let shown = ""
  let at = 0
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    // What overlaps the one before, or touches it, is masked with it.
    if (start > at || at === 0) shown += text.slice(at, start) + Sensitive.masked
    // An accent of the last letter is left of it otherwise.
    at = Math.max(at, end + (/^\p{M}+/u.exec(text.slice(end))?.[0].length ?? 0))
  }
  return shown + text.slice(at)
}

const isTooMuch = (secrets: ReadonlyArray<string>): boolean =>
  secrets.reduce((sum, { length }) => sum + length, 0) > maxSecrets

/** A text on one line, without secrets, e-mails and long numbers. */
export const redact = (text: string, secrets: ReadonlyArray<string>): string => {
  const read = isTooMuch(secrets) ? undefined : plain(text.slice(0, maxRead))
  if (read === undefined) return Sensitive.masked
  const isCut = text.length > maxRead || read.length > maxRead
  const seen = read.slice(0, maxRead)
  const ranges = [...rangesOf(seen, secrets), ...mails(seen), ...numbers(seen)]
  if (!isCut) return masked(seen, ranges)
  const end = Math.max(0, seen.length - unshownTail)
  return masked(
    seen.slice(0, end),
    ranges.flatMap(([from, to]) => (from < end ? [[from, Math.min(to, end)]] : []))
  )
}

/** Whether a text holds a whole secret, however it is written. */
export const holds = (text: string, secrets: ReadonlyArray<string>): boolean => {
  const read = plain(text)
  if (read === undefined) return true
  const skeleton = fold(read, isLetterOrDigit)
  return secrets.some((secret) => {
    const part = fold(plain(secret.slice(0, maxRead)) ?? "", isLetterOrDigit)
    return part === "" ? secret !== "" && text.includes(secret) : skeleton.includes(part)
  })
}
