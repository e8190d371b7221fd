// A worker in a process of its own, whose bank never answers: `worker store hold`. It reports the
// first request that its bank got. With "look-up" that is the search before the claim, with "create" the payment.
import { Palomma } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { layerOf, type Store } from "../../../durable/test/support/commits.ts"
import { lockExpiration, sendTimeout } from "./times.ts"

const [store = "", hold] = process.argv.slice(2)

const palomma = Palomma.layerFetch({
  apiKey: Redacted.make("test-key"),
  baseUrl: "http://localhost:4000/v0",
  fetch: async (_, init) => {
    const isCreate = init?.method === "POST"
    if (hold === "look-up" || isCreate) {
      if (init?.body instanceof ReadableStream) await new Response(init.body).text()
      process.send?.("held")
      return new Promise(() => {})
    }
    return Response.json({ items: [], count: 0 })
  }
})

const layer = Layer.provide(layerOf(JSON.parse(store) as Store, { lockExpiration, sendTimeout }), palomma)

await Effect.runPromise(
  Effect.gen(function* () {
    const durable = yield* Durable
    process.send?.("ready")
    return yield* durable.work({ concurrency: 1 })
  }).pipe(Effect.provide(layer))
)
