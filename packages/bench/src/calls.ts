/**
 * Measures the cost of calls with a `fetch` that answers immediately, and on loopback.
 */
import { Palomma, PayoutRequests } from "@palomma-effect/client"
import { PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createBody, payout, payoutId } from "./fixtures.ts"
import { compare, type Effort, type Table } from "./measure.ts"
import { bare, careful, lateBody } from "./plain.ts"
import { awaitedAtOnce, effect, effectAtOnce } from "./subjects.ts"

const apiKey = Redacted.make("test-key")
const id = PayoutRequestId.make(payoutId)
const body = { ...createBody, payoutTargetId: PayoutTargetId.make(createBody.payoutTargetId) }

/** Makes the calls of the library and of its peers to one server. */
const clients = (baseUrl: string, fetch: typeof globalThis.fetch) =>
  Effect.gen(function* () {
    const plainly = Layer.provide(FetchHttpClient.layer, Layer.succeed(FetchHttpClient.Fetch, lateBody(fetch)))
    const client = Context.get(yield* Layer.build(plainly), HttpClient.HttpClient)
    const palomma = Context.get(yield* Layer.build(Palomma.layerFetch({ apiKey, baseUrl, fetch })), PayoutRequests)
    return { palomma, careful: careful(client, baseUrl, apiKey), bare: bare(client, baseUrl, apiKey) }
  })

const drained = async (body: unknown): Promise<void> => {
  if (!(body instanceof ReadableStream)) return
  const reader = body.getReader()
  while (!(await reader.read()).done);
}

const answer = JSON.stringify(payout())
const headers = { "content-type": "application/json", "x-request-id": "req-1" }

/** A `fetch` that reads the whole body, as a server would, and answers with a payout. */
const answering: typeof globalThis.fetch = async (_, init) => {
  await drained(init?.body)
  return new Response(answer, { status: init?.method === "POST" ? 201 : 200, headers })
}

/** Measures one call without the cost of a network. */
export const calls = (effort: Effort): Promise<ReadonlyArray<Table>> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(clients("http://localhost:4000/v0", answering), ({ bare, careful, palomma }) =>
        Effect.promise(async (): Promise<ReadonlyArray<Table>> => [
          {
            title: "get, with a fetch that answers immediately",
            goal: { subject: "palomma-effect", most: 2 },
            rows: await compare(
              [
                effect("effect/http with the same time limit and span", () => careful.get(id)),
                effect("effect/http alone", () => bare.get(id)),
                effect("palomma-effect", () => palomma.get(id))
              ],
              effort
            )
          },
          {
            title: "create, with a fetch that answers immediately",
            goal: { subject: "palomma-effect", most: 2 },
            rows: await compare(
              [
                effect("effect/http with the same time limit, span and late body", () => careful.create(body)),
                effect("effect/http with a late body", () => bare.create(body)),
                effect("palomma-effect", () => palomma.create(body))
              ],
              effort
            )
          }
        ])
      )
    )
  )

const atOnce = 64

const served = async <A>(use: (baseUrl: string) => Promise<A>): Promise<A> => {
  const server = spawn(process.execPath, [join(import.meta.dirname, "server.ts")], {
    stdio: ["ignore", "inherit", "inherit", "ipc"]
  })
  try {
    const [port]: ReadonlyArray<unknown> = await once(server, "message")
    return await use(`http://127.0.0.1:${String(port)}/v0`)
  } finally {
    server.kill()
  }
}

/** Measures concurrent calls to a server on this machine. */
export const loopback = (effort: Effort): Promise<ReadonlyArray<Table>> =>
  served((baseUrl) =>
    Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(clients(baseUrl, globalThis.fetch), ({ bare, careful, palomma }) =>
          Effect.promise(async (): Promise<ReadonlyArray<Table>> => {
            const authorization = `Bearer ${Redacted.value(apiKey)}`
            const fetched = async (path: string, init?: RequestInit): Promise<unknown> => {
              const response = await fetch(`${baseUrl}${path}`, {
                ...init,
                headers: { authorization, accept: "application/json", "content-type": "application/json" }
              })
              if (!response.ok) throw new Error(`the server answered with ${response.status}`)
              return response.json()
            }
            return [
              {
                title: `get, ${atOnce} concurrent calls on loopback`,
                rows: await compare(
                  [
                    awaitedAtOnce("fetch alone", atOnce, () => fetched(`/payoutRequests/${id}`)),
                    effectAtOnce("effect/http alone", atOnce, () => bare.get(id)),
                    effectAtOnce("effect/http with the same time limit and span", atOnce, () => careful.get(id)),
                    effectAtOnce("palomma-effect", atOnce, () => palomma.get(id))
                  ],
                  effort
                )
              },
              {
                title: `create, ${atOnce} concurrent calls on loopback`,
                rows: await compare(
                  [
                    awaitedAtOnce("fetch alone", atOnce, () =>
                      fetched("/payoutRequests", { method: "POST", body: JSON.stringify(body) })
                    ),
                    effectAtOnce("effect/http with a late body", atOnce, () => bare.create(body)),
                    effectAtOnce("effect/http with the same time limit, span and late body", atOnce, () =>
                      careful.create(body)
                    ),
                    effectAtOnce("palomma-effect", atOnce, () => palomma.create(body))
                  ],
                  effort
                )
              }
            ]
          })
        )
      )
    )
  )
