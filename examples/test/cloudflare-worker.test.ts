// Calls the Worker as Cloudflare does, with its bindings, against a simulated Palomma on a port.
import { assert, describe, it } from "@effect/vitest"
import { Palomma, PalommaConnectionError, PayinLinks } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Effect, Redacted, type Scope } from "effect"
import { vi } from "vitest"
import worker, { type Env } from "../src/cloudflare-worker.ts"

/** Collects what the Worker logs, until the test ends. */
const logged = Effect.acquireRelease(
  Effect.sync(() => ({
    log: vi.spyOn(console, "log").mockImplementation(() => undefined),
    error: vi.spyOn(console, "error").mockImplementation(() => undefined)
  })),
  ({ error, log }) => Effect.sync(() => [error, log].forEach((spy) => spy.mockRestore()))
)

/** The Worker of a shop with one order, and what it stored. */
const shop = Effect.gen(function* () {
  const simulator = yield* PalommaSimulator
  const { error, log } = yield* logged
  const customer = yield* simulator.addCustomer()
  const stored = new Map([["order:4711", JSON.stringify({ amount: 50_000, customer: customer.id })]])
  const env: Env = {
    PALOMMA_API_KEY: simulator.apiKey,
    PALOMMA_BASE_URL: simulator.url,
    PALOMMA_INTEGRITY_KEY: "sim-integrity-key",
    SHOP: {
      get: async (key) => stored.get(key) ?? null,
      put: async (key, value) => void stored.set(key, value)
    }
  }
  const post = (path: string, headers: HeadersInit = {}) =>
    Effect.promise(async () => {
      const waiting: Array<Promise<unknown>> = []
      const request = new Request(`https://shop.example${path}`, { method: "POST", headers })
      const { body, status } = await worker.fetch(request, env, { waitUntil: (promise) => void waiting.push(promise) })
      await Promise.all(waiting)
      const text = body === null ? "null" : await new Response(body).text()
      const answer: Record<string, unknown> | null = JSON.parse(text)
      return { status, answer }
    })
  return { simulator, stored, post, log, error }
})

const live = <E>(text: string, test: Effect.Effect<void, E, PalommaSimulator | Scope.Scope>) =>
  it.live(text, () => test.pipe(Effect.scoped, Effect.provide(layerServer())))

describe("cloudflare-worker", () => {
  live(
    "makes one link for an order, also if the answer of Palomma is lost",
    Effect.gen(function* () {
      const { error, post, simulator } = yield* shop
      yield* simulator.fault({ operation: "payinLinks.create", kind: Fault.commitThenDrop })
      assert.strictEqual((yield* post("/checkout?order=4711")).status, 502)
      assert.deepStrictEqual(
        error.mock.calls.map(([cause]) => cause instanceof PalommaConnectionError && cause.outcome),
        ["unknown"]
      )
      const first = yield* post("/checkout?order=4711")
      assert.strictEqual(first.status, 200)
      assert.match(String(first.answer?.["url"]), /^http/)
      assert.deepStrictEqual(yield* post("/checkout?order=4711"), first)
      assert.lengthOf(yield* simulator.ledger.requestsByOperation("payinLinks.create"), 1)
      assert.strictEqual((yield* post("/checkout?order=4712")).status, 404)
    })
  )

  live(
    "records a paid link from Palomma's record, and refuses forged webhooks",
    Effect.gen(function* () {
      const { log, post, simulator, stored } = yield* shop
      yield* post("/checkout?order=4711")
      const { apiKey, url } = simulator
      const [link] = yield* PayinLinks.use((links) => links.findByReference("4711")).pipe(
        Effect.provide(Palomma.layerFetch({ apiKey: Redacted.make(apiKey), baseUrl: url }))
      )
      yield* simulator.setPayinLinkStatus(link?.id ?? "", { status: "approved" })
      const [webhook] = yield* simulator.webhooks.take
      const headers = webhook?.headers ?? assert.fail("there is no webhook")

      assert.strictEqual((yield* post("/webhooks/palomma", { ...headers, "x-signature": "0".repeat(64) })).status, 401)
      assert.strictEqual(stored.size, 1)
      for (const _ of ["first", "again"]) {
        assert.strictEqual((yield* post("/webhooks/palomma", headers)).status, 200)
        assert.deepStrictEqual([...stored].slice(1), [[`paid:4711:${link?.id}`, "50000"]])
      }
      assert.strictEqual((yield* post("/checkout?order=4711")).status, 409)

      yield* simulator.fault({ operation: "payinLinks.get", kind: Fault.respond({ status: 500 }), rate: 1 })
      assert.strictEqual((yield* post("/webhooks/palomma", headers)).status, 500)

      const lines = log.mock.calls.map(String)
      assert.lengthOf(lines, 2)
      assert.include(lines[0], "X-Signature does not match")
      assert.include(lines[1], "Handling the webhook failed")
    })
  )
})
