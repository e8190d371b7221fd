/**
 * Laws of lists: filters by state and alarm, and pages.
 */
import { type Transfer, TransferAlarm, type TransferState, transferStates } from "@palomma-effect/client/Transfer"
import type { TransferJournalQuery } from "@palomma-effect/client/TransferJournal"
import * as Effect from "effect/Effect"
import { type Law, law, type LawError, next, type Trial } from "./law.ts"
import { references } from "./samples.ts"

const alarm = new TransferAlarm({ kind: "duplicate", records: ["one", "two"], at: 1 })

const referencesOf = (rows: ReadonlyArray<Pick<Transfer, "reference">>): string =>
  JSON.stringify(rows.map(({ reference }) => reference))

/** Fails if the references differ. Their order is ignored. */
const sameSet = (trial: Trial, subject: string, found: ReadonlyArray<Transfer>, expected: ReadonlyArray<Transfer>) => {
  const sorted = (rows: ReadonlyArray<Transfer>) => [...rows].sort((a, b) => (a.reference < b.reference ? -1 : 1))
  return trial.equal(subject, referencesOf(sorted(found)), referencesOf(sorted(expected)))
}

/** Reads all pages, and runs an effect between them. */
const pages = Effect.fnUntraced(function* (
  trial: Trial,
  query: Partial<TransferJournalQuery>,
  between: (page: number) => Effect.Effect<unknown, LawError> = () => Effect.void
) {
  const found: Array<Transfer> = []
  let after: string | undefined
  for (let page = 0; page < 1_000; page++) {
    const rows = yield* trial.list({ ...query, after })
    if (rows.length === 0) return found
    found.push(...rows)
    after = rows.at(-1)?.reference
    yield* between(page)
  }
  yield* trial.equal("whether the pages of a list end", false, true)
  return found
})

/** Makes rows of every state, with and without an alarm. */
const ofEachState = (trial: Trial): ReadonlyArray<Transfer> =>
  transferStates.flatMap((state) =>
    [0, 1, 2].map((i) => trial.row(`${i} ${state}`, { state, ...(i === 1 ? { alarm } : {}) }))
  )

const someStates: ReadonlyArray<ReadonlyArray<TransferState> | undefined> = [
  undefined,
  [],
  ...transferStates.map((state) => [state]),
  ["accepted", "unknown"],
  ["approved", "needsReview", "withdrawn"],
  ["approved", "partial", "cancelled"],
  transferStates
]

export const laws: ReadonlyArray<Law> = [
  law("lists rows by their states and their alarms", (trial) =>
    Effect.gen(function* () {
      const all = ofEachState(trial)
      for (const row of all) yield* trial.insert(row)
      for (const states of someStates) {
        for (const alarmed of [undefined, true, false]) {
          const expected = all.filter(
            (row) =>
              (states === undefined || states.includes(row.state)) &&
              (alarmed === undefined || (row.alarm !== undefined) === alarmed)
          )
          const subject = `rows with states ${states?.join(", ") ?? "of any kind"}, alarmed ${alarmed ?? "or not"}`
          yield* sameSet(trial, subject, yield* trial.list({ states, alarmed }), expected)
        }
      }
    })
  ),

  law("lists a row by its current state and alarm", (trial) =>
    Effect.gen(function* () {
      let current = yield* trial.insert(trial.row("r"))
      const count = (query: Partial<TransferJournalQuery>) => Effect.map(trial.list(query), (rows) => rows.length)
      for (const state of transferStates) {
        const former = current.state
        current = yield* trial.replace(next(current, { state }))
        yield* trial.equal(`how many are ${state}`, yield* count({ states: [state] }), 1)
        if (former !== state) yield* trial.equal(`how many are ${former}`, yield* count({ states: [former] }), 0)
      }
      current = yield* trial.replace(next(current, { alarm }))
      yield* trial.equal("how many have an alarm", yield* count({ alarmed: true }), 1)
      yield* trial.equal("how many have none", yield* count({ alarmed: false }), 0)
      const { alarm: _, ...calm } = next(current)
      yield* trial.replace(trial.row("r", calm))
      yield* trial.equal("how many have an alarm", yield* count({ alarmed: true }), 0)
      yield* trial.equal("how many have none", yield* count({ alarmed: false }), 1)
    })
  ),

  law("lists at most as many rows as the limit", (trial) =>
    Effect.gen(function* () {
      for (const row of ofEachState(trial)) yield* trial.insert(row)
      for (const limit of [1, 2, 7, 29, 30, 31]) {
        const expected = Math.min(limit, 30)
        yield* trial.equal(`rows of a limit of ${limit}`, (yield* trial.list({ limit })).length, expected)
      }
      const some = yield* trial.list({ limit: 4, states: ["accepted", "unknown", "approved"] })
      yield* trial.equal("rows of three states and a limit of 4", some.length, 4)
    })
  ),

  law("lists rows in one order for every page size and query", (trial) =>
    Effect.gen(function* () {
      const odd = references.map((reference, i) =>
        trial.row(reference, {
          state: transferStates[i % transferStates.length] ?? "intended",
          ...(i % 3 === 0 ? { alarm } : {})
        })
      )
      for (const row of odd) yield* trial.insert(row)
      const all = yield* trial.list()
      yield* sameSet(trial, "all rows", all, odd)
      const queries: ReadonlyArray<Partial<TransferJournalQuery>> = [
        {},
        { states: ["accepted"] },
        { states: ["approved", "unknown", "needsReview", "partial"] },
        { alarmed: true },
        { alarmed: false, states: ["intended", "sending", "approved"] }
      ]
      for (const query of queries) {
        const expected = all.filter(
          (row) =>
            (query.states === undefined || query.states.includes(row.state)) &&
            (query.alarmed === undefined || (row.alarm !== undefined) === query.alarmed)
        )
        for (const limit of [1, 7, 1_000]) {
          const found = yield* pages(trial, { ...query, limit })
          yield* trial.equal(
            `rows of ${JSON.stringify(query)} in pages of ${limit}`,
            referencesOf(found),
            referencesOf(expected)
          )
        }
        // `after` may be a reference that does not match the query.
        for (const { reference } of all.filter((_, i) => i % 10 === 0)) {
          const rest = expected.filter((row) => all.indexOf(row) > all.findIndex((row) => row.reference === reference))
          const found = yield* trial.list({ ...query, after: reference })
          yield* trial.equal(`rows after ${JSON.stringify(reference)}`, referencesOf(found), referencesOf(rest))
        }
      }
    })
  ),

  law("lists each row once even if rows are written between pages", (trial) =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 30 }, (_, i) => trial.row(`r${String((i * 7) % 30).padStart(2, "0")}`))
      for (const row of rows) yield* trial.insert(row)
      const between = Effect.fnUntraced(function* (page: number) {
        if (page > 5) return
        for (const prefix of ["a", "r15", "z"]) yield* trial.insert(trial.row(`${prefix} new ${page}`))
        for (const row of rows.toReversed())
          yield* trial.replace(next(row, { version: page + 2, lastError: `change ${page}` }))
      })
      for (const limit of [4, 11]) {
        const found = yield* pages(trial, { limit }, limit === 4 ? between : undefined)
        const original = found.filter(({ reference }) => !reference.includes("new"))
        yield* sameSet(trial, "the rows from before the first page", original, rows)
        yield* trial.equal(
          "how many rows are listed twice",
          found.length - new Set(found.map((r) => r.reference)).size,
          0
        )
      }
    })
  ),

  law("lists each row that keeps its state once even if others change state between pages", (trial) =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 30 }, (_, i) =>
        trial.row(`r${String((i * 7) % 30).padStart(2, "0")}`, { state: "accepted" })
      )
      for (const row of rows) yield* trial.insert(row)
      const leaving = rows.filter((_, i) => i % 3 === 0)
      const staying = rows.filter((_, i) => i % 3 !== 0)
      const found = yield* pages(trial, { limit: 5, states: ["accepted", "unknown"] }, (page) =>
        page === 1 ? Effect.forEach(leaving, (row) => trial.replace(next(row, { state: "approved" }))) : Effect.void
      )
      const stayingReferences = new Set(staying.map(({ reference }) => reference))
      yield* sameSet(
        trial,
        "the rows that keep their state",
        found.filter(({ reference }) => stayingReferences.has(reference)),
        staying
      )
      yield* trial.equal(
        "how many rows are listed twice",
        found.length - new Set(found.map((r) => r.reference)).size,
        0
      )
    })
  ),

  law("lists rows with all their fields", (trial) =>
    Effect.gen(function* () {
      for (const row of ofEachState(trial)) yield* trial.insert(row)
      for (const query of [{}, { states: transferStates }, { alarmed: true }]) {
        for (const listed of yield* trial.list(query)) {
          const found = yield* trial.stored("the row", yield* trial.journal.find(listed), listed)
          yield* trial.same("the row that list returns, compared with the row that find returns", listed, found)
        }
      }
    })
  )
]
