/** Records of a list that cannot be read: their readable fields decide whether they may match the transfer. */
import { assert, describe } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { both, scene } from "./support/people.ts"
import { has, type Kind } from "./support/scenario.ts"

const listOf = ({ name }: Kind): string => (name === "payout" ? "PayoutRequests.list" : "PayinRequests.list")

type Fields = Readonly<Record<string, unknown>>

// A record in Palomma's list, besides those it holds, with an unknown status.
const odd = (kind: Kind, accountId: string, fields: Fields): unknown => ({
  id: "01HODD",
  [kind.accountField]: accountId,
  amount: 50_000,
  status: { is: "odd" },
  ...fields
})

const evidenceAfter = (make: (kind: Kind, accountId: string) => unknown) =>
  Effect.fnUntraced(function* (kind: Kind) {
    const { fault, intent, reference, row, transfers, write } = yield* scene(kind)
    yield* write({ state: "unknown" })
    yield* fault("list", Fault.insertItem(make(kind, intent.accountId)), { rate: 1 })
    yield* transfers.advance(reference)
    const { evidence, state } = yield* row()
    return { evidence: [...evidence], state }
  })

const mayBeIt: ReadonlyArray<readonly [string, (kind: Kind, accountId: string) => unknown]> = [
  ["shows the same account and amount", (kind, accountId) => odd(kind, accountId, {})],
  ["shows no amount", (kind, accountId) => odd(kind, accountId, { amount: undefined })],
  ["shows an amount that is a string", (kind, accountId) => odd(kind, accountId, { amount: "60000" })],
  ["shows no account", (kind, accountId) => odd(kind, accountId, { [kind.accountField]: undefined })],
  ["shows an account that is not a string", (kind, accountId) => odd(kind, accountId, { [kind.accountField]: 7 })],
  ["shows the reference, and another amount", (kind, id) => odd(kind, id, { reference: "rent-2026-11", amount: 1_000 })]
]

const isNotIt: ReadonlyArray<readonly [string, (kind: Kind, accountId: string) => unknown]> = [
  ["shows another account", (kind) => odd(kind, "01HANOTHER", {})],
  ["shows another amount", (kind, accountId) => odd(kind, accountId, { amount: 60_000 })],
  ["shows another reference", (kind, accountId) => odd(kind, accountId, { reference: "deposit" })]
]

describe("a record that cannot be read", () => {
  for (const [what, make] of mayBeIt) {
    both(`may match the transfer if it ${what}`, (kind) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* evidenceAfter(make)(kind), { evidence: ["01HODD"], state: "needsReview" })
      })
    )
  }

  for (const [what, make] of isNotIt) {
    both(`does not match the transfer if it ${what}`, (kind) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* evidenceAfter(make)(kind), { evidence: [], state: "unknown" })
      })
    )
  }

  for (const item of ["gone", 7, null, ["gone"]]) {
    both(`may match the transfer if it is ${JSON.stringify(item)}, and has a unique name`, (kind) =>
      Effect.gen(function* () {
        const { evidence, state } = yield* evidenceAfter(() => item)(kind)
        assert.strictEqual(state, "needsReview")
        assert.strictEqual(evidence.length, 1)
        assert.match(evidence[0] ?? "", /^unreadable:[0-9a-f]{32}$/)
      })
    )
  }

  both("has another name than one of another text", (kind) =>
    Effect.gen(function* () {
      const one = yield* evidenceAfter(() => "gone")(kind)
      const two = yield* evidenceAfter(() => "away")(kind)
      assert.notDeepEqual(one.evidence, two.evidence)
    })
  )

  both("has no creation time", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      const item = odd(kind, intent.accountId, { createdAt: "2036-01-01T00:00:00.000Z" })
      yield* fault("list", Fault.insertItem(item), { rate: 1 })
      const error = yield* Effect.flip(transfers.reconcile(reference))
      assert.strictEqual(error._tag, "TransferOutcomeUnknown")
      if (error._tag === "TransferOutcomeUnknown") assert.isFalse(error.evidence.laterTransferShown)
    })
  )
})

describe("a record whose id is blank", () => {
  both("has a readable name, whether it can be read or not", (kind) =>
    Effect.gen(function* () {
      const unreadable = yield* evidenceAfter((_, accountId) => odd(kind, accountId, { id: " " }))(kind)
      assert.deepStrictEqual(unreadable, { evidence: ['" "'], state: "needsReview" })
      const readable = yield* evidenceAfter((_, accountId) => odd(kind, accountId, { id: "  ", status: "processing" }))(
        kind
      )
      assert.deepStrictEqual(readable, { evidence: ['"  "'], state: "needsReview" })
    })
  )
})

describe("a record that is too deeply nested to have a name", () => {
  both("fails the look-up, with the name of the list", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      const body = `{"items":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`
      const headers = { "content-type": "application/json" }
      yield* fault("list", Fault.respond({ status: 200, body, headers }), { rate: 1 })
      const error = yield* Effect.flip(transfers.reconcile(reference))
      has(error, { lastErrorTag: "PalommaInvalidResponse", lastError: `${listOf(kind)}: PalommaInvalidResponse 200.` })
    })
  )
})

describe("a list whose cursor cannot be read", () => {
  both("ends the look-up with an error that names it", (kind) =>
    Effect.gen(function* () {
      const { fault, reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "needsReview" })
      yield* fault("list", Fault.rewrite("cursor", { is: "odd" }), { rate: 1 })
      const error = yield* Effect.flip(transfers.reconcile(reference))
      has(error, { lastErrorTag: "PalommaInvalidResponse", lastError: `${listOf(kind)}: PalommaInvalidResponse 200.` })
    })
  )
})

describe("the lists of a transfer", () => {
  both("are read by its reference, and then by its account", (kind) =>
    Effect.gen(function* () {
      const { intent, reference, requests, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      yield* transfers.advance(reference)
      const asked = (yield* requests("list")).map(({ url }) => {
        const { searchParams } = new URL(url, "http://127.0.0.1")
        return [searchParams.get("reference"), searchParams.get(kind.accountField)]
      })
      assert.deepStrictEqual(asked, [
        [reference, null],
        [null, intent.accountId]
      ])
    })
  )
})
