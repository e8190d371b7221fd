/**
 * How other programs may write a text, and how a person would still recognise it.
 */

/** The letters and digits of a text, without case and accents: what a person would still recognise. */
export const recognised = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\p{N}]/gu, "")
    .toUpperCase()
    .toLowerCase()

const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0))
const percent = (text: string): string => encodeURIComponent(text)
const everyPercent = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")
const jsonEscaped = (text: string): string =>
  text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
const entities = (text: string): string => Array.from(text, (c) => `&#${c.codePointAt(0) ?? 0};`).join("")
const hexEntities = (text: string): string =>
  Array.from(text, (c) => `&#X00${(c.codePointAt(0) ?? 0).toString(16)}`).join("")
const between = (sign: string) => (text: string) => Array.from(text).join(sign)

/** The ways in which servers, databases, gateways and people write a text that they received. */
export const writings: Record<string, (text: string) => string> = {
  "as it is": (text) => text,
  "in upper case": (text) => text.toUpperCase(),
  "in lower case": (text) => text.toLowerCase(),
  "without accents": (text) => text.normalize("NFD").replaceAll(/\p{M}/gu, ""),
  "with its accents apart": (text) => text.normalize("NFD"),
  "in one piece": (text) => text.normalize("NFC"),
  "in full width": fullWidth,
  "in a URL": percent,
  "in a URL in a URL": (text) => percent(percent(text)),
  "in a URL, every byte": everyPercent,
  "in a form": (text) => new URLSearchParams({ text }).toString().slice("text=".length),
  "in JSON": (text) => JSON.stringify(text),
  "in JSON in JSON": (text) => JSON.stringify(JSON.stringify(text)),
  "in JSON, every character": jsonEscaped,
  "in JSON in JSON, every character": (text) => JSON.stringify(jsonEscaped(text)),
  "in HTML": entities,
  "in HTML, hexadecimal": hexEntities,
  "in HTML in a URL": (text) => percent(entities(text)),
  "with zero-width spaces": between("\u200b"),
  "with soft hyphens": between("\u00ad"),
  "with other blanks": (text) => text.replaceAll(" ", "\u00a0"),
  "with many blanks": (text) => text.replaceAll(" ", " \t  "),
  "across lines": (text) => text.replaceAll(" ", "\r\n"),
  "with hyphens": (text) => text.replaceAll(" ", "-"),
  "with a bell": between("\u0007")
}
