import { assert, describe, it } from "@effect/vitest"
import type { Transfer } from "@palomma-effect/client/Transfer"
import { TransferJournal, type TransferJournalService } from "@palomma-effect/client/TransferJournal"
import { SqliteTransferJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { readFileSync } from "node:fs"
import * as Postgres from "./support/postgres.ts"
import { withWriter, Writer } from "./support/processes.ts"
import { aRow, namespace, next } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

const all = { namespace, kind: "payout", limit: 100 } as const

const opened = <A, E>(store: Stores.Store, use: (journal: TransferJournalService) => Effect.Effect<A, E>) =>
  TransferJournal.use(use).pipe(Effect.provide(Layer.fresh(store.open)))

const written = (store: Stores.Store): Effect.Effect<Transfer | undefined, unknown> =>
  opened(store, (journal) => Effect.map(journal.find(aRow("written")), Option.getOrUndefined))

const outlives = (name: string, make: Stores.MakeStore) =>
  describe(name, () => {
    it.live("keeps its rows when it is closed and opened again", () =>
      Effect.gen(function* () {
        const store = yield* make
        const written = yield* opened(store, (journal) =>
          Effect.gen(function* () {
            assert.isTrue(journal.isDurable)
            const a = yield* journal.insert(aRow("a", { lastError: "why" }))
            const b = yield* journal.insert(aRow("b", { state: "sending", claims: 1 }))
            const left = yield* journal.replace(next(aRow("b"), { state: "unknown", claims: 1 }))
            assert.isTrue(Option.isSome(b))
            return [...Option.toArray(a), ...Option.toArray(left)]
          })
        )
        assert.isDefined(written[1]?.leftSendingAt)
        assert.deepStrictEqual(yield* opened(store, (journal) => journal.list(all)), written)
      }).pipe(Effect.scoped)
    )

    it.live("has every version that it reported, also if the process is killed", () =>
      Effect.gen(function* () {
        for (const least of [2, 40]) {
          const store = yield* make
          const reported = yield* Effect.promise(() =>
            withWriter(store.arguments, async (writer) => {
              await writer.wrote(least)
              await writer.kill()
              return writer.version
            })
          )
          const row = yield* written(store)
          assert.isAtLeast(row?.version ?? 0, reported)
          // The process may have been killed between a write and its report.
          assert.isAtMost(row?.version ?? 0, reported + 1)
        }
      }).pipe(Effect.scoped)
    )
  })

outlives("SqliteTransferJournal", Stores.sqlite)
if (Postgres.isThere) outlives("SqlTransferJournal on PostgreSQL", Stores.postgres)

describe("a SQLite file", () => {
  const openNow = (store: Stores.Store, wait: number) =>
    TransferJournal.use((journal) => journal.list(all)).pipe(
      Effect.provide(SqliteTransferJournal.layer({ filename: store.arguments[1] ?? "", wait }))
    )

  it.live("is open in one process until that is killed", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      yield* Effect.promise(() =>
        withWriter(store.arguments, async (writer) => {
          await writer.wrote(2)
          const error = await Effect.runPromise(Effect.flip(openNow(store, 0)))
          assert.strictEqual(error._tag, "SqliteFileInUse")
          assert.include(String(error), store.arguments[1] ?? "")
          assert.include(String(error), "is in use by another process")
          // The other one still works.
          await writer.wrote(writer.version + 5)
          await writer.kill()
        })
      )
      assert.lengthOf(yield* openNow(store, 0), 1)
    }).pipe(Effect.scoped)
  )

  it.live("is open in only one of many processes that start at the same time", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      const writers = Array.from({ length: 3 }, () => new Writer(store.arguments))
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

  it.live("is open in only one process, also if that process reads the file for a backup", () =>
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

  // Windows keeps locks per handle, so this limit does not exist there.
  if (process.platform === "win32")
    console.log("Locks of Windows do not end early: the test of those of POSIX is skipped.")
  else
    it.live("is not protected any more if its process has read the lock file, as the documentation warns", () =>
      Effect.gen(function* () {
        const store = yield* Stores.sqlite
        yield* Layer.build(Layer.fresh(store.open))
        readFileSync(`${store.arguments[1] ?? ""}.lock`)
        yield* Effect.promise(() => withWriter(store.arguments, (writer) => writer.wrote(1)))
      }).pipe(Effect.scoped)
    )

  it.live("is open in only one part of a process", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      yield* Layer.build(Layer.fresh(store.open))
      const error = yield* Effect.flip(openNow(store, 0))
      assert.strictEqual(error._tag, "SqliteFileInUse")
    }).pipe(Effect.scoped)
  )

  it.live("can be opened by a process that waits until its owner closes it", () =>
    Effect.gen(function* () {
      const store = yield* Stores.sqlite
      const owner = yield* Scope.make()
      yield* Layer.buildWithScope(Layer.fresh(store.open), owner)
      const waiting = yield* Effect.forkChild(openNow(store, 60_000), { startImmediately: true })
      assert.isUndefined(waiting.pollUnsafe())
      yield* Scope.close(owner, Exit.void)
      assert.lengthOf(yield* Fiber.join(waiting), 0)
    }).pipe(Effect.scoped)
  )
})
