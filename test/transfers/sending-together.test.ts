/** Concurrent calls of one process for one reference. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { amount, has, inTime, kinds, scenario } from "./support/scenario.ts"

const refusal = Fault.respond({ status: 400, body: { message: "No" } })

describe.each(kinds)("%s, concurrently for one reference,", (_, kind) => {
  scenario(
    "is one request if the content is the same, and one failure fails both calls",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", refusal)
      const send = Effect.flip(process.send(world.intent("a")))
      const [one, two] = yield* inTime(Effect.all([send, send], { concurrency: 2 }))
      has(one, { _tag: "TransferRejected" })
      assert.strictEqual(one, two)
      assert.strictEqual(yield* world.creates, 1)
    }
  )

  scenario(
    "waits for the other call if the content differs, and is sent if the other one was rejected",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", refusal)
      const first = Effect.flip(process.send(world.intent("a")))
      const second = process.send(world.intent("a", { amount: amount + 1 }))
      const [refused, sent] = yield* inTime(Effect.all([first, second], { concurrency: 2 }))
      has(refused, { _tag: "TransferRejected" })
      has(sent, { state: "accepted", amount: amount + 1 })
      assert.strictEqual(yield* world.creates, 2)
    }
  )

  scenario("is independent of an earlier call that has ended", kind, function* ({ process, world }) {
    yield* world.fault("create", refusal)
    has(yield* inTime(Effect.flip(process.send(world.intent("a")))), { _tag: "TransferRejected" })
    has(yield* inTime(process.send(world.intent("a"))), { state: "accepted" })
    assert.strictEqual(yield* world.creates, 2)
  })
})
