/**
 * Observes a call: everything that a person could read or a machine could store, in every sink.
 */
import { inspect } from "node:util"
import { assert } from "@effect/vitest"
import type { Palomma } from "@palomma-effect/client"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Formatter from "effect/Formatter"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { marked, markedInAnswers, type Operation, unmarked } from "./operations.ts"
import { apiKey, type Reply, runToEnd, stub } from "./stub.ts"
import { recognised } from "./writings.ts"

/** Texts that may be nowhere, for any result. */
export const secrets: ReadonlyArray<string> = [apiKey, ...Object.values(marked), ...Object.values(markedInAnswers)]

const written = secrets.map((secret) => [secret, recognised(secret)] as const)

// Many numbers that are no secrets contain four digits. A zero does not start one.
const isShort = (secret: string): boolean => secret.length < 6
const short = (secret: string): RegExp => new RegExp(`(?<![0-9a-f])${secret}(?![0-9a-f])`)

/** Fails if a text shows one of the secrets, in any case and with any accents and signs. */
export const assertClean = (text: string, what: string, others: ReadonlyArray<string> = []): void => {
  const letters = recognised(text)
  for (const [secret, folded] of [...written, ...others.map((other) => [other, recognised(other)] as const)]) {
    if (isShort(secret) ? short(secret).test(text) : letters.includes(folded)) {
      const at = Math.max(0, text.indexOf(secret) - 200)
      assert.fail(`${what} shows ${secret}: …${text.slice(at, at + 500)}`)
    }
  }
}

/** The options with which `inspect` shows most. */
export const everything = {
  depth: Infinity,
  showHidden: true,
  getters: true,
  maxArrayLength: null,
  maxStringLength: null,
  showProxy: true
}

/** Everything that was written to a console. */
const recordingConsole = () => {
  const written: Array<string> = []
  const say = (...args: ReadonlyArray<unknown>): void =>
    void written.push(...args.map((arg) => (typeof arg === "string" ? arg : inspect(arg, everything))))
  const console: Console.Console = new Proxy(globalThis.console, { get: () => say })
  return { written, console }
}

const recordingTracer = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span(options) {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}

const loggers = [
  Logger.defaultLogger,
  Logger.consolePretty(),
  Logger.consolePretty({ colors: true, mode: "tty" }),
  Logger.consolePrettyBrowser(),
  Logger.consoleLogFmt,
  Logger.consoleStructured,
  Logger.consoleJson,
  Logger.tracerLogger,
  Logger.withConsoleLog(Logger.formatSimple),
  Logger.withLeveledConsole(Logger.formatJson),
  Logger.withConsoleError(Logger.formatStructured)
]

/** Runs a call, writes its result to every logger, and returns everything that can be read afterwards. */
export const observed = (call: Operation["call"], reply: Reply, options?: Partial<Palomma.PalommaOptions>) =>
  Effect.gen(function* () {
    const palomma = stub(reply)
    const { spans, tracer } = recordingTracer()
    const { console, written } = recordingConsole()
    const logged = call.pipe(
      Effect.tap((value) => Effect.logInfo("done", value)),
      Effect.tapError((error) => Effect.logError("failed", error)),
      Effect.tapCause((cause) => Effect.logFatal("cause", cause)),
      Effect.annotateLogs("from", "test"),
      Effect.withSpan("the caller's own span"),
      Effect.provideService(Logger.CurrentLoggers, new Set(loggers)),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provideService(Console.Console, console),
      Effect.provideService(Tracer.Tracer, tracer)
    )
    const exit = yield* runToEnd(logged, palomma, options)
    return { exit, spans, written, requests: palomma.requests }
  })

export const printed = (value: unknown): Record<string, string> => ({
  inspect: inspect(value, everything),
  "inspect in brief": inspect(value),
  toString: String(value),
  Formatter: Formatter.format(value, { space: 2 }),
  "Formatter as JSON": Formatter.formatJson(value)
})

export const printedError = (error: Error): Record<string, string> => ({
  ...printed(error),
  message: error.message,
  stack: error.stack ?? "",
  name: error.name,
  "JSON.stringify": JSON.stringify(error),
  "Cause.pretty": Cause.pretty(Cause.fail(error)),
  "JSON.stringify of the cause": JSON.stringify(Cause.fail(error)),
  "inspect of the cause": inspect(Cause.fail(error), everything),
  "inspect of the exit": inspect(Exit.fail(error), everything),
  "own properties": Reflect.ownKeys(error)
    .map((key) => `${String(key)}=${inspect(Reflect.get(error, key), everything)}`)
    .join("\n")
})

const allowedAttributes = new Set([
  "http.request.method",
  "url.template",
  "http.response.status_code",
  "palomma.outcome",
  "palomma.attempts"
])

const assertSpans = (
  operation: Operation,
  spans: ReadonlyArray<Tracer.NativeSpan>,
  others: ReadonlyArray<string>
): void => {
  const ours = spans.filter(({ name }) => name !== "the caller's own span")
  assert.isAbove(ours.length, 0)
  for (const span of ours) {
    assert.strictEqual(span.name, operation.operation)
    assert.strictEqual(span.kind, "client")
    assert.strictEqual(span.status._tag, "Ended")
    assert.deepStrictEqual(span.links, [])
    assert.deepStrictEqual(
      [...span.attributes.keys()].filter((key) => !allowedAttributes.has(key)),
      []
    )
    assert.strictEqual(span.attributes.get("url.template"), operation.path)
    assert.strictEqual(span.attributes.get("http.request.method"), operation.method)
  }
  for (const span of spans) {
    const dump = inspect([span.name, [...span.attributes], span.events, span.links], everything)
    const ids = span.name === "the caller's own span" ? [] : Object.values(unmarked)
    assertClean(dump, "a span", [...others, ...ids])
    assertClean(inspect(span.status, everything), "the end of a span", others)
    assertClean(inspect(span), "a span", others)
  }
}

/** Runs a call, and fails if a secret is anywhere in what can be read afterwards. */
export const observe = (
  operation: Operation,
  reply: Reply,
  options?: Partial<Palomma.PalommaOptions>,
  others: ReadonlyArray<string> = []
) =>
  Effect.gen(function* () {
    const { exit, requests, written, spans } = yield* observed(operation.call, reply, options)
    assertSpans(operation, spans, others)
    assertClean(written.join("\n"), `${operation.name}, a log`, others)
    assert.isAbove(written.length, 0)
    assertClean(inspect(exit, everything), `${operation.name}, the exit`, others)
    if (Exit.isFailure(exit)) {
      assert.isFalse(Exit.hasDies(exit))
      const error = yield* Effect.flip(exit)
      for (const [how, text] of Object.entries(printedError(error)))
        assertClean(text, `${operation.name}, ${error._tag}, ${how}`, others)
    } else {
      for (const [how, text] of Object.entries(printed(exit.value)))
        assertClean(text, `${operation.name}, success, ${how}`, others)
    }
    for (const { headers } of requests) {
      assert.deepStrictEqual(
        Object.keys(headers).filter(
          (name) => !["authorization", "accept", "content-type", "content-length"].includes(name)
        ),
        []
      )
      assert.strictEqual(headers["authorization"], `Bearer ${apiKey}`)
    }
    return exit
  })
