/**
 * Differences between answers and documentation are counted each time, logged once, and stop no call (laws 7 and 11).
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"
import * as fc from "fast-check"
import { CurrentDriftLog, makeLog } from "../src/internal/driftLog.ts"
import {
  aCreate,
  aGet,
  aList,
  markedInAnswers,
  oneOfEach,
  type Operation,
  operationNamed,
  operations
} from "./support/operations.ts"
import { type Reply, runTest, runToEnd, type Stub, stub } from "./support/stub.ts"

/** The counter by `operation field`, and the warnings. */
interface Seen {
  readonly counts: Record<string, number>
  readonly warnings: ReadonlyArray<string>
  readonly exits: ReadonlyArray<Exit.Exit<unknown, unknown>>
}

/** Runs calls as in a process of their own: with no drift reported yet. */
const watching = (calls: ReadonlyArray<readonly [Operation["call"], Stub]>) =>
  Effect.gen(function* () {
    const warnings: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      warnings.push(`${logLevel} ${String(Array.isArray(message) ? message[0] : message)}`)
    })
    const all = Effect.forEach(calls, ([call, palomma]) => runToEnd(call, palomma))
    const both: Effect.Effect<Seen, never, Scope.Scope> = Effect.gen(function* () {
      const exits = yield* all
      const snapshots = yield* Metric.snapshot
      const counts: Record<string, number> = {}
      for (const snapshot of snapshots) {
        if (snapshot.id !== "palomma_contract_drift" || snapshot.type !== "Counter") continue
        assert.hasAllKeys(snapshot.attributes, ["operation", "field"])
        counts[`${snapshot.attributes?.["operation"]} ${snapshot.attributes?.["field"]}`] = Number(snapshot.state.count)
      }
      return { counts, warnings, exits }
    })
    return yield* both.pipe(
      Effect.provideService(Metric.MetricRegistry, new Map()),
      Effect.provideService(CurrentDriftLog, makeLog()),
      Effect.provide(Logger.layer([logger]))
    )
  })

const seenOf = (operation: Operation, ...replies: ReadonlyArray<Reply>) =>
  watching(replies.map((reply) => [operation.call, stub(reply)] as const))

const allSucceed = ({ exits }: Seen): void => {
  for (const exit of exits) assert.isTrue(Exit.isSuccess(exit))
}

const record = aGet.success

describe("an answer as documented", () => {
  it.effect("reports nothing, for any operation", () =>
    Effect.gen(function* () {
      const seen = yield* watching(operations.map(({ call, success }) => [call, stub({ json: success })]))
      allSucceed(seen)
      assert.deepStrictEqual(seen.counts, {})
      assert.deepStrictEqual(seen.warnings, [])
    })
  )

  it.effect("reports nothing if optional fields are null or absent", () =>
    Effect.gen(function* () {
      const bare = { id: "01P", status: "approved", payoutTargetId: "01T", amount: 5 }
      const nulls = { ...bare, customerDetails: null, reference: null, description: null, createdAt: null, fee: null }
      const seen = yield* seenOf(aGet, { json: bare }, { json: nulls })
      allSucceed(seen)
      assert.notProperty(seen.counts, "PayoutRequests.get reference")
      assert.notProperty(seen.counts, "PayoutRequests.get customerDetails")
    })
  )

  it.effect("reports nothing if it is a rejection or a failure, in any form", () =>
    Effect.gen(function* () {
      const seen = yield* seenOf(aCreate, { status: 400, json: { strange: 1 } }, { status: 500, json: record })
      assert.deepStrictEqual(seen.counts, {})
      assert.deepStrictEqual(seen.warnings, [])
    })
  )
})

describe("a difference", () => {
  it.effect.each([
    ["an optional field of another type", { reference: 5 }, "reference", "could not be read as documented"],
    ["a status that is not documented", { status: "refunding" }, "status", "has a value that is not documented"],
    ["a field that is not documented", { urgency: "VALUE" }, "urgency", "is not documented"],
    ["a field within a record", { customerDetails: { email: 5 } }, "customerDetails.email", "could not be read"],
    ["a new field within a record", { customerDetails: { vip: true } }, "customerDetails.vip", "is not documented"],
    ["a number for an id", { id: 17 }, "id", "could not be read as documented"]
  ] as ReadonlyArray<readonly [string, object, string, string]>)(
    "is counted, logged, and stops no call: %s",
    ([, change, field, text]) =>
      Effect.forEach([aCreate, aGet], (operation) =>
        Effect.gen(function* () {
          const seen = yield* seenOf(operation, { json: { ...operation.success, ...change } })
          allSucceed(seen)
          assert.deepStrictEqual(seen.counts, { [`${operation.operation} ${field}`]: 1 })
          assert.lengthOf(seen.warnings, 1)
          assert.include(
            seen.warnings[0],
            `Warn ${operation.operation}: the field ${field} of Palomma's response ${text}`
          )
          assert.include(seen.warnings[0], "This alone stops no call")
          assert.notMatch(seen.warnings[0] ?? "", /VALUE|refunding/)
        })
      )
  )

  it.effect("of an item is reported under the items of its list", () =>
    Effect.gen(function* () {
      const items = [record, { ...record, status: "refunding" }, { ...record, status: "refunding", fee: {} }]
      const seen = yield* seenOf(aList, { json: { items, cursor: null, total: 3 } })
      allSucceed(seen)
      assert.propertyVal(seen.counts, "PayoutRequests.list items.status", 2)
      assert.propertyVal(seen.counts, "PayoutRequests.list total", 1)
    })
  )

  it.effect("is counted each time and logged once per process, operation and field", () =>
    Effect.gen(function* () {
      const json = { ...record, urgency: 1 }
      const seen = yield* watching([
        [aGet.call, stub({ json })],
        [aGet.call, stub({ json })],
        [aGet.call, stub({ json })],
        [aCreate.call, stub({ json })],
        [aGet.call, stub({ json: { ...record, other1: 1, level: 1 } })]
      ])
      assert.deepStrictEqual(seen.counts, {
        "PayoutRequests.get urgency": 3,
        "PayoutRequests.create urgency": 1,
        "PayoutRequests.get other": 1,
        "PayoutRequests.get level": 1
      })
      assert.deepStrictEqual(
        seen.warnings.map((warning) => /Warn (.*) of Palomma's response/.exec(warning)?.[1]),
        [
          "PayoutRequests.get: the field urgency",
          "PayoutRequests.create: the field urgency",
          "PayoutRequests.get: the field other",
          "PayoutRequests.get: the field level"
        ]
      )
    })
  )

  it.effect("in an answer that cannot be read is reported too, and the error is the same", () =>
    Effect.gen(function* () {
      const seen = yield* seenOf(aCreate, { json: { id: "01P", urgency: 1 } })
      assert.propertyVal(seen.counts, "PayoutRequests.create urgency", 1)
      const [exit] = seen.exits
      assert.isTrue(exit !== undefined && Exit.isFailure(exit) && !Exit.hasDies(exit))
    })
  )

  it.effect("in a stream is reported under the list that it reads", () =>
    Effect.gen(function* () {
      const json = { items: [{ ...record, status: "refunding" }], cursor: null }
      const seen = yield* seenOf(operationNamed("PayoutRequests.stream"), { json })
      assert.deepStrictEqual(seen.counts, { "PayoutRequests.list items.status": 1 })
    })
  )

  it.effect("in an item that cannot be read is reported, and the page is still read", () =>
    Effect.gen(function* () {
      const seen = yield* seenOf(aList, { json: { items: [record, "VALUE", null, { id: "01P" }], cursor: null } })
      allSucceed(seen)
      assert.isAtLeast(seen.counts["PayoutRequests.list items"] ?? 0, 2)
      assert.isTrue(seen.warnings.every((warning) => !warning.includes("VALUE")))
    })
  )
})

describe("a field name that may be data", () => {
  const people = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [String(1_098_765_000 + i), { name: "Ana Torres" }])
  )

  it.effect("such as a document number in a map reaches neither a metric nor a log", () =>
    Effect.gen(function* () {
      const json = { ...record, ...people, customerDetails: people }
      const seen = yield* seenOf(aGet, { json })
      allSucceed(seen)
      assert.deepStrictEqual(seen.counts, {
        "PayoutRequests.get other": 200,
        "PayoutRequests.get customerDetails.other": 200
      })
      assert.lengthOf(seen.warnings, 2)
      assert.notMatch(seen.warnings.join(), /10987|Ana/)
    })
  )

  it.effect.each([
    "Ana Torres",
    "ana@mail.co",
    "ana.torres",
    "ana_torres",
    "ana-torres",
    "Upper",
    "name2",
    "ñandú",
    "a b",
    "",
    "a".repeat(41),
    "a\nb",
    "__proto__x"
  ])("is reported as other: %j", (name) =>
    Effect.gen(function* () {
      const seen = yield* seenOf(aGet, { json: { ...record, [name]: 1 } })
      assert.deepStrictEqual(seen.counts, { "PayoutRequests.get other": 1 })
    })
  )

  it.effect("is reported as other after fifty names of an operation, permanently", () =>
    Effect.gen(function* () {
      const letters = "abcdefghijklmnopqrstuvwxyz"
      const names = Array.from({ length: 80 }, (_, i) => `name${letters[Math.floor(i / 26)]}${letters[i % 26]}`)
      const replies = names.map((name) => ({ json: { ...record, [name]: 1 } }))
      const seen = yield* watching([
        ...replies.map((reply) => [aGet.call, stub(reply)] as const),
        [aGet.call, stub(replies[0] ?? {})],
        [aGet.call, stub({ json: { ...record, status: "refunding" } })],
        [aCreate.call, stub(replies[79] ?? {})]
      ])
      const labels = Object.keys(seen.counts)
      assert.strictEqual(seen.counts["PayoutRequests.get other"], 30)
      assert.strictEqual(seen.counts[`PayoutRequests.get ${names[0]}`], 2)
      assert.strictEqual(labels.filter((label) => label.startsWith("PayoutRequests.get name")).length, 50)
      // Documented names and other operations do not count towards the limit.
      assert.strictEqual(seen.counts["PayoutRequests.get status"], 1)
      assert.strictEqual(seen.counts[`PayoutRequests.create ${names[79]}`], 1)
      assert.strictEqual(seen.warnings.length, 50 + 1 + 1 + 1)
    })
  )

  it("is never a label, with any answer", async () => {
    const value: fc.Arbitrary<unknown> = fc.oneof(
      fc.constantFrom<unknown>(...Object.values(markedInAnswers), null, 5, "x", [], {}),
      fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...oneOfEach),
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom("customerDetails", "status", "id", "fee", "items", "cursor")),
          value,
          { maxKeys: 8 }
        ),
        async (operation, changes) => {
          const seen = await runTest(seenOf(operation, { json: { ...operation.success, ...changes } }))
          for (const label of Object.keys(seen.counts)) {
            assert.match(label, /^PayoutRequests\.(create|get|list) [A-Za-z]{1,40}(\.[A-Za-z]{1,40})*$/)
          }
          for (const [exit] of [seen.exits]) assert.isFalse(exit !== undefined && Exit.hasDies(exit))
        }
      ),
      { numRuns: 300 }
    )
  })
})

describe("the cost of drift", () => {
  it.effect("is one count per field, not one per difference, for a page of 200,000 differences", () =>
    Effect.gen(function* () {
      const seen = yield* seenOf(aList, { text: `{"items":[1${",1".repeat(200_000)}],"cursor":null}` })
      allSucceed(seen)
      assert.deepStrictEqual(seen.counts, { "PayoutRequests.list items": 200_001 })
      assert.lengthOf(seen.warnings, 1)
    })
  )

  it.effect("is no failed call if a logger throws", () =>
    Effect.gen(function* () {
      const broken = Logger.make(() => {
        throw new Error("the disk is full")
      })
      const json = { ...aCreate.success, urgency: 1 }
      const exit = yield* runToEnd(aCreate.call, stub({ json })).pipe(
        Effect.provideService(CurrentDriftLog, makeLog()),
        Effect.provide(Logger.layer([broken]))
      )
      assert.isTrue(Exit.isSuccess(exit))
    })
  )
})
