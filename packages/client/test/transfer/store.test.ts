/**
 * The only writer of transfers: which rows it replaces, how often it writes, and how it handles a journal that fails.
 */
import { assert, describe, it } from "@effect/vitest"
import { Sensitive } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import type { Transfer } from "../../src/Transfer.ts"
import { TransferJournalError } from "../../src/TransferError.ts"
import type { TransferJournalQuery, TransferJournalService } from "../../src/TransferJournal.ts"
import { unwritten } from "../../src/internal/transfer/change.ts"
import { type Event, isTrueOfAnyVersion } from "../../src/internal/transfer/event.ts"
import * as Store from "../../src/internal/transfer/store.ts"
import { step } from "../../src/internal/transfer/transition.ts"
import { content, events, key, row, rows } from "./support/samples.ts"
import { type Call, stored, storeTime, watched } from "./support/journal.ts"

const storeOf = (journal: TransferJournalService) => Store.make(journal, "sandbox", "payin", Duration.seconds(10))

const fresh = unwritten(key, content, 0)

describe("apply", () => {
  it.effect("inserts a row that is not written yet, and returns what was stored", () =>
    Effect.gen(function* () {
      const { calls, journal, written } = watched()
      const event = events["claimed, version as looked at"](fresh)
      const applied = yield* storeOf(journal).apply(fresh, event)
      assert.deepStrictEqual(calls, ["insert"])
      const result = step(fresh, event, 0)
      assert.strictEqual(result._tag, "Changed")
      if (result._tag !== "Changed") return
      assert.strictEqual(result.row.version, 1)
      assert.deepStrictEqual(written, [result.row])
      assert.deepStrictEqual(applied, { row: stored(result.row), before: fresh, step: result })
    })
  )

  it.effect("replaces a row by its next version, without reading it first", () =>
    Effect.gen(function* () {
      const { calls, journal } = watched(rows.sending)
      const applied = yield* storeOf(journal).apply(rows.sending, events["answerLost, owner"]())
      assert.deepStrictEqual(calls, ["replace"])
      assert.deepInclude(applied.row, { state: "unknown", version: 6, updatedAt: storeTime })
      assert.strictEqual(applied.before, rows.sending)
    })
  )

  it.effect("writes the time of the clock", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_234_567)
      const applied = yield* storeOf(watched(rows.intended).journal).apply(
        rows.intended,
        events["claimed, version as looked at"](rows.intended)
      )
      assert.strictEqual(applied.row.claim?.at, 1_234_567)
    })
  )

  it.effect("writes nothing if nothing changes, or if the event is refused", () =>
    Effect.gen(function* () {
      for (const event of [events["notSent, other claim"](), events["resolved paid 1 same"](rows.sending)]) {
        const { calls, journal } = watched(rows.sending)
        const applied = yield* storeOf(journal).apply(rows.sending, event)
        assert.deepStrictEqual(calls, [])
        const { sending } = rows
        assert.deepStrictEqual(applied, { row: sending, before: sending, step: step(sending, event, 0) })
      }
    })
  )

  it.effect("applies to the row that another process inserted meanwhile", () =>
    Effect.gen(function* () {
      const { calls, journal } = watched(row({ ...rows.intended, version: 1 }))
      const seen = yield* storeOf(journal).apply(fresh, events["seen 1 same, processing"]())
      assert.deepStrictEqual(calls, ["insert", "find", "replace"])
      assert.deepInclude(seen.row, { state: "accepted", version: 2 })
      assert.strictEqual(seen.before.version, 1)
    })
  )

  it.effect("refuses a claim of a row that another process inserted meanwhile", () =>
    Effect.gen(function* () {
      const current = row({ ...rows.intended, version: 1 })
      const { calls, journal } = watched(current)
      const applied = yield* storeOf(journal).apply(fresh, events["claimed, version as looked at"](fresh))
      assert.deepStrictEqual(calls, ["insert", "find"])
      assert.deepStrictEqual(applied, { row: current, before: current, step: { _tag: "Refused", reason: "version" } })
    })
  )
})

// For each kind of event, a row that it changes.
const changing: ReadonlyArray<readonly [name: keyof typeof events, row: keyof typeof rows]> = [
  ["notSent, claim's owner", "sending"],
  ["rejected, owner", "sending"],
  ["answered 1 same, owner", "sending"],
  ["answered 1 differs, owner", "sending"],
  ["answerLost, owner", "sending"],
  ["answerLost id 1, owner", "sending"],
  ["expired, that claim", "sending"],
  ["seen 1 same, processing", "unknown"],
  ["withdrawn, no version", "intended"],
  ["claimed, version as looked at", "intended"],
  ["adopted", "intended"],
  ["looked", "unknown"],
  ["absent, version as looked at", "unknown"],
  ["gaveUp, version as looked at", "unknown"],
  ["resolved paid 1 same", "unknown"],
  ["resolved not paid, version as asked", "needsReview"],
  ["acknowledged, as it was", "accepted #1 alarm"],
  ["withdrawn, version as asked", "intended"]
]

describe("R9: an event whose row changed meanwhile", () => {
  const repeated = changing.filter(([name, at]) => isTrueOfAnyVersion(events[name](rows[at])))
  const others = changing.filter(([name, at]) => !isTrueOfAnyVersion(events[name](rows[at])))

  it("is one of 15 kinds: 6 are true of any version, and so is a withdrawal without a version", () => {
    const kinds = (some: typeof changing) => new Set(some.map(([name, at]) => events[name](rows[at])._tag))
    assert.deepStrictEqual(
      [...kinds(repeated)],
      ["notSent", "rejected", "answered", "answerLost", "expired", "seen", "withdrawn"]
    )
    assert.strictEqual(kinds(changing).size, 15)
    for (const [name, at] of others) assert.isFalse(isTrueOfAnyVersion(events[name](rows[at])), name)
  })

  it.effect.each(repeated)('is applied to the current row: "%s"', ([name, at]) =>
    Effect.gen(function* () {
      const input = rows[at]
      const current = row({ ...input, version: 9, lookUps: 7 })
      const { calls, journal } = watched(current)
      const applied = yield* storeOf(journal).apply(input, events[name](input))
      assert.deepStrictEqual(calls, ["replace", "find", "replace"])
      assert.strictEqual(applied.before, current)
      assert.deepInclude(applied.row, { version: 10, lookUps: 7 })
      assert.strictEqual(applied.step._tag, "Changed")
    })
  )

  it.effect.each(others)('is refused, and writes nothing: "%s"', ([name, at]) =>
    Effect.gen(function* () {
      const input = rows[at]
      const current = row({ ...input, version: 9 })
      const { calls, journal, written } = watched(current)
      const applied = yield* storeOf(journal).apply(input, events[name](input))
      assert.deepStrictEqual(calls, ["replace", "find"])
      assert.deepStrictEqual(written, [])
      assert.deepStrictEqual(applied, { row: current, before: current, step: { _tag: "Refused", reason: "version" } })
    })
  )

  it.effect("counts for its own claim, and for no later one", () =>
    Effect.gen(function* () {
      const current = row({
        ...rows.sending,
        version: 9,
        claim: { ...rows.sending.claim, id: "claim-9", length: 1, at: 0 }
      })
      for (const name of [
        "notSent, claim's owner",
        "rejected, owner",
        "answerLost, owner",
        "expired, that claim"
      ] as const) {
        const { journal, written } = watched(current)
        const applied = yield* storeOf(journal).apply(rows.sending, events[name]())
        assert.deepStrictEqual(applied, { row: current, before: current, step: { _tag: "Same" } })
        assert.deepStrictEqual(written, [])
      }
    })
  )
})

describe("a faulty journal", () => {
  const timeout = Effect.gen(function* () {
    yield* TestClock.adjust(9_999)
    yield* TestClock.adjust(1)
  })

  const failure = <A>(effect: Effect.Effect<A, TransferJournalError>) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
      yield* timeout
      const exit = fiber.pollUnsafe()
      assert.isDefined(exit, "it waits for longer than its timeout")
      const error = yield* Effect.flip(Fiber.join(fiber))
      assert.strictEqual(error._tag, "TransferJournalError")
      return error
    })

  const event: Event = events["answerLost, owner"]()
  const uses: ReadonlyArray<
    readonly [
      call: Call,
      operation: string,
      use: (store: Store.Store) => Effect.Effect<unknown, TransferJournalError>,
      reference?: string
    ]
  > = [
    ["now", "read its clock", (store) => store.now],
    ["find", "find", (store) => store.find(key.reference), key.reference],
    ["findByRecordId", "find", (store) => store.findByRecordId("1")],
    ["list", "list", (store) => store.list({ limit: 1 })],
    ["insert", "insert", (store) => store.apply(fresh, events["withdrawn, no version"](fresh)), key.reference],
    ["replace", "replace", (store) => store.apply(rows.sending, event), key.reference]
  ]
  const broken = (call: Call, how: Effect.Effect<never, TransferJournalError>) =>
    storeOf(watched(rows.sending, { [call]: call === "now" ? how : () => how }).journal)

  it.effect.each(uses)("times out: %s", ([call, operation, use, reference]) =>
    Effect.gen(function* () {
      for (const never of [Effect.never, Effect.uninterruptible(Effect.never)]) {
        const error = yield* failure(use(broken(call, never)))
        assert.deepInclude({ ...error }, { operation, reason: "no answer within 10s", sent: "no" })
        assert.strictEqual(error.reference, reference)
      }
    })
  )

  it.effect.each(uses)("is recognised if it dies: %s", ([call, operation, use, reference]) =>
    Effect.gen(function* () {
      const logged: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => void logged.push([logLevel, message]))
      const bug = new Error("the pool is closed: postgres://palomma:secret@db")
      const error = yield* failure(use(broken(call, Effect.die(bug)))).pipe(Effect.provide(Logger.layer([logger])))
      assert.deepInclude({ ...error }, { operation, reason: "the call ended in a defect, see the log", sent: "no" })
      assert.strictEqual(error.reference, reference)
      assert.notInclude(error.message, "secret")
      assert.deepStrictEqual(logged, [
        [
          "Error",
          [
            `The transfer journal failed with a defect in "${operation}". Error: the pool is closed: ${Sensitive.masked}`
          ]
        ]
      ])
    })
  )

  it.effect.each(uses.filter(([call]) => call !== "now"))("is recognised if it throws: %s", ([call, operation, use]) =>
    Effect.gen(function* () {
      const throwing = () => {
        throw new Error("no such table")
      }
      const { journal } = watched(rows.sending, { [call]: throwing })
      const error = yield* failure(Effect.provide(use(storeOf(journal)), Logger.layer([])))
      assert.deepInclude({ ...error }, { operation, reason: "the call ended in a defect, see the log" })
    })
  )

  it.effect.each(uses)("passes on its own error if it fails, which does not state what was sent: %s", ([call, , use]) =>
    Effect.gen(function* () {
      const words = { operation: "reach the disk", reason: "it is full", reference: "invoice-1" }
      const own = new TransferJournalError({ ...words, sent: "yes", written: "no" })
      const error = yield* failure(use(broken(call, Effect.fail(own))))
      assert.deepInclude({ ...error }, { ...words, sent: "no", written: "no" })
      const { reference: _, ...rest } = words
      const other = yield* failure(use(broken(call, Effect.fail(new TransferJournalError(rest)))))
      assert.notProperty(other, "reference")
    })
  )

  it.effect("fails with an error after 100 conflicts", () =>
    Effect.gen(function* () {
      let version = 5
      const current = Effect.sync(() => Option.some(row({ ...rows.sending, version: version++ })))
      const { calls, journal } = watched(rows.sending, { find: () => current, replace: () => Effect.succeedNone })
      const error = yield* failure(storeOf(journal).apply(rows.sending, event))
      const fields = { operation: "replace", reference: key.reference, reason: "other processes keep changing the row" }
      assert.deepInclude({ ...error }, { ...fields, sent: "no" })
      assert.strictEqual(calls.filter((call) => call === "replace").length, 100)
    })
  )

  it.effect("still writes if the last of 100 tries succeeds", () =>
    Effect.gen(function* () {
      let tries = 0
      const { journal } = watched(rows.sending, {
        find: () => Effect.succeedSome(rows.sending),
        replace: (next) => Effect.sync(() => (++tries < 100 ? Option.none() : Option.some(next)))
      })
      const applied = yield* storeOf(journal).apply(rows.sending, event)
      assert.deepInclude(applied.row, { state: "unknown", version: 6 })
    })
  )

  it.effect("fails with an error if it refuses a write and has no row", () =>
    Effect.gen(function* () {
      for (const [before, call] of [
        [rows.sending, "replace"],
        [fresh, "insert"]
      ] as const) {
        const { calls, journal } = watched(undefined, { [call]: () => Effect.succeedNone })
        const error = yield* failure(storeOf(journal).apply(before, events["seen 1 same, processing"]()))
        assert.deepStrictEqual(calls, [call, "find"])
        const reason = "a row that exists cannot be read, as if reads went to a replica that is behind"
        assert.deepInclude({ ...error }, { operation: "replace", reference: key.reference, reason, sent: "no" })
      }
    })
  )
})

describe("a custom journal", () => {
  class InFields implements TransferJournalService {
    readonly isDurable = true
    readonly #rows = new Map<string, Transfer>()
    readonly queries: Array<unknown> = []
    get now() {
      return Effect.sync(() => this.#rows.size)
    }
    find(queries: { readonly reference: string }) {
      this.queries.push(queries)
      return Effect.sync(() => Option.fromUndefinedOr(this.#rows.get(queries.reference)))
    }
    findByRecordId(...queries: [namespace: string, kind: string, recordId: string]) {
      this.queries.push(queries)
      return Effect.sync(() => Option.fromUndefinedOr([...this.#rows.values()][0]))
    }
    insert(input: Transfer) {
      return this.replace(input)
    }
    replace(input: Transfer) {
      this.#rows.set(input.reference, input)
      return Effect.succeedSome(input)
    }
    list(queries: TransferJournalQuery) {
      this.queries.push(queries)
      return Effect.sync(() => [...this.#rows.values()])
    }
  }

  it.effect("may be a class whose methods need `this`", () =>
    Effect.gen(function* () {
      const journal = new InFields()
      const store = storeOf(journal)
      const { row: made } = yield* store.apply(fresh, events["claimed, version as looked at"](fresh))
      const { row: next } = yield* store.apply(made, events["seen 1 same, processing"]())
      assert.strictEqual(yield* store.now, 1)
      assert.deepStrictEqual(yield* store.find(key.reference), Option.some(next))
      assert.deepStrictEqual(yield* store.findByRecordId("1"), Option.some(next))
      assert.deepStrictEqual(yield* store.list({ limit: 3, alarmed: true }), [next])
      assert.deepStrictEqual(journal.queries, [
        key,
        ["sandbox", "payin", "1"],
        { limit: 3, alarmed: true, namespace: "sandbox", kind: "payin" }
      ])
      assert.deepInclude({ ...store }, { isDurable: true, kind: "payin", namespace: "sandbox" })
    })
  )

  it.effect("is called again each time, and only then", () =>
    Effect.gen(function* () {
      const { calls, journal } = watched()
      const store = storeOf(journal)
      const find = store.find(key.reference)
      assert.deepStrictEqual(calls, [])
      yield* find
      assert.isTrue(Exit.isSuccess(yield* Effect.exit(find)))
      assert.deepStrictEqual(calls, ["find", "find"])
    })
  )
})
