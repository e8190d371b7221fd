/** Support for the tests of the simulator: a plain client of the API, and tests that run in process and over HTTP. */
import { assert, it } from "@effect/vitest"
import { type SimulatorOptions, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer, type PalommaServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"

/** A response. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  /** The parsed body of the response, if it is JSON. */
  readonly json: Body
}

/** The fields that the tests read. The tests check whether they exist. */
export interface Body {
  readonly id: string
  readonly status: string
  readonly reference: string
  readonly authUrl: string
  readonly paymentUrl: string
  readonly message: string
  readonly items: ReadonlyArray<Body>
  readonly cursor: string | null
  readonly count: number
  readonly availableBalance: number
  readonly unsettledAmount: number
}

const read = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.map(response.text, (text): Answer => ({
    status: response.status,
    headers: response.headers,
    text,
    json: text.startsWith("{") ? JSON.parse(text) : {}
  }))

/** Calls the simulator with the right key, or with another. */
export const call = (
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
  key?: string
): Effect.Effect<Answer, HttpClientError.HttpClientError, PalommaSimulator | HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const simulator = yield* PalommaSimulator
    const client = yield* HttpClient.HttpClient
    const headers = { authorization: `Bearer ${key ?? simulator.apiKey}` }
    const url = path.startsWith("http") ? path : `${simulator.url}${path}`
    return yield* Effect.flatMap(
      method === "POST"
        ? client.post(url, { headers, body: HttpBody.jsonUnsafe(body) })
        : method === "DELETE"
          ? client.del(url, { headers })
          : client.get(url, { headers }),
      read
    )
  })

/** Sends a GET. */
export const get = (path: string, key?: string) => call("GET", path, undefined, key)

/** Sends a POST. */
export const post = (path: string, body: unknown, key?: string) => call("POST", path, body, key)

export const ana = {
  name: "Ana María Rojas",
  documentType: "cc",
  documentNumber: "1020304050",
  email: "ana.rojas@example.com",
  phoneNumber: "3013111111"
}

export const nequi = { bank: "nequi", accountType: "savings", accountNumber: "3013111111" }

/** Registers a customer. */
export const customer = Effect.map(post("/customers", ana), ({ json }): string => json.id)

/** Registers a customer and a payout target. */
export const target = Effect.flatMap(customer, (customerId) =>
  Effect.map(
    post("/payoutTargets", { customerId, redirectUrl: "https://example.com", type: "bankAccount", bankAccount: nequi }),
    ({ json }): string => json.id
  )
)

/** Sends money. */
export const pay = (payoutTargetId: string, reference?: string, amount = 50_000) =>
  post("/payoutRequests", { payoutTargetId, amount, ...(reference === undefined ? {} : { reference }) })

/** A test of behavior that is the same in process under a `TestClock` and over real sockets. */
export const throughBothDoors = <E>(
  name: string,
  test: Effect.Effect<void, E, PalommaSimulator | HttpClient.HttpClient>,
  options: SimulatorOptions = {}
): void => {
  it.effect(`${name} (in process)`, () => test.pipe(Effect.provide(PalommaSimulator.layer({ seed: 1, ...options }))))
  it.live(`${name} (over HTTP)`, () =>
    test.pipe(
      Effect.provide(Layer.merge(layerServer({ seed: 1, ...options }), FetchHttpClient.layer)),
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
    )
  )
}

/** A test over HTTP alone. */
export const overHttp = <E>(
  name: string,
  test: Effect.Effect<void, E, PalommaSimulator | PalommaServer | HttpClient.HttpClient>
): void =>
  it.live(name, () =>
    test.pipe(
      Effect.provide(Layer.merge(layerServer({ seed: 1 }), FetchHttpClient.layer)),
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
    )
  )

// The fields of a value that the other one has, so that a failure shows only differences.
const sharedPart = (value: unknown, like: unknown): unknown => {
  if (Array.isArray(value) && Array.isArray(like)) return value.map((item, i) => sharedPart(item, like[i]))
  if (typeof value !== "object" || value === null || typeof like !== "object" || like === null) return value
  return Object.fromEntries(
    Object.keys(like).map((key) => [key, sharedPart(Reflect.get(value, key), Reflect.get(like, key))])
  )
}

/** Asserts that a value has these fields; others are ignored. A list must have the same length. */
export const assertHas = (value: unknown, fields: object): void =>
  assert.deepStrictEqual(sharedPart(value, fields), fields)
