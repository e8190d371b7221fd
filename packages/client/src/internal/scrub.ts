import { Sensitive } from "@palomma-effect/schema"

const longDigits = /\d(?:[\s.-]?\d){5,}/g
const eMail = /[^\s"'<>@]+@[^\s"'<>@]+/g

/**
 * Takes what must not be printed out of a text that somebody else wrote: the given secrets, long runs of digits, e-mail addresses.
 *
 * A text of any length comes back no longer than a person reads.
 */
export const scrub = (text: string, secrets: ReadonlyArray<string>): string => {
  let scrubbed = text
  // The longest first: a secret may be part of another one. In all of the text: a secret that is cut in two is not found.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret !== "") scrubbed = scrubbed.replaceAll(secret, Sensitive.masked)
  }
  // The patterns take their time over a long text.
  scrubbed = scrubbed
    .slice(0, 2_000)
    .replace(eMail, Sensitive.masked)
    .replace(longDigits, Sensitive.masked)
    .replace(/\p{Cc}+/gu, " ")
    .trim()
  return scrubbed.length > 500 ? `${scrubbed.slice(0, 500)}…` : scrubbed
}
