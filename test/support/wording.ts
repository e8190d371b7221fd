import { type Piece, plain } from "./prose.ts"
import { avoided, type Avoided, type Exception } from "./words.ts"

interface Found {
  readonly file: string
  readonly line: number
  readonly words: string
  readonly rule: Avoided
}

const compiled = avoided.map((rule) => ({
  rule,
  pattern: new RegExp(
    String.raw`\b(?:${rule.pattern.source.replaceAll(" ", String.raw`\s+`)})\b`,
    `g${rule.pattern.flags}`
  )
}))

/** The sentence around a position of a text. */
const sentenceAt = (text: string, index: number): string => {
  const before = text.slice(0, index).split(/[.!?]\s|\n\s*\n/)
  const after = text.slice(index).split(/[.!?]\s|\n\s*\n/)
  return `${before.at(-1)}${after[0]}`
}

const findIn = (piece: Piece): ReadonlyArray<Found> => {
  const text = plain(piece)
  const found = compiled.flatMap(({ pattern, rule }) => {
    const kinds = rule.kinds ?? ["page", "comment", "text", "test-name"]
    if (!kinds.includes(piece.kind)) return []
    return [...text.matchAll(pattern)].flatMap(({ 0: words, index }) => {
      // The code in the sentence counts too: `payoutTargetId` shows which target is meant.
      if (rule.unless?.test(sentenceAt(piece.text, index)) === true) return []
      const line = piece.line + text.slice(0, index).split("\n").length - 1
      return [{ file: piece.file, line, index, words: words.replace(/\s+/g, " "), rule }]
    })
  })
  return found.toSorted((a, b) => a.index - b.index)
}

const isFor = (found: Found, { file, phrase }: Exception) => found.file === file && found.rule.phrase === phrase

/** Each avoided phrase, as text that starts with `file:line`. */
export const problemsIn = (pieces: ReadonlyArray<Piece>, exceptions: ReadonlyArray<Exception>): ReadonlyArray<string> =>
  pieces
    .flatMap(findIn)
    .filter((found) => !exceptions.some((exception) => isFor(found, exception)))
    .map(({ file, line, rule, words }) => `${file}:${line} "${words}": use ${rule.instead} (${rule.why})`)

/** The exceptions that no phrase needs. */
export const unused = (pieces: ReadonlyArray<Piece>, exceptions: ReadonlyArray<Exception>): ReadonlyArray<string> => {
  const found = pieces.flatMap(findIn)
  return exceptions
    .filter((exception) => !found.some((one) => isFor(one, exception)))
    .map(({ file, phrase }) => `${file}: ${phrase}`)
}
