import { assert, describe, it } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { has, inTime, kinds, makeWorld } from "./support/scenario.ts"

describe.each(kinds)("%s", (_, kind) => {
  it.effect("moves the money once and returns the transfer that Palomma accepted", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start()
      const transfer = yield* process.send(world.intent("a"))
      const [record] = yield* world.records("a")
      has(transfer, { state: "accepted", recordId: record?.id, amount: record?.amount })
    })
  )
  it.effect("moves the money once if the answer is lost", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start({ connecting: () => Promise.resolve() })
      yield* world.fault("create", Fault.commitThenDrop)
      const transfer = yield* inTime(process.send(world.intent("a")))
      const records = yield* world.records("a")
      assert.strictEqual(records.length, 1)
      has(transfer, { state: "accepted", recordId: records[0]?.id })
    })
  )
})
