/**
 * The words of a server, kept apart from messages: what it wrote is `Redacted` until it is made safe.
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as SafeText from "../../SafeText.ts"

/** A text as a server wrote it. Nothing prints it. */
export type ServerText = Redacted.Redacted

/** A text of the server's that is fit for a message. */
export const toSafe = (text: ServerText, secrets: ReadonlyArray<string>): SafeText.SafeText | undefined => {
  const safe = SafeText.make(Redacted.value(text), secrets)
  return safe === "" ? undefined : safe
}

/** How deep an answer is searched for words: an object in a list in an object is the most that is usual. */
const maxDepth = 4

/** How many members of a list are taken. */
const maxMembers = 5

const names = ["message", "Message", "error", "errors"]

const wordsIn = (value: unknown, depth = 0): ReadonlyArray<string> => {
  if (typeof value === "string") return value.trim() === "" ? [] : [value]
  if (depth === maxDepth) return []
  if (Array.isArray(value)) return value.slice(0, maxMembers).flatMap((member: unknown) => wordsIn(member, depth + 1))
  if (!Predicate.isObject(value)) return []
  // The first name that says something: the others tend to say it again.
  for (const name of names) {
    const words = wordsIn(value[name], depth + 1)
    if (words.length > 0) return words
  }
  return []
}

/**
 * What the body of a refusal says: in `message`, `Message`, `error`, `error.message` or `errors`, as a text or a list of texts.
 */
export const ofJson = (json: unknown): ServerText => Redacted.make(wordsIn(json).join("; "))

/** What a body that is not JSON says, if it is a short text. A page of HTML says nothing that helps. */
export const ofText = (text: string): ServerText => {
  const words = text.trim()
  return Redacted.make(words.length > 500 || words.startsWith("<") ? "" : words)
}
