/**
 * A person who confirmed "not paid" although a look-up reached its limit: what no look-up can read must not stop the transfer for good.
 */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, inDoubt, notPaid } from "./support/people.ts"
import { inTime } from "./support/scenario.ts"

describe("a transfer that was confirmed as not paid against a list without end", () => {
  both("is sent, once", (kind) =>
    Effect.gen(function* () {
      const { count, fault, intent, paid, reference, transfers, version } = yield* inDoubt(kind, { lookUpPages: 3 })
      yield* TestClock.adjust("20 minutes")
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* transfers.resolve(reference, { ...notPaid(version), incomplete: true })
      const before = yield* count("create")
      assert.strictEqual((yield* inTime(transfers.send(intent))).state, "accepted")
      assert.strictEqual((yield* count("create")) - before, 1)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("is not sent if what the look-up did read shows the record", (kind) =>
    Effect.gen(function* () {
      const { add, fault, count, intent, paid, reference, transfers, version } = yield* inDoubt(kind, {
        lookUpPages: 3
      })
      yield* TestClock.adjust("20 minutes")
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      yield* transfers.resolve(reference, { ...notPaid(version), incomplete: true })
      const before = yield* count("create")
      const { id } = yield* add()
      assert.strictEqual((yield* inTime(transfers.send(intent))).recordId, id)
      assert.strictEqual(yield* count("create"), before)
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("is not sent against such a list if nobody confirmed it", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, transfers, version } = yield* inDoubt(kind, { lookUpPages: 3 })
      yield* TestClock.adjust("20 minutes")
      yield* transfers.resolve(reference, notPaid(version))
      yield* fault("list", Fault.endlessCursor(), { rate: 1 })
      const error = yield* Effect.flip(inTime(transfers.send(intent)))
      assert.strictEqual(error._tag, "TransferNotSent")
    })
  )
})
