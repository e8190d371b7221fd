/**
 * A naive program: it repeats a payout or a debit that failed, and remembers what it has sent.
 *
 * Usage: `node naive.ts loop | retryTransient <file of references> <payout target> <payin source>`
 */
import { Palomma, type CreateError, PayinRequests, PayoutRequests } from "@palomma-effect/client"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { appendFileSync, existsSync, readFileSync } from "node:fs"

const [how, file = "", target = "", source = ""] = process.argv.slice(2)

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

const once = (
  done: ReadonlySet<string>,
  name: string,
  create: Effect.Effect<unknown, CreateError>
): Effect.Effect<void> =>
  done.has(name)
    ? Effect.void
    : create.pipe(
        how === "loop" ? Effect.retry({ times: 3 }) : (sent) => sent,
        Effect.flatMap(() => Effect.sync(() => appendFileSync(`${file}.done`, `${name}\n`))),
        Effect.ignore
      )

const pay = Effect.gen(function* () {
  const done = new Set(lines(`${file}.done`))
  const payouts = yield* PayoutRequests
  const payins = yield* PayinRequests
  const payoutTargetId = PayoutTargetId.make(target)
  const payinSourceId = PayinSourceId.make(source)
  yield* Console.log("Paying")
  yield* Effect.forEach(
    lines(file),
    (reference) =>
      Effect.andThen(
        once(done, `payout ${reference}`, payouts.create({ reference, payoutTargetId, amount: 50_000 })),
        once(done, `payin ${reference}`, payins.create({ reference, payinSourceId, amount: 50_000 }))
      ),
    { concurrency: 8, discard: true }
  )
})

await Effect.runPromise(pay.pipe(Effect.provide(palomma)))
