/** Transfers that were not handed to a worker: it looks them up, and never sends them. */
import { assert, describe } from "@effect/vitest"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { aClaim, both, has, makeScene, pass } from "./support/worker.ts"

const tagsOf = <E>(results: Stream.Stream<{ readonly _tag: string }, E>) =>
  Effect.map(Stream.runCollect(results), (collected) => Array.from(collected, ({ _tag }) => _tag))

describe("a worker that runs for a day", () => {
  both("never sends a transfer whose caller was told that nothing was sent", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.fault("create", Fault.refuse, { times: 3 })
      const sent = yield* Effect.forkChild(Effect.flip(process.send("a")))
      yield* pass("1 minute", "1 second")
      const error = yield* Fiber.join(sent)
      has(Object(error), { _tag: "TransferNotSent" })
      const creates = yield* scene.count("create")
      yield* process.carry()
      yield* pass("1 day")
      has(yield* scene.row("a"), { state: "intended" })
      assert.strictEqual(yield* scene.count("create"), creates)
      assert.deepStrictEqual(yield* scene.records("a"), [])
    })
  )

  both("never sends a transfer that a run skipped", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* scene.fault("list", Fault.respond({ status: 401 }), { times: 1 })
      const payoutTargetId = PayoutTargetId.make(scene.accountId)
      const payinSourceId = PayinSourceId.make(scene.accountId)
      const amount = 50_000
      const once = { concurrency: 1 }
      const tags =
        kind.name === "payout"
          ? yield* tagsOf(
              process.payouts.sendAll(
                Stream.make({ reference: "a", payoutTargetId, amount }, { reference: "b", payoutTargetId, amount }),
                once
              )
            )
          : yield* tagsOf(
              process.payins.chargeAll(
                Stream.make({ reference: "a", payinSourceId, amount }, { reference: "b", payinSourceId, amount }),
                once
              )
            )
      assert.deepStrictEqual(tags, ["Failed", "Skipped"])
      yield* process.carry()
      yield* pass("1 day")
      assert.strictEqual(yield* scene.count("create"), 0)
    })
  )

  both("follows what a process that died had sent, and sends it never again", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const first = yield* scene.start()
      yield* first.send("accepted")
      const [record] = yield* scene.records("accepted")
      yield* first.close
      yield* scene.write(scene.aRow("sending", { state: "sending", claim: aClaim(), claims: 1 }))
      yield* scene.write(scene.aRow("unknown", { state: "unknown", claims: 1 }))
      const process = yield* scene.start()
      yield* process.carry()
      yield* pass("10 minutes")
      has(yield* scene.row("sending"), { state: "unknown" })
      has(yield* scene.row("unknown"), { state: "unknown" })
      yield* scene.finish(record?.id ?? "")
      yield* pass("32 hours")
      has(yield* scene.row("accepted"), { state: "approved" })
      has(yield* scene.row("sending"), { state: "needsReview" })
      has(yield* scene.row("unknown"), { state: "needsReview" })
      assert.strictEqual(yield* scene.count("create"), 1)
    })
  )

  both("makes no more requests about a transfer in progress than its delays say", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.send("a")
      yield* process.carry({ concurrency: 1 })
      yield* pass("3 days")
      // After 1, 6, 21 and 81 minutes, and then every 6 hours.
      assert.strictEqual(yield* scene.count("get"), 4 + 11)
    })
  )
})
