/**
 * The evidence in an error of a transfer in doubt: the failure, the records with their source, and each record of a
 * duplicate.
 */
import { assert, describe } from "@effect/vitest"
import { TransferAlarm, TransferClaim, TransferOutcomeUnknown } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { TestClock } from "effect/testing"
import { both, scene } from "./support/people.ts"
import { has, inTime, type Kind, type Process } from "./support/scenario.ts"

const listOf = ({ name }: Kind): string => (name === "payout" ? "PayoutRequests.list" : "PayinRequests.list")

const inDoubt = Effect.fnUntraced(function* (process: Process, reference: string) {
  const error = yield* Effect.flip(inTime(process.reconcile(reference)))
  return error instanceof TransferOutcomeUnknown ? error : assert.fail(error._tag)
})

const seen = ({ evidence: { records } }: TransferOutcomeUnknown) =>
  records.map(({ id, seenIn }) => [String(id), seenIn])

describe("the last error of a transfer in doubt", () => {
  for (const [what, fault, expected] of [
    ["the code of a connection that failed", Fault.refuse, "PalommaConnectionError ECONNREFUSED"],
    ["no code of a response that never arrived", Fault.hang(), "PalommaTimeout"],
    ["the status of a response", Fault.respond({ status: 503 }), "PalommaServerError 503"]
  ] as const) {
    both(`holds ${what}`, (kind) =>
      Effect.gen(function* () {
        const { fault: arm, reference, transfers, write } = yield* scene(kind)
        yield* write({ state: "needsReview" })
        yield* arm("list", fault, { rate: 1 })
        has(yield* inDoubt(transfers, reference), { lastError: `${listOf(kind)}: ${expected}.` })
      })
    )
  }

  both("has no code for a connection that failed without one", (kind) =>
    Effect.gen(function* () {
      const { reference, start, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      const request = HttpClientRequest.get("http://127.0.0.1/v0")
      const reason = new HttpClientError.TransportError({ request, cause: new TypeError("fetch failed") })
      const process = yield* start({ request: () => Effect.fail(new HttpClientError.HttpClientError({ reason })) })
      has(yield* inDoubt(process, reference), { lastError: `${listOf(kind)}: PalommaConnectionError.` })
    })
  )

  both("reports that no list shows the record if no request failed", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      const error = yield* inDoubt(transfers, reference)
      assert.strictEqual(error.lastError, "Palomma's lists do not show the transfer.")
      assert.isUndefined(error.lastErrorTag)
    })
  )
})

describe("the evidence of a transfer in doubt", () => {
  both("shows current records with their list and earlier records with source journal, each once", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind)
      const one = yield* add({ reference: null })
      const two = yield* add({ reference: null })
      yield* write({ state: "needsReview", evidence: [one.id, "01HBEFORE"] })
      const error = yield* inDoubt(transfers, reference)
      assert.sameDeepMembers(seen(error), [
        [one.id, "account-list"],
        [two.id, "account-list"],
        ["01HBEFORE", "journal"]
      ])
    })
  )

  both("shows the journal's records if no look-up was completed, and no later transfer", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview", evidence: ["01HBEFORE"] })
      yield* fault("list", Fault.respond({ status: 401 }), { rate: 1 })
      const error = yield* inDoubt(transfers, reference)
      assert.deepStrictEqual(seen(error), [["01HBEFORE", "journal"]])
      assert.isFalse(error.evidence.laterTransferShown)
    })
  )

  for (const [what, millis, shown] of [
    ["shows that Palomma's list has a transfer that was made later", 1_000, true],
    ["does not treat a transfer that was made at the same time as a later one", 0, false]
  ] as const) {
    both(what, (kind) =>
      Effect.gen(function* () {
        const { add, reference, transfers, write } = yield* scene(kind)
        yield* TestClock.setTime(1_000_000)
        const claim = new TransferClaim({ id: "claim-1", length: 65_000, at: 1_000_000 })
        yield* write({ state: "needsReview", claim })
        yield* TestClock.adjust(millis)
        yield* add({ reference: "deposit" })
        const { evidence } = yield* inDoubt(transfers, reference)
        assert.strictEqual(evidence.laterTransferShown, shown)
      })
    )
  }

  both("does not treat a transfer without a creation time as a later one", (kind) =>
    Effect.gen(function* () {
      const { add, fault, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview", claim: new TransferClaim({ id: "claim-1", length: 65_000, at: 0 }) })
      yield* TestClock.adjust("1 minute")
      yield* add({ reference: "deposit" })
      yield* fault("list", Fault.rewrite("createdAt", undefined), { rate: 1 })
      const { evidence } = yield* inDoubt(transfers, reference)
      assert.isFalse(evidence.laterTransferShown)
    })
  )

  for (const [what, fault, expected] of [
    ["shows the record of the response, which no list shows", Fault.rewrite("amount", 49_500), "answer"],
    [
      "shows the record of the response once, with the list that shows it",
      Fault.rewrite("status", undefined),
      "reference-list"
    ]
  ] as const) {
    both(what, (kind) =>
      Effect.gen(function* () {
        const storeAs = { amount: { add: -500 } }
        const { fault: arm, intent, paid, transfers } = yield* scene(kind, { simulator: { storeAs } })
        yield* arm("create", fault)
        const error = yield* Effect.flip(inTime(transfers.send(intent)))
        const [made] = yield* paid()
        if (!(error instanceof TransferOutcomeUnknown)) return assert.fail(error._tag)
        has(error, { sent: "yes", recordId: made?.id })
        assert.deepStrictEqual(seen(error), [[made?.id, expected]])
      })
    )
  }

  both("shows the record of the response beside another one that a list shows", (kind) =>
    Effect.gen(function* () {
      const { add, fault, intent, transfers } = yield* scene(kind)
      const other = yield* add({ reference: null })
      yield* TestClock.adjust("2 days")
      yield* fault("create", Fault.rewrite("status", undefined))
      yield* fault("list", Fault.lag("1 day"), { rate: 1 })
      yield* fault("get", Fault.respond({ status: 404, body: { message: "Not found" } }), { rate: 1 })
      const error = yield* Effect.flip(inTime(transfers.send(intent)))
      if (!(error instanceof TransferOutcomeUnknown)) return assert.fail(error._tag)
      assert.deepStrictEqual(seen(error), [
        [String(error.recordId), "answer"],
        [other.id, "account-list"]
      ])
    })
  )

  both("names the record of the row if no look-up shows it", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview", recordId: "01HGONE" })
      has(yield* inDoubt(transfers, reference), { recordId: "01HGONE", sent: "no" })
    })
  )
})

describe("the error of a duplicate", () => {
  for (const [what, recordId, records, expected] of [
    ["has the record of the transfer and those of the alarm", "01HOWN", ["01HOTHER"], ["01HOWN", "01HOTHER"]],
    ["has each record once", "01HOWN", ["01HOWN", "01HOTHER"], ["01HOWN", "01HOTHER"]],
    ["has the records of the alarm if the transfer has none", undefined, ["01HOTHER"], ["01HOTHER"]]
  ] as const) {
    both(`names ${what}`, (kind) =>
      Effect.gen(function* () {
        const { count, intent, reference, transfers, write } = yield* scene(kind)
        const alarm = new TransferAlarm({ kind: "duplicate", records, at: 0 })
        yield* write({ state: "needsReview", alarm, ...(recordId === undefined ? {} : { recordId }) })
        const error = yield* Effect.flip(transfers.send(intent))
        has(error, { _tag: "TransferDuplicate", kind: kind.name, reference })
        assert.deepStrictEqual(error._tag === "TransferDuplicate" ? error.records.map(String) : [], [...expected])
        assert.strictEqual(yield* count(), 0)
      })
    )
  }
})
