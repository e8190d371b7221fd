/**
 * The command that starts a simulator: its arguments, its output and its messages.
 */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { parseArgs } from "node:util"
import { PalommaSimulator } from "../PalommaSimulator.ts"
import { layerServer, type ServerOptions } from "../server.ts"
import { isHttpUrl } from "./checks.ts"
import { isKey } from "./options.ts"

const help = `palomma-simulator: a simulator of Palomma on a port of this machine

  --port <number>           the port; default: any free port
  --host <address>          the address to listen on; default: 127.0.0.1
  --allow-host <name>       a host name, in addition to localhost, that can use the controls; can be repeated
  --api-key <text>          the only API key that is accepted; default: sim-key
  --processing-time <time>  how long the bank takes, such as 2s or 500ms; default: until a control changes the status
  --require-verification    new payout targets are pending until someone visits their authUrl
  --fault-rate <number>     the share of requests, from 0 to 1, that get a random fault; default: 0
  --seed <text>             the seed of ids and random faults
  --webhook-url <url>       the URL that webhooks are sent to; default: webhooks are not sent
  --integrity-key <text>    the key that signs webhooks; default: sim-integrity-key
  --help                    prints this text
`

/** The command line is invalid. */
export class BadArguments extends Data.TaggedError("BadArguments")<{ readonly message: string }> {}

const flags = {
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

const invalid = (flag: string, rule: string) => Effect.fail(new BadArguments({ message: `--${flag} must be ${rule}` }))

// A shell passes an empty text for a variable that is not set.
const withText = {
  host: "an IP address or a host name",
  "allow-host": "a host name",
  "api-key": "printable ASCII without spaces",
  "integrity-key": "a text of at least one character"
} as const

/** Returns the number of an option, and no number for an empty text. */
const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text))

/** Reads the command line. Returns `undefined` for `--help`. */
export const readArguments = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const { values } = yield* Effect.try({
    try: () => parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }),
    catch: (cause) => new BadArguments({ message: cause instanceof Error ? cause.message : String(cause) })
  })
  if (values.help === true) return undefined
  for (const [flag, rule] of Object.entries(withText)) {
    const value = values[flag as keyof typeof withText] ?? []
    if ([value].flat().some((text) => text.trim() === "")) return yield* invalid(flag, rule)
  }
  const apiKey = values["api-key"]
  if (apiKey !== undefined && !isKey(apiKey)) return yield* invalid("api-key", withText["api-key"])
  const port = numberOf(values.port ?? "0")
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return yield* invalid("port", "a number from 0 to 65535")
  const faultRate = values["fault-rate"] === undefined ? undefined : numberOf(values["fault-rate"])
  if (faultRate !== undefined && !(faultRate >= 0 && faultRate <= 1))
    return yield* invalid("fault-rate", "a number from 0 to 1")
  const processingTime = Option.fromUndefinedOr(values["processing-time"]).pipe(
    Option.map(durationOf),
    Option.getOrUndefined
  )
  if (processingTime !== undefined && Option.isNone(processingTime))
    return yield* invalid("processing-time", "a time such as 2s or 500ms")
  const webhookUrl = values["webhook-url"]
  if (webhookUrl !== undefined && !isHttpUrl(webhookUrl)) {
    return yield* invalid("webhook-url", "a URL that begins with http:// or https://")
  }
  const options: ServerOptions = {
    port,
    host: values.host,
    allowedHosts: values["allow-host"],
    apiKey,
    integrityKey: values["integrity-key"],
    processingTime: processingTime === undefined ? undefined : Option.getOrUndefined(processingTime),
    requireTargetVerification: values["require-verification"],
    faultRate,
    seed: values.seed,
    webhookUrl
  }
  return options
})

const printAddresses = Effect.fnUntraced(function* (webhookUrl: string | undefined) {
  const { apiKey, integrityKey, url } = yield* PalommaSimulator
  const { origin } = new URL(url)
  yield* Console.log(`The simulator of Palomma is listening. Press Ctrl-C to stop it.

  API        ${url}   with   Authorization: Bearer ${apiKey}
  Reference  ${origin}/docs   ${origin}/openapi.json
  Controls   ${origin}/_simulator/docs
  Webhooks   ${webhookUrl ?? "not sent; set --webhook-url to send them"}   signed with ${integrityKey}
`)
})

/** Runs the command until it is interrupted. */
export const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const options = yield* readArguments(args)
  if (options === undefined) return yield* Console.log(help)
  return yield* Layer.launch(
    Layer.effectDiscard(printAddresses(options.webhookUrl)).pipe(Layer.provide(layerServer(options)))
  )
})

const listenAdvice: Readonly<Record<string, string>> = {
  EADDRINUSE: "The port is in use. Choose another one with --port, or omit --port to use any free port.",
  EACCES: "This user may not listen on the port. Choose one above 1023 with --port.",
  EADDRNOTAVAIL: "This machine does not have the address of --host. Use 127.0.0.1, or 0.0.0.0 for all its addresses.",
  ENOTFOUND: "The name of --host is unknown. Use an address of this machine, such as 127.0.0.1.",
  EAI_AGAIN: "The name of --host could not be looked up. Use an address of this machine, such as 127.0.0.1."
}

/** Returns the message of a failure, in one line. */
export const messageOf = (error: BadArguments | ServeError): string => {
  if (error._tag === "BadArguments") return `${error.message}. Run with --help to see all options.`
  const { cause } = error
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown reason"
  return listenAdvice[code] ?? `The simulator could not listen (${code}). Check --host and --port.`
}
