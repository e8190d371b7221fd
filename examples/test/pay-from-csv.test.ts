// Runs the example as its user does, against a simulated Palomma that keeps running.
import { assert, describe, it } from "@effect/vitest"
import { Palomma } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Effect, Redacted } from "effect"
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readCommand } from "../src/pay-from-csv/command.ts"
import { sample } from "../src/pay-from-csv/sample.ts"

const program = join(import.meta.dirname, "../src/pay-from-csv.ts")
const flags = ["--disable-warning=ExperimentalWarning", program]

const apiKey = "key-of-the-test"

/** Makes a file with some lines, a simulated Palomma, and functions that run the program. */
const setting = Effect.fnUntraced(function* (lines: number) {
  const simulator = yield* PalommaSimulator
  const directory = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "palomma-csv-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  )
  const file = join(directory, "payouts.csv")
  const palomma = Palomma.layerFetch({ apiKey: Redacted.make(simulator.apiKey), baseUrl: simulator.url })
  writeFileSync(file, yield* sample(lines, "test").pipe(Effect.provide(palomma)))
  const { PALOMMA_ENVIRONMENT: _environment, PAYOUT_JOURNAL: _journal, ...env } = process.env
  const options = {
    env: {
      ...env,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      PALOMMA_API_KEY: simulator.apiKey,
      PALOMMA_BASE_URL: simulator.url,
      PAYOUT_SEND_TIMEOUT: "5 seconds",
      PAYOUT_RECONCILE_TIMEOUT: "1 second",
      PAYOUT_QUIET_TIME: "1 milli"
    }
  }
  // Runs it until it ends. It must never print the key.
  const ended = (args: ReadonlyArray<string>) =>
    new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resolve) => {
      const child = execFile(process.execPath, [...flags, ...args], options, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr })
      )
    })
  const run = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
    const output = yield* Effect.promise(() => ended(args))
    assert.notInclude(`${output.stdout}${output.stderr}`, apiKey)
    return output
  })
  return { simulator, directory, file, run, start: () => spawn(process.execPath, [...flags, "pay", file], options) }
})

const live = <E>(text: string, test: Effect.Effect<void, E, PalommaSimulator>) =>
  it.live(text, () => Effect.provide(test, layerServer({ seed: 1, apiKey })))

/** Not on Windows, where a signal ends a process at once. */
const liveWithSignals: typeof live = (text, test) => {
  if (process.platform === "win32") console.log(`Windows has no SIGINT: skipped is that it ${text}.`)
  else live(text, test)
}

/** Returns the number of rows with a state in the table. */
const rowsOf = (stdout: string, state: string): number =>
  Number(new RegExp(`^ +${state} +(\\d+) `, "m").exec(stdout)?.[1] ?? 0)

describe("pay-from-csv", () => {
  live(
    "pays every line once, and sends no request when it is run again",
    Effect.scoped(
      Effect.gen(function* () {
        const { directory, file, run, simulator } = yield* setting(30)
        for (const time of [1, 2]) {
          const before = (yield* simulator.ledger.requests).length
          const { code, stderr, stdout } = yield* run("pay", file)
          assert.strictEqual(stderr, "")
          assert.strictEqual(rowsOf(stdout, "accepted"), 30, stdout)
          assert.strictEqual(rowsOf(stdout, "total"), 30)
          assert.strictEqual(code, 0)
          assert.lengthOf(yield* simulator.ledger.payouts, 30)
          // One look-up and one request per line.
          assert.lengthOf(yield* simulator.ledger.requests, time === 1 ? before + 60 : before)
        }
        const payouts = yield* simulator.ledger.payouts
        assert.strictEqual(new Set(payouts.map(({ reference }) => reference)).size, 30)
        // Only the file and the journal remain.
        assert.deepStrictEqual(
          readdirSync(directory).filter((name) => !name.startsWith("payouts.csv.journal")),
          ["payouts.csv"]
        )
      })
    )
  )

  live(
    "does not take a payout with another amount for the payment of a line",
    Effect.scoped(
      Effect.gen(function* () {
        const { file, run } = yield* setting(3)
        yield* run("pay", file)
        const [head = "", first = "", ...others] = readFileSync(file, "utf8").split("\n")
        const changed = first.replace(/[^;,]*$/, "4321000")
        assert.notStrictEqual(changed, first)
        writeFileSync(file, [head, changed, ...others].join("\n"))
        const { code, stderr, stdout } = yield* run("pay", file)
        assert.deepStrictEqual([rowsOf(stdout, "accepted"), rowsOf(stdout, "other content")], [2, 1])
        assert.match(stdout, /^! line 2 /m)
        assert.include(stderr, "1 line(s)")
        assert.strictEqual(code, 1)
      })
    )
  )

  live(
    "asks for the final status of the payouts in reconcile",
    Effect.scoped(
      Effect.gen(function* () {
        const { file, run, simulator } = yield* setting(3)
        yield* run("pay", file)
        const [one, two] = yield* simulator.ledger.payouts
        yield* simulator.setPayoutStatus(one?.id ?? "", { status: "approved" })
        yield* simulator.setPayoutStatus(two?.id ?? "", { status: "cancelled" })
        const { code, stderr, stdout } = yield* run("reconcile", file)
        assert.deepStrictEqual(
          ["approved", "accepted", "cancelled"].map((state) => rowsOf(stdout, state)),
          [1, 1, 1]
        )
        assert.match(stdout, /^! line \d +nomina-2026-11-000\d +the bank could not pay it/m)
        assert.strictEqual(stderr, `1 line(s) of ${file} are not paid. You can run it again: no line is paid twice.\n`)
        assert.strictEqual(code, 1)
      })
    )
  )

  live(
    "writes a sample that it can pay, and does not overwrite a file",
    Effect.scoped(
      Effect.gen(function* () {
        const { directory, file, run } = yield* setting(1)
        const other = join(directory, "sample.csv")
        assert.strictEqual((yield* run("sample", other, "3")).code, 0)
        assert.match(
          readFileSync(other, "utf8"),
          /^reference,payoutTargetId,amount\n(nomina-2026-11-000\d,\w{26},\d+\n){3}$/
        )
        assert.strictEqual(rowsOf((yield* run("pay", other)).stdout, "accepted"), 3)
        const { code, stderr } = yield* run("sample", file)
        assert.strictEqual(stderr, `${file} already exists.\n`)
        assert.strictEqual(code, 1)
      })
    )
  )

  live(
    "sends nothing of a file with a problem, and prints all its problems",
    Effect.scoped(
      Effect.gen(function* () {
        const { file, run, simulator } = yield* setting(20)
        const before = (yield* simulator.ledger.requests).length
        const text = readFileSync(file, "utf8").split("\n")
        writeFileSync(
          file,
          text
            .map((line, i) => (i === 19 ? `${line}0000` : i === 3 ? line.replace("nomina", "no\u0007mina") : line))
            .join("\n")
        )
        const { code, stderr } = yield* run("pay", file)
        assert.strictEqual(code, 1)
        assert.match(
          stderr,
          /^.*payouts\.csv has 2 problem\(s\)\. Nothing was sent:\n {2}line 4, reference: .*\n {2}line 20, amount: .*\n$/
        )
        assert.lengthOf(yield* simulator.ledger.requests, before)
      })
    )
  )

  live(
    "prints no personal data if the first line does not name the columns",
    Effect.scoped(
      Effect.gen(function* () {
        const { file, run } = yield* setting(1)
        const person = ["nomina-1", "Ana Rojas", "cc", "1020304050", "ana@example.com", "3013111111", "nequi", "50000"]
        writeFileSync(file, `${person.join(",")}\n`)
        const { code, stderr, stdout } = yield* run("pay", file)
        for (const value of person) assert.notInclude(`${stdout}${stderr}`, value)
        assert.include(stderr, "line 1: must name the columns")
        assert.strictEqual(code, 1)
      })
    )
  )

  liveWithSignals(
    "records what it is sending when Ctrl-C stops it, and continues from there",
    Effect.scoped(
      Effect.gen(function* () {
        const { file, run, simulator, start } = yield* setting(60)
        yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.slow("200 millis"), rate: 1 })
        const child = start()
        let printed = ""
        for (const output of [child.stdout, child.stderr])
          output.on("data", (part: Buffer) => (printed += part.toString()))
        const closed = once(child, "close")
        yield* simulator.ledger
          .requestsByOperation("payoutRequests.create")
          .pipe(Effect.repeat({ until: (creates) => creates.length >= 8 || child.exitCode !== null }))
        child.kill("SIGINT")
        yield* Effect.promise(() => closed)
        assert.include(printed, "Run it again to continue.")
        yield* simulator.clearFaults
        const made = (yield* simulator.ledger.payouts).length
        assert.isBelow(made, 60)
        // Each line was looked up once before its first send. Only the lines that were stopped between the look-up and
        // the send were looked up a second time.
        const { code, stdout } = yield* run("pay", file)
        assert.strictEqual(rowsOf(stdout, "accepted"), 60, stdout)
        assert.strictEqual(code, 0)
        assert.isAtMost((yield* simulator.ledger.requestsByOperation("payoutRequests.list")).length, 60 + 4)
        assert.lengthOf(yield* simulator.ledger.payouts, 60)
      })
    )
  )

  live(
    "lists payouts in manual review, and pays them after a decision of a person",
    Effect.scoped(
      Effect.gen(function* () {
        const { file, run, simulator } = yield* setting(20)
        const [lost, unseen, refused] = ["nomina-2026-11-0004", "nomina-2026-11-0009", "nomina-2026-11-0012"] as const
        const operation = "payoutRequests.create"
        yield* simulator.fault({ operation, containing: lost, kind: Fault.drop() })
        yield* simulator.fault({ operation, containing: unseen, kind: Fault.commitThenDrop })
        yield* simulator.fault({ operation: "payoutRequests.list", kind: Fault.lag("1 hour"), rate: 1 })
        yield* simulator.fault({
          operation,
          containing: refused,
          kind: Fault.respond({ status: 400, body: { message: "Not today" } })
        })

        const first = yield* run("pay", file)
        assert.strictEqual(first.code, 1)
        assert.strictEqual(
          first.stderr,
          `3 line(s) of ${file} are not paid. You can run it again: no line is paid twice.\n`
        )
        assert.deepStrictEqual(
          ["accepted", "rejected", "needsReview"].map((state) => rowsOf(first.stdout, state)),
          [17, 1, 2]
        )
        for (const [line, reference] of [
          [5, lost],
          [10, unseen],
          [13, refused]
        ]) {
          assert.match(first.stdout, new RegExp(`^! line ${line} +${reference} `, "m"))
        }
        assert.include(first.stdout, "Not today")

        // Palomma answers that one does not exist, and returns the id of the other.
        const [made] = yield* simulator.ledger.payoutsByReference(unseen)
        const decision = ["--by", "ana", "--note", "Palomma, by mail"]
        const versionOf = (reference: string): ReadonlyArray<string> => [
          "--version",
          new RegExp(`${reference} +version (\\d+)`).exec(first.stdout)?.[1] ?? ""
        ]
        const stale = yield* run("resolve", file, lost, "--not-paid", "--version", "1", ...decision)
        assert.include(stale.stderr, "another process or a person changed it")
        const notPaid = yield* run("resolve", file, lost, "--not-paid", ...versionOf(lost), ...decision)
        assert.match(notPaid.stdout, /✓ intended +nomina-2026-11-0004 /)
        const paid = yield* run("resolve", file, unseen, "--paid", made?.id ?? "", ...versionOf(unseen), ...decision)
        assert.match(paid.stdout, /✓ accepted +nomina-2026-11-0009 /)
        const again = yield* run("resolve", file, unseen, "--not-paid", ...versionOf(unseen), ...decision)
        assert.strictEqual(again.code, 1)
        assert.include(again.stderr, "(accepted, version ")

        const second = yield* run("pay", file)
        assert.strictEqual(rowsOf(second.stdout, "accepted"), 20, second.stdout)
        assert.strictEqual(second.code, 0)
        const references = (yield* simulator.ledger.payouts).map(({ reference }) => reference)
        assert.lengthOf(references, 20)
        assert.strictEqual(new Set(references).size, 20)
      })
    )
  )

  live(
    "fails while another process pays the same file",
    Effect.scoped(
      Effect.gen(function* () {
        const { file, run, simulator, start } = yield* setting(60)
        yield* simulator.fault({ operation: "payoutRequests.list", kind: Fault.hang(), rate: 1 })
        const child = start()
        yield* Effect.promise(() => once(child.stdout, "data"))
        const { code, stderr } = yield* run("pay", file)
        const closed = once(child, "close")
        child.kill("SIGKILL")
        // Until then Windows does not delete its files.
        yield* Effect.promise(() => closed)
        assert.strictEqual(code, 1)
        assert.match(stderr, /^The transfer journal .*payouts\.csv\.journal is in use by another process/)
      })
    )
  )

  live(
    "prints its usage",
    Effect.scoped(
      Effect.gen(function* () {
        const { file, run } = yield* setting(1)
        const { code, stdout } = yield* run("pay", file, "--yes")
        assert.include(stdout, "pay-from-csv: pays every line of a CSV file, once each")
        assert.strictEqual(code, 1)
        const decision = ["--by", "a", "--note", "b"]
        const helps = [
          [],
          ["pay"],
          ["reconcile"],
          ["sample"],
          ["sample", file, "many"],
          ["resolve", file, "r"],
          ["resolve", file, "r", "--not-paid", "--version", "1"],
          ["resolve", file, "r", "--version", "1", ...decision],
          ["resolve", file, "r", "--not-paid", ...decision],
          ["resolve", file, "r", "--not-paid", "--version", "soon", ...decision],
          ["resolve", file, "r", "--not-paid", "--paid", "p", "--version", "1", ...decision],
          ["resolve", file, "r", "--paid", "", "--version", "1", ...decision]
        ]
        for (const args of helps) assert.strictEqual(readCommand(args)._tag, "Help")
      })
    )
  )

  it("explains what it needs if no key is set", async () => {
    const { PALOMMA_API_KEY: _key, PALOMMA_BASE_URL: _url, ...env } = process.env
    const child = execFile(process.execPath, [...flags, "pay", "payouts.csv"], { env })
    let stderr = ""
    child.stderr?.on("data", (part: string) => (stderr += part))
    await once(child, "close")
    assert.match(stderr, /^PALOMMA_API_KEY is not set\.[^\n]+\n$/)
    assert.strictEqual(child.exitCode, 1)
  })
})
