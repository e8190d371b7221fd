import { assert, describe, it } from "@effect/vitest"
import { PayoutJournal, type PayoutRow } from "@palomma-effect/client"
import { SqlitePayoutJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { readFileSync } from "node:fs"
import * as Postgres from "./support/postgres.ts"
import { withWriter, Writer } from "./support/processes.ts"
import { aRow, environment, next } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

const opened = <A, E>(store: Stores.Store, use: (journal: PayoutJournal["Service"]) => Effect.Effect<A, E>) =>
  PayoutJournal.use(use).pipe(Effect.provide(Layer.fresh(store.open)))

const written = (store: Stores.Store): Effect.Effect<PayoutRow | undefined, unknown> =>
  opened(store, (journal) => Effect.map(journal.find({ environment, reference: "written" }), Option.getOrUndefined))

const outlives = (name: string, make: Stores.MakeStore) =>
  describe(name, () => {
    it.live("keeps its rows when it is closed and opened again", () =>
      Effect.gen(function* () {
        const store = yield* make
        const rows = [aRow("a", { lastError: "why" }), next(aRow("b"), { state: "sending", claims: 1, deadlineAt: 5 })]
        yield* opened(store, (journal) =>
          Effect.gen(function* () {
            assert.isTrue(journal.isDurable)
            yield* journal.insert(aRow("a", { lastError: "why" }))
            yield* journal.insert(aRow("b"))
            yield* journal.replace(next(aRow("b"), { state: "sending", claims: 1, deadlineAt: 5 }))
          })
        )
        assert.deepStrictEqual(yield* opened(store, (journal) => journal.list(environment)), rows)
      }).pipe(Effect.scoped)
    )

    it.live("has every version of which it said so, though the process is killed", () =>
      Effect.gen(function* () {
        for (const least of [2, 9, 40]) {
          const store = yield* make
          const said = yield* Effect.promise(() =>
            withWriter(store.arguments, async (writer) => {
              await writer.wrote(least)
              await writer.kill()
              return writer.version
            })
          )
          const row = yield* written(store)
          assert.isAtLeast(row?.version ?? 0, said)
          // It may have been killed between writing and saying so, and no later.
          assert.isAtMost(row?.version ?? 0, said + 1)
        }
      }).pipe(Effect.scoped)
    )
  })

outlives("SqlitePayoutJournal", Stores.sqlite)
if (Postgres.isThere) outlives("SqlPayoutJournal on PostgreSQL", Stores.postgres)

describe("a SQLite file", () => {
  const openNow = (store: Stores.Store, wait: number) =>
    PayoutJournal.use((journal) => journal.list(environment)).pipe(
      Effect.provide(SqlitePayoutJournal.layer({ filename: store.arguments[1] ?? "", wait }))
    )

  it.live("belongs to one process, until that is killed", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      yield* Effect.promise(() =>
        withWriter(store.arguments, async (writer) => {
          await writer.wrote(2)
          const error = await Effect.runPromise(Effect.flip(openNow(store, 0)))
          assert.strictEqual(error._tag, "SqliteFileInUse")
          assert.include(error.message, store.arguments[1] ?? "")
          assert.include(error.message, "one process at a time")
          // And the other one goes on undisturbed.
          await writer.wrote(writer.version + 5)
          await writer.kill()
        })
      )
      assert.lengthOf(yield* openNow(store, 0), 1)
    }).pipe(Effect.scoped)
  )

  it.live("belongs to one of many processes that start at once", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      const writers = Array.from({ length: 4 }, () => new Writer(store.arguments))
      const outcomes = yield* Effect.promise(() =>
        Promise.all(
          writers.map((writer) =>
            writer.wrote(1).then(
              () => "won",
              (error: Error) => error.message
            )
          )
        )
      )
      yield* Effect.promise(() => Promise.all(writers.map((writer) => writer.kill())))
      assert.strictEqual(outcomes.filter((outcome) => outcome === "won").length, 1, outcomes.join("\n"))
      for (const outcome of outcomes) if (outcome !== "won") assert.include(outcome, "SqliteFileInUse")
    }).pipe(Effect.scoped)
  )

  it.live("belongs to one process, though that reads the file, as a backup of its own making does", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      yield* Layer.build(Layer.fresh(store.open))
      readFileSync(store.arguments[1] ?? "")
      const other = yield* Effect.promise(() =>
        withWriter(store.arguments, (writer) =>
          writer.wrote(1).then(
            () => "opened it too",
            (error: Error) => error.message
          )
        )
      )
      assert.include(other, "SqliteFileInUse")
    }).pipe(Effect.scoped)
  )

  it.live("belongs to one part of a process", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      yield* Layer.build(Layer.fresh(store.open))
      const error = yield* Effect.flip(openNow(store, 0))
      assert.strictEqual(error._tag, "SqliteFileInUse")
    }).pipe(Effect.scoped)
  )

  it.live("is waited for while its owner is about to leave", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      const owner = yield* Effect.forkChild(
        Effect.scoped(Effect.andThen(Layer.build(Layer.fresh(store.open)), Effect.sleep("400 millis")))
      )
      yield* Effect.sleep("150 millis")
      assert.lengthOf(yield* openNow(store, 5_000), 0)
      assert.isTrue(Exit.isSuccess(owner.pollUnsafe() ?? Exit.void))
    }).pipe(Effect.scoped)
  )
})
