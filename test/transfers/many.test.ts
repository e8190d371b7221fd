/** Many transfers: one result for each, and a run that continues where another one stopped. */
import { assert, describe, it } from "@effect/vitest"
import { PalommaInvalidInput, TransferConflict, TransferInvalidState } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import {
  amount,
  inTime,
  type Intent,
  kinds,
  makeWorld,
  type Process,
  type Result,
  type World,
  scenario
} from "./support/scenario.ts"

const nameOf = (n: number): string => `r${String(n).padStart(3, "0")}`

const intents = (world: World, count: number): Array<Intent> =>
  Array.from({ length: count }, (_, n) => world.intent(nameOf(n)))

const run = (
  process: Process,
  inputs: ReadonlyArray<Intent>,
  options?: Parameters<Process["sendAll"]>[1]
): Effect.Effect<ReadonlyArray<Result>, PalommaInvalidInput> =>
  inTime(Stream.runCollect(process.sendAll(Stream.fromIterable(inputs), options)))

const tally = (results: ReadonlyArray<Result>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { _tag } of results) counts[_tag] = (counts[_tag] ?? 0) + 1
  return counts
}

const byReference = (results: ReadonlyArray<Result>, reference: string): ReadonlyArray<Result> =>
  results.filter(({ intent }) => intent.reference === reference)

describe.each(kinds)("%sAll", (_, kind) => {
  scenario(
    "emits one result per intent, and one failure does not stop the others",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.respond({ status: 400, body: { message: "No" } }), { containing: nameOf(3) })
      const inputs = intents(world, 20)
      const results = yield* run(process, inputs)
      assert.deepStrictEqual(tally(results), { Accepted: 19, Failed: 1 })
      assert.sameMembers(
        results.map(({ intent }) => intent.reference),
        inputs.map(({ reference }) => reference)
      )
      const [failed] = byReference(results, nameOf(3))
      assert.strictEqual(failed?._tag === "Failed" ? failed.error._tag : "", "TransferRejected")
      for (const result of results) {
        if (result._tag === "Accepted") assert.strictEqual(result.transfer.reference, result.intent.reference)
      }
    }
  )

  it.effect("makes no request for a hundred transfers that Palomma has accepted", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const inputs = intents(world, 100)
      assert.deepStrictEqual(tally(yield* run(yield* world.start(), inputs)), { Accepted: 100 })
      const before = (yield* world.requests()).length
      const again = yield* world.start()
      assert.deepStrictEqual(tally(yield* run(again, inputs)), { Accepted: 100 })
      assert.strictEqual((yield* world.requests()).length, before)
      assert.deepStrictEqual([...new Set(again.steps)], ["find"])
    })
  )

  scenario("writes no row for an intent that breaks a rule", kind, function* ({ process, world }) {
    const inputs = [world.intent("valid"), world.intent("invalid", { amount: 0.5 }), world.intent("", {})]
    const results = yield* run(process, inputs, { concurrency: 1 })
    for (const [index, fields] of [[], ["amount"], ["reference"]].entries()) {
      const result = results[index]
      const error = result?._tag === "Failed" ? result.error : undefined
      assert.strictEqual(result?.intent.reference, inputs[index]?.reference)
      assert.strictEqual(error?._tag, index === 0 ? undefined : "PalommaInvalidInput")
      assert.deepStrictEqual(
        error?._tag === "PalommaInvalidInput" ? error.problems.map(({ field }) => field) : [],
        fields
      )
    }
    assert.deepStrictEqual(
      (yield* world.journal.backup).map(({ reference }) => reference),
      ["valid"]
    )
    assert.strictEqual(yield* world.creates, 1)
  })

  scenario("changes no row of an earlier call for an intent that breaks a rule", kind, function* ({ process, world }) {
    yield* run(process, [world.intent("a")])
    const before = yield* world.journal.backup
    const results = yield* run(process, [world.intent("a", { amount: 0.5 })])
    assert.deepStrictEqual(tally(results), { Failed: 1 })
    assert.deepStrictEqual(yield* world.journal.backup, before)
  })

  scenario("continues where it stopped, and moves no money twice", kind, function* ({ process, world }) {
    yield* run(process, intents(world, 7))
    yield* run(process, intents(world, 20))
    assert.strictEqual(yield* world.creates, 20)
  })

  scenario("sends a reference once if a stream has it twice", kind, function* ({ process, world }) {
    const results = yield* run(process, [world.intent("a"), world.intent("b"), world.intent("a")])
    assert.deepStrictEqual(tally(results), { Accepted: 3 })
    assert.strictEqual(yield* world.creates, 2)
  })

  for (const concurrency of [1, 4]) {
    it.effect(
      `reports a conflict for a reference that a stream has twice with other content, ${concurrency} at once`,
      () =>
        Effect.gen(function* () {
          const world = yield* makeWorld(kind)
          const process = yield* world.start()
          const inputs = [world.intent("a"), world.intent("a", { amount: amount + 1 })]
          const results = yield* run(process, inputs, { concurrency })
          assert.deepStrictEqual(tally(results), { Accepted: 1, Failed: 1 })
          const failed = results.find(({ _tag }) => _tag === "Failed")
          assert.instanceOf(failed?._tag === "Failed" ? failed.error : undefined, TransferConflict)
          assert.strictEqual(yield* world.creates, 1)
        })
    )
  }

  scenario(
    "reports a cancelled transfer as accepted, and a withdrawn one as failed",
    kind,
    function* ({ process, world }) {
      const { recordId = "" } = yield* process.send(world.intent("over"))
      yield* kind.setStatus(world.simulator, recordId, "cancelled")
      yield* process.reconcile("over")
      yield* world.fault("create", Fault.respond({ status: 400, body: { message: "No" } }))
      yield* Effect.flip(process.send(world.intent("off")))
      yield* process.withdraw("off", { by: "ana", note: "not needed" })
      const results = yield* run(process, [world.intent("over"), world.intent("off"), world.intent("a")])
      const [over] = byReference(results, "over")
      const [off] = byReference(results, "off")
      assert.strictEqual(over?._tag === "Accepted" ? over.transfer.state : "", "cancelled")
      assert.instanceOf(off?._tag === "Failed" ? off.error : undefined, TransferInvalidState)
      assert.strictEqual(byReference(results, "a")[0]?._tag, "Accepted")
    }
  )

  scenario("reports a failure for an invalid intent, and continues", kind, function* ({ process, world }) {
    const results = yield* run(process, [world.intent("a", { amount: 5 }), world.intent("b")], { concurrency: 1 })
    assert.deepStrictEqual(
      results.map(({ _tag }) => _tag),
      ["Failed", "Accepted"]
    )
  })

  scenario("fails with the error of the stream of intents", kind, function* ({ process, world }) {
    const inputs = Stream.concat(Stream.make(world.intent("a")), Stream.fail("the file ends here" as const))
    const error = yield* Effect.flip(inTime(Stream.runDrain(process.sendAll(inputs, { concurrency: 1 }))))
    assert.strictEqual(error, "the file ends here")
  })

  for (const [options, atOnce] of [
    [undefined, 4],
    [{}, 4],
    [{ concurrency: 1 }, 1],
    [{ concurrency: 100 }, 30]
  ] as const) {
    it.effect(`sends ${atOnce} of 30 concurrently with the options ${JSON.stringify(options)}`, () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        let most = 0
        let now = 0
        const process = yield* world.start({
          request: (method, send) =>
            method !== "POST"
              ? send
              : Effect.suspend(() => {
                  now += 1
                  most = Math.max(most, now)
                  return Effect.ensuring(
                    Effect.andThen(Effect.sleep("1 second"), send),
                    Effect.sync(() => {
                      now -= 1
                    })
                  )
                })
        })
        assert.deepStrictEqual(tally(yield* run(process, intents(world, 30), options)), { Accepted: 30 })
        assert.strictEqual(most, atOnce)
      })
    )
  }

  for (const options of [
    { concurrency: 0 },
    { concurrency: -1 },
    { concurrency: 1.5 },
    { concurrency: 101 },
    { concurrency: Number.NaN },
    // An untyped program may pass any value.
    { pace: 5 } as object
  ]) {
    scenario(
      `rejects the options ${String(Object.entries(options)[0])} before anything is sent`,
      kind,
      function* ({ process, world }) {
        const error = yield* Effect.flip(run(process, intents(world, 3), options))
        assert.instanceOf(error, PalommaInvalidInput)
        assert.strictEqual(error.operation, `${kind.service}.${kind.verb}All`)
        assert.deepStrictEqual(
          error.problems.map(({ field }) => field),
          Object.keys(options)
        )
        assert.deepStrictEqual(process.steps, [])
      }
    )
  }
})
