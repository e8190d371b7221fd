// A group tells each caller what really happened: if BEGIN or COMMIT fails, in any mix of statements, and after a kill.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as fc from "fast-check"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Group from "../src/internal/sqliteGroup.ts"
import { isOk, opened, together } from "./support/sqliteRows.ts"
import * as Stores from "./support/stores.ts"

describe("A group whose control statements fail", () => {
  const errorOf = (sql: string, errno: number) =>
    new SqlError({ reason: classifySqliteError(Object.assign(new Error(sql), { errno }), { operation: "execute" }) })
  const ioError = (sql: string) => errorOf(sql, 10)
  const constraintError = (sql: string) => errorOf(sql, 19)

  /** A group over a database in which some control statements fail and do nothing. */
  const failing = (controls: ReadonlyArray<string>, error = ioError) =>
    Effect.gen(function* () {
      const database = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(":memory:")),
        (database) => Effect.sync(() => database.close())
      )
      database.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY)")
      const semaphore = yield* Semaphore.make(1)
      const ran: Array<string> = []
      const run = Group.make(
        {
          exec: (sql) => {
            ran.push(sql)
            return controls.includes(sql) ? Result.fail(error(sql)) : Result.succeed(database.exec(sql))
          },
          isTransaction: () => database.isTransaction
        },
        (use) => semaphore.withPermit(Effect.suspend(() => use(connection)))
      )
      const statement = (sql: string) => run(sql, () => Result.succeed(database.prepare(sql).all()))
      const rows = () =>
        database
          .prepare("SELECT id FROM rows")
          .all()
          .map(({ id }) => id)
      return { database, statement, rows, ran }
    })

  // A group only holds the permit; the connection is not used.
  const unused = () => Effect.die(new Error("a group runs its statements itself"))
  const connection = {
    execute: unused,
    executeRaw: unused,
    executeStream: () => assert.fail("a group runs its statements itself"),
    executeUnprepared: unused,
    executeValues: unused,
    executeValuesUnprepared: unused
  }

  // They also succeed a second time.
  const insert = "INSERT INTO rows DEFAULT VALUES"
  const statements = [insert, "SELECT id FROM rows", insert]

  it.effect("fails every write if COMMIT fails, and reads only what is committed", () =>
    Effect.gen(function* () {
      const { ran, rows, statement } = yield* failing(["COMMIT"])
      const [first, read, second] = yield* together(statements.map(statement))
      assert.deepStrictEqual(
        [first, read, second],
        [Exit.fail(ioError("COMMIT")), Exit.succeed([]), Exit.fail(ioError("COMMIT"))]
      )
      assert.deepStrictEqual(ran, ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"])
      assert.deepStrictEqual(rows(), [])
    })
  )

  for (const [why, error] of [
    ["the disk", ioError],
    ["a constraint", constraintError]
  ] as const) {
    it.effect(`fails every statement, the reads too, if COMMIT fails for ${why} and ROLLBACK does too`, () =>
      Effect.gen(function* () {
        const { database, statement } = yield* failing(["COMMIT", "ROLLBACK"], error)
        assert.deepStrictEqual(isOk(yield* together(statements.map(statement))), [false, false, false])
        assert.isTrue(database.isTransaction)
      })
    )
  }

  it.effect("runs no write if BEGIN fails", () =>
    Effect.gen(function* () {
      const { ran, rows, statement } = yield* failing(["BEGIN IMMEDIATE"])
      assert.deepStrictEqual(isOk(yield* together(statements.map(statement))), [false, true, false])
      assert.deepStrictEqual(ran, ["BEGIN IMMEDIATE"])
      assert.deepStrictEqual(rows(), [])
    })
  )

  it.effect("lets no other process write between its read and its write", () =>
    Effect.gen(function* () {
      const { filename, ids, other, sql } = yield* opened
      const database = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(filename)),
        (database) => Effect.sync(() => database.close())
      )
      const run = Group.make(
        {
          exec: (text) => Result.succeed(database.exec(text)),
          isTransaction: () => database.isTransaction
        },
        (use) => use(connection)
      )
      const insert = (id: number) =>
        run("INSERT", () =>
          Result.try({
            try: () => database.prepare("INSERT INTO rows (id) VALUES (?)").all(id),
            catch: () => ioError("INSERT")
          })
        )
      const read = run("SELECT", () => {
        database.prepare("SELECT id FROM rows").all()
        assert.throws(() => other.exec("INSERT INTO rows (id) VALUES (9)"), /locked/)
        return Result.succeed([])
      })
      assert.deepStrictEqual(isOk(yield* together([read, insert(1), insert(2)])), [true, true, true])
      yield* sql`INSERT INTO rows (id) VALUES (3)`
      assert.deepStrictEqual(ids(), [1, 2, 3])
    })
  )

  it.effect("answers every caller if its code is wrong, and the next statement runs", () =>
    Effect.gen(function* () {
      const { database, statement } = yield* failing([])
      const run = Group.make(
        { exec: () => Result.succeed(undefined), isTransaction: () => database.isTransaction },
        (use) => use(connection)
      )
      const broken = run("SELECT", () => {
        throw new Error("a defect")
      })
      assert.deepStrictEqual(isOk(yield* together([broken, broken])), [false, false])
      assert.deepStrictEqual(yield* run("SELECT", () => Result.succeed(1)), 1)
      assert.deepStrictEqual(
        yield* statement("SELECT 1 AS one"),
        [{ one: 1 }].map((row) => ({ __proto__: null, ...row }))
      )
    })
  )
})

describe("Any statements of any fibers", () => {
  interface Statement {
    readonly text: string
    readonly values: ReadonlyArray<number>
  }
  /** A statement outside a transaction, or a transaction that ends with a commit or not. */
  type Step = { readonly isInterrupted: boolean; readonly statement: Statement } | { readonly commits: boolean }

  const id = fc.integer({ min: 1, max: 5 })
  const statement: fc.Arbitrary<Statement> = fc.oneof(
    fc.record({
      text: fc.constantFrom(
        "INSERT INTO rows (id) VALUES (?)",
        "INSERT INTO rows (id) VALUES (?) RETURNING id",
        "INSERT OR ROLLBACK INTO rows (id) VALUES (?)",
        "INSERT OR FAIL INTO rows (id) VALUES (8), (?), (9)",
        "INSERT OR IGNORE INTO rows (id) VALUES (?)",
        "REPLACE INTO rows (id) VALUES (?)",
        "INSERT INTO rows (id) VALUES (?) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times",
        "WITH n AS (SELECT ? AS id) UPDATE rows SET times = times + 1 WHERE id >= (SELECT id FROM n) RETURNING *",
        "UPDATE rows SET id = id + 1 WHERE id = ?",
        "DELETE FROM rows WHERE id = ? RETURNING *",
        "INSERT INTO children SELECT 404 WHERE ? > 2",
        "SELECT * FROM rows WHERE id >= ? ORDER BY id",
        "WITH all_rows AS (SELECT * FROM rows) SELECT count(*) AS n FROM all_rows WHERE id <> ?",
        "SELECT * FROM nowhere WHERE id = ?"
      ),
      values: fc.tuple(id)
    }),
    fc.record({
      text: fc.constantFrom(
        "PRAGMA user_version",
        "PRAGMA user_version = 7",
        "CREATE TABLE IF NOT EXISTS more (id INTEGER)",
        "INSERT INTO more VALUES (1)",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SELEC"
      ),
      values: fc.constant([])
    })
  )
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ isInterrupted: fc.boolean(), statement }) },
    { weight: 1, arbitrary: fc.record({ commits: fc.boolean() }) }
  )
  /** Runs statements one by one, each in a transaction of its own. */
  const model = () => {
    const database = new DatabaseSync(":memory:")
    database.exec("PRAGMA foreign_keys = ON")
    database.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, times INTEGER NOT NULL DEFAULT 1)")
    database.exec("CREATE TABLE children (parent INTEGER NOT NULL REFERENCES rows DEFERRABLE INITIALLY DEFERRED)")
    return (one: Statement): unknown => {
      try {
        const rows = database.prepare(one.text).all(...one.values)
        if (!database.isTransaction) return rows.map((row) => ({ ...row }))
        database.exec("ROLLBACK")
        return "a transaction outside sql.withTransaction"
      } catch (error) {
        return error instanceof Error ? error.message : error
      }
    }
  }

  const outcomeOf = (exit: Exit.Exit<ReadonlyArray<object>, SqlError>): unknown => {
    const result = Exit.isSuccess(exit) ? exit.value.map((row) => ({ ...row })) : Exit.findErrorOption(exit)
    if (!("_tag" in result)) return result
    if (result._tag === "None") return "interrupted"
    const { cause } = result.value.reason
    return cause instanceof Error ? cause.message : cause
  }

  const run = (rounds: ReadonlyArray<ReadonlyArray<Step>>) =>
    Effect.gen(function* () {
      const { other, sql } = yield* opened
      yield* sql`CREATE TABLE pairs (round INTEGER, step INTEGER)`
      const expected = model()
      for (const [round, steps] of rounds.entries()) {
        const fibers = yield* Effect.forEach(steps, (one, i) => {
          const insert = sql`INSERT INTO pairs VALUES (${round}, ${i})`
          return Effect.forkChild(
            "statement" in one
              ? sql.unsafe<object>(one.statement.text, one.statement.values)
              : sql.withTransaction(
                  Effect.andThen(
                    Effect.all([insert, Effect.yieldNow, insert]),
                    one.commits ? Effect.succeed([]) : Effect.interrupt
                  )
                ),
            { startImmediately: true }
          )
        })
        for (const [i, one] of steps.entries())
          if ("statement" in one && one.isInterrupted) fibers[i]?.interruptUnsafe()
        const exits = yield* Effect.forEach(fibers, Fiber.await)
        for (const [i, one] of steps.entries()) {
          const exit = exits[i] ?? assert.fail("no exit")
          if ("statement" in one) {
            assert.deepStrictEqual(outcomeOf(exit), one.isInterrupted ? "interrupted" : expected(one.statement))
            continue
          }
          const pair = other.prepare("SELECT * FROM pairs WHERE round = ? AND step = ?").all(round, i)
          assert.lengthOf(pair, one.commits ? 2 : 0)
          assert.strictEqual(Exit.isSuccess(exit), one.commits)
        }
        const table = { text: "SELECT * FROM rows ORDER BY id", values: [] }
        assert.deepStrictEqual(
          other
            .prepare(table.text)
            .all()
            .map((row) => ({ ...row })),
          expected(table)
        )
      }
    }).pipe(Effect.scoped)

  it("return and leave what they do one by one", { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 10 }), { maxLength: 4 }), (rounds) =>
        Effect.runPromise(run(rounds))
      ),
      { numRuns: 60 }
    )
  )
})

describe("A process that is killed", () => {
  const program = join(import.meta.dirname, "support", "groupWriter.ts")

  for (const last of [1, 2, 8, 9, 23, 64, 200]) {
    it.live(`has written all that it reported, when it is killed after report number ${last}`, () =>
      Effect.gen(function* () {
        const filename = join(yield* Stores.directory, "rows.db")
        const said = yield* Effect.promise(async () => {
          const flags = ["--disable-warning=ExperimentalWarning", program, filename, String(last)]
          const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] })
          let said = ""
          child.stdout.on("data", (part: Buffer) => (said += part.toString()))
          await once(child, "close")
          return said
        })
        const reported = said.trimEnd().split("\n")
        assert.lengthOf(reported, last)
        const database = yield* Effect.acquireRelease(
          Effect.sync(() => new DatabaseSync(filename)),
          (database) => Effect.sync(() => database.close())
        )
        const versions = new Map(
          database
            .prepare("SELECT id, version FROM written")
            .all()
            .map((row) => [row["id"], row["version"]])
        )
        for (const line of reported) {
          const [name = "", version] = line.split(" ")
          assert.isAtLeast(Number(versions.get(name)), Number(version), line)
        }
      })
    )
  }
})
