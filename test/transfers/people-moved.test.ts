/** A row that was moved into the journal from another one, without the time at which it left `sending`. */
import { assert, describe } from "@effect/vitest"
import { Transfer } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { both, inDoubt, notPaid, refusedFor, scene } from "./support/people.ts"

describe("'not paid' of a transfer whose row was moved", () => {
  both("waits for the quiet time since the move, if it was ever claimed", (kind) =>
    Effect.gen(function* () {
      const { row } = yield* inDoubt(kind)
      const { leftSendingAt: _, ...moved } = yield* row()
      const { journal, reference, transfers } = yield* scene(kind)
      yield* TestClock.adjust("1 day")
      const stored = Option.getOrThrow(yield* Effect.orDie(journal.service.insert(new Transfer(moved))))
      assert.isUndefined(stored.leftSendingAt)
      yield* refusedFor(transfers.resolve(reference, notPaid(stored.version)), "quiet-time")
      yield* TestClock.adjust("20 minutes")
      assert.strictEqual((yield* transfers.resolve(reference, notPaid(stored.version))).state, "intended")
    })
  )
})
