// Runs the service as its operator does, against a simulated Palomma on a port.
import { assert, describe, it } from "@effect/vitest"
import { Palomma } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Effect, Layer, Option, Redacted } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { databases } from "./support/database.ts"

const program = join(import.meta.dirname, "../src/refund-service.ts")

/** Starts the service, and returns its process and URL. */
const start = Effect.fnUntraced(function* (database: Record<string, string>) {
  const simulator = yield* PalommaSimulator
  const { DATABASE_URL: _database, PALOMMA_ENVIRONMENT: _environment, ...rest } = process.env
  const env = {
    ...rest,
    ...database,
    PORT: "0",
    PALOMMA_API_KEY: simulator.apiKey,
    PALOMMA_BASE_URL: simulator.url,
    PALOMMA_INTEGRITY_KEY: simulator.integrityKey
  }
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program], { env })),
    (child) =>
      Effect.promise(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill("SIGKILL")
        await once(child, "close")
      })
  )
  let stderr = ""
  child.stderr.on("data", (chunk) => (stderr += chunk))
  const url = yield* Effect.promise(async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const [, found] = /^Listening on (\S+)$/.exec(line) ?? []
      if (found !== undefined) {
        child.stdout.resume()
        return found
      }
    }
    return assert.fail(`the service did not start: ${stderr}`)
  })
  const call = (method: string, path: string, body?: unknown) =>
    Effect.promise(async (): Promise<{ readonly status: number; readonly body: unknown }> => {
      const headers = { "content-type": "application/json" }
      const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
      const response = await fetch(`${url}${path}`, init)
      const text = await response.text()
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) }
    })
  const deliver = ({ body, headers }: { readonly body: string; readonly headers: HeadersInit }) =>
    Effect.promise(async () => {
      const response = await fetch(`${url}/webhooks/palomma`, { method: "POST", headers, body })
      return response.status
    })
  const stop = Effect.promise(async () => {
    const ended = once(child, "close")
    child.kill("SIGTERM")
    return ended
  })
  return { call, deliver, stop }
})

const requested = PalommaSimulator.use(({ ledger }) =>
  ledger.requestsByOperation("payoutRequests.create").pipe(
    Effect.tap(() => Effect.yieldNow),
    Effect.repeat({ until: (requests) => requests.length > 0 })
  )
)

describe.each(databases("REFUND_DATABASE"))("the refund service over %s", (_, database) => {
  const path = "/orders/4711/refund"

  it.live("pays a refund once, and shows how it ended", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { call, deliver } = yield* start(yield* database)
      const { id } = yield* simulator.addPayoutTarget()
      const refund = { payoutTargetId: id, amount: 50_000 }
      const requestedRefund = { status: 200, body: { reference: "refund-4711", status: "requested" } }

      assert.deepStrictEqual(yield* call("POST", path, refund), requestedRefund)
      assert.deepStrictEqual(yield* call("POST", path, refund), requestedRefund)
      assert.strictEqual((yield* call("POST", path, { ...refund, amount: 60_000 })).status, 409)
      assert.strictEqual((yield* call("POST", "/orders/4712/refund", { ...refund, amount: 1 })).status, 400)
      assert.strictEqual((yield* call("GET", "/orders/4712/refund")).status, 404)

      yield* requested
      const [payout] = yield* Effect.repeat(simulator.ledger.payouts, { until: (payouts) => payouts.length > 0 })
      yield* simulator.setPayoutStatus(payout?.id ?? "", { status: "approved" })
      const [webhook] = yield* simulator.webhooks.take
      assert.strictEqual(yield* deliver(webhook ?? assert.fail("there is no webhook")), 200)

      const { body } = yield* Effect.repeat(call("GET", path), { until: ({ body }) => !isRequested(body) })
      assert.deepStrictEqual(body, { reference: "refund-4711", status: "approved" })
      assert.lengthOf(yield* simulator.ledger.payouts, 1)
    }).pipe(Effect.scoped, Effect.provide(layerServer()))
  )

  const text = "records the payout that it is sending, when it is stopped"
  if (process.platform === "win32") console.log(`Windows has no SIGTERM: skipped is that it ${text}.`)
  else {
    it.live(text, () =>
      Effect.gen(function* () {
        const simulator = yield* PalommaSimulator
        const variables = yield* database
        const { call, stop } = yield* start(variables)
        const { id } = yield* simulator.addPayoutTarget()
        yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.slow("500 millis") })
        yield* call("POST", path, { payoutTargetId: id, amount: 50_000 })
        yield* requested
        assert.deepStrictEqual(yield* stop, [130, null])

        const palomma = Palomma.layerFetch({ apiKey: Redacted.make(simulator.apiKey), baseUrl: simulator.url })
        const name = { kind: "payout", reference: "refund-4711" } as const
        const transfer = yield* Durable.use((durable) => durable.poll(name)).pipe(
          Effect.provide(durableOf(variables).pipe(Layer.provide(palomma)))
        )
        assert.strictEqual(Option.getOrThrow(transfer).state, "accepted")
        assert.lengthOf(yield* simulator.ledger.payouts, 1)
      }).pipe(Effect.scoped, Effect.provide(layerServer()))
    )
  }
})

const isRequested = (body: unknown): boolean => JSON.stringify(body).includes("requested")

const durableOf = ({ DATABASE_URL: url, REFUND_DATABASE: filename = "" }: Record<string, string>) =>
  url === undefined ? Durable.layerSqlite({ filename }) : Durable.layerPostgres({ url })
