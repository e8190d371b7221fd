// Runs the server as its operator does, against a simulated Palomma on a port.
import { assert, describe, it } from "@effect/vitest"
import {
  PalommaServerError,
  PalommaUnauthorized,
  TransferConflict,
  TransferJournalError,
  TransferRejected
} from "@palomma-effect/client"
import { Fault, PalommaSimulator, TransferDouble } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Effect, Fiber } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { failed, found } from "../src/express/answers.ts"

const program = join(import.meta.dirname, "../src/express.ts")

/** Starts the server with a journal of its own, and returns its URL. */
const started = Effect.gen(function* () {
  const simulator = yield* PalommaSimulator
  const directory = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-express-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  )
  const env = {
    ...process.env,
    PORT: "0",
    REFUND_JOURNAL: join(directory, "refunds.sqlite"),
    PALOMMA_API_KEY: simulator.apiKey,
    PALOMMA_BASE_URL: simulator.url,
    PALOMMA_INTEGRITY_KEY: "sim-integrity-key"
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
      if (found !== undefined) return found
    }
    return assert.fail(`the server did not start: ${stderr}`)
  })
  const refund = (body: unknown) =>
    Effect.promise(async (): Promise<Record<string, unknown>> => {
      const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
      const response = await fetch(`${url}/refunds`, init)
      const answer: Record<string, unknown> = await response.json()
      return { status: response.status, ...answer }
    })
  return { simulator, child, url, refund, printed: () => stderr }
})

describe("express", () => {
  it.live("pays an order once, and answers with what is known about the money", () =>
    Effect.gen(function* () {
      const { printed, refund, simulator, url } = yield* started
      const { id } = yield* simulator.addPayoutTarget()
      const order = { order: "4711", payoutTargetId: id, amount: 50_000 }

      // The first response of Palomma is lost.
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
      const accepted = { status: 202, reference: "4711", amount: 50_000, state: "accepted" }
      assert.deepStrictEqual(yield* refund(order), accepted)
      assert.deepStrictEqual(yield* refund(order), accepted)
      assert.lengthOf(yield* simulator.ledger.payouts, 1)

      assert.include(yield* refund({ ...order, amount: 60_000 }), { status: 409, state: "review" })
      assert.include(yield* refund({ ...order, order: "4712", amount: 900 }), { status: 400, state: "invalid" })
      for (const body of [{}, [], { ...order, order: 5 }, { ...order, payoutTargetId: null }]) {
        assert.include(yield* refund(body), { status: 400, state: "invalid" })
      }
      assert.lengthOf(yield* simulator.ledger.payouts, 1)

      const [payout] = yield* simulator.ledger.payouts
      yield* simulator.setPayoutStatus(payout?.id ?? "", { status: "approved" })
      const [webhook] = yield* simulator.webhooks.take
      const approved = webhook ?? assert.fail("there is no webhook")
      const deliver = ({ body, headers }: { readonly body: string; readonly headers: HeadersInit }) =>
        Effect.promise(async () => (await fetch(`${url}/webhooks/palomma`, { method: "POST", headers, body })).status)
      const stateOf = Effect.promise(async () => (await fetch(`${url}/refunds/4711`)).json())
      assert.strictEqual(
        yield* deliver({ ...approved, headers: { ...approved.headers, "x-signature": "0".repeat(64) } }),
        401
      )
      assert.include(yield* stateOf, { state: "accepted" })
      assert.strictEqual(yield* deliver(approved), 200)
      assert.deepStrictEqual(yield* stateOf, { reference: "4711", amount: 50_000, state: "approved" })

      // Days later the bank sends the money back.
      yield* simulator.returnPayout(payout?.id ?? "")
      const [returned] = yield* simulator.webhooks.take
      assert.strictEqual(yield* deliver(returned ?? assert.fail("there is no webhook")), 200)
      assert.include(yield* stateOf, { state: "review" })
      assert.include(yield* refund(order), { status: 409, state: "review" })
      assert.strictEqual((yield* Effect.promise(() => fetch(`${url}/refunds/4712`))).status, 404)
      assert.notInclude(printed(), simulator.apiKey)
    }).pipe(Effect.scoped, Effect.provide(layerServer({ apiKey: "key-of-the-test" })))
  )

  const text = "answers its last request, and records its payout, when it is stopped"
  if (process.platform === "win32") console.log(`Windows has no SIGTERM: skipped is that it ${text}.`)
  else {
    it.live(text, () =>
      Effect.gen(function* () {
        const { child, refund, simulator } = yield* started
        const { id } = yield* simulator.addPayoutTarget()
        yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.slow("500 millis") })
        const running = yield* Effect.forkChild(refund({ order: "4711", payoutTargetId: id, amount: 50_000 }))
        yield* simulator.ledger.requestsByOperation("payoutRequests.create").pipe(
          Effect.tap(() => Effect.yieldNow),
          Effect.repeat({ until: (requests) => requests.length > 0 })
        )
        const ended = once(child, "close")
        child.kill("SIGTERM")
        assert.include(yield* Fiber.join(running), { status: 202, state: "accepted" })
        assert.deepStrictEqual(yield* Effect.promise(() => ended), [0, null])
        assert.lengthOf(yield* simulator.ledger.payouts, 1)
      }).pipe(Effect.scoped, Effect.provide(layerServer()))
    )
  }
})

describe("its configuration", () => {
  it("is read before the first request: without a key the server does not start", async () => {
    const { PALOMMA_API_KEY: _key, ...env } = process.env
    const child = spawn(process.execPath, [program], { env: { ...env, PORT: "0" } })
    let output = ""
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk))
    assert.deepStrictEqual(await once(child, "close"), [1, null])
    assert.include(output, "PALOMMA_API_KEY")
    assert.notInclude(output, "Listening")
  })
})

describe("its answers", () => {
  const transfer = { kind: "payout", reference: "4711" } as const

  it("show no account", () => {
    const { body } = found(TransferDouble.make({ ...transfer, state: "approved" }))
    assert.sameMembers(Object.keys(body), ["reference", "amount", "state"])
  })

  it("take no payout with an alarm for paid", () => {
    for (const kind of ["changed-final", "differs", "duplicate"] as const) {
      const alarm = { kind, records: ["record-1"], at: 0 }
      for (const state of ["approved", "accepted", "cancelled"] as const) {
        const answer = found(TransferDouble.make({ ...transfer, state, alarm }))
        assert.deepStrictEqual([answer.status, answer.body.state], [409, "review"])
      }
    }
  })

  const call = { operation: "PayoutRequests.create" } as const
  const cases: ReadonlyArray<readonly [string, unknown, number, string]> = [
    ["an abort", new Error("All fibers interrupted without error"), 202, "unknown"],
    ["a defect", "a text", 202, "unknown"],
    ["a journal that failed after the request", journalError("yes"), 202, "unknown"],
    ["a journal that failed, perhaps after the request", journalError("unknown"), 202, "unknown"],
    ["a journal that failed before", journalError("no"), 503, "not-sent"],
    ["other content", new TransferConflict({ ...transfer, found: "journal" }), 409, "review"]
  ]

  function journalError(sent: "yes" | "no" | "unknown") {
    return new TransferJournalError({ operation: "replace", reference: "4711", reason: "the disk is full", sent })
  }

  for (const [name, error, status, state] of cases) {
    it(`to ${name}`, () => {
      const answer = failed(error)
      assert.strictEqual(answer.status, status)
      assert.strictEqual(answer.body.state, state)
    })
  }

  it("to a payout that was not sent say whether repeating it can help", () => {
    const advice = (error: unknown) => String(failed(error).body["advice"])
    const cause = new PalommaUnauthorized({ operation: "PayoutRequests.list", outcome: "none", status: 401 })
    assert.include(advice(TransferDouble.notSent()), "Repeat the same order later")
    assert.include(advice(TransferDouble.notSent({ cause })), "The service must be corrected first")
  })

  it("to a rejection say whose mistake it is", () => {
    const rejected = (cause: TransferRejected["cause"]) => failed(new TransferRejected({ ...transfer, cause })).status
    assert.strictEqual(rejected(new PalommaUnauthorized({ ...call, outcome: "rejected", status: 401 })), 503)
    assert.strictEqual(rejected(new PalommaServerError({ ...call, outcome: "rejected", status: 503 })), 422)
  })
})
