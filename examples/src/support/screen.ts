/**
 * How the examples print: aligned, in colour only on a terminal that wants it.
 */
import { Console, Effect, Fiber } from "effect"
import { styleText } from "node:util"

type Format = Parameters<typeof styleText>[0]

const { stdout } = process

/** Colours a text, unless the output is no terminal or the reader asked for none (`NO_COLOR`). */
export const paint = (format: Format, text: string): string => styleText(format, text, { stream: stdout })

const width = (): number => Math.min(Math.max(stdout.columns ?? 88, 40), 88)

/** The lines of a text, none wider than the screen. */
const wrap = (text: string, indent: string): string => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width()) {
      lines.push(line)
      line = word
    } else {
      line = line === "" ? word : `${line} ${word}`
    }
  }
  return [...lines, line].map((part) => `${indent}${part}`).join("\n")
}

/** What the program is about. */
export const title = (text: string) => Console.log(`\n${paint("bold", text)}`)

/** A remark. */
export const note = (text: string) => Console.log(paint("dim", wrap(text, "")))

const labelled = (mark: string, label: string, text: string, aside: string): string =>
  `${mark} ${paint("bold", label.padEnd(10))}` + (aside === "" ? text : `${text.padEnd(26)}  ${paint("dim", aside)}`)

/** A step that worked. */
export const done = (label: string, text: string, aside = "") =>
  Console.log(labelled(paint("green", "✓"), label, text, aside))

/** A step that is left to a person. */
export const todo = (label: string, text: string, aside = "") =>
  Console.log(labelled(paint("yellow", "!"), label, text, aside))

interface Failure {
  readonly _tag: string
  readonly message: string
  readonly outcome?: string
}

/** Runs what is expected to fail, and shows what its caller gets to see. */
export const failure = <A, E extends Failure, R>(label: string, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Effect.flip(effect), (error) => {
    const outcome = error.outcome === undefined ? "" : `  outcome: ${error.outcome}`
    const head = `${paint("red", "✗")} ${label.padEnd(18)}  ${paint("bold", error._tag)}${paint("dim", outcome)}`
    return Console.log(`\n${head}\n${wrap(error.message, "  ")}`)
  })

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

const spin = (text: string) =>
  Effect.gen(function* () {
    for (let i = 0; ; i++) {
      stdout.write(`\r${paint("cyan", frames[i % frames.length] ?? "")} ${paint("dim", text)}`)
      yield* Effect.sleep("80 millis")
    }
  }).pipe(Effect.ensuring(Effect.sync(() => stdout.write("\r\u001b[2K"))))

/** Shows that something is going on, on a terminal, for as long as the effect runs. */
export const waiting =
  (text: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    stdout.isTTY
      ? Effect.flatMap(Effect.forkChild(spin(text)), (fiber) => Effect.ensuring(effect, Fiber.interrupt(fiber)))
      : effect
