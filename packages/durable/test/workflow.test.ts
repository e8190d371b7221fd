import { assert, describe, it } from "@effect/vitest"
import { type Transfer, TransferJournalError } from "@palomma-effect/client"
import { Durable, type DurableIntent } from "@palomma-effect/durable"
import * as PayoutWorkflow from "@palomma-effect/durable/PayoutWorkflow"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import * as Stores from "./support/stores.ts"

const program = join(import.meta.dirname, "support", "workflowProcess.ts")

// Runs the program until it has printed a line, then kills it without any clean-up. Returns what it printed.
const runUntil = (line: string, args: ReadonlyArray<string>) =>
  Effect.promise(async () => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args])
    let said = ""
    let complained = ""
    child.stderr.on("data", (part: Buffer) => (complained += part.toString()))
    const closed = once(child, "close")
    const isSaid = new Promise<void>((resume) =>
      child.stdout.on("data", (part: Buffer) => {
        said += part.toString()
        if (said.split("\n").includes(line)) resume()
      })
    )
    await Promise.race([isSaid, closed])
    child.kill("SIGKILL")
    await closed
    assert.include(said.split("\n"), line, complained)
    return said.split("\n")
  })

describe("PayoutWorkflow", () => {
  it.live("is a step of a workflow that is killed and started again while it waits", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { id } = yield* simulator.addPayoutTarget()
      const filename = join(yield* Stores.directory, "refunds.db")
      const args = [filename, simulator.url, simulator.apiKey, id]

      const first = yield* runUntil("accepted", args)
      assert.strictEqual(first.filter((line) => line === "requested").length, 1)

      const [record] = yield* simulator.ledger.payouts
      assert.isDefined(record)
      yield* simulator.setPayoutStatus(record.id, { status: "approved" })
      const second = yield* runUntil("ended approved", [...args, "follow"])
      assert.notInclude(second, "requested", "the finished step ran again")

      assert.lengthOf(yield* simulator.ledger.payouts, 1)
    }).pipe(Effect.provide(layerServer()), Effect.scoped)
  )

  const noChange = (durable: Durable["Service"]) => durable

  const servicesWith = <R>(
    onEnd: (transfer: Transfer) => Effect.Effect<void, never, R>,
    change: (durable: Durable["Service"]) => Durable["Service"] = noChange
  ) =>
    Layer.mergeAll(PayoutWorkflow.layer, Durable.layerWorker({ onEnd })).pipe(
      Layer.provideMerge(WorkflowEngine.layerMemory),
      Layer.provideMerge(Layer.effect(Durable, Effect.map(Durable, change))),
      Layer.provideMerge(Durable.layerMemory()),
      Layer.provideMerge(PalommaSimulator.layer({ seed: 1 }))
    )

  const services = servicesWith(PayoutWorkflow.onEnd)

  // The database fails for 20 calls: longer than a few retries.
  const broken = (durable: Durable["Service"]) => {
    let failures = 20
    const failing = new TransferJournalError({ operation: "insert", reason: "the disk is full" })
    return {
      ...durable,
      intend: (intent: DurableIntent) => Effect.suspend(() => (failures-- > 0 ? failing : durable.intend(intent)))
    }
  }

  const anIntent = Effect.map(
    PalommaSimulator.use((simulator) => simulator.addPayoutTarget()),
    ({ id }) => ({ reference: "refund-1", payoutTargetId: id, amount: 50_000 })
  )

  // The engine computes the id of an execution by a promise, so the clock alone does not show when it has started.
  const until = <A, E, R>(check: Effect.Effect<A | undefined, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.andThen(TestClock.adjust("1 second"), check), (found) =>
      found === undefined
        ? Effect.andThen(
            Effect.promise(() => new Promise(setImmediate)),
            until(check)
          )
        : Effect.succeed(found)
    )

  it.effect("returns the transfer when it has ended, and pays once if it is executed twice", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const intent = yield* anIntent
      const first = yield* Effect.forkChild(PayoutWorkflow.PayoutWorkflow.execute(intent))
      const second = yield* Effect.forkChild(PayoutWorkflow.PayoutWorkflow.execute(intent))
      const record = yield* until(Effect.map(simulator.ledger.payouts, ([record]) => record))
      yield* simulator.setPayoutStatus(record.id, { status: "approved" })
      yield* until(Effect.sync(() => first.pollUnsafe()))
      yield* until(Effect.sync(() => second.pollUnsafe()))
      assert.strictEqual((yield* Fiber.join(first)).state, "approved")
      assert.strictEqual((yield* Fiber.join(second)).recordId, record.id)
      assert.lengthOf(yield* simulator.ledger.payouts, 1)
    }).pipe(Effect.provide(services))
  )

  it.effect("returns a payout that Palomma rejected", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const intent = yield* anIntent
      yield* simulator.fault({
        operation: "payoutRequests.create",
        kind: Fault.respond({ status: 400, body: { message: "no" } })
      })
      const fiber = yield* Effect.forkChild(PayoutWorkflow.PayoutWorkflow.execute(intent))
      yield* until(Effect.sync(() => fiber.pollUnsafe()))
      assert.strictEqual((yield* Fiber.join(fiber)).state, "rejected")
    }).pipe(Effect.provide(services))
  )

  it.effect("returns the end of a payout that was rejected before the workflow gave it to a worker again", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const intent = yield* anIntent
      const durable = yield* Durable
      yield* simulator.fault({
        operation: "payoutRequests.create",
        kind: Fault.respond({ status: 400, body: { message: "no" } })
      })
      const { kind, reference } = yield* durable.intend({ kind: "payout", ...intent })
      const row = Effect.map(durable.poll({ kind, reference }), Option.getOrUndefined)
      yield* until(Effect.map(row, (row) => (row?.state === "rejected" ? row.toldAt : undefined)))
      const fiber = yield* Effect.forkChild(PayoutWorkflow.PayoutWorkflow.execute(intent))
      const record = yield* until(Effect.map(simulator.ledger.payouts, ([record]) => record))
      yield* simulator.setPayoutStatus(record.id, { status: "approved" })
      yield* until(Effect.sync(() => fiber.pollUnsafe()))
      assert.strictEqual((yield* Fiber.join(fiber)).state, "approved")
    }).pipe(Effect.provide(services))
  )

  it.effect("waits until the database is repaired, and pays then", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const intent = yield* anIntent
      const fiber = yield* Effect.forkChild(PayoutWorkflow.PayoutWorkflow.execute(intent))
      yield* TestClock.adjust("1 day")
      const record = yield* until(Effect.map(simulator.ledger.payouts, ([record]) => record))
      yield* simulator.setPayoutStatus(record.id, { status: "approved" })
      yield* until(Effect.sync(() => fiber.pollUnsafe()))
      assert.strictEqual((yield* Fiber.join(fiber)).state, "approved")
    }).pipe(Effect.provide(servicesWith(PayoutWorkflow.onEnd, broken)))
  )

  it.effect("fails if another execution has the same reference and other content", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const intent = yield* anIntent
      const first = yield* Effect.forkChild(PayoutWorkflow.PayoutWorkflow.execute(intent))
      const record = yield* until(Effect.map(simulator.ledger.payouts, ([record]) => record))
      yield* simulator.setPayoutStatus(record.id, { status: "approved" })
      yield* until(Effect.sync(() => first.pollUnsafe()))
      const { id } = yield* simulator.addPayoutTarget()
      for (const other of [{ amount: 60_000 }, { payoutTargetId: id }]) {
        const conflict = yield* Effect.flip(PayoutWorkflow.PayoutWorkflow.execute({ ...intent, ...other }))
        assert.strictEqual(conflict._tag, "TransferConflict")
      }
      assert.lengthOf(yield* simulator.ledger.payouts, 1)
    }).pipe(Effect.provide(services))
  )

  it.effect("returns a payout that had ended, and whose end another onEnd reported", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const intent = yield* anIntent
      const durable = yield* Durable
      const { kind, reference } = yield* durable.intend({ kind: "payout", ...intent })
      const record = yield* until(Effect.map(simulator.ledger.payouts, ([record]) => record))
      yield* simulator.setPayoutStatus(record.id, { status: "approved" })
      const row = Effect.map(durable.poll({ kind, reference }), Option.getOrUndefined)
      yield* until(Effect.map(row, (row) => row?.toldAt))
      const fiber = yield* Effect.forkChild(PayoutWorkflow.PayoutWorkflow.execute(intent))
      yield* until(Effect.sync(() => fiber.pollUnsafe()))
      assert.strictEqual((yield* Fiber.join(fiber)).state, "approved")
    }).pipe(Effect.provide(servicesWith(() => Effect.void)))
  )

  it.effect("fails if the reference has other content, or an amount that breaks a rule", () =>
    Effect.gen(function* () {
      const intent = yield* anIntent
      const durable = yield* Durable
      yield* durable.intend({ kind: "payout", ...intent })
      const conflict = yield* Effect.flip(PayoutWorkflow.PayoutWorkflow.execute({ ...intent, amount: 60_000 }))
      assert.strictEqual(conflict._tag, "TransferConflict")
      const invalid = yield* Effect.flip(
        PayoutWorkflow.PayoutWorkflow.execute({ ...intent, reference: "b", amount: 1 })
      )
      assert.strictEqual(invalid._tag, "PalommaInvalidInput")
    }).pipe(Effect.provide(services))
  )
})
