/**
 * What remains to be assumed of clocks, shown to fail: money moves twice exactly under these faults, and not with one fault fewer.
 */
import { assert, describe } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import type { Stop } from "./support/machine.ts"
import { both, notPaid, scene, turn } from "./support/people.ts"
import { failure, has, inTime, type Kind } from "./support/scenario.ts"

interface Pause {
  /** When it begins: just after the last read of the journal, or just before it. */
  readonly at: "after" | "before"
  /** How the machine stops. Both clocks of a virtual machine stand still, one of a machine that sleeps, and none of a process. */
  readonly how: Stop
  /** Whether its wall clock is set back by as much as it has gone on. */
  readonly isSetBack?: boolean
  /** Whether a person says meanwhile that it was not paid, and it is sent again. */
  readonly isResolved: boolean
}

// A machine that is paused a few milliseconds before the hand-over of a body, for as long as others need to wait for its claim and for a
// person, and goes on then.
const paused = Effect.fnUntraced(function* (kind: Kind, { at, how, isResolved, isSetBack = false }: Pause) {
  const { intent, machine, paid, reference, row, start, transfers } = yield* scene(kind)
  const stopping = yield* machine()
  const inWindow = yield* Deferred.make<void>()
  const goesOn = yield* Deferred.make<void>()
  const stops = Effect.andThen(Deferred.succeed(inWindow, undefined), Deferred.await(goesOn))
  // Once the connection stands the row is read one last time.
  let isConnected = false
  const process = yield* start({
    machine: stopping,
    connecting: async (method) => {
      isConnected = method === "POST"
    },
    journal: {
      [at]: ({ operation }: { readonly operation: string }) =>
        operation === "find" && isConnected ? stops : Effect.void
    }
  })
  const began = yield* Clock.currentTimeMillis
  const sending = yield* Effect.forkChild(Effect.exit(process.send(intent)))
  yield* turn
  assert.isTrue(yield* Deferred.isDone(inWindow))
  stopping.stop(how)
  yield* failure(transfers.send(intent))
  const { version } = yield* row()
  yield* TestClock.adjust("20 minutes")
  if (isResolved) {
    yield* transfers.resolve(reference, notPaid(version))
    has(yield* transfers.send(intent), { state: "accepted" })
  }
  if (isSetBack) stopping.setWall(began - (yield* Clock.currentTimeMillis))
  stopping.goOn()
  yield* Deferred.succeed(goesOn, undefined)
  yield* inTime(Fiber.join(sending))
  return { records: yield* paid(), row: yield* row() }
})

describe("remains assumed: a computer has one true clock between the last read of the journal and the hand-over", () => {
  both(
    "it is paid twice if a virtual machine is paused there, and a person says meanwhile that it was not paid",
    (kind) =>
      Effect.gen(function* () {
        const { records, row } = yield* paused(kind, { at: "after", how: "pause", isResolved: true })
        assert.strictEqual(records.length, 2)
        // The process sees it when it gets its answer.
        assert.strictEqual(row.alarm?.kind, "duplicate")
      })
  )

  both("it is paid twice if a machine sleeps there and its clock is set back, and a person says so meanwhile", (kind) =>
    Effect.gen(function* () {
      const { records } = yield* paused(kind, { at: "after", how: "sleep", isSetBack: true, isResolved: true })
      assert.strictEqual(records.length, 2)
    })
  )

  both("it is paid once if the wall clock sees the pause: a machine that slept and was not set back", (kind) =>
    Effect.gen(function* () {
      const { records } = yield* paused(kind, { at: "after", how: "sleep", isResolved: true })
      assert.strictEqual(records.length, 1)
    })
  )

  both(
    "it is paid once if the monotonic clock sees the pause: a process that was stopped, and a wall clock set back",
    (kind) =>
      Effect.gen(function* () {
        const { records } = yield* paused(kind, { at: "after", how: "process", isSetBack: true, isResolved: true })
        assert.strictEqual(records.length, 1)
      })
  )

  both("it is paid once if the pause begins before the last read of the journal", (kind) =>
    Effect.gen(function* () {
      const { records } = yield* paused(kind, { at: "before", how: "pause", isResolved: true })
      assert.strictEqual(records.length, 1)
    })
  )

  both("it is paid once if nobody says that it was not paid", (kind) =>
    Effect.gen(function* () {
      const { records } = yield* paused(kind, { at: "after", how: "pause", isResolved: false })
      assert.strictEqual(records.length, 1)
    })
  )
})
