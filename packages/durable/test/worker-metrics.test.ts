/** The metrics of a worker. */
import { assert, describe } from "@effect/vitest"
import { Durable, type DurableService } from "@palomma-effect/durable"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { TestClock } from "effect/testing"
import { aClaim, both, makeScene, metricsOf, pass } from "./support/worker.ts"

describe("the gauges", () => {
  both("show how many transfers are open in each state, and the age of the oldest", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.write(scene.aRow("old", { state: "needsReview" }))
      yield* pass("10 minutes", "1 minute")
      yield* scene.write(scene.aRow("new", { state: "needsReview" }))
      yield* scene.write(scene.aRow("done", { state: "approved" }))
      yield* scene.write(scene.aRow("sending", { state: "sending", claim: aClaim(), claims: 1 }))
      yield* scene.write(scene.aRow("other", { kind: kind.name === "payout" ? "payin" : "payout" }))
      yield* process.carry()
      yield* TestClock.adjust("1 milli")
      const metrics = yield* metricsOf(kind)
      assert.strictEqual(metrics["open.needsReview"], 2)
      assert.strictEqual(metrics["oldest_seconds.needsReview"], 600)
      assert.strictEqual(metrics["open.sending"], 1)
      assert.strictEqual(metrics["open.intended"], 0)
      assert.strictEqual(metrics["oldest_seconds.intended"], 0)
      assert.strictEqual(metrics["open.approved"], undefined)
      const row = yield* scene.row("old")
      yield* process.withdraw(scene.name("old"), { version: row.version, by: "ana", note: "paid in cash" })
      yield* pass("2 minutes", "1 second")
      assert.strictEqual((yield* metricsOf(kind))["open.needsReview"], 1)
    })
  )
})

describe("the gauges of two namespaces in one process", () => {
  both("show the transfers of each by itself", (kind) =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const merchant = (namespace: string) =>
        Layer.build(Layer.fresh(Durable.layerMemory({ namespace }))).pipe(Effect.map(Context.get(Durable)))
      const first = yield* merchant("first")
      const second = yield* merchant("second")
      const payoutTargetId = (yield* simulator.addPayoutTarget()).id
      const payinSourceId = (yield* simulator.addPayinSource()).id
      const intend = ({ intend }: DurableService, reference: string) =>
        kind.name === "payout"
          ? intend({ kind: "payout", reference, payoutTargetId, amount: 50_000 })
          : intend({ kind: "payin", reference, payinSourceId, amount: 50_000 })
      yield* simulator.fault({ kind: Fault.refuse, rate: 1 })
      yield* intend(first, "a")
      yield* intend(first, "b")
      yield* TestClock.adjust("10 minutes")
      yield* intend(second, "a")
      yield* Effect.forkScoped(first.work(), { startImmediately: true })
      yield* Effect.forkScoped(second.work(), { startImmediately: true })
      yield* TestClock.adjust("1 milli")
      const gauges = (yield* Metric.snapshot).flatMap(({ attributes, id, state }) =>
        attributes?.["kind"] === kind.name && attributes["state"] === "intended" && "value" in state
          ? [`${attributes["namespace"]} ${id.slice("palomma_transfers_".length)} ${state.value}`]
          : []
      )
      assert.sameMembers(gauges, [
        "first open 2",
        "first oldest_seconds 600",
        "second open 1",
        "second oldest_seconds 0"
      ])
    }).pipe(Effect.provide(PalommaSimulator.layer({ seed: 1 })))
  )
})

describe("the counters", () => {
  both("count look-ups, reviews, and transfers in doubt", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.drop())
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 1 })
      yield* process.intend(scene.intent("a"))
      yield* pass("32 hours")
      const { in_doubt, look_ups, reviews } = yield* metricsOf(kind)
      assert.deepStrictEqual({ in_doubt, look_ups, reviews }, { in_doubt: 1, look_ups: 8, reviews: 1 })
    })
  )
})

describe("the time from the intent to the first claim", () => {
  both("is measured once for each transfer that was handed over", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      yield* scene.fault("create", Fault.refuse)
      const process = yield* scene.start()
      yield* process.intend(scene.intent("a"))
      yield* TestClock.adjust("7 seconds")
      yield* process.carry()
      yield* process.send("plain")
      yield* pass("1 minute", "1 second")
      const found = (yield* Metric.snapshot).find(({ id }) => id === "palomma_transfers_until_request_seconds")
      assert.strictEqual(found?.type, "Histogram")
      assert.deepInclude(found?.state, { count: 1, sum: 7 })
    })
  )
})
