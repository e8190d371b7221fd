/**
 * Laws of the times that a journal sets with its own clock.
 */
import type { Transfer } from "@palomma-effect/client/Transfer"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Law, law, type LawError, next, type Trial } from "./law.ts"

// Times that no journal sets. A journal that stores the caller's times is detected by them.
const callerTimes: Partial<Transfer> = { createdAt: 11, updatedAt: 12, leftSendingAt: 13 }

/** Writes a row between two readings of the journal's clock. */
const timed = Effect.fnUntraced(function* (trial: Trial, write: Effect.Effect<Transfer, LawError>) {
  const before = yield* trial.journal.now
  const stored = yield* write
  const after = yield* trial.journal.now
  return { before, stored, after }
})

/** Reads a row and compares it with the row that the write returned. */
const reread = Effect.fnUntraced(function* (trial: Trial, row: Transfer) {
  const found = yield* trial.stored("the row", yield* trial.journal.find(row), row)
  yield* trial.same("the row that find returns, compared with the row that the write returned", found, row)
})

export const laws: ReadonlyArray<Law> = [
  law("has a clock in whole milliseconds that is never before a time that it wrote", (trial) =>
    Effect.gen(function* () {
      let current = yield* trial.insert(trial.row("r"))
      for (let i = 0; i < 10; i++) {
        const now = yield* trial.journal.now
        yield* trial.equal("whether the time is a whole number", Number.isInteger(now), true)
        yield* trial.between("its time", now, current.updatedAt, Number.MAX_SAFE_INTEGER)
        current = yield* trial.replace(next(current))
      }
    })
  ),

  law("sets the times of a new row with its own clock", (trial) =>
    Effect.gen(function* () {
      for (const state of ["intended", "sending", "accepted"] as const) {
        const row = trial.row(state, { state, ...callerTimes })
        const { after, before, stored } = yield* timed(trial, trial.insert(row))
        yield* trial.between("createdAt", stored.createdAt, before, after)
        yield* trial.equal("updatedAt", stored.updatedAt, stored.createdAt)
        yield* trial.equal("leftSendingAt", stored.leftSendingAt ?? "nothing", "nothing")
        yield* reread(trial, stored)
      }
    })
  ),

  law("keeps createdAt, and sets updatedAt with its own clock, when it replaces a row", (trial) =>
    Effect.gen(function* () {
      const first = yield* trial.insert(trial.row("r"))
      let current = first
      for (let i = 0; i < 3; i++) {
        yield* trial.waitFor(2)
        const replacing = trial.replace(next(current, { ...callerTimes, lastError: `change ${i}` }))
        const { after, before, stored } = yield* timed(trial, replacing)
        yield* trial.equal("createdAt", stored.createdAt, first.createdAt)
        yield* trial.between("updatedAt", stored.updatedAt, before, after)
        yield* reread(trial, stored)
        current = stored
      }
    })
  ),

  law("sets leftSendingAt with its own clock each time a row leaves sending", (trial) =>
    Effect.gen(function* () {
      for (const state of ["intended", "unknown", "needsReview", "rejected", "accepted", "approved"] as const) {
        let current = yield* trial.insert(trial.row(state, { state: "sending" }))
        for (let i = 0; i < 2; i++) {
          yield* trial.waitFor(2)
          const leaving = trial.replace(next(current, { state, ...callerTimes }))
          const { after, before, stored } = yield* timed(trial, leaving)
          yield* trial.between(`leftSendingAt of a row that became ${state}`, stored.leftSendingAt, before, after)
          yield* reread(trial, stored)
          current = yield* trial.replace(next(stored, { state: "sending" }))
        }
      }
    })
  ),

  law("keeps leftSendingAt while a row does not leave sending", (trial) =>
    Effect.gen(function* () {
      const { leftSendingAt: _, ...times } = callerTimes
      const first = yield* trial.insert(trial.row("r", { state: "sending" }))
      const same = yield* trial.replace(next(first, { claims: 1, ...callerTimes }))
      yield* trial.equal("leftSendingAt of a row that is still sending", same.leftSendingAt ?? "nothing", "nothing")
      let current = yield* trial.replace(next(same, { state: "unknown" }))
      const left = current.leftSendingAt ?? "nothing"
      for (const state of ["unknown", "needsReview", "intended", "sending", "sending"] as const) {
        for (const more of [callerTimes, times]) {
          yield* trial.waitFor(2)
          current = yield* trial.replace(next(current, { state, ...more }))
          yield* trial.equal(`leftSendingAt of a row that became ${state}`, current.leftSendingAt ?? "nothing", left)
          yield* reread(trial, current)
        }
      }
      const { leftSendingAt: __, ...forgotten } = next(current)
      const last = yield* trial.replace(trial.row("r", { ...forgotten }))
      yield* trial.equal("leftSendingAt of a row that was written without it", last.leftSendingAt ?? "nothing", left)

      const never = yield* trial.insert(trial.row("never", { state: "intended" }))
      const changed = yield* trial.replace(next(never, { state: "needsReview", ...callerTimes }))
      yield* trial.equal("leftSendingAt of a row that never was sending", changed.leftSendingAt ?? "nothing", "nothing")
    })
  ),

  law("lists rows by the time since their last change", (trial) =>
    Effect.gen(function* () {
      const first = yield* trial.insert(trial.row("r"))
      const younger = yield* trial.list({ olderThan: Duration.hours(1) })
      yield* trial.equal("how many rows are older than an hour", younger.length, 0)
      const older = yield* trial.list({ olderThan: Duration.zero })
      yield* trial.equal("how many rows are older than 0 ms", older.length, 1)
      for (const pause of [1, 5, 25]) {
        if (!(yield* trial.waitFor(pause))) return
        const age = Duration.millis((yield* trial.journal.now) - first.updatedAt)
        yield* trial.equal(
          `how many rows did not change for ${Duration.toMillis(age)} ms`,
          (yield* trial.list({ olderThan: age })).length,
          1
        )
      }
      // The age counts from the last change. A slow journal may answer after the row is old enough again, which is then
      // not checked.
      let current = first
      for (const pause of [5, 25]) {
        yield* trial.waitFor(pause)
        const since = (yield* trial.journal.now) - first.createdAt
        current = yield* trial.replace(next(current))
        const listed = yield* trial.list({ olderThan: Duration.millis(since) })
        const young = (yield* trial.journal.now) - current.updatedAt < since
        if (young) yield* trial.equal(`how many rows did not change for ${since} ms`, listed.length, 0)
      }
    })
  )
]
