/**
 * Laws of writing: a row is inserted once, and each version is replaced once.
 */
import type { Transfer } from "@palomma-effect/client/Transfer"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Law, law, next } from "./law.ts"

const range = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, i) => i)

const concurrently = { concurrency: "unbounded" } as const

const written = (outcomes: ReadonlyArray<Option.Option<Transfer>>): ReadonlyArray<Transfer> =>
  outcomes.flatMap(Option.toArray)

export const laws: ReadonlyArray<Law> = [
  law("states whether its rows outlive the process", ({ equal, journal }) =>
    equal("isDurable is a boolean", typeof journal.isDurable, "boolean")
  ),

  law("inserts a row once, and keeps the first", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      yield* trial.none("a row that was never written", yield* journal.find(row("r")))
      const first = yield* trial.insert(row("r"))
      yield* trial.none("a second insert", yield* journal.insert(row("r", { amount: 60_000, state: "sending" })))
      yield* trial.none("a third insert, of another version", yield* journal.insert(row("r", { version: 2 })))
      const found = yield* trial.stored("the row", yield* journal.find(row("r")), row("r"))
      yield* trial.same("the row", found, first)
    })
  ),

  law("lets exactly one of many concurrent inserts write the row", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      for (const round of range(5)) {
        const reference = `r${round}`
        const outcomes = yield* Effect.forEach(
          range(20),
          (i) => journal.insert(row(reference, { amount: 50_000 + i })),
          concurrently
        )
        const won = written(outcomes)
        yield* trial.equal("how many of 20 inserts wrote the row", won.length, 1)
        for (const winner of won) {
          yield* trial.stored("the row", yield* journal.find(row(reference)), winner)
        }
      }
    })
  ),

  law("writes many rows concurrently without losing one", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      const rows = range(40).map((i) => row(`r${i}`, { amount: 50_000 + i }))
      yield* Effect.forEach(rows, trial.insert, concurrently)
      yield* Effect.forEach(rows, (each) => trial.replace(next(each, { state: "accepted" })), concurrently)
      for (const each of rows) {
        yield* trial.stored(`the row ${each.reference}`, yield* journal.find(each), next(each, { state: "accepted" }))
      }
    })
  ),

  law("lets exactly one of many concurrent replacements write the version", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      let current = yield* trial.insert(row("r"))
      for (const _ of range(5)) {
        const outcomes = yield* Effect.forEach(
          range(20),
          (i) => journal.replace(next(current, { state: "sending", lastError: `of ${i}` })),
          concurrently
        )
        const won = written(outcomes)
        yield* trial.equal("how many of 20 replacements wrote the version", won.length, 1)
        for (const winner of won) {
          current = yield* trial.stored("the row", yield* journal.find(row("r")), winner)
        }
      }
    })
  ),

  law("replaces only the version directly before", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      yield* trial.insert(row("r"))
      for (const version of [-1, 0, 1, 3, 4]) {
        const outcome = yield* journal.replace(row("r", { version, amount: 60_000 }))
        yield* trial.none(`a replacement of version 1 by version ${version}`, outcome)
      }
      yield* trial.stored("the row", yield* journal.find(row("r")), row("r"))
      yield* trial.replace(row("r", { version: 2, amount: 60_000 }))
      for (const version of [1, 2, 4]) {
        const outcome = yield* journal.replace(row("r", { version, amount: 70_000 }))
        yield* trial.none(`a replacement of version 2 by version ${version}`, outcome)
      }
      yield* trial.stored("the row", yield* journal.find(row("r")), row("r", { version: 2, amount: 60_000 }))
    })
  ),

  law("does not replace a row that does not exist", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      for (const version of [0, 1, 2]) {
        yield* trial.none(`a replacement by version ${version}`, yield* journal.replace(row("r", { version })))
      }
      yield* trial.none("the row", yield* journal.find(row("r")))
      yield* trial.equal("how many rows there are", (yield* trial.list()).length, 0)
    })
  ),

  law("returns a replacement in every read immediately", (trial) =>
    Effect.gen(function* () {
      const { journal, namespace, row } = trial
      let current = yield* trial.insert(row("r", { state: "accepted", recordId: "record" }))
      for (const i of range(20)) {
        const changed = next(current, { state: i % 2 === 0 ? "unknown" : "accepted", lastError: `change ${i}` })
        current = yield* trial.replace(changed)
        const found = yield* trial.stored("the row that find returns", yield* journal.find(changed), changed)
        yield* trial.same("the row that find returns", found, current)
        const byRecord = yield* journal.findByRecordId(namespace, "payout", "record")
        yield* trial.stored("the row that findByRecordId returns", byRecord, changed)
        const listed = yield* trial.list({ states: [changed.state] })
        yield* trial.equal("how many rows list returns", listed.length, 1)
        for (const each of listed) yield* trial.same("the row that list returns", each, current)
      }
    })
  )
]
