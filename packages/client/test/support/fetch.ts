/**
 * A custom `fetch` of a test, under `Palomma.layerFetch`.
 */
import { Palomma } from "@palomma-effect/client"
import * as Effect from "effect/Effect"

import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { apiKey } from "./stub.ts"

export type Fetch = typeof globalThis.fetch

/** The arguments of a call of `fetch`. */
export interface Fetched {
  readonly url: string
  readonly init: RequestInit
  /** Pulls the body, as an open connection does, and reads it to its end. */
  readonly readBody: () => Promise<string>
}

export interface FetchStub {
  readonly fetch: Fetch
  readonly calls: Array<Fetched>
}

/** Makes a `fetch`. `answer` gets each call and its number, which starts at 1. */
export const fetchStub = (answer: (call: Fetched, number: number) => Response | Promise<Response>): FetchStub => {
  const calls: Array<Fetched> = []
  const fetch: Fetch = async (input, init = {}) => {
    const readBody = () => new Response(init.body ?? null).text()
    const call = { url: String(input instanceof Request ? input.url : input), init, readBody }
    calls.push(call)
    return answer(call, calls.length)
  }
  return { fetch, calls }
}

/** Answers JSON, after the body was read. */
export const answering =
  (json: unknown, status = 200) =>
  async ({ readBody }: Fetched): Promise<Response> => {
    await readBody()
    return new Response(JSON.stringify(json), { status })
  }

/** Every service over a `fetch`. */
export const overFetch = (
  fetch: Fetch | undefined,
  options: Partial<Palomma.FetchOptions> = {}
): Layer.Layer<Palomma.Services> =>
  Layer.orDie(
    Palomma.layerFetch({ apiKey: Redacted.make(apiKey), ...(fetch === undefined ? {} : { fetch }), ...options })
  )

/** Waits, one turn of the event loop after the other, until the promises have resolved. */
export const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.promise(async () => {
    while (!condition()) await new Promise<void>((done) => void setImmediate(done))
  })
