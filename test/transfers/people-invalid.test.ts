/** An invalid decision is rejected before any request, with all its problems. */
import { assert, describe } from "@effect/vitest"
import type { PalommaInvalidInput } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import { both, scene, author } from "./support/people.ts"
import type { Transfers } from "./support/scenario.ts"

// An untyped program may pass any value.
const untyped = (value: unknown): never => value as never

const seen = 2
const asNotPaid = { as: "not-paid", version: seen, ...author }
const asPaid = { as: "paid", version: seen, recordId: "01HRECORD", ...author }
const any = { version: seen, ...author }

type Fields = ReadonlyArray<string>

const nothing: ReadonlyArray<readonly [string, unknown, Fields]> = [
  ["an empty object", undefined, ["?"]],
  ["null", null, ["?"]],
  ["a text", "paid", ["?"]],
  ["a number", 2, ["?"]]
]

const everywhere = (good: object): ReadonlyArray<readonly [string, unknown, Fields]> => [
  ["no author", { ...good, by: undefined }, ["by"]],
  ["a blank author", { ...good, by: " \n" }, ["by"]],
  ["an author who is not a string", { ...good, by: 7 }, ["by"]],
  ["no note", { ...good, note: undefined }, ["note"]],
  ["a blank note", { ...good, note: "" }, ["note"]],
  ["version 0", { ...good, version: 0 }, ["version"]],
  ["a fractional version", { ...good, version: 1.5 }, ["version"]],
  ["a version that is a string", { ...good, version: "2" }, ["version"]],
  ["a version that is not a number", { ...good, version: Number.NaN }, ["version"]],
  ["ids that are not a list", { ...good, notOurs: "01HRECORD" }, ["notOurs"]],
  ["an id that is blank", { ...good, notOurs: ["01HRECORD", " "] }, ["notOurs.1"]],
  ["an id that is not a string", { ...good, notOurs: [1] }, ["notOurs.0"]],
  ["an unknown field", { ...good, verison: 2 }, ["verison"]],
  ["several problems", { ...good, by: "", note: 3, version: -1 }, ["by", "note", "version"]]
]

const needsVersion = (good: object): ReadonlyArray<readonly [string, unknown, Fields]> => [
  ["no version", { ...good, version: undefined }, ["version"]]
]

const decisions: ReadonlyArray<readonly [string, unknown, Fields]> = [
  ["neither paid nor not paid", { ...asNotPaid, as: "perhaps" }, ["as"]],
  ["no decision", any, ["as"]],
  ["paid without a record", { ...asPaid, recordId: undefined }, ["recordId"]],
  ["paid with a record that is not a string", { ...asPaid, recordId: 12 }, ["recordId"]],
  ["paid with a blank record", { ...asPaid, recordId: "" }, ["recordId"]],
  ["paid after an incomplete look-up", { ...asPaid, incomplete: true }, ["incomplete"]],
  ["not paid with a record", { ...asNotPaid, recordId: "01HRECORD" }, ["recordId"]],
  ["not paid with a difference", { ...asNotPaid, differs: { amount: 1 } }, ["differs"]],
  ["an incomplete flag that is not a boolean", { ...asNotPaid, incomplete: "yes" }, ["incomplete"]],
  ["a difference that is not an object", { ...asPaid, differs: 40_000 }, ["differs"]],
  ["a difference of another field", { ...asPaid, differs: { fee: 500 } }, ["differs.fee"]],
  ["an amount that is a string", { ...asPaid, differs: { amount: "40000" } }, ["differs.amount"]],
  ["an amount that is not a number", { ...asPaid, differs: { amount: Number.NaN } }, ["differs.amount"]],
  ["an account that is not a string", { ...asPaid, differs: { accountId: 1 } }, ["differs.accountId"]],
  [
    "a merchant account that is empty",
    { ...asPaid, differs: { merchantAccountId: "" } },
    ["differs.merchantAccountId"]
  ],
  ["a reference that is not a string", { ...asPaid, differs: { reference: {} } }, ["differs.reference"]]
]

const operations = [
  ["resolve", [...nothing, ...everywhere(asNotPaid), ...everywhere(asPaid), ...needsVersion(asNotPaid), ...decisions]],
  ["withdraw", [...nothing, ...everywhere(any)]],
  ["acknowledge", [...nothing, ...everywhere(any), ...needsVersion(any)]]
] as const

const ask = (
  transfers: Transfers,
  operation: "resolve" | "withdraw" | "acknowledge",
  reference: string,
  input: unknown
) => Effect.flip<unknown, unknown, never>(transfers[operation](reference, untyped(input)))

describe("an invalid decision", () => {
  for (const [operation, words] of operations) {
    both(`is rejected by ${operation} with all its problems, before any request`, (kind) =>
      Effect.gen(function* () {
        const { count, reference, row, transfers, write } = yield* scene(kind)
        const written = yield* write({ state: "needsReview" })
        const { steps } = transfers
        for (const [name, input, fields] of words) {
          const error = yield* ask(transfers, operation, reference, input)
          assert.deepInclude(error, { _tag: "PalommaInvalidInput", outcome: "none" }, name)
          const { operation: named, problems } = error as PalommaInvalidInput
          assert.strictEqual(named, `${kind.service}.${operation}`)
          const found = problems.map(({ field }) => (field === "" ? "?" : field))
          assert.deepStrictEqual([...new Set(found)].sort(), [...fields].sort(), name)
        }
        assert.strictEqual(yield* count(), 0)
        assert.deepStrictEqual(steps, [])
        assert.deepStrictEqual(yield* row(), written)
      })
    )
  }

  both("is one result of resolveAll, which continues", (kind) =>
    Effect.gen(function* () {
      const { add, reference, transfers, write } = yield* scene(kind)
      const made = yield* add()
      yield* write({ state: "needsReview" })
      const results = yield* transfers.resolveAll(
        untyped([
          null,
          "rent",
          { ...asNotPaid, reference: 7 },
          { reference, ...asNotPaid, by: "" },
          { reference, as: "paid", recordId: made.id, version: seen, ...author }
        ])
      )
      const outcomes = results.map((result) => (result._tag === "Failed" ? result.error._tag : result.transfer.state))
      const invalid = "PalommaInvalidInput"
      assert.deepStrictEqual(outcomes, [invalid, invalid, invalid, invalid, "accepted"])
    })
  )

  both("needs a reference that is a string", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      for (const reference of ["", undefined, 7]) {
        for (const operation of ["resolve", "withdraw", "acknowledge"] as const) {
          const error = yield* ask(transfers, operation, untyped(reference), operation === "resolve" ? asNotPaid : any)
          assert.deepInclude(error, { _tag: "PalommaInvalidInput" })
        }
      }
      assert.deepStrictEqual(transfers.steps, [])
    })
  )

  both("is read once: later changes of the object have no effect", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "rejected" })
      const input = { ...any }
      const asked = transfers.withdraw(reference, input)
      const withdrawn = yield* asked
      input.by = "another"
      assert.strictEqual(withdrawn.resolution?.by, author.by)
      let reads = 0
      const shifty = {
        ...any,
        get by() {
          reads += 1
          return reads === 1 ? "ana" : ""
        }
      }
      yield* write({ reference: "b", state: "rejected" })
      assert.strictEqual((yield* transfers.withdraw("b", shifty)).resolution?.by, "ana")
    })
  )
})
