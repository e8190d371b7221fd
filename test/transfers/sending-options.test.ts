/** Effects of options. Very small values end in an error, never in a loop (C2). */
import { assert, describe, it } from "@effect/vitest"
import { TransferJournalError, TransferNotSent } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { failure, has, inTime, type JournalCall, kinds, makeWorld, scenario } from "./support/scenario.ts"

describe.each(kinds)("%s, by its options,", (_, kind) => {
  scenario(
    "stores transfers under the base URL that they are sent to, or under the configured namespace",
    kind,
    function* ({ process, world }) {
      has(yield* process.send(world.intent("a")), { namespace: "http://127.0.0.1/v0" })
      const named = yield* world.start({ transfers: { namespace: "books" } })
      has(yield* named.send(world.intent("b")), { namespace: "books" })
    }
  )

  const slowly = (millis: number, operations: ReadonlyArray<JournalCall["operation"]>) => ({
    before: ({ operation }: JournalCall) =>
      operations.includes(operation) ? Effect.sleep(Duration.millis(millis)) : Effect.void
  })

  for (const [what, sendTimeout, takes, tag] of [
    ["a write that takes longer than sendTimeout", 1_000, 2_000, "TransferJournalError"],
    ["a write that takes as long as sendTimeout", 1_000, 1_000, "TransferNotSent"],
    ["a sendTimeout of one millisecond", 1, 5, "TransferJournalError"]
  ] as const) {
    it.effect(`ends ${what} with an error, having sent nothing, and without a loop`, () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const process = yield* world.start({
          transfers: { sendTimeout },
          journal: slowly(takes, ["insert", "replace"])
        })
        const error = yield* failure(process.send(world.intent("a")))
        has(error, { _tag: tag, reference: "a" })
        if (error._tag === "TransferJournalError") has(error, { operation: "insert", sent: "no", recordId: undefined })
        assert.strictEqual(yield* world.creates, 0)
        assert.isBelow(process.steps.length, 30)
      })
    )
  }

  it.effect("does not send if a slow write left less than a millisecond", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start({
        transfers: { sendTimeout: "1500 micros" },
        journal: slowly(1, ["insert"])
      })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "TransferClaimEnded")
      assert.strictEqual(yield* world.creates, 0)
      has(yield* world.row("a"), { state: "intended", claims: 1 })
    })
  )

  it.effect("ends with an error that reports what was sent if the journal does not respond within sendTimeout", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start({
        transfers: { sendTimeout: "10 seconds" },
        journal: {
          before: ({ row }) => (row?.state === "accepted" ? Effect.never : Effect.void)
        }
      })
      const start = yield* Clock.currentTimeMillis
      const error = yield* failure(process.send(world.intent("a")))
      const [record] = yield* world.records("a")
      assert.instanceOf(error, TransferJournalError)
      has(error, { operation: "replace", sent: "yes", recordId: record?.id })
      assert.include(error.message, "10s")
      assert.isBelow((yield* Clock.currentTimeMillis) - start, Duration.toMillis("3 minutes"))
      // Once the journal works again, the same reference finds it.
      const repaired = yield* world.start()
      has(yield* inTime(repaired.send(world.intent("a"))), { state: "accepted", recordId: record?.id })
      assert.strictEqual(yield* world.creates, 1)
    })
  )
})
