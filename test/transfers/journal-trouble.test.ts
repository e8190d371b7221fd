/** A journal that fails: each of its calls, before and after it took effect, at each point of a send. */
import { assert, describe, it } from "@effect/vitest"
import { type Transfer, TransferJournalError } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import {
  amount,
  broken,
  failure,
  has,
  inTime,
  type JournalCall,
  type JournalHooks,
  kinds,
  makeWorld,
  scenario
} from "./support/scenario.ts"

/** How many calls of the journal fail in a row. The write of an outcome is tried seven times. */
const forGood = 99

// A journal whose n-th call of one kind fails, and the calls after it as configured.
const failing = (what: string, side: "before" | "after", nth: number, times: number): JournalHooks => {
  let calls = 0
  const hook = ({ operation, row }: JournalCall) =>
    Effect.suspend(() => {
      const name = row === undefined ? operation : `${operation} ${row.state}`
      if (name !== what) return Effect.void
      calls += 1
      return calls >= nth && calls < nth + times ? Effect.fail(broken(operation)) : Effect.void
    })
  return { [side]: hook }
}

interface Row {
  readonly call: string
  readonly nth?: number
  readonly side: "before" | "after"
  readonly times?: number
  /** The `sent` field of the journal's error. Undefined if the call succeeds. */
  readonly sent?: "no" | "yes"
  readonly operation?: string
  /** The state of the row afterwards. */
  readonly state: Transfer["state"] | "no row"
  readonly creates: number
  /** What the next call of a process with a journal that works does. */
  readonly next: "sends it" | "finds it" | "has it"
}

const first: Readonly<Record<string, Row>> = {
  "the row cannot be read": { call: "find", side: "before", sent: "no", state: "no row", creates: 0, next: "sends it" },
  "the claim cannot be written": {
    call: "insert sending",
    side: "before",
    sent: "no",
    state: "no row",
    creates: 0,
    next: "sends it"
  },
  "the claim was written, and the response lost": {
    call: "insert sending",
    side: "after",
    sent: "no",
    // No process has to wait for the claim, and no manual review is needed.
    state: "intended",
    creates: 0,
    next: "sends it"
  },
  "the outcome cannot be written": {
    call: "replace accepted",
    side: "before",
    times: forGood,
    sent: "yes",
    state: "sending",
    creates: 1,
    next: "finds it"
  },
  "the outcome was written, and each response lost": {
    call: "replace accepted",
    side: "after",
    times: 6,
    // The next try reads it and finds it accepted.
    state: "accepted",
    creates: 1,
    next: "has it"
  },
  "the outcome was written, and no response ever arrived": {
    call: "replace accepted",
    side: "after",
    times: forGood,
    sent: "yes",
    state: "accepted",
    creates: 1,
    next: "has it"
  },
  "the outcome can be written at the sixth retry": {
    call: "replace accepted",
    side: "before",
    times: 6,
    state: "accepted",
    creates: 1,
    next: "has it"
  }
}

const claimedBefore: Readonly<Record<string, Row>> = {
  "the claim cannot be written": {
    call: "replace sending",
    side: "before",
    sent: "no",
    state: "intended",
    creates: 0,
    next: "sends it"
  },
  "the claim was written, and the response lost": {
    call: "replace sending",
    side: "after",
    sent: "no",
    state: "intended",
    creates: 0,
    next: "sends it"
  }
}

const refusedRows: Readonly<Record<string, Row>> = {
  "the refusal cannot be written": {
    call: "replace rejected",
    side: "before",
    times: forGood,
    sent: "yes",
    state: "sending",
    creates: 1,
    next: "finds it"
  }
}

describe.each(kinds)("%s, if the journal fails,", (_, kind) => {
  const check = (what: string, row: Row, isClaimedBefore: boolean) =>
    it.effect(`reports what was sent if ${what}${isClaimedBefore ? " for an existing row" : ""}`, () =>
      Effect.gen(function* () {
        const { call, creates, next, nth = 1, sent, side, state, times = 1 } = row
        const world = yield* makeWorld(kind)
        if (isClaimedBefore) {
          yield* world.fault("create", Fault.refuse, { times: 3 })
          yield* failure((yield* world.start()).send(world.intent("a")))
        }
        const process = yield* world.start({ journal: failing(call, side, nth, times) })
        const result = yield* inTime(Effect.result(process.send(world.intent("a"))))
        const [record] = yield* world.records("a")
        assert.strictEqual(yield* world.creates, creates)
        if (sent === undefined) {
          assert.strictEqual(result._tag, "Success")
        } else {
          assert.strictEqual(result._tag, "Failure")
          if (result._tag === "Failure") {
            assert.instanceOf(result.failure, TransferJournalError)
            has(result.failure, { operation: call.split(" ")[0], reference: "a", sent, recordId: record?.id })
            assert.include(result.failure.message, "the disk is full")
          }
        }
        const rows = yield* world.rows
        assert.strictEqual(rows[0]?.state ?? "no row", state)
        const repaired = yield* world.start()
        has(yield* inTime(repaired.send(world.intent("a"))), { state: "accepted" })
        const records = yield* world.records("a")
        assert.strictEqual(records.length, 1)
        const posts = repaired.steps.filter((step) => step === "POST").length
        const gets = repaired.steps.filter((step) => step === "GET").length
        assert.strictEqual(posts, next === "sends it" ? 1 : 0)
        assert.strictEqual(gets > 0, next !== "has it")
      })
    )

  for (const [what, row] of Object.entries(first)) check(what, row, false)
  for (const [what, row] of Object.entries(claimedBefore)) check(what, row, true)

  for (const [what, row] of Object.entries(refusedRows)) {
    it.effect(`reports that its request was sent if ${what}`, () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        yield* world.fault("create", Fault.respond({ status: 400, body: { message: "No" } }))
        const process = yield* world.start({ journal: failing(row.call, row.side, 1, forGood) })
        const error = yield* failure(process.send(world.intent("a")))
        assert.instanceOf(error, TransferJournalError)
        has(error, { operation: "replace", sent: row.sent, recordId: undefined })
        assert.strictEqual((yield* world.row("a")).state, row.state)
      })
    )
  }

  it.effect("reports that nothing was sent if the proof of it cannot be written", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* world.fault("create", Fault.refuse, { times: forGood })
      const process = yield* world.start({ journal: failing("replace intended", "before", 1, forGood) })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferJournalError)
      has(error, { operation: "replace", sent: "no" })
      has(yield* world.row("a"), { state: "sending" })
    })
  )

  it.effect("reports that its request was sent if the loss of the response cannot be written, or read after it", () =>
    Effect.forEach(
      [
        ["replace unknown", "before", 1],
        // The first read, the fence twice, and the first read of the search.
        ["find", "before", 4]
      ] as const,
      ([call, side, nth]) =>
        Effect.gen(function* () {
          const world = yield* makeWorld(kind)
          yield* world.fault("create", Fault.drop())
          const process = yield* world.start({ journal: failing(call, side, nth, forGood) })
          const error = yield* failure(process.send(world.intent("a")))
          assert.instanceOf(error, TransferJournalError)
          has(error, { sent: "yes", reference: "a" })
        })
    )
  )

  it.effect("names the record of a response that could not be read, if that cannot be written", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* world.fault("create", Fault.rewrite("status", undefined))
      const process = yield* world.start({ journal: failing("replace unknown", "before", 1, forGood) })
      const error = yield* failure(process.send(world.intent("a")))
      const [record] = yield* world.records("a")
      assert.instanceOf(error, TransferJournalError)
      has(error, { sent: "yes", recordId: record?.id })
    })
  )

  it.effect("reports that nothing was sent if the owner of a matching record cannot be read", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* kind.addRecord(world.simulator, { accountId: world.account, amount })
      yield* world.fault("list", Fault.ignoreFilters("reference"), { times: forGood })
      const process = yield* world.start({ journal: failing("findByRecordId", "before", 1, forGood) })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferJournalError)
      has(error, { sent: "no", reference: "a" })
      assert.deepStrictEqual(yield* world.rows, [])
      assert.strictEqual(yield* world.creates, 0)
    })
  )

  scenario(
    "finds its record in the next call, and never sends it again, if a claim was left behind",
    kind,
    function* ({ process, world }) {
      yield* failure(process.send(world.intent("a")))
      const [record] = yield* world.records("a")
      const again = yield* world.start()
      has(yield* inTime(again.send(world.intent("a"))), { state: "accepted", recordId: record?.id })
      assert.strictEqual(yield* world.creates, 1)
    },
    { start: { journal: failing("replace accepted", "before", 1, forGood) } }
  )

  it.effect("ends if an existing row cannot be read, as from a replica that is behind", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* (yield* world.start()).send(world.intent("a"))
      const lagging = { ...world.journal.service, find: () => Effect.succeed(Option.none<Transfer>()) }
      const process = yield* world.start({ store: lagging })
      const made = yield* world.creates
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferJournalError)
      has(error, { sent: "no", reference: "a" })
      assert.include(error.message, "a replica that is behind")
      assert.strictEqual(yield* world.creates, made)
    })
  )

  it.effect("reports a defect of the store as an error, and its cause only to the log", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start({
        journal: {
          before: ({ operation }) =>
            operation === "insert" ? Effect.die(new Error("account 3013111111")) : Effect.void
        }
      })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferJournalError)
      has(error, { operation: "insert", sent: "no" })
      assert.notInclude(error.message, "3013111111")
      assert.strictEqual(yield* world.creates, 0)
    })
  )
})
