/**
 * Laws of the times that a journal sets by its own clock.
 */
import type { Transfer } from "@palomma-effect/client/Transfer"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Law, law, type LawError, next, type Trial } from "./law.ts"

// Times that no journal sets, so that it is seen if the caller's are stored.
const foreign: Partial<Transfer> = { createdAt: 11, updatedAt: 12, leftSendingAt: 13 }

/** A row that was written, and the journal's time before and after. */
const timed = Effect.fnUntraced(function* (trial: Trial, write: Effect.Effect<Transfer, LawError>) {
  const before = yield* trial.journal.now
  const stored = yield* write
  const after = yield* trial.journal.now
  return { before, stored, after }
})

/** The row as it is read, which must be as it was told when it was written. */
const reread = Effect.fnUntraced(function* (trial: Trial, row: Transfer) {
  const found = yield* trial.stored("the row", yield* trial.journal.find(row), row)
  yield* trial.same("the row as it is read, beside what the write told", found, row)
})

export const laws: ReadonlyArray<Law> = [
  law("tells its time in whole milliseconds, and never one before what it wrote", (trial) =>
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

  law("sets the times of a new row by its own clock", (trial) =>
    Effect.gen(function* () {
      for (const state of ["intended", "sending", "accepted"] as const) {
        const row = trial.row(state, { state, ...foreign })
        const { after, before, stored } = yield* timed(trial, trial.insert(row))
        yield* trial.between("createdAt", stored.createdAt, before, after)
        yield* trial.equal("updatedAt", stored.updatedAt, stored.createdAt)
        yield* trial.equal("leftSendingAt", stored.leftSendingAt ?? "nothing", "nothing")
        yield* reread(trial, stored)
      }
    })
  ),

  law("keeps createdAt, and sets updatedAt by its own clock, when it replaces a row", (trial) =>
    Effect.gen(function* () {
      const first = yield* trial.insert(trial.row("r"))
      let current = first
      for (let i = 0; i < 3; i++) {
        yield* trial.passed(2)
        const replacing = trial.replace(next(current, { ...foreign, lastError: `change ${i}` }))
        const { after, before, stored } = yield* timed(trial, replacing)
        yield* trial.equal("createdAt", stored.createdAt, first.createdAt)
        yield* trial.between("updatedAt", stored.updatedAt, before, after)
        yield* reread(trial, stored)
        current = stored
      }
    })
  ),

  law("sets leftSendingAt each time a row leaves sending, by its own clock", (trial) =>
    Effect.gen(function* () {
      for (const state of ["intended", "unknown", "needsReview", "rejected", "accepted", "approved"] as const) {
        let current = yield* trial.insert(trial.row(state, { state: "sending" }))
        for (let i = 0; i < 2; i++) {
          yield* trial.passed(2)
          const leaving = trial.replace(next(current, { state, ...foreign }))
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
      const { leftSendingAt: _, ...times } = foreign
      const first = yield* trial.insert(trial.row("r", { state: "sending" }))
      const same = yield* trial.replace(next(first, { claims: 1, ...foreign }))
      yield* trial.equal("leftSendingAt of a row that is still sending", same.leftSendingAt ?? "nothing", "nothing")
      let current = yield* trial.replace(next(same, { state: "unknown" }))
      const left = current.leftSendingAt ?? "nothing"
      for (const state of ["unknown", "needsReview", "intended", "sending", "sending"] as const) {
        for (const more of [foreign, times]) {
          yield* trial.passed(2)
          current = yield* trial.replace(next(current, { state, ...more }))
          yield* trial.equal(`leftSendingAt of a row that became ${state}`, current.leftSendingAt ?? "nothing", left)
          yield* reread(trial, current)
        }
      }
      const { leftSendingAt: __, ...forgotten } = next(current)
      const last = yield* trial.replace(trial.row("r", { ...forgotten }))
      yield* trial.equal("leftSendingAt of a row that was given without it", last.leftSendingAt ?? "nothing", left)

      const never = yield* trial.insert(trial.row("never", { state: "intended" }))
      const changed = yield* trial.replace(next(never, { state: "needsReview", ...foreign }))
      yield* trial.equal("leftSendingAt of a row that never was sending", changed.leftSendingAt ?? "nothing", "nothing")
    })
  ),

  law("lists rows by how long they have not changed", (trial) =>
    Effect.gen(function* () {
      const first = yield* trial.insert(trial.row("r"))
      const younger = yield* trial.list({ olderThan: Duration.hours(1) })
      yield* trial.equal("how many rows are older than an hour", younger.length, 0)
      const older = yield* trial.list({ olderThan: Duration.zero })
      yield* trial.equal("how many rows are older than nothing", older.length, 1)
      for (const pause of [1, 5, 25]) {
        if (!(yield* trial.passed(pause))) return
        const age = Duration.millis((yield* trial.journal.now) - first.updatedAt)
        yield* trial.equal(
          `how many rows did not change for ${Duration.toMillis(age)} ms`,
          (yield* trial.list({ olderThan: age })).length,
          1
        )
      }
      // Its age counts from its change, if the answer came before the row was old enough again.
      let current = first
      for (const pause of [5, 25]) {
        yield* trial.passed(pause)
        const since = (yield* trial.journal.now) - first.createdAt
        current = yield* trial.replace(next(current))
        const listed = yield* trial.list({ olderThan: Duration.millis(since) })
        const young = (yield* trial.journal.now) - current.updatedAt < since
        if (young) yield* trial.equal(`how many rows did not change for ${since} ms`, listed.length, 0)
      }
    })
  )
]
