/**
 * Assumptions about clocks. Each is shown to be needed: money moves twice exactly under these faults, and once with one
 * fault fewer.
 */
import { assert, describe } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import type { Stop } from "./support/machine.ts"
import { both, notPaid, scene, runReady } from "./support/people.ts"
import { failure, has, inTime, type Kind } from "./support/scenario.ts"

interface Pause {
  /** When the pause begins: just after the last read of the journal, or just before it. */
  readonly at: "after" | "before"
  /**
   * How the machine stops. Both clocks of a paused virtual machine stop, one clock of a sleeping machine, no clock of a
   * stopped process.
   */
  readonly how: Stop
  /** Whether its wall clock is set back by the time that has passed. */
  readonly isSetBack?: boolean
  /** Whether a person records "not paid" meanwhile and the transfer is sent again. */
  readonly isResolved: boolean
}

// The machine is paused a few milliseconds before the body is handed over. It continues after other processes have
// waited for its claim and a person has decided.
const paused = Effect.fnUntraced(function* (kind: Kind, { at, how, isResolved, isSetBack = false }: Pause) {
  const { intent, machine, paid, reference, row, start, transfers } = yield* scene(kind)
  const stopping = yield* machine()
  const inWindow = yield* Deferred.make<void>()
  const goesOn = yield* Deferred.make<void>()
  const stops = Effect.andThen(Deferred.succeed(inWindow, undefined), Deferred.await(goesOn))
  // Once the connection is open the row is read one last time.
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
  yield* runReady
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
  stopping.resume()
  yield* Deferred.succeed(goesOn, undefined)
  yield* inTime(Fiber.join(sending))
  return { records: yield* paid(), row: yield* row() }
})

describe("assumption: a computer has one true clock between the last read of the journal and the hand-over", () => {
  both('it is paid twice if a virtual machine is paused there and a person records "not paid" meanwhile', (kind) =>
    Effect.gen(function* () {
      const { records, row } = yield* paused(kind, { at: "after", how: "pause", isResolved: true })
      assert.strictEqual(records.length, 2)
      // The process detects the duplicate when it gets its response.
      assert.strictEqual(row.alarm?.kind, "duplicate")
    })
  )

  both(
    'it is paid twice if a machine sleeps there, its clock is set back and a person records "not paid" meanwhile',
    (kind) =>
      Effect.gen(function* () {
        const { records } = yield* paused(kind, { at: "after", how: "sleep", isSetBack: true, isResolved: true })
        assert.strictEqual(records.length, 2)
      })
  )

  both("it is paid once if the wall clock shows the pause: the machine slept and was not set back", (kind) =>
    Effect.gen(function* () {
      const { records } = yield* paused(kind, { at: "after", how: "sleep", isResolved: true })
      assert.strictEqual(records.length, 1)
    })
  )

  both(
    "it is paid once if the monotonic clock shows the pause: the process was stopped and the wall clock set back",
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

  both('it is paid once if no person records "not paid"', (kind) =>
    Effect.gen(function* () {
      const { records } = yield* paused(kind, { at: "after", how: "pause", isResolved: false })
      assert.strictEqual(records.length, 1)
    })
  )
})
