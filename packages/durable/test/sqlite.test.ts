import { assert, describe, it } from "@effect/vitest"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import { SqliteFileInUse, SqliteTransferJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { SafeIntegers, SqlClient } from "effect/sql/SqlClient"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as SqliteClient from "../src/internal/sqliteClient.ts"
import { openReasonOf } from "../src/internal/sqlReason.ts"
import { failureOf, journalOf } from "./support/open.ts"
import { aRow } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

describe("SqliteTransferJournal", () => {
  it.live("does not open a database in memory", () =>
    Effect.gen(function* () {
      for (const filename of [":memory:", "", "file:x?mode=memory"]) {
        const error = yield* failureOf(SqliteTransferJournal.layer({ filename }))
        assert.instanceOf(error, TransferJournalError)
        assert.strictEqual(error.sent, "no")
        assert.include(String(error), "its rows would end with the process")
      }
    })
  )

  it.live("names the file that it cannot open, and what to do", () =>
    Effect.gen(function* () {
      const directory = yield* Stores.directory
      const text = join(directory, "transfers.csv")
      writeFileSync(text, "reference,amount\n".repeat(100))
      const cannotOpen =
        "unable to open database file (SQLite 14): check that the directory exists, and that this user may read and " +
        "write the file"
      for (const [filename, reason] of [
        [join(directory, "no", "transfers.db"), cannotOpen],
        [directory, cannotOpen],
        [text, "file is not a database (SQLite 26): choose a file that does not exist yet, which the journal creates"]
      ] as const) {
        const error = yield* failureOf(SqliteTransferJournal.layer({ filename }))
        assert.instanceOf(error, TransferJournalError)
        assert.strictEqual(
          error.message,
          `The transfer journal could not be opened: ${filename}: ${reason}. Correct this, then start again.`
        )
      }
    }).pipe(Effect.scoped)
  )

  it.each([
    [8, "allow this user to write the file and its directory"],
    [0x508, "allow this user to write the file and its directory"],
    [13, "free space on the disk"]
  ])("knows what to do about error %i of SQLite", (errcode, advice) => {
    const cause = Object.assign(new Error(), { errcode, errstr: "no" })
    const error = new SqlError({ reason: classifySqliteError(cause, { operation: "open" }) })
    assert.strictEqual(openReasonOf("a.db", error), `a.db: no (SQLite ${errcode}): ${advice}`)
  })

  it("repeats only the code of an error that it does not know", () => {
    const cause = Object.assign(new Error("SECRET"), { errcode: 99, errstr: "no" })
    const error = new SqlError({ reason: classifySqliteError(cause, { operation: "open" }) })
    assert.strictEqual(openReasonOf("a.db", error), "a.db: no (SQLite 99)")
  })

  it.live("names the file that is in use, and says nothing about transfers", () =>
    Effect.gen(function* () {
      const filename = join(yield* Stores.directory, "transfers.db")
      yield* journalOf(SqliteTransferJournal.layer({ filename }))
      const error = yield* failureOf(SqliteTransferJournal.layer({ filename, wait: "1 milli" }))
      assert.instanceOf(error, SqliteFileInUse)
      assert.include(error.message, filename)
      assert.include(error.message, "Stop the other one")
      assert.notInclude(error.message, "sent")
    }).pipe(Effect.scoped)
  )

  it.live("fails for a wait that is not a duration", () =>
    Effect.gen(function* () {
      const filename = join(yield* Stores.directory, "transfers.db")
      // @ts-expect-error a program without types can pass any value
      const error = yield* failureOf(SqliteTransferJournal.layer({ filename, wait: "a while" }))
      assert.include(error.message, "the option wait")
    }).pipe(Effect.scoped)
  )

  it.live("writes to the disk before it returns, and other programs can read at the same time", () =>
    Effect.gen(function* () {
      const filename = join(yield* Stores.directory, "transfers.db")
      const journal = yield* journalOf(SqliteTransferJournal.layer({ filename }))
      yield* journal.insert(aRow("r"))
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient
        assert.deepStrictEqual(yield* sql`SELECT reference, amount FROM palomma_transfers`, [
          { reference: "r", amount: 50_000 }
        ])
        assert.deepStrictEqual(yield* sql`PRAGMA journal_mode`, [{ journal_mode: "wal" }])
      }).pipe(Effect.provide(SqliteClient.layer({ filename })))
      assert.isTrue(Option.isNone(yield* journal.insert(aRow("r"))))
    }).pipe(Effect.scoped)
  )
})

describe("The SQLite client", () => {
  const numbers = (isSafe: boolean) =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const text =
        "SELECT 5 AS small, 9007199254740991 AS most, 9007199254740993 AS large, -9007199254740993 AS least, 0.5 AS half"
      const [row] = yield* sql.unsafe<Record<string, unknown>>(text)
      const [values] = yield* sql.unsafe(text).values
      assert.deepStrictEqual(Object.values(row ?? {}), values)
      return values
    }).pipe(Effect.provideService(SafeIntegers, isSafe), Effect.provide(SqliteClient.layer({ filename: ":memory:" })))

  it.live("reads integers of any size: as numbers if they are exact, else as bigints", () =>
    Effect.map(numbers(false), (values) =>
      assert.deepStrictEqual(values, [5, Number.MAX_SAFE_INTEGER, 9007199254740993n, -9007199254740993n, 0.5])
    )
  )

  it.live("reads every integer as a bigint if the program asks for it", () =>
    Effect.map(numbers(true), (values) =>
      assert.deepStrictEqual(values, [5n, 9007199254740991n, 9007199254740993n, -9007199254740993n, 0.5])
    )
  )

  it.live("fails for an integer that it cannot store unchanged", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE t (a INTEGER)`
      assert.isTrue(yield* Effect.isFailure(sql`INSERT INTO t VALUES (${2n ** 64n})`))
      yield* sql`INSERT INTO t VALUES (${2n ** 62n})`
      assert.deepStrictEqual(yield* sql`SELECT a FROM t`, [{ a: 2n ** 62n }])
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" })))
  )
})
