import { assert, describe, it } from "@effect/vitest"
import type { Transfer } from "@palomma-effect/client/Transfer"
import { TransferJournal, type TransferJournalService } from "@palomma-effect/client/TransferJournal"
import { JournalConformance } from "@palomma-effect/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as fc from "fast-check"
import { anyRow } from "./support/anyRow.ts"
import * as Postgres from "./support/postgres.ts"
import { timeless } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

const journalOf = (make: Stores.MakeStore) =>
  Effect.flatMap(make, ({ open }) => Effect.map(Layer.build(open), Context.get(TransferJournal)))

interface Step {
  readonly write: "insert" | "replace"
  readonly row: Transfer
}

const step: fc.Arbitrary<Step> = fc.record({ write: fc.constantFrom("insert", "replace"), row: anyRow })

const conforms = (name: string, make: Stores.MakeStore, runs: number) =>
  describe(name, () => {
    for (const law of JournalConformance.laws) {
      it.live(law.name, () =>
        Effect.flatMap(journalOf(make), (journal) => Effect.provideService(law.run, TransferJournal, journal)).pipe(
          Effect.scoped
        )
      )
    }

    it.live("is durable", () => Effect.map(Effect.scoped(journalOf(make)), ({ isDurable }) => assert.isTrue(isDurable)))

    // For any writes in any order it returns the same as the journal in memory, whose code is short enough to review.
    it.live("returns the same as the journal in memory", () =>
      Effect.gen(function* () {
        const journal = yield* journalOf(make)
        const model = yield* journalOf(Stores.memory)
        const run = Effect.runPromiseWith(yield* Effect.context())
        const both = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>) {
          for (const { row, write } of steps) {
            const { kind, namespace, state } = row
            const all = { namespace, kind, limit: 1_000 }
            const ask = Effect.fnUntraced(function* (of: TransferJournalService) {
              const outcome = write === "insert" ? yield* of.insert(row) : yield* of.replace(row)
              const found = yield* of.find(row)
              const listed = yield* Effect.forEach([all, { ...all, states: [state] }], (query) => of.list(query))
              const alarmed = yield* of.list({ ...all, alarmed: row.alarm !== undefined })
              const byReference = [...listed, alarmed].map((page) =>
                page.map(timeless).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
              )
              return [Option.map(outcome, timeless), Option.map(found, timeless), byReference]
            })
            assert.deepStrictEqual(yield* ask(journal), yield* ask(model))
          }
        })
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(fc.array(step, { maxLength: 8, size: "max" }), (steps) => run(both(steps))),
            { numRuns: runs }
          )
        )
      }).pipe(Effect.scoped)
    )
  })

conforms("SqliteTransferJournal", Stores.sqlite, 40)
if (Postgres.isThere) {
  conforms("SqlTransferJournal on PostgreSQL", Stores.postgres, 40)
  conforms("SqlTransferJournal on a PostgreSQL where transactions are serializable", Stores.strictPostgres, 5)
  conforms("SqlTransferJournal on a PostgreSQL in Tokyo, with other names for columns", Stores.postgresElsewhere, 5)
}
