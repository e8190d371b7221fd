import { assert, describe, it } from "@effect/vitest"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as TestClock from "effect/testing/TestClock"
import { assertHas, type Body, get, pay, post, target, throughBothDoors } from "./support.ts"

const list = "payoutRequests.list"

const page = (query = "") => Effect.map(get(`/payoutRequests?${query}`), ({ json }) => json)

const references = (items: ReadonlyArray<Body>): ReadonlyArray<string> => items.map(({ reference }) => reference)

// Follows the cursors of a list, for at most so many pages.
const follow = (
  query: string,
  pages: number
): Effect.Effect<ReadonlyArray<Body>, HttpClientError.HttpClientError, PalommaSimulator | HttpClient> =>
  Effect.gen(function* () {
    const seen: Array<Body> = []
    for (let cursor: string | null = ""; cursor !== null && seen.length < pages;) {
      seen.push(yield* page(`${query}${cursor === "" ? "" : `&cursor=${cursor}`}`))
      cursor = seen.at(-1)?.cursor ?? null
    }
    return seen
  })

const paid = (...names: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const account = yield* target
    for (const reference of names) yield* pay(account, reference)
    return account
  })

// A fault of every list of payouts.
const always = (kind: Fault.Fault) =>
  Effect.flatMap(PalommaSimulator, ({ fault }) => fault({ operation: list, rate: 1, kind }))

describe("the content of a record in a list", () => {
  throughBothDoors(
    "the reference is in another form, in lists only, and its filter still finds it",
    Effect.gen(function* () {
      const account = yield* target
      yield* always(Fault.transform("reference", "lower-case"))
      const made = yield* pay(account, "Salary-1")
      assert.strictEqual(made.json.reference, "Salary-1")
      assert.deepStrictEqual(references((yield* page("reference=Salary-1")).items), ["salary-1"])
      assert.deepStrictEqual((yield* page("reference=salary-1")).items, [])
      assert.strictEqual((yield* get(`/payoutRequests/${made.json.id}`)).json.reference, "Salary-1")
    })
  )

  throughBothDoors(
    "the reference is in another form in the response of a create as well, or everywhere",
    Effect.gen(function* () {
      const { clearFaults, fault } = yield* PalommaSimulator
      const account = yield* target
      const cut = Fault.transform("reference", { cut: 3 })
      yield* fault({ operation: ["payoutRequests.create", list], rate: 1, kind: cut })
      const { json } = yield* pay(account, "abcdef")
      assert.strictEqual(json.reference, "abc")
      assert.deepStrictEqual(references((yield* page()).items), ["abc"])
      assert.strictEqual((yield* get(`/payoutRequests/${json.id}`)).json.reference, "abcdef")
      yield* clearFaults
      yield* fault({ rate: 1, kind: cut })
      assert.strictEqual((yield* get(`/payoutRequests/${json.id}`)).json.reference, "abc")
    })
  )

  const shownAs = (how: Parameters<typeof Fault.transform>[1], sent: string) =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const { id } = yield* simulator.addPayoutRequest({ reference: sent })
      yield* simulator.fault({ kind: Fault.transform("reference", how) })
      return (yield* get(`/payoutRequests/${id}`)).json.reference
    }).pipe(Effect.provide(PalommaSimulator.layer()))

  it.effect.each([
    ["trim", " a b ", "a b"],
    ["lower-case", "Ñandú-7", "ñandú-7"],
    ["upper-case", "ñandú-7", "ÑANDÚ-7"],
    ["NFC", "n\u0303", "ñ"],
    ["NFD", "ñ", "n\u0303"],
    ["NFKC", "ﬁn", "fin"],
    ["NFKD", "ﬁñ", "fin\u0303"],
    ["remove", "a", undefined],
    [{ cut: 2 }, "😀😀😀", "😀😀"],
    [{ replace: "b" }, "a", "b"],
    [{ add: 1 }, "a", "a"]
  ] as const)("a text under %j", ([how, sent, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* shownAs(how, sent), expected)
    })
  )

  throughBothDoors(
    "the amount and the payout target differ",
    Effect.gen(function* () {
      const account = yield* paid("r-1")
      yield* always(
        Fault.all(
          Fault.transform("amount", { add: -500 }),
          Fault.transform("amount", { multiply: 100 }),
          Fault.transform("payoutTargetId", "lower-case")
        )
      )
      assertHas((yield* page()).items, [{ amount: 4_950_000, payoutTargetId: account.toLowerCase() }])
    })
  )

  throughBothDoors(
    "the reference is missing, in lists only",
    Effect.gen(function* () {
      yield* paid("r-1", "r-2")
      yield* always(Fault.rewrite("reference", undefined))
      const { items } = yield* page("reference=r-1")
      assert.lengthOf(items, 1)
      assert.notProperty(items[0], "reference")
    })
  )

  throughBothDoors(
    "one item has no id, or is not a record at all",
    Effect.gen(function* () {
      yield* paid("r-1", "r-2")
      yield* always(
        Fault.all(Fault.rewrite("id", undefined, { item: 1 }), Fault.insertItem(null), Fault.insertItem({ a: 1 }))
      )
      const { items } = yield* page()
      assert.deepStrictEqual<unknown>(items.slice(0, 2), [{ a: 1 }, null])
      assert.deepStrictEqual(
        [items[2], items[3]].map((item) => [item?.reference, item?.id === undefined]),
        [
          ["r-1", false],
          ["r-2", true]
        ]
      )
    })
  )

  throughBothDoors(
    "an item is inserted into lists only",
    Effect.gen(function* () {
      const { fault } = yield* PalommaSimulator
      const account = yield* target
      yield* fault({ rate: 1, kind: Fault.insertItem({}) })
      assert.strictEqual((yield* pay(account, "r-1")).json.reference, "r-1")
      assert.lengthOf((yield* page()).items, 2)
    })
  )
})

describe("the records in a list", () => {
  it.effect("a filter by reference lags behind, and no other list does", () =>
    Effect.gen(function* () {
      const account = yield* paid("r-1")
      yield* always(Fault.lag("1 minute", { filter: "reference" }))
      const sizes = Effect.forEach(
        ["", "reference=r-1", `payoutTargetId=${account}`, `payoutTargetId=${account}&reference=r-1`],
        (query) => Effect.map(page(query), ({ items }) => items.length)
      )
      assert.deepStrictEqual(yield* sizes, [1, 0, 1, 0])
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(yield* sizes, [1, 0, 1, 0])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* sizes, [1, 1, 1, 1])
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  throughBothDoors(
    "records are included that its filters, or one of them, should exclude",
    Effect.gen(function* () {
      const { clearFaults } = yield* PalommaSimulator
      const one = yield* paid("r-1", "r-2")
      yield* paid("r-1")
      const sizes = Effect.forEach(["reference=r-2", `payoutTargetId=${one}&reference=r-1`], (query) =>
        Effect.map(page(query), ({ items }) => items.length)
      )
      assert.deepStrictEqual(yield* sizes, [1, 1])
      yield* always(Fault.ignoreFilters())
      assert.deepStrictEqual(yield* sizes, [3, 3])
      yield* clearFaults
      yield* always(Fault.ignoreFilters("reference"))
      assert.deepStrictEqual(yield* sizes, [3, 2])
    })
  )

  throughBothDoors(
    "the settlements of another account are still excluded: its id is not a filter",
    Effect.gen(function* () {
      const { addPayinRequest, fault, settle } = yield* PalommaSimulator
      yield* addPayinRequest({ status: "approved" })
      yield* addPayinRequest({ status: "approved", targetMerchantAccountId: "other" })
      yield* settle("default")
      yield* settle("other")
      yield* fault({ kind: Fault.ignoreFilters() })
      assertHas((yield* get("/merchantAccounts/other/settlements")).json.items, [{ merchantAccountId: "other" }])
    }),
    { balances: { other: 0 } }
  )
})

describe("the pages of a list", () => {
  throughBothDoors(
    "a record is on two pages, and the list still ends",
    Effect.gen(function* () {
      yield* paid("1", "2", "3", "4", "5")
      yield* always(Fault.repeatRecord)
      const pages = yield* follow("limit=2", 10)
      assert.deepStrictEqual(
        pages.map(({ items }) => references(items).join()),
        ["1,2", "2,3", "3,4", "4,5"]
      )
      const singles = yield* follow("limit=1", 10)
      assert.deepStrictEqual(
        singles.map(({ items }) => references(items)),
        [["1"], ["1", "2"], ["2", "3"], ["3", "4"], ["4", "5"]]
      )
    })
  )

  throughBothDoors(
    "a record that is alone in its list is on two pages as well",
    Effect.gen(function* () {
      yield* paid("1", "2")
      yield* always(Fault.repeatRecord)
      const pages = yield* follow("reference=2", 10)
      assert.deepStrictEqual(
        pages.map(({ items }) => references(items)),
        [["2"], ["2"]]
      )
      assert.deepStrictEqual<unknown>(yield* follow("reference=3", 10), [{ items: [], cursor: null, count: 0 }])
    })
  )

  const endless = (name: string, kind: Fault.Fault, names: ReadonlyArray<string>, expected: ReadonlyArray<string>) =>
    throughBothDoors(
      name,
      Effect.gen(function* () {
        yield* paid(...names)
        yield* always(kind)
        const pages = yield* follow("limit=2", 6)
        assert.deepStrictEqual(
          pages.map(({ items }) => references(items).join()),
          expected
        )
        assert.strictEqual(new Set(pages.map(({ cursor }) => cursor)).size, 6)
      })
    )
  endless("they never end, and become empty", Fault.endlessCursor(), ["1", "2", "3"], ["1,2", "3", "", "", "", ""])
  endless(
    "they never end, and begin again",
    Fault.endlessCursor({ pages: "repeated" }),
    ["1", "2", "3"],
    ["1,2", "3", "1,2", "3", "1,2", "3"]
  )
  endless("an empty list never ends either", Fault.endlessCursor({ pages: "repeated" }), [], ["", "", "", "", "", ""])
})

describe("several faults", () => {
  throughBothDoors(
    "of a response and of its connection affect one call together",
    Effect.gen(function* () {
      const { fault } = yield* PalommaSimulator
      const account = yield* target
      yield* fault({ rate: 1, kind: Fault.transform("reference", "upper-case") })
      yield* fault({ operation: "payoutRequests.create", kind: Fault.slow("0 millis") })
      assert.strictEqual((yield* pay(account, "r-1")).json.reference, "R-1")
      yield* fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
      yield* Effect.flip(pay(account, "r-2"))
      assert.deepStrictEqual(references((yield* page()).items), ["R-1", "R-2"])
    })
  )

  throughBothDoors(
    "of a response affect one call each, in the order in which they were added",
    Effect.gen(function* () {
      const { fault } = yield* PalommaSimulator
      for (const status of ["held", "lost"]) yield* fault({ kind: Fault.rewrite("status", status) })
      const source = yield* Effect.flatMap(PalommaSimulator, ({ addPayinSource }) => addPayinSource())
      const body = { payinSourceId: source.id, amount: 20_000 }
      assert.strictEqual((yield* post("/payinRequests", body)).json.status, "held")
      assert.strictEqual((yield* post("/payinRequests", body)).json.status, "lost")
      assert.strictEqual((yield* post("/payinRequests", body)).json.status, "processing")
    })
  )
})
