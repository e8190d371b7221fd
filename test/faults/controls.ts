/**
 * Controls: other clients at the server that pays and drops the connection. The suite must detect that they pay twice.
 * Otherwise it proves nothing.
 */
import { FetchOnce, Palomma, type PalommaError, PayoutRequests } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import { type Ledger, start } from "./fault-server.ts"
import { optionsOf, payout, running } from "./matrix.ts"

const create = PayoutRequests.use((payoutRequests) => payoutRequests.create(payout))

const ledgerOf = (run: (baseUrl: string) => Effect.Effect<unknown, PalommaError>): Effect.Effect<Ledger> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { baseUrl, ledger } = yield* running(() =>
        start({
          received: ({ carryOut, wire }) => {
            carryOut()
            wire.resetAndDestroy()
          }
        })
      )
      yield* Effect.exit(run(baseUrl))
      return ledger
    })
  )

/** A plain `PayoutRequests.create`. */
export const plain = ledgerOf((baseUrl) =>
  create.pipe(Effect.provide(Palomma.layerFetch(optionsOf(baseUrl))), Effect.orDie)
)

/** A client that retries after any failure. */
export const naive = ledgerOf((baseUrl) =>
  create.pipe(Effect.retry({ times: 3 }), Effect.provide(Palomma.layerFetch(optionsOf(baseUrl))))
)

const transientOver = (fetch: typeof globalThis.fetch) =>
  ledgerOf((baseUrl) => {
    const client = Layer.effect(
      HttpClient.HttpClient,
      Effect.map(HttpClient.HttpClient, HttpClient.retryTransient({ times: 3 }))
    ).pipe(Layer.provide(FetchHttpClient.layer), Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)))
    return create.pipe(Effect.provide(Palomma.layer(optionsOf(baseUrl)).pipe(Layer.provide(client))))
  })

/** Effect's own client for transient failures, which ignores the method. */
export const transient = transientOver(globalThis.fetch)

/** The same, over a `fetch` that hands a body over once. */
export const transientOnce = transientOver(FetchOnce.make())

export const controls = [
  { name: "PayoutRequests.create", ledger: plain, paysTwice: false },
  { name: "Effect.retry({ times: 3 }) around it", ledger: naive, paysTwice: true },
  { name: "HttpClient.retryTransient({ times: 3 }) beneath it", ledger: transient, paysTwice: true },
  {
    name: "HttpClient.retryTransient({ times: 3 }) beneath it, over FetchOnce",
    ledger: transientOnce,
    paysTwice: false
  }
]
