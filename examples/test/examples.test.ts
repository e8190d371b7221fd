// Runs the examples as their user does: as a process with output, exit code and environment variables.
import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"

interface Ended {
  readonly code: number
  readonly lines: ReadonlyArray<string>
  readonly stderr: string
}

const run = (example: string, env: Record<string, string | undefined> = {}): Promise<Ended> => {
  const { PALOMMA_API_KEY: _key, PALOMMA_BASE_URL: _url, PALOMMA_ENVIRONMENT: _environment, ...rest } = process.env
  const options = { env: { ...rest, FORCE_COLOR: undefined, NO_COLOR: "1", ...env }, timeout: 240_000 }
  return new Promise((resolve) => {
    const file = join(import.meta.dirname, "../src", example)
    const child = execFile(process.execPath, [file], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, lines: stdout.trimEnd().split("\n"), stderr })
    })
  })
}

/** A port on which nothing listens. */
const closedPort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Replaces ids and ports, which differ in each run, by `…`. */
const steady = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line) => line.replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "…").replace(/127\.0\.0\.1:\d+/, "127.0.0.1:…"))

describe.concurrent("the demo", () => {
  it("pays, and prints the errors of three mistakes", async () => {
    const { code, lines, stderr } = await run("pay-a-bank-account.ts")
    assert.strictEqual(stderr, "")
    assert.deepStrictEqual(steady(lines), [
      "Using a simulated Palomma, http://127.0.0.1:…/v0",
      "",
      "Paying a Nequi account",
      "✓ customer  Ana María Rojas             …",
      "✓ account   Nequi, active               …",
      "✓ payout    $ 50.000 COP, accepted      …",
      "✓ payout    $ 50.000 COP, approved",
      "",
      "What can go wrong, and which error your program gets",
      "",
      "✗ an amount of 900    PalommaInvalidInput  outcome: not-sent",
      "  Payouts.send: the input is invalid. Nothing was sent. Correct it: amount: must be a",
      "  whole number of pesos (never cents) above 1.000 and at most 5.000.000",
      "",
      "✗ an unknown bank     PalommaInvalidInput  outcome: not-sent",
      "  PayoutTargets.create: the input is invalid. Nothing was sent. Correct it:",
      '  bankAccount.bank: must be a bank that Palomma pays out to; did you mean "bancolombia"?',
      "",
      "✗ a wrong key         PalommaUnauthorized  outcome: rejected",
      '  PayoutRequests.create: Palomma answered 401: "The API key is missing or not valid".',
      "  The request had no effect. Check that the API key is valid and belongs to this",
      "  environment, then try again.",
      "",
      "not-sent, rejected: no money moved. unknown: it may have moved; Payouts looks it up."
    ])
    assert.strictEqual(code, 0)
  })

  const refused = async (env: Record<string, string>, ...words: ReadonlyArray<string>) => {
    const { code, lines, stderr } = await run("pay-a-bank-account.ts", env)
    assert.deepStrictEqual(lines, [""])
    assert.match(stderr, /^[^\n]+\n$/)
    for (const word of words) assert.include(stderr, word)
    assert.strictEqual(code, 1)
    return stderr
  }

  it("does not run in production", async () => {
    await refused({ PALOMMA_ENVIRONMENT: "production" }, "PALOMMA_ENVIRONMENT is production")
  })

  it("runs only against this machine and the sandbox", async () => {
    const baseUrl = "https://api.palomma.invalid/v0"
    await refused({ PALOMMA_API_KEY: "a-key", PALOMMA_BASE_URL: baseUrl }, baseUrl, "runs only against")
  })

  it("names a missing or malformed variable, and never prints its value", async () => {
    const secret = "sécret 01HPR8QBF5"
    const stderr = await refused(
      { PALOMMA_API_KEY: secret, PALOMMA_BASE_URL: "http://example.com" },
      "PALOMMA_API_KEY",
      "PALOMMA_BASE_URL"
    )
    for (const word of [...secret.split(" "), "example.com"]) assert.notInclude(stderr, word)
    await refused({ PALOMMA_BASE_URL: "http://127.0.0.1:40000/v0" }, "PALOMMA_API_KEY", "is not set")
  })

  it("prints in one line why the sandbox cannot be reached", async () => {
    const env = { PALOMMA_API_KEY: "a-key", PALOMMA_BASE_URL: `http://127.0.0.1:${await closedPort()}/v0` }
    const { code, stderr } = await run("pay-a-bank-account.ts", env)
    assert.match(stderr, /^Customers\.create: no response from Palomma[^\n]+Nothing was sent\.[^\n]+Try again\.\n$/)
    assert.strictEqual(code, 1)
  })
})

describe.concurrent("the other examples", () => {
  it("receive-a-webhook.ts updates a payout and a debit to their final status", async () => {
    const { code, lines, stderr } = await run("receive-a-webhook.ts")
    assert.strictEqual(stderr, "")
    assert.deepStrictEqual(
      lines.filter((line) => !line.includes("WARN")),
      [
        "",
        "A payout and a debit, and the webhooks about their final status",
        "✓ payout    $ 50.000 COP                in the journal: accepted",
        "✓ debit     $ 20.000 COP                in the journal: accepted",
        "✓ forged    payout-request.update       answered 401: accepted, accepted",
        "✓ webhook   payout-request.update       answered 200: approved, accepted",
        "✓ again     payout-request.update       answered 200: handled before",
        "✓ forged    payin-request.update        answered 401: approved, accepted",
        "✓ webhook   payin-request.update        answered 200: approved, approved",
        "✓ again     payin-request.update        answered 200: handled before"
      ]
    )
    assert.strictEqual(code, 0)
  })

  it("recurring-debit.ts charges every customer once, and lists the debits in manual review", async () => {
    const { code, lines, stderr } = await run("recurring-debit.ts")
    assert.strictEqual(stderr, "")
    const charged = [
      "! failed    fee-2026-11-luis            TransferOutcomeUnknown",
      "✓ accepted  fee-2026-11-ana",
      "✓ accepted  fee-2026-11-sofia"
    ]
    const output = lines.filter((line) => !line.includes("WARN"))
    assert.deepStrictEqual([output[1], ...output.slice(2, 5).toSorted()], ["November", ...charged])
    assert.deepStrictEqual([output[6], ...output.slice(7, 10).toSorted()], ["Run again", ...charged])
    assert.deepStrictEqual(output.slice(11), [
      "Final status",
      "✓ approved  fee-2026-11-ana             $ 90.000 COP",
      "! partial   fee-2026-11-sofia           $ 60.000 COP are left to collect",
      "! review    fee-2026-11-luis            ask Palomma, then resolve version 3"
    ])
    assert.strictEqual(code, 0)
  })

  it("replace-by-a-layer.ts runs with three Palommas, in colour if it is asked to", async () => {
    const { code, lines, stderr } = await run("replace-by-a-layer.ts", { NO_COLOR: undefined, FORCE_COLOR: "1" })
    assert.strictEqual(stderr, "")
    assert.include(lines[2], "\u001b[32m✓")
    assert.deepStrictEqual(lines.map(stripVTControlCharacters), [
      "",
      "One program, three Palommas",
      "✓ memory    $ 50.000 COP: approved",
      "✓ http      $ 50.000 COP: approved",
      "✓ doubles   $ 50.000 COP: approved"
    ])
    assert.strictEqual(code, 0)
  })
})
