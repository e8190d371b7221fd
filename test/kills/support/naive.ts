/**
 * What a program does that does not know better: it sends a payout again where that failed, and remembers what it has sent.
 *
 *   node naive.ts loop | retryTransient <file of references> <payout target>
 */
import { Palomma, PayoutRequests } from "@palomma-effect/client"
import { PayoutTargetId } from "@palomma-effect/schema"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { appendFileSync, existsSync, readFileSync } from "node:fs"

const [how, file = "", target = ""] = process.argv.slice(2)

const lines = (name: string): ReadonlyArray<string> =>
  existsSync(name)
    ? readFileSync(name, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : []

const transient = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(HttpClient.HttpClient, HttpClient.retryTransient({ times: 3 }))
).pipe(Layer.provide(FetchHttpClient.layer))

const palomma = Layer.unwrap(
  Effect.gen(function* () {
    return Palomma.layer({
      apiKey: yield* Config.Redacted("PALOMMA_API_KEY"),
      baseUrl: yield* Config.String("PALOMMA_BASE_URL"),
      retry: { creates: { maxAttempts: 1, attemptTimeout: how === "loop" ? "300 millis" : "2 seconds" } }
    })
  })
).pipe(Layer.provide(how === "loop" ? FetchHttpClient.layer : transient))

const pay = Effect.gen(function* () {
  const done = new Set(lines(`${file}.done`))
  const { create } = yield* PayoutRequests
  yield* Console.log("Paying")
  yield* Effect.forEach(
    lines(file).filter((reference) => !done.has(reference)),
    (reference) =>
      create({ reference, payoutTargetId: PayoutTargetId.make(target), amount: 50_000 }).pipe(
        how === "loop" ? Effect.retry({ times: 3 }) : (sent) => sent,
        Effect.flatMap(() => Effect.sync(() => appendFileSync(`${file}.done`, `${reference}\n`))),
        Effect.ignore
      ),
    { concurrency: 8, discard: true }
  )
})

await Effect.runPromise(pay.pipe(Effect.provide(palomma)))
