import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { parseArgs } from "node:util"
import { PalommaSimulator } from "../PalommaSimulator.ts"
import { layerServer, type ServerOptions } from "../server.ts"

const help = `palomma-simulator: a Palomma of your own, on a port of this machine

  --port <number>          the port; by default any free one
  --host <address>         the address to listen on; by default 127.0.0.1
  --allow-host <name>      a name, beside localhost, under which the controls can be reached; may be repeated
  --api-key <text>         the only key it accepts; by default sim-key
  --processing-time <time>    how long the bank takes, such as 2s or 500ms; by default it waits for the controls
  --require-verification  fresh payout targets are pending until their authUrl is visited
  --fault-rate <number>    the share of requests, from 0 to 1, that something happens to
  --seed <text>            makes ids and faults repeat
  --webhook-url <url>      where webhooks are sent; by default nowhere
  --integrity-key <text>   the key that webhooks are signed with; by default sim-integrity-key
  --help                   this text
`

/** A command line that cannot be followed. */
export class BadArguments extends Data.TaggedError("BadArguments")<{ readonly message: string }> {}

const options = {
  port: { type: "string" },
  host: { type: "string" },
  "allow-host": { type: "string", multiple: true },
  "api-key": { type: "string" },
  "processing-time": { type: "string" },
  "require-verification": { type: "boolean" },
  "fault-rate": { type: "string" },
  seed: { type: "string" },
  "webhook-url": { type: "string" },
  "integrity-key": { type: "string" },
  help: { type: "boolean" }
} as const

const units: Readonly<Record<string, string>> = { ms: "millis", s: "seconds", m: "minutes", h: "hours" }

const durationOf = (text: string): Option.Option<Duration.Duration> => {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(text) ?? []
  return amount === ""
    ? Option.none()
    : Duration.fromInput(`${Number(amount)} ${units[unit] as "millis" | "seconds" | "minutes" | "hours"}`)
}

const refuse = (flag: string, rule: string) => Effect.fail(new BadArguments({ message: `--${flag} must be ${rule}` }))

/** Reads a command line; nothing if it asks for help. */
export const readArguments = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const { values } = yield* Effect.try({
    try: () => parseArgs({ args: [...args], options, strict: true, allowPositionals: false }),
    catch: (cause) => new BadArguments({ message: cause instanceof Error ? cause.message : String(cause) })
  })
  if (values.help === true) return undefined
  const port = Number(values.port ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return yield* refuse("port", "a number from 0 to 65535")
  const faultRate = values["fault-rate"] === undefined ? undefined : Number(values["fault-rate"])
  if (faultRate !== undefined && !(faultRate >= 0 && faultRate <= 1))
    return yield* refuse("fault-rate", "a number from 0 to 1")
  const processingTime = Option.fromUndefinedOr(values["processing-time"]).pipe(
    Option.map(durationOf),
    Option.getOrUndefined
  )
  if (processingTime !== undefined && Option.isNone(processingTime))
    return yield* refuse("processing-time", "a time such as 2s or 500ms")
  const webhookUrl = values["webhook-url"]
  if (webhookUrl !== undefined && !URL.canParse(webhookUrl)) return yield* refuse("webhook-url", "a URL")
  const read: ServerOptions = {
    port,
    host: values.host,
    allowedHosts: values["allow-host"],
    apiKey: values["api-key"],
    integrityKey: values["integrity-key"],
    processingTime: processingTime === undefined ? undefined : Option.getOrUndefined(processingTime),
    requireTargetVerification: values["require-verification"],
    faultRate,
    seed: values.seed,
    webhookUrl
  }
  return read
})

const announced = Effect.fnUntraced(function* (webhookUrl: string | undefined) {
  const { apiKey, integrityKey, url } = yield* PalommaSimulator
  const { origin } = new URL(url)
  yield* Console.log(`A simulated Palomma is listening. Ctrl-C stops it.

  API        ${url}   with   Authorization: Bearer ${apiKey}
  Described  ${origin}/docs   ${origin}/openapi.json
  Controls   ${origin}/_simulator/docs
  Webhooks   ${webhookUrl ?? "nowhere; --webhook-url says where"}   signed with ${integrityKey}
`)
})

/** Runs the command until it is stopped. */
export const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const read = yield* readArguments(args)
  if (read === undefined) return yield* Console.log(help)
  return yield* Layer.launch(Layer.effectDiscard(announced(read.webhookUrl)).pipe(Layer.provide(layerServer(read))))
})

/** What is said of a failure: one line. */
export const complaint = (error: {
  readonly _tag: string
  readonly message: string
  readonly cause?: unknown
}): string =>
  error.cause instanceof Error && "code" in error.cause && error.cause.code === "EADDRINUSE"
    ? "The port is taken: choose another with --port, or none at all for any free one."
    : error._tag === "BadArguments"
      ? `${error.message}. --help shows every option.`
      : error.message
