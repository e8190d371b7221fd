/**
 * Laws of reading one row: by its key and by the id of its record, both exact to the character.
 */
import { transferStates } from "@palomma-effect/client/Transfer"
import * as Effect from "effect/Effect"
import { type Law, law, next, without } from "./law.ts"
import { contents, full, ids, optionalFields, references } from "./samples.ts"

export const laws: ReadonlyArray<Law> = [
  law("keeps namespaces apart", (trial) =>
    Effect.gen(function* () {
      const { journal, namespace, row } = trial
      // A namespace and a reference must not be joined into an ambiguous key.
      const keys = [
        [namespace, "bc"],
        [`${namespace}b`, "c"],
        [`${namespace}B`, "c"],
        [`${namespace} `, "bc"],
        [`https://${namespace}.co/v0`, "bc"],
        [`https://${namespace}.co/v0/`, "bc"],
        [`${namespace}é`, "bc"],
        [`${namespace}e`, "bc"]
      ] as const
      const rows = keys.map(([of, reference], i) =>
        row(reference, { namespace: of, amount: 50_000 + i, recordId: "id" })
      )
      for (const each of rows) yield* trial.insert(each)
      for (const each of rows) {
        const subject = `the row of ${JSON.stringify(each.namespace)}`
        yield* trial.stored(subject, yield* journal.find(each), each)
        yield* trial.stored(subject, yield* journal.findByRecordId(each.namespace, "payout", "id"), each)
        const listed = yield* trial.list({ namespace: each.namespace })
        yield* trial.equal(`how many rows ${JSON.stringify(each.namespace)} has`, listed.length, 1)
      }
      for (const each of rows) yield* trial.replace(next(each, { lastError: each.namespace }))
      for (const each of rows) {
        yield* trial.stored("the row", yield* journal.find(each), next(each, { lastError: each.namespace }))
      }
      yield* trial.none("a namespace without rows", yield* journal.find(row("bc", { namespace: `${namespace}!` })))
    })
  ),

  law("keeps payouts and debits apart", (trial) =>
    Effect.gen(function* () {
      const { journal, namespace, row } = trial
      const payout = yield* trial.insert(row("r", { recordId: "id" }))
      yield* trial.none("a debit of that reference", yield* journal.find({ namespace, kind: "payin", reference: "r" }))
      yield* trial.none("a debit of that record", yield* journal.findByRecordId(namespace, "payin", "id"))
      yield* trial.equal("how many debits there are", (yield* trial.list({ kind: "payin" })).length, 0)
      const debit = yield* trial.insert(row("r", { kind: "payin", recordId: "id", amount: 60_000 }))
      yield* trial.replace(next(debit, { state: "approved" }))
      yield* trial.same("the payout", yield* trial.stored("the payout", yield* journal.find(payout), payout), payout)
      yield* trial.stored("the payout", yield* journal.findByRecordId(namespace, "payout", "id"), payout)
      yield* trial.stored("the debit", yield* journal.find(debit), next(debit, { state: "approved" }))
    })
  ),

  law("distinguishes references that differ in any character", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      const rows = references.map((reference, i) => row(reference, { amount: 50_000 + i }))
      for (const each of rows) yield* trial.insert(each)
      for (const each of rows) {
        const subject = `the row of ${JSON.stringify(each.reference)}`
        yield* trial.stored(subject, yield* journal.find(each), each)
        yield* trial.replace(next(each, { state: "accepted" }))
      }
      const listed = yield* trial.list()
      yield* trial.equal("how many rows there are", listed.length, rows.length)
      for (const each of rows) {
        const subject = `the row of ${JSON.stringify(each.reference)}`
        yield* trial.stored(subject, yield* journal.find(each), next(each, { state: "accepted" }))
        yield* trial.none(subject, yield* journal.insert(each))
      }
    })
  ),

  law("finds a row by the exact id of its record", (trial) =>
    Effect.gen(function* () {
      const { journal, namespace, row } = trial
      yield* trial.insert(row("without"))
      for (const [i, recordId] of ids.entries()) yield* trial.insert(row(`r${i}`, { recordId, amount: 50_000 + i }))
      for (const [i, recordId] of ids.entries()) {
        const found = yield* journal.findByRecordId(namespace, "payout", recordId)
        yield* trial.stored(
          `the row of ${JSON.stringify(recordId)}`,
          found,
          row(`r${i}`, { recordId, amount: 50_000 + i })
        )
      }
      for (const none of ["", "no such id", "without", "r0"]) {
        const found = yield* journal.findByRecordId(namespace, "payout", none)
        yield* trial.none(`the row of ${JSON.stringify(none)}`, found)
      }
    })
  ),

  law("finds a row only by its current record id", (trial) =>
    Effect.gen(function* () {
      const { journal, namespace, row } = trial
      const byRecord = (recordId: string) => journal.findByRecordId(namespace, "payout", recordId)
      const first = yield* trial.insert(row("r"))
      const second = yield* trial.replace(next(first, { recordId: "one" }))
      yield* trial.stored("the row of its record", yield* byRecord("one"), second)
      const third = yield* trial.replace(next(second, { recordId: "two" }))
      yield* trial.none("the row of its former record id", yield* byRecord("one"))
      yield* trial.stored("the row of its record", yield* byRecord("two"), third)
      yield* trial.replace(next(without(third, "recordId")))
      yield* trial.none("the row of a record id that was removed", yield* byRecord("two"))
    })
  ),

  law("returns every field of a new row as it was written", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      for (const [i, content] of contents.entries()) {
        const written = yield* trial.insert(row(`r${i}`, content))
        const found = yield* trial.stored("the row", yield* journal.find(written), row(`r${i}`, content))
        yield* trial.same("the row that find returns, compared with the row that the write returned", found, written)
      }
      const listed = yield* trial.list()
      yield* trial.equal("how many rows there are", listed.length, contents.length)
      for (const each of listed) {
        yield* trial.stored("the row that list returns", yield* journal.find(each), each)
      }
    })
  ),

  law("returns every field of a replaced row as it was written", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      let version = 1
      yield* trial.insert(row("r"))
      for (const content of contents) {
        for (const before of [{}, full, content]) {
          version += 1
          const written = yield* trial.replace(row("r", { ...before, version }))
          const found = yield* trial.stored("the row", yield* journal.find(written), row("r", { ...before, version }))
          yield* trial.same("the row that find returns, compared with the row that the write returned", found, written)
        }
      }
    })
  ),

  law("removes a field that a new version omits", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      for (const field of optionalFields) {
        const reference = `r ${field}`
        yield* trial.insert(row(reference, full))
        const less = without(row(reference, { ...full, version: 2 }), field)
        yield* trial.replace(less)
        yield* trial.stored(`the row without ${field}`, yield* journal.find(less), less)
      }
    })
  ),

  law("accepts every state after every other", (trial) =>
    Effect.gen(function* () {
      const { journal, row } = trial
      for (const from of transferStates) {
        for (const to of transferStates) {
          const first = yield* trial.insert(row(`${from} ${to}`, { state: from }))
          yield* trial.replace(next(first, { state: to }))
          yield* trial.stored("the row", yield* journal.find(first), next(first, { state: to }))
        }
      }
    })
  )
]
