/**
 * Look-ups by reference: they find all matching records, and never return an empty list if they could not read all.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Palomma, PalommaError } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { operations, sampleOf, serviceOf, streamOf, unmarked } from "./support/operations.ts"
import { failure, runToEnd, type Stub, stub } from "./support/stub.ts"

type Records = Stream.Stream<{ readonly id: string }, PalommaError, Palomma.Services>

const recordOf = (group: string, id: string) => ({ ...sampleOf(group).record, id })

const ids = (records: Records) => Stream.runCollect(Stream.map(records, ({ id }) => id))

const succeeds = <A, E>(effect: Effect.Effect<A, E, Palomma.Services>, palomma: Stub) =>
  Effect.flatten(runToEnd(effect, palomma))

// A first page with these items, and an empty second page.
const listing = (...items: ReadonlyArray<unknown>): Stub =>
  stub((_, number) => ({ json: { items: number === 1 ? items : [], cursor: number === 1 ? "next" : null } }))

const finders = operations.filter(({ name }) => name.endsWith(".findByReference"))

describe.each(finders.map(({ group, name }) => [name, group] as const))("%s", (_, group) => {
  const find = (reference: string) => streamOf(group, "findByReference", reference)

  it.effect("returns exactly the records with the reference, from every page", () =>
    Effect.gen(function* () {
      const references = ["r-1", "R-1", "r-1 ", "r-10", undefined, null, "r-1", "", "xr-1", "r-1"]
      const palomma = stub((_, number) => {
        const half = number === 1 ? references.slice(0, 6) : references.slice(6)
        const items = half.map((reference, i) => ({ ...recordOf(group, `${number}.${i}`), reference }))
        return { json: { items, cursor: number === 1 ? "next" : null } }
      })
      assert.deepStrictEqual(yield* succeeds(ids(find("r-1")), palomma), ["1.0", "2.0", "2.3"])
      assert.deepStrictEqual(
        palomma.requests.map(({ url }) => Object.fromEntries(url.searchParams)),
        [
          { reference: "r-1", limit: "100" },
          { reference: "r-1", limit: "100", cursor: "next" }
        ]
      )
    })
  )

  it.effect("returns an empty list if there are no records", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: { items: [recordOf(group, "a")], cursor: null } })
      assert.deepStrictEqual(yield* succeeds(ids(find("another")), palomma), [])
      assert.notStrictEqual(unmarked.reference, "another")
    })
  )

  it.effect("fails if one page fails: an unread page may hold the record", () =>
    Effect.gen(function* () {
      const palomma = stub((_, number) =>
        number === 1
          ? { json: { items: [{ ...recordOf(group, "a"), reference: "r-1" }], cursor: "next" } }
          : { status: 403 }
      )
      const error = yield* failure(ids(find("r-1")), palomma)
      assert.strictEqual(error._tag, "PalommaUnexpectedStatus")
    })
  )

  const ours = { ...recordOf(group, "ours"), reference: "r-1" }

  it.effect("fails if a record has a reference that cannot be read: it may be the requested one", () =>
    Effect.gen(function* () {
      const palomma = listing({ ...recordOf(group, "01X"), reference: 17 })
      const error = yield* failure(ids(find("17")), palomma)
      if (error._tag !== "PalommaInvalidResponse") return assert.fail(error._tag)
      assert.strictEqual(error.recordId, "01X")
    })
  )

  it.effect("refuses an invalid reference, and sends nothing", () =>
    Effect.forEach([undefined, null, 5, {}], (reference) =>
      Effect.gen(function* () {
        const palomma = listing(ours)
        const error = yield* failure(ids(streamOf(group, "findByReference", reference)), palomma)
        assert.strictEqual(error._tag, "PalommaInvalidInput", typeof reference)
        assert.strictEqual(palomma.requests.length, 0)
      })
    )
  )
})

describe("an item that cannot be read", () => {
  const group = "payoutRequests"
  const find = (reference: string) => streamOf(group, "findByReference", reference)
  const ours = { ...recordOf(group, "ours"), reference: "r-1" }
  const broken = { status: 5 }

  it.effect.each([
    ["shows no reference", { id: "01X" }, "01X"],
    ["shows our reference", { id: "01X", reference: "r-1" }, "01X"],
    ["has a reference that cannot be read", { id: "01X", reference: 17 }, "01X"],
    ["has a number as its id", { id: 17, reference: "r-1", status: 5 }, "17"],
    ["has no id", { reference: "r-1" }, undefined],
    ["has an id that is not safe in a message", { id: "two words", reference: "r-1" }, "<redacted>"],
    ["is not a record", "text", undefined],
    ["is null", null, undefined]
  ] as ReadonlyArray<readonly [string, unknown, string | undefined]>)(
    "fails if an item that cannot be read may have the reference: one that %s",
    ([, item, id]) =>
      Effect.gen(function* () {
        const unreadable = typeof item === "object" && item !== null ? { ...item, ...broken } : item
        const palomma = listing(ours, unreadable)
        const error = yield* failure(ids(find("r-1")), palomma)
        if (error._tag !== "PalommaInvalidResponse") return assert.fail(error._tag)
        assert.strictEqual(error.operation, `${serviceOf(group)}.findByReference`)
        assert.strictEqual(error.defect, "wrong-shape")
        assert.strictEqual(error.outcome, "none")
        assert.strictEqual(error.recordId, id)
        assert.isFalse(error.isSafeToResend)
        assert.isAbove(error.problems.length, 0)
      })
  )

  it.effect("skips an item that cannot be read but shows another reference", () =>
    Effect.gen(function* () {
      for (const reference of ["r-2", "R-1", "r-1 ", ""]) {
        const palomma = listing({ id: "01X", reference, ...broken }, ours)
        assert.deepStrictEqual(yield* succeeds(ids(find("r-1")), palomma), ["ours"])
        assert.strictEqual(palomma.requests.length, 2)
      }
    })
  )

  it.effect("fails the look-up of a customer too, if only its id is missing", () =>
    Effect.gen(function* () {
      const customers = (reference: string) => ids(streamOf("customers", "findByReference", reference))
      const error = yield* failure(customers("r-1"), listing({ reference: "r-1" }))
      assert.strictEqual(error._tag, "PalommaInvalidResponse")
      assert.deepStrictEqual(yield* succeeds(customers("r-1"), listing({ reference: "r-2" })), [])
    })
  )
})
