/**
 * What every payout journal must do: the memory journal, SQLite, PostgreSQL, and any of your own.
 */
import { assert, describe, it } from "@effect/vitest"
import { PayoutJournal, type PayoutRow } from "@palomma-effect/client"
import { PayoutRequestId } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as fc from "fast-check"
import { aRow, environment, next, rows, texts } from "./support/rows.ts"
import type { MakeStore } from "./support/stores.ts"

type Journal = PayoutJournal["Service"]

const range = (length: number) => Array.from({ length }, (_, i) => i)

const found = (journal: Journal, reference: string): Effect.Effect<PayoutRow | undefined, unknown> =>
  Effect.map(journal.find({ environment, reference }), Option.getOrUndefined)

/** Says of a journal that it keeps the laws. `make` makes an empty one. */
export const journalLaws = (name: string, make: MakeStore, options: { readonly runs?: number } = {}): void => {
  const law = (text: string, check: (journal: Journal) => Effect.Effect<unknown, unknown, Scope.Scope>) =>
    it.live(text, () =>
      Effect.gen(function* () {
        const { open } = yield* make
        yield* check(Context.get(yield* Layer.build(open), PayoutJournal))
      }).pipe(Effect.scoped)
    )

  describe(name, () => {
    law("writes a row once", (journal) =>
      Effect.gen(function* () {
        assert.isUndefined(yield* found(journal, "r"))
        assert.isTrue(yield* journal.insert(aRow("r")))
        assert.isFalse(yield* journal.insert(aRow("r", { amount: 60_000 })))
        assert.deepStrictEqual(yield* found(journal, "r"), aRow("r"))
      })
    )

    law("lets one of fifty write a row that there was not", (journal) =>
      Effect.gen(function* () {
        const written = yield* Effect.forEach(range(50), (i) => journal.insert(aRow("r", { amount: 50_000 + i })), {
          concurrency: "unbounded"
        })
        assert.strictEqual(written.filter((was) => was).length, 1)
        assert.strictEqual((yield* found(journal, "r"))?.amount, 50_000 + written.indexOf(true))
      })
    )

    law("lets one of fifty claim a row, again and again", (journal) =>
      Effect.gen(function* () {
        yield* journal.insert(aRow("r"))
        for (const version of range(10)) {
          const row = yield* found(journal, "r")
          assert.strictEqual(row?.version, version + 1)
          const claim = (i: number) =>
            journal.replace(next(row ?? aRow("r"), { state: "sending", claims: version + 1, lastError: `of ${i}` }))
          const won = yield* Effect.forEach(range(50), claim, { concurrency: "unbounded" })
          assert.strictEqual(won.filter((was) => was).length, 1)
          assert.strictEqual((yield* found(journal, "r"))?.lastError, `of ${won.indexOf(true)}`)
        }
      })
    )

    law("replaces the version before alone", (journal) =>
      Effect.gen(function* () {
        assert.isFalse(yield* journal.replace(aRow("r", { version: 1 })))
        assert.isFalse(yield* journal.replace(aRow("r", { version: 2 })))
        assert.isUndefined(yield* found(journal, "r"))
        yield* journal.insert(aRow("r"))
        for (const version of [0, 1, 3, 4])
          assert.isFalse(yield* journal.replace(aRow("r", { version, amount: 60_000 })))
        assert.deepStrictEqual(yield* found(journal, "r"), aRow("r"))
        assert.isTrue(yield* journal.replace(aRow("r", { version: 2, amount: 60_000 })))
        assert.isFalse(yield* journal.replace(aRow("r", { version: 2, amount: 70_000 })))
        assert.deepStrictEqual(yield* found(journal, "r"), aRow("r", { version: 2, amount: 60_000 }))
      })
    )

    law("forgets what a new version does not hold", (journal) =>
      Effect.gen(function* () {
        const full = aRow("r", {
          lastError: "why",
          claimedAt: 1,
          deadlineAt: 2,
          payoutRequestId: PayoutRequestId.make("p")
        })
        yield* journal.insert(full)
        yield* journal.replace(aRow("r", { version: 2 }))
        assert.deepStrictEqual(yield* found(journal, "r"), aRow("r", { version: 2 }))
        assert.isTrue(Option.isNone(yield* journal.findByPayoutRequestId(environment, PayoutRequestId.make("p"))))
      })
    )

    law("keeps environments apart", (journal) =>
      Effect.gen(function* () {
        const id = PayoutRequestId.make("p")
        const here = aRow("r", { payoutRequestId: id })
        const there = aRow("r", { environment: "production", payoutRequestId: id, amount: 60_000 })
        assert.isTrue(yield* journal.insert(here))
        assert.isTrue(yield* journal.insert(there))
        assert.deepStrictEqual(Option.getOrUndefined(yield* journal.find(there)), there)
        assert.deepStrictEqual(Option.getOrUndefined(yield* journal.findByPayoutRequestId("production", id)), there)
        assert.deepStrictEqual(yield* journal.list("production"), [there])
        assert.isTrue(yield* journal.replace(next(there)))
        assert.deepStrictEqual(Option.getOrUndefined(yield* journal.find(here)), here)
        assert.deepStrictEqual(yield* journal.list("elsewhere"), [])
      })
    )

    law("lists in the order of the references, by state or all", (journal) =>
      Effect.gen(function* () {
        const references = ["b", "a10", "a9", "A", "ñ", "n", "\uffee", "\u{1f600}", "a b", "a-b", "_", "ä", "z"]
        for (const [i, reference] of references.entries()) {
          yield* journal.insert(aRow(reference, { state: i % 2 === 0 ? "accepted" : "unknown" }))
        }
        const inOrder = (kept: ReadonlyArray<string>) => [...kept].sort()
        const listed = (state?: PayoutRow["state"]) =>
          Effect.map(journal.list(environment, state), (rows) => rows.map(({ reference }) => reference))
        assert.deepStrictEqual(yield* listed(), inOrder(references))
        assert.deepStrictEqual(yield* listed("accepted"), inOrder(references.filter((_, i) => i % 2 === 0)))
        assert.deepStrictEqual(yield* listed("needsAttention"), [])
      })
    )

    law("tells unusual references apart", (journal) =>
      Effect.gen(function* () {
        const long = range(512)
          .map((i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000)))
          .join("")
        const references = [
          "a",
          "A",
          "a ",
          " a",
          "á",
          "a\u0301",
          "o'hara",
          `"a"`,
          "`a`",
          "a;b",
          "a\\b",
          "a\\'b",
          "%",
          "_",
          "?",
          "$1",
          ":a",
          "null",
          "NULL",
          "1",
          "01",
          "1.0",
          "\u{1f600}",
          "\u{1f601}",
          "نعم",
          "ﬀ",
          "ff",
          "\u200b",
          "\ufeff",
          "\ufffd",
          long,
          `${long}a`
        ]
        for (const [i, reference] of references.entries()) {
          assert.isTrue(yield* journal.insert(aRow(reference, { amount: 2_000 + i })), JSON.stringify(reference))
        }
        for (const [i, reference] of references.entries()) {
          assert.isTrue(yield* journal.replace(aRow(reference, { amount: 2_000 + i, version: 2 })))
          assert.deepStrictEqual(yield* found(journal, reference), aRow(reference, { amount: 2_000 + i, version: 2 }))
        }
        assert.lengthOf(yield* journal.list(environment), references.length)
      })
    )

    // Whatever is written, in whatever order: it answers as the memory journal does, which is short enough to be read.
    law("answers like the memory journal", (journal) =>
      Effect.gen(function* () {
        const model = Context.get(yield* Layer.build(Layer.fresh(PayoutJournal.layerMemory)), PayoutJournal)
        const run = Effect.runPromiseWith(yield* Effect.context())
        const step = fc.record({ write: fc.constantFrom("insert", "replace"), row: rows(texts({ maxLength: 2 })) })
        const both = Effect.fnUntraced(function* (
          steps: ReadonlyArray<typeof step extends fc.Arbitrary<infer S> ? S : never>
        ) {
          for (const { row, write } of steps) {
            const writing = (to: Journal) => (write === "insert" ? to.insert(row) : to.replace(row))
            assert.strictEqual(yield* writing(journal), yield* writing(model))
            for (const ask of [
              (of: Journal) => Effect.map(of.find(row), Option.getOrUndefined),
              (of: Journal) => of.list(row.environment, row.state),
              (of: Journal) => of.list(row.environment)
            ])
              assert.deepStrictEqual(yield* ask(journal), yield* ask(model))
          }
        })
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(fc.array(step, { maxLength: 8, size: "max" }), (steps) => run(both(steps))),
            {
              numRuns: options.runs ?? 60
            }
          )
        )
      })
    )
  })
}
