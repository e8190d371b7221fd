/**
 * A `fetch` that a test writes, under `Palomma.layerFetch`.
 */
import { Palomma } from "@palomma-effect/client"
import * as Effect from "effect/Effect"

import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { apiKey } from "./stub.ts"

export type Fetch = typeof globalThis.fetch

/** What `fetch` was called with. */
export interface Fetched {
  readonly url: string
  readonly init: RequestInit
  /** Asks for the body, as a connection that stands does, and reads it to its end. */
  readonly readBody: () => Promise<string>
}

export interface FetchStub {
  readonly fetch: Fetch
  readonly calls: Array<Fetched>
}

/** Makes a `fetch`; `answer` sees each call and how many there were, the first being number 1. */
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

/** Answers JSON, once the body was read. */
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

/** Waits, turn by turn of the event loop, until what promises do has come about. */
export const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.promise(async () => {
    while (!condition()) await new Promise<void>((done) => void setImmediate(done))
  })
