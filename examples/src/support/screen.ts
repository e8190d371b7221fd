/**
 * Prints the output of the examples: aligned, and in colour on a terminal.
 */
import { Console, Effect, Fiber } from "effect"
import { styleText } from "node:util"

type Format = Parameters<typeof styleText>[0]

const { stdout } = process

/** Colours a text if the output is a terminal and `NO_COLOR` is not set. */
export const paint = (format: Format, text: string): string => styleText(format, text, { stream: stdout })

const width = (): number => Math.min(Math.max(stdout.columns ?? 88, 40), 88)

/** Wraps a text to the width of the screen. */
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

/** Prints a title. */
export const title = (text: string) => Console.log(`\n${paint("bold", text)}`)

/** Prints a remark. */
export const note = (text: string) => Console.log(paint("dim", wrap(text, "")))

const labelled = (mark: string, label: string, text: string, aside: string): string =>
  `${mark} ${paint("bold", label.padEnd(10))}` + (aside === "" ? text : `${text.padEnd(26)}  ${paint("dim", aside)}`)

/** Prints a step that succeeded. */
export const done = (label: string, text: string, aside = "") =>
  Console.log(labelled(paint("green", "✓"), label, text, aside))

/** Prints a step that a person must do. */
export const todo = (label: string, text: string, aside = "") =>
  Console.log(labelled(paint("yellow", "!"), label, text, aside))

interface Failure {
  readonly _tag: string
  readonly message: string
  readonly outcome?: string
}

/** Runs an effect that is expected to fail, and prints the error that its caller gets. */
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

/** Shows a spinner on a terminal while the effect runs. */
export const waiting =
  (text: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    stdout.isTTY
      ? Effect.flatMap(Effect.forkChild(spin(text)), (fiber) => Effect.ensuring(effect, Fiber.interrupt(fiber)))
      : effect
