/**
 * The counters of transfers say what they count, and only rise.
 */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { both, scene } from "./support/people.ts"
import { inTime } from "./support/scenario.ts"

const descriptions = {
  palomma_transfers_alarms: "Alarms raised by transfers",
  palomma_transfers_in_doubt: "Claims whose outcome was not known",
  palomma_transfers_reconciled: "Transfers in doubt that were found at Palomma",
  palomma_transfers_resent: "Transfers claimed once more after a claim without effect",
  palomma_transfers_reviews: "Transfers that began to wait for a person",
  palomma_transfers_sent: "Transfers that Palomma accepted"
}

describe("the counters of transfers", () => {
  both("say what they count, and never fall", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers } = yield* scene(kind)
      const send = (reference: string) => Effect.exit(inTime(transfers.send({ ...intent, reference })))
      yield* fault("create", Fault.refuse, { containing: "refused" })
      yield* send("refused")
      yield* fault("create", Fault.commitThenDrop, { containing: "lost" })
      yield* send("lost")
      yield* fault("create", Fault.drop(), { containing: "dropped" })
      yield* send("dropped")
      for (let n = 0; n < 2; n++) yield* add({ reference: "twice" })
      yield* send("twice")
      const found = (yield* Metric.snapshot).filter(
        ({ attributes, id }) => id.startsWith("palomma_transfers_") && attributes?.["kind"] === kind.name
      )
      assert.deepStrictEqual(Object.fromEntries(found.map(({ description, id }) => [id, description])), descriptions)
      for (const { id, state } of found) assert.isTrue("incremental" in state && state.incremental, id)
    })
  )
})
