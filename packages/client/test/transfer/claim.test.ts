/**
 * The claims of other processes that a process remembers while it waits for them, and the check of its own claim.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import { awaitEnd, fence } from "../../src/internal/transfer/claim.ts"
import * as Store from "../../src/internal/transfer/store.ts"
import { rows } from "./support/samples.ts"
import { watched } from "./support/journal.ts"
import { TransferJournalError } from "../../src/TransferError.ts"

const senderThatSaw = (claims: number) => ({
  firstSeen: new Map<string, bigint>(Array.from({ length: claims }, (_, n) => [`other-${n}`, BigInt(0)] as const)),
  store: Store.make(watched(rows.sending).journal, "sandbox", "payin", Duration.seconds(10))
})

const own = rows.sending.claim?.id ?? ""

describe("a process that waits for a claim", () => {
  it.effect("remembers ten thousand claims, and forgets the one that it saw first for one more", () =>
    Effect.gen(function* () {
      const sender = senderThatSaw(10_000)
      const fiber = yield* Effect.forkChild(awaitEnd(sender, rows.sending))
      yield* TestClock.adjust("10 millis")
      assert.strictEqual(sender.firstSeen.size, 10_000)
      assert.isFalse(sender.firstSeen.has("other-0"))
      assert.isTrue(sender.firstSeen.has("other-1"))
      assert.isTrue(sender.firstSeen.has(own))
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("forgets none while there is room", () =>
    Effect.gen(function* () {
      const sender = senderThatSaw(9_999)
      const fiber = yield* Effect.forkChild(awaitEnd(sender, rows.sending))
      yield* TestClock.adjust("10 millis")
      assert.isTrue(sender.firstSeen.has("other-0"))
      assert.strictEqual(sender.firstSeen.size, 10_000)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("forgets a claim that has ended", () =>
    Effect.gen(function* () {
      const sender = senderThatSaw(1)
      const fiber = yield* Effect.forkChild(awaitEnd(sender, rows.sending))
      yield* TestClock.adjust("1 day")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual([...sender.firstSeen.keys()], ["other-0"])
    })
  )

  it.effect("logs once that it waits, and for how long", () =>
    Effect.gen(function* () {
      const logs: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => void logs.push(`${logLevel}: ${String(message)}`))
      const sender = senderThatSaw(0)
      const waits = Effect.all([awaitEnd(sender, rows.sending), awaitEnd(sender, rows.sending)], { concurrency: 2 })
      const fiber = yield* Effect.forkChild(Effect.provideService(waits, Logger.CurrentLoggers, new Set([logger])))
      yield* TestClock.adjust("1 day")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(logs, [
        'Info: Debit "invoice-2026-0117": another call may be sending it. Waiting for that call, for at most 65 s.'
      ])
    })
  )
})

describe("the check before the hand-over", () => {
  it.effect("refuses the request if the row cannot be read", () =>
    Effect.gen(function* () {
      const error = new TransferJournalError({ operation: "find", reason: "the disk is full" })
      const { journal } = watched(rows.sending, { find: () => Effect.fail(error) })
      const store = Store.make(journal, "sandbox", "payin", Duration.seconds(10))
      assert.isFalse(yield* fence(store, rows.sending.reference, own, () => undefined).check)
    })
  )
})
