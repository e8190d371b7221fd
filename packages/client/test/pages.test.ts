/**
 * Lists as streams: lazy, complete, in order, and never endless.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Palomma, type PalommaError, PayoutRequests } from "@palomma-effect/client"
import { PalommaApi, type PayoutRequest } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import * as TestClock from "effect/testing/TestClock"
import { sampleOf, serviceOf, streamOf } from "./support/operations.ts"
import { failure, type Reply, type Request, runTest, services, runToEnd, stub } from "./support/stub.ts"

const groups = Object.keys(PalommaApi.groups)

type Records = Stream.Stream<{ readonly id: string }, PalommaError, Palomma.Services>

const recordOf = (group: string, id: string) => ({ ...sampleOf(group).record, id })

/** A list with a number of records on pages of a size. Its cursors are record counts. */
const listOf =
  (group: string, count: number, size: number) =>
  (request: Request): Reply => {
    const from = Number(request.url.searchParams.get("cursor") ?? "0")
    const ids = Array.from({ length: Math.max(0, Math.min(size, count - from)) }, (_, i) => String(from + i))
    const next = from + size
    return { json: { items: ids.map((id) => recordOf(group, id)), cursor: next < count ? String(next) : null } }
  }

const ids = (records: Records) => Stream.runCollect(Stream.map(records, ({ id }) => id))

const succeeds = <A, E>(effect: Effect.Effect<A, E, Palomma.Services>, palomma: ReturnType<typeof stub>) =>
  Effect.flatten(runToEnd(effect, palomma))

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i))

// A list with filters, one without filters, and one below another record. All lists share their code.
const streamed = ["payoutRequests", "merchantAccounts", "payinSettlements"]

describe.each(streamed.map((group) => [serviceOf(group), group] as const))("%s.stream", (_, group) => {
  const { parents = [], query } = sampleOf(group)
  const stream = (more: object = {}): Records => streamOf(group, "stream", ...parents, { ...query, ...more })

  it.effect("sends nothing before it is pulled", () =>
    Effect.gen(function* () {
      const palomma = stub(listOf(group, 10, 5))
      yield* succeeds(
        Effect.as(
          Effect.sync(() => stream()),
          "made"
        ),
        palomma
      )
      assert.strictEqual(palomma.requests.length, 0)
    })
  )

  it.effect.each([
    [3, 100, 1],
    [3, 3, 1],
    [3, 2, 2],
    [1, 1, 1],
    [0, 1, 0],
    [6, 3, 2]
  ] as const)("for the first %s records on pages of %s sends %s requests", ([wanted, size, requests]) =>
    Effect.gen(function* () {
      const palomma = stub(listOf(group, 1_000, size))
      assert.deepStrictEqual(yield* succeeds(ids(Stream.take(stream(), wanted)), palomma), numbers(0, wanted))
      assert.strictEqual(palomma.requests.length, requests)
    })
  )

  it.effect("requests 100 records per page, with the same filters and the cursor of the page before", () =>
    Effect.gen(function* () {
      const palomma = stub(listOf(group, 250, 100))
      yield* succeeds(ids(stream()), palomma)
      assert.deepStrictEqual(
        palomma.requests.map(({ url }) => Object.fromEntries(url.searchParams)),
        [
          { ...query, limit: "100" },
          { ...query, limit: "100", cursor: "100" },
          { ...query, limit: "100", cursor: "200" }
        ]
      )
      const { pathname } = palomma.requests[0]?.url ?? {}
      assert.isTrue(palomma.requests.every(({ url }) => url.pathname === pathname))
    })
  )

  it.effect("requests the configured number of records per page, and 100 if that is undefined", () =>
    Effect.gen(function* () {
      const palomma = stub(listOf(group, 3, 100))
      yield* succeeds(ids(stream({ limit: 7 })), palomma)
      yield* succeeds(ids(stream({ limit: undefined, cursor: undefined })), palomma)
      assert.deepStrictEqual(
        palomma.requests.map(({ url }) => url.searchParams.get("limit")),
        ["7", "100"]
      )
    })
  )

  it.effect("starts at the cursor of the query", () =>
    Effect.gen(function* () {
      const palomma = stub(listOf(group, 250, 100))
      assert.deepStrictEqual(yield* succeeds(ids(stream({ cursor: "100" })), palomma), numbers(100, 250))
    })
  )

  it.effect("of an empty list is empty", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: { items: [], cursor: null } })
      assert.deepStrictEqual(yield* succeeds(ids(stream()), palomma), [])
      assert.strictEqual(palomma.requests.length, 1)
    })
  )

  it.effect("continues after a page that is empty but not the last", () =>
    Effect.gen(function* () {
      const palomma = stub((_, number) =>
        number === 1
          ? { json: { items: [], cursor: "next" } }
          : { json: { items: [recordOf(group, "a")], cursor: null } }
      )
      assert.deepStrictEqual(yield* succeeds(ids(stream()), palomma), ["a"])
    })
  )

  it.effect.each([
    ["the cursor of its own request", "a", ["a"], 2],
    ["that of two pages before", undefined, ["a", "b", "a"], 3],
    ["that of three pages before", undefined, ["a", "b", "c", "a"], 4],
    ["that of the first request", "a", ["b", "a"], 2]
  ] as ReadonlyArray<readonly [string, string | undefined, ReadonlyArray<string>, number]>)(
    "fails if the cursor of a page is %s",
    ([, first, cursors, most]) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) => ({
          json: { items: [recordOf(group, String(number))], cursor: cursors[(number - 1) % cursors.length] }
        }))
        const error = yield* failure(ids(stream({ cursor: first })), palomma)
        assert.strictEqual(error._tag, "PalommaInvalidResponse")
        assert.strictEqual(error._tag === "PalommaInvalidResponse" ? error.defect : "", "repeated-cursor")
        assert.strictEqual(error.operation, `${serviceOf(group)}.stream`)
        assert.isFalse(error.isSafeToResend)
        assert.isAtMost(palomma.requests.length, most)
      })
  )

  it.effect("fails if a cursor cannot be read, because the rest of the list would be missing", () =>
    Effect.forEach([{}, ["a"], true, 1.5], (cursor) =>
      Effect.gen(function* () {
        const palomma = stub({ json: { items: [recordOf(group, "a")], cursor } })
        const error = yield* failure(ids(stream()), palomma)
        assert.strictEqual(error._tag, "PalommaInvalidResponse")
        assert.strictEqual(palomma.requests.length, 1)
      })
    )
  )

  it.effect.each([[null], [""], [undefined]])("ends if the cursor is %j", ([cursor]) =>
    Effect.gen(function* () {
      const palomma = stub({ json: { items: [recordOf(group, "a")], cursor } })
      assert.deepStrictEqual(yield* succeeds(ids(stream()), palomma), ["a"])
      assert.strictEqual(palomma.requests.length, 1)
    })
  )

  it.effect.each([[{}], [false], [1.5], [["next"]]])(
    "fails if the cursor is %j, which may be another page or none",
    ([cursor]) =>
      Effect.gen(function* () {
        const palomma = stub({ json: { items: [recordOf(group, "a")], cursor } })
        const error = yield* failure(ids(stream()), palomma)
        if (error._tag !== "PalommaInvalidResponse") return assert.fail(error._tag)
        assert.strictEqual(error.defect, "wrong-shape")
        assert.strictEqual(palomma.requests.length, 1)
      })
  )

  it.effect("continues if the cursor is a number", () =>
    Effect.gen(function* () {
      const palomma = stub((_, number) => ({
        json: { items: [recordOf(group, String(number))], cursor: number < 3 ? number : null }
      }))
      assert.deepStrictEqual(yield* succeeds(ids(stream()), palomma), ["1", "2", "3"])
      assert.deepStrictEqual(
        palomma.requests.map(({ url }) => url.searchParams.get("cursor")),
        [null, "1", "2"]
      )
    })
  )

  it.effect("skips an item that cannot be read, and a page with no other items", () =>
    Effect.gen(function* () {
      const pages = [
        [recordOf(group, "a"), {}, "text", null, recordOf(group, "b")],
        [{ id: 5.5 }, []],
        [recordOf(group, "c")]
      ]
      const palomma = stub((_, number) => ({
        json: { items: pages[number - 1] ?? [], cursor: number < 3 ? String(number) : null }
      }))
      assert.deepStrictEqual(yield* succeeds(ids(stream()), palomma), ["a", "b", "c"])
    })
  )

  it.effect("fails if a page has no items, with an error about the answer", () =>
    Effect.forEach([undefined, null, {}, "x", 5], (items) =>
      Effect.gen(function* () {
        const palomma = stub({ json: { items, cursor: null } })
        const error = yield* failure(ids(stream()), palomma)
        assert.strictEqual(error._tag, "PalommaInvalidResponse")
        assert.strictEqual(error.operation, `${serviceOf(group)}.list`)
        assert.strictEqual(palomma.requests.length, 1)
      })
    )
  )

  it.effect("emits the records of the pages before a failed page, and then its error", () =>
    Effect.gen(function* () {
      const list = listOf(group, 300, 100)
      const palomma = stub((request) =>
        request.url.searchParams.get("cursor") === "100" ? { status: 403 } : list(request)
      )
      const seen: Array<string> = []
      const exit = yield* runToEnd(
        Stream.runForEach(stream(), ({ id }) => Effect.sync(() => seen.push(id))),
        palomma
      )
      assert.deepStrictEqual(seen, numbers(0, 100))
      assert.isTrue(Exit.isFailure(exit))
      const error = yield* Effect.flip(exit)
      assert.strictEqual(error._tag, "PalommaUnexpectedStatus")
      assert.strictEqual(error.operation, `${serviceOf(group)}.list`)
    })
  )

  it.effect("retries a page after a temporary failure, and neither omits nor repeats a record", () =>
    Effect.gen(function* () {
      const list = listOf(group, 300, 100)
      const palomma = stub((request, number) => (number % 2 === 1 ? { status: 503 } : list(request)))
      assert.deepStrictEqual(yield* succeeds(ids(stream()), palomma), numbers(0, 300))
      assert.strictEqual(palomma.requests.length, 6)
    })
  )

  it.effect("starts from its beginning if it runs again", () =>
    Effect.gen(function* () {
      const palomma = stub(listOf(group, 250, 100))
      const records = ids(stream())
      const both = yield* succeeds(Effect.all([records, records]), palomma)
      assert.deepStrictEqual(both, [numbers(0, 250), numbers(0, 250)])
    })
  )
})

describe("the stream of any list", () => {
  it.effect.each(groups)("emits all records of all pages, in order: %s", (group) =>
    Effect.gen(function* () {
      const { parents = [], query } = sampleOf(group)
      const palomma = stub(listOf(group, 250, 100))
      const records = streamOf(group, "stream", ...parents, query)
      assert.deepStrictEqual(yield* succeeds(ids(records), palomma), numbers(0, 250))
      assert.strictEqual(palomma.requests.length, 3)
    })
  )

  const throwing = {
    get cursor(): never {
      throw new Error("SECRET")
    }
  }

  it.effect("refuses an invalid query, and sends nothing", () =>
    Effect.forEach(
      [null, 5, "x", [], { limit: 0 }, { limit: 101 }, { cursor: "" }, { unknown: 1 }, throwing],
      (query) =>
        Effect.forEach(groups, (group) =>
          Effect.gen(function* () {
            const { parents = [] } = sampleOf(group)
            const palomma = stub({ json: { items: [], cursor: null } })
            const error = yield* failure(ids(streamOf(group, "stream", ...parents, query)), palomma)
            assert.strictEqual(error._tag, "PalommaInvalidInput", `${group} ${typeof query}`)
            assert.notInclude(error.message, "SECRET")
            assert.strictEqual(palomma.requests.length, 0)
          })
        )
    )
  )
})

describe("a stream of 100,000 records", () => {
  it.effect("holds no more than two pages at a time", () =>
    Effect.gen(function* () {
      const list = listOf("payoutRequests", 100_000, 100)
      let consumed = 0
      let held = 0
      const palomma = stub((request, number) => {
        held = Math.max(held, number - Math.floor(consumed / 100))
        return list(request)
      })
      const read = PayoutRequests.use((payouts) =>
        Stream.runForEach(payouts.stream(), ({ id }) =>
          Effect.sync(() => {
            assert.strictEqual(id, String(consumed))
            consumed += 1
          })
        )
      )
      assert.isTrue(Exit.isSuccess(yield* runToEnd(read, palomma)))
      assert.strictEqual(consumed, 100_000)
      assert.strictEqual(palomma.requests.length, 1_000)
      assert.isAtMost(held, 2)
    })
  )

  it.effect("is not read faster than it is consumed", () =>
    Effect.gen(function* () {
      const palomma = stub(listOf("payoutRequests", 100_000, 100))
      const read = PayoutRequests.use((payouts) => Stream.runForEach(payouts.stream(), () => Effect.sleep("1 minute")))
      const fiber = yield* Effect.forkChild(Effect.provide(read, services(palomma)))
      yield* TestClock.adjust("90 minutes")
      assert.strictEqual(palomma.requests.length, 1)
      yield* TestClock.adjust("90 minutes")
      assert.strictEqual(palomma.requests.length, 2)
      yield* Fiber.interrupt(fiber)
    })
  )
})

describe("a list on any pages", () => {
  it("is streamed with every record once, in order, and with one request per page", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 12 }),
        async (sizes, wanted) => {
          const total = sizes.reduce((sum, size) => sum + size, 0)
          const palomma = stub((request, number) => {
            const page = Number(request.url.searchParams.get("cursor") ?? "0")
            assert.strictEqual(page, number - 1)
            const before = sizes.slice(0, page).reduce((sum, size) => sum + size, 0)
            const items = numbers(before, before + (sizes[page] ?? 0)).map((id) => recordOf("payoutRequests", id))
            return { json: { items, cursor: page + 1 < sizes.length ? String(page + 1) : null } }
          })
          const read = PayoutRequests.use((payouts) => Stream.runCollect(Stream.take(payouts.stream(), wanted)))
          const found: Array<PayoutRequest> = await runTest(succeeds(read, palomma))
          assert.deepStrictEqual(
            found.map(({ id }) => String(id)),
            numbers(0, Math.min(total, wanted))
          )
          assert.isAtMost(palomma.requests.length, sizes.length)
        }
      ),
      { numRuns: 300 }
    )
  })
})
