/** Problems of options, queries and decisions are reported with the rule that each field breaks. */
import { assert, describe } from "@effect/vitest"
import { transferStates } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { both, scene } from "./support/people.ts"
import type { Process } from "./support/scenario.ts"

const version = "must be the version of the transfer that the person saw"
const blank = "must be a text that is not blank"
const unknown = (names: string): string => `is not an option; the options are: ${names}`
const age = 'must be a duration, such as "5 seconds", not negative and at most 10000d'

type Rules = Readonly<Record<string, readonly [string, string]>>

// An untyped program may pass any value.
const untyped = (value: unknown): never => value as never

const others: Rules = {
  version: ["whole-number", version],
  by: ["non-empty", blank],
  note: ["non-empty", blank],
  "notOurs.0": ["non-empty", "must be the id of a record"],
  incomplete: ["boolean", "must be true or false"]
}

const wrong = { version: 0, by: " ", note: "", notOurs: [" "], incomplete: "yes", other: 1 }

const differs = { accountId: "", merchantAccountId: "", reference: "", amount: Number.NaN, fee: 1 }

const paidFields = "as, recordId, version, by, note, differs, notOurs"
const notPaidFields = "as, version, by, note, notOurs, incomplete"
const otherFields = "by, note, version, notOurs"
const differsFields = "accountId, amount, merchantAccountId, reference"

const cases: ReadonlyArray<readonly [string, (process: Process) => Effect.Effect<unknown, unknown>, Rules]> = [
  [
    "resolve, of an invalid decision",
    (process) => process.resolve("a", untyped({ ...wrong, as: "perhaps" })),
    { other: ["unknown-field", unknown(notPaidFields)], as: ["one-of", 'must be "paid" or "not-paid"'], ...others }
  ],
  [
    "resolve, of not paid",
    (process) => process.resolve("a", untyped({ ...wrong, as: "not-paid" })),
    { other: ["unknown-field", unknown(notPaidFields)], ...others }
  ],
  [
    "resolve, of paid",
    (process) => process.resolve("a", untyped({ ...wrong, as: "paid", recordId: " ", differs })),
    {
      incomplete: ["unknown-field", unknown(paidFields)],
      other: ["unknown-field", unknown(paidFields)],
      recordId: ["non-empty", blank],
      version: ["whole-number", version],
      by: ["non-empty", blank],
      note: ["non-empty", blank],
      "notOurs.0": ["non-empty", "must be the id of a record"],
      "differs.fee": ["unknown-field", unknown(differsFields)],
      "differs.accountId": ["non-empty", "must be a non-empty string"],
      "differs.merchantAccountId": ["non-empty", "must be a non-empty string"],
      "differs.reference": ["non-empty", "must be a non-empty string"],
      "differs.amount": ["number", "must be a finite number"]
    }
  ],
  [
    "withdraw",
    (process) => process.withdraw("a", untyped({ version: 1.5, by: " ", note: 7, other: 1 })),
    {
      other: ["unknown-field", unknown(otherFields)],
      version: ["whole-number", version],
      by: ["non-empty", blank],
      note: ["non-empty", blank]
    }
  ],
  [
    "acknowledge",
    (process) => process.acknowledge("a", untyped({ as: "paid", by: "ana", note: "seen", recordId: "" })),
    {
      as: ["unknown-field", unknown(`${otherFields}, recordId`)],
      recordId: ["non-empty", "must be a non-empty string"],
      version: ["whole-number", version]
    }
  ],
  [
    "list",
    (process) =>
      Stream.runDrain(
        process.list(untyped({ state: "paid", alarmed: 1, olderThan: "10001 days", pageSize: 0, of: 1 }))
      ),
    {
      of: ["unknown-field", unknown("state, alarmed, olderThan, pageSize")],
      "state.0": ["one-of", `must be one of: ${transferStates.join(", ")}`],
      alarmed: ["boolean", "must be true or false"],
      olderThan: ["duration", age],
      pageSize: ["whole-number", "must be a whole number from 1 to 1000"]
    }
  ],
  [
    "reconcileAll",
    (process) => Stream.runDrain(process.reconcileAll(untyped({ olderThan: "10001 days", concurrency: 0, of: 1 }))),
    {
      of: ["unknown-field", unknown("olderThan, concurrency")],
      olderThan: ["duration", age],
      concurrency: ["whole-number", "must be a whole number from 1 to 100"]
    }
  ]
]

const lost: ReadonlyArray<unknown> = ["", 7, null]

describe("an invalid-input error has the rule of each field", () => {
  for (const [what, ask, rules] of cases) {
    both(what, (kind) =>
      Effect.gen(function* () {
        const { transfers } = yield* scene(kind)
        const error = yield* Effect.flip(ask(transfers))
        const problems = Object.entries(rules).map(([field, [code, rule]]) => ({ field, code, rule }))
        assert.deepInclude(error, { _tag: "PalommaInvalidInput", outcome: "none", problems })
      })
    )
  }

  for (const operation of ["advance", "carry"] as const) {
    both(operation, (kind) =>
      Effect.gen(function* () {
        const { transfers } = yield* scene(kind)
        const ask = transfers[operation]
        const refusal = {
          _tag: "PalommaInvalidInput",
          operation: `${kind.service}.${operation}`,
          outcome: "none"
        } as const
        const endSearch = { field: "endSearch", code: "one-of", rule: 'must be "if-complete" or "always"' }
        for (const lostClaim of lost) {
          const error = yield* Effect.flip(ask("a", untyped({ lostClaim, endSearch: lostClaim, of: 1 })))
          const problems = [
            { field: "of", code: "unknown-field", rule: unknown("version, lostClaim, endSearch") },
            { field: "lostClaim", code: "non-empty", rule: "must be a non-empty string" },
            endSearch
          ]
          assert.deepInclude(error, { ...refusal, problems })
        }
        for (const other of [true, "never", "complete"]) {
          const error = yield* Effect.flip(ask("a", untyped({ endSearch: other })))
          assert.deepInclude(error, { ...refusal, problems: [endSearch] })
        }
        const error = yield* Effect.flip(ask("a", untyped(null)))
        assert.deepInclude(error, { ...refusal, problems: [{ field: "", code: "object", rule: "must be an object" }] })
        assert.deepStrictEqual(transfers.steps, [])
      })
    )
  }

  both("a namespace with a broken surrogate", (kind) =>
    Effect.gen(function* () {
      const { start } = yield* scene(kind)
      const error = yield* Effect.flip(start({ transfers: { namespace: "books\ud83d" } }))
      const problems = [{ field: "namespace", code: "well-formed", rule: "must be text without broken surrogates" }]
      assert.deepInclude(error, { _tag: "PalommaInvalidInput", outcome: "none", problems })
      yield* start({ transfers: { namespace: "books \ud83d\udcda" } })
    })
  )

  both("sendAll", (kind) =>
    Effect.gen(function* () {
      const { intent, transfers } = yield* scene(kind)
      const options = untyped({ concurrency: 101, pace: 1 })
      const error = yield* Effect.flip(Stream.runDrain(transfers.sendAll(Stream.make(intent), options)))
      assert.deepInclude(error, {
        _tag: "PalommaInvalidInput",
        operation: `${kind.service}.${kind.verb}All`,
        outcome: "not-sent",
        problems: [
          { field: "pace", code: "unknown-field", rule: unknown("concurrency") },
          { field: "concurrency", code: "whole-number", rule: "must be a whole number from 1 to 100" }
        ]
      })
    })
  )

  both("of the layer", (kind) =>
    Effect.gen(function* () {
      const { start } = yield* scene(kind)
      const transfers = untyped({ sendTimeout: "601 seconds", reconcileTimeout: -1, lookUpPages: 100_001 })
      const error = yield* Effect.flip(start({ transfers }))
      assert.deepInclude(error, {
        _tag: "PalommaInvalidInput",
        outcome: "none",
        problems: [
          {
            field: "sendTimeout",
            code: "duration",
            rule: 'must be a duration, such as "5 seconds", at least 1ms and at most 10m'
          },
          {
            field: "reconcileTimeout",
            code: "duration",
            rule: 'must be a duration, such as "5 seconds", not negative and at most 1d'
          },
          { field: "lookUpPages", code: "whole-number", rule: "must be a whole number from 1 to 100000" }
        ]
      })
    })
  )

  both("accepts ages of ten thousand days", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      assert.deepStrictEqual(yield* Stream.runCollect(transfers.list({ olderThan: "10000 days" })), [])
      assert.deepStrictEqual(yield* Stream.runCollect(transfers.reconcileAll({ olderThan: "10000 days" })), [])
    })
  )

  both("rejects a missing version before any request to Palomma", (kind) =>
    Effect.gen(function* () {
      const { count, transfers, write } = yield* scene(kind)
      yield* write({ reference: "a", state: "needsReview" })
      const error = yield* Effect.flip(transfers.withdraw("a", { by: "ana", note: "not needed" }))
      const rule = "is missing: to withdraw a transfer in needsReview, give the version that the person saw"
      const problems = [{ field: "version", code: "required", rule }]
      const operation = `${kind.service}.withdraw`
      assert.deepInclude(error, { _tag: "PalommaInvalidInput", operation, outcome: "none", problems })
      assert.strictEqual(yield* count(), 0)
    })
  )
})
