/** Fetches that treat a body as runtimes do, and requests for them. */
import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HandOver from "../../src/HandOver.ts"

export type Fetch = typeof globalThis.fetch

export const url = "https://palomma.example/v0/payoutRequests"
export const text = '{"amount":50000,"note":"ñandú"}'
export const body = new TextEncoder().encode(text)

export const switchOf = (check?: Effect.Effect<boolean>, wallClockEnd = Number.POSITIVE_INFINITY): HandOver.HandOver =>
  HandOver.make({ check, wallClockEnd, monotonicEnd: 2n ** 63n }, Context.empty(), Effect.runSync(Clock.Clock))

export const post = (handOver?: HandOver.HandOver, more: RequestInit = {}): RequestInit =>
  Object.assign(
    { method: "POST", body, headers: { "content-type": "application/json" }, ...more },
    handOver === undefined ? {} : { [HandOver.key]: handOver }
  )

/** A `fetch` that records its calls, and then answers with the passed function. */
export const recorder = (
  answer: Fetch = async (input, init) => new Response(await new Request(input, init).text())
) => {
  const calls: Array<{ readonly input: Parameters<Fetch>[0]; readonly init: RequestInit }> = []
  const fetch: Fetch = async (input, init = {}) => {
    calls.push({ input, init })
    return answer(input, init)
  }
  return { calls, fetch }
}

export const streamOf = (init: RequestInit | undefined): ReadableStream<Uint8Array> => {
  assert.instanceOf(init?.body, ReadableStream)
  return init?.body as ReadableStream<Uint8Array>
}

export const readAll = (init: RequestInit | undefined): Promise<string> => new Response(streamOf(init)).text()

export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => assert.fail("it should have failed"),
    (error: unknown) => error
  )

/** As many turns of the event loop as a stream could need to read ahead, or an effect to end. */
export const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((done) => setImmediate(done))
}
