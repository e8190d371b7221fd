/**
 * A person confirmed "not paid" although a look-up reached its limit. Content that no look-up can read must not block
 * the transfer permanently.
 */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, inDoubt, notPaid } from "./support/people.ts"
import { inTime } from "./support/scenario.ts"

describe("a transfer that was confirmed as not paid with an endless list", () => {
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

  both("is not sent if the part that the look-up read shows the record", (kind) =>
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

  both("is not sent with such a list if no person confirmed it", (kind) =>
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
