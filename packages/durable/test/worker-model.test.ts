/**
 * Random lives of transfers: faults, restarts, webhooks and decisions. In the end each transfer that was handed over is
 * over or waits for a person, the program knows it, and no reference was paid twice.
 */
import { assert, describe, it } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { runTest } from "../../client/test/support/stub.ts"
import { kinds, makeScene, pass, type Process } from "./support/worker.ts"

const references = ["a", "b", "c"] as const

const operation = fc.constantFrom("create", "list", "get")

const faults = fc.constantFrom(
  Fault.refuse,
  Fault.drop(),
  Fault.commitThenDrop,
  Fault.cut(),
  Fault.notJson,
  Fault.hang(),
  Fault.rateLimited(90),
  Fault.slow("30 seconds"),
  Fault.respond({ status: 400, body: { message: "no" } }),
  Fault.respond({ status: 401, body: { message: "no" } }),
  Fault.respond({ status: 500, body: { message: "no" }, takesEffect: true })
)

const reference = fc.constantFrom(...references)

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ _tag: fc.constant("intend" as const), reference }) },
  {
    weight: 4,
    arbitrary: fc.record({
      _tag: fc.constant("fault" as const),
      operation,
      kind: faults,
      times: fc.integer({ min: 1, max: 6 })
    })
  },
  {
    weight: 4,
    arbitrary: fc.record({ _tag: fc.constant("pass" as const), minutes: fc.constantFrom(0.1, 1, 5, 70, 300) })
  },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant("restart" as const) }) },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant("webhooks" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      _tag: fc.constant("finish" as const),
      reference,
      status: fc.constantFrom("approved" as const, "cancelled" as const)
    })
  },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant("decide" as const), reference }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant("withdraw" as const), reference }) }
)

type Command = typeof command extends fc.Arbitrary<infer C> ? C : never

const decision = { by: "ana", note: "looked at the dashboard" }

const over: ReadonlyArray<string> = ["needsReview", "rejected", "approved", "partial", "cancelled", "withdrawn"]

const live = (kind: (typeof kinds)[number], commands: ReadonlyArray<Command>) =>
  Effect.gen(function* () {
    const scene = yield* makeScene(kind)
    const told = new Map<string, string>()
    const begin = Effect.gen(function* () {
      const process = yield* scene.start()
      // Now and then the program cannot be told.
      let calls = 0
      yield* process.carry({
        concurrency: 2,
        onEnd: (row) =>
          Effect.suspend(() => {
            calls += 1
            if (calls % 3 === 1) return Effect.fail("not now")
            told.set(row.reference, row.state)
            return Effect.void
          })
      })
      return process
    })
    let process: Process = yield* begin

    // A person tells the truth, and an operation may be refused.
    const decide = (name: (typeof references)[number]) =>
      Effect.gen(function* () {
        const { version } = yield* scene.row(name)
        const [record] = yield* scene.records(name)
        yield* process.resolve(
          scene.name(name),
          record === undefined
            ? { as: "not-paid", version, ...decision }
            : { as: "paid", recordId: record.id, version, ...decision }
        )
      }).pipe(Effect.exit)

    const step = Effect.fnUntraced(function* (next: Command) {
      switch (next._tag) {
        case "intend":
          return yield* Effect.exit(process.intend(scene.intent(next.reference)))
        case "fault":
          return yield* scene.fault(next.operation, next.kind, { times: next.times })
        case "pass":
          return yield* pass(next.minutes * 60_000, "10 minutes")
        case "restart": {
          const closing = yield* Effect.forkChild(process.close)
          yield* pass("2 minutes", "10 seconds")
          assert.isDefined(closing.pollUnsafe())
          process = yield* begin
          return
        }
        case "webhooks":
          for (const event of yield* scene.simulator.webhooks.events) {
            yield* Effect.forkChild(Effect.exit(process.applyWebhook(event)), { startImmediately: true })
          }
          return
        case "finish":
          for (const { id } of yield* scene.records(next.reference)) yield* Effect.exit(scene.finish(id, next.status))
          return
        case "decide":
          return yield* Effect.forkChild(decide(next.reference), { startImmediately: true })
        case "withdraw":
          return yield* Effect.exit(process.withdraw(scene.name(next.reference), decision))
      }
    })

    for (const next of commands) yield* step(next)
    yield* scene.simulator.clearFaults
    // The longest delay, and the longest search.
    yield* pass("33 hours")
    for (const name of references) {
      for (const { id } of yield* scene.records(name)) yield* Effect.exit(scene.finish(id))
    }
    yield* pass("25 hours")
    for (const name of references) {
      assert.isAtMost((yield* scene.records(name)).length, 1, `${name} was sent twice`)
      const found = yield* process.poll(scene.name(name))
      if (found._tag === "None") continue
      const row = found.value
      assert.strictEqual(row.carriedBy, "worker")
      assert.include(over, row.state)
      assert.strictEqual(told.get(name), row.state)
      assert.isDefined(row.toldAt)
      if (row.state === "withdrawn") assert.deepStrictEqual(yield* scene.records(name), [])
      if (row.state === "approved") assert.strictEqual((yield* scene.records(name)).length, 1)
    }
  })

describe.each(kinds.map((kind) => [kind.name, kind] as const))("any life of a %s", (_, kind) => {
  it("ends, or waits for a person, and is paid at most once", () =>
    fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 20 }), (commands) =>
        runTest(Effect.orDie(live(kind, commands)))
      ),
      { numRuns: 5 }
    ))
})
