/**
 * Text that a server wrote. It stays `Redacted` until it is made safe for a message.
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as SafeText from "../../SafeText.ts"

/** A text as a server wrote it. It is never printed. */
export type ServerText = Redacted.Redacted

/** Makes a server text safe for a message. Returns nothing if no text is left. */
export const toSafe = (text: ServerText, secrets: ReadonlyArray<string>): SafeText.SafeText | undefined => {
  const safe = SafeText.make(Redacted.value(text), secrets)
  return safe === "" ? undefined : safe
}

/** How deep a body is searched for texts. Usual bodies nest an object in a list in an object. */
const maxDepth = 4

/** How many members of a list are read. */
const maxMembers = 5

const names = ["message", "Message", "error", "errors"]

const textsIn = (value: unknown, depth = 0): ReadonlyArray<string> => {
  if (typeof value === "string") return value.trim() === "" ? [] : [value]
  if (depth === maxDepth) return []
  if (Array.isArray(value)) return value.slice(0, maxMembers).flatMap((member: unknown) => textsIn(member, depth + 1))
  if (!Predicate.isObject(value)) return []
  // Only the first field that has a text, because the others usually repeat it.
  for (const name of names) {
    const texts = textsIn(value[name], depth + 1)
    if (texts.length > 0) return texts
  }
  return []
}

/**
 * Returns the message in the JSON of an error response. It is read from `message`, `Message`, `error`, `error.message`
 * or `errors`, as a text or a list of texts.
 */
export const ofJson = (json: unknown): ServerText => Redacted.make(textsIn(json).join("; "))

/** Returns the message in a body that is not JSON, if it is a short text. A page of HTML is ignored. */
export const ofText = (text: string): ServerText => {
  const trimmed = text.trim()
  return Redacted.make(trimmed.length > 500 || trimmed.startsWith("<") ? "" : trimmed)
}
