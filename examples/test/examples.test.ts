// Runs the examples as their user does: as a process with output, exit code and environment variables.
import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { once } from "node:events"
import { connect, createServer } from "node:net"
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

/** Gives a port on which nothing listens. A connection from it keeps it, so that no other program listens there. */
const withClosedPort = async <A>(use: (port: number | undefined) => Promise<A>): Promise<A> => {
  const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const keeper = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1")
  await once(keeper, "connect")
  try {
    return await use(keeper.localPort)
  } finally {
    keeper.destroy()
    server.close()
  }
}

/** Replaces ids and ports, which differ in each run, by `…`. */
const steady = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line) => line.replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "…").replace(/127\.0\.0\.1:\d+/, "127.0.0.1:…"))

describe.concurrent("the demo", () => {
  it("pays once, and shows what a second call does", async () => {
    const { code, lines, stderr } = await run("first-payout.ts")
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
      "Calling it again",
      "✓ same      nothing was sent            …",
      "",
      "✗ another amount      TransferConflict",
      '  Payout "refund-…": the journal has this reference with',
      "  another account, amount or merchant account (record …). This",
      "  call sent nothing. Find out which content is right.",
      "",
      "✗ an amount of 900    PalommaInvalidInput  outcome: not-sent",
      "  Payouts.send: the input is invalid. Nothing was sent. Correct this: amount: must be a",
      "  whole number of pesos (never cents) above 1.000 and at most 5.000.000"
    ])
    const [, , , , , paid, , , , again] = lines
    assert.strictEqual(again?.split(" ").at(-1), paid?.split(" ").at(-1))
    assert.strictEqual(code, 0)
  })

  const refused = async (env: Record<string, string>, ...words: ReadonlyArray<string>) => {
    const { code, lines, stderr } = await run("first-payout.ts", env)
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
    const { code, stderr } = await withClosedPort((port) =>
      run("first-payout.ts", { PALOMMA_API_KEY: "a-key", PALOMMA_BASE_URL: `http://127.0.0.1:${port}/v0` })
    )
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

  it("recurring-debits.ts charges what is owed, once, and lists the debits that a person must look at", async () => {
    const { code, lines, stderr } = await run("recurring-debits.ts")
    assert.strictEqual(stderr, "")
    const output = lines.filter((line) => !/WARN|ERROR/.test(line))
    const at = (title: string, end: string) =>
      output.slice(output.indexOf(title) + 1, output.indexOf(end) - 1).toSorted()
    const inDoubt = "! person    fee-2026-11-luis-1          in doubt"
    assert.deepStrictEqual(at("1 November", "1 November, again"), [
      "! failed    fee-2026-11-luis-1          TransferOutcomeUnknown",
      inDoubt,
      "✓ charged   fee-2026-11-ana-1           $ 90.000 COP",
      "✓ charged   fee-2026-11-maria-1         $ 90.000 COP",
      "✓ charged   fee-2026-11-sofia-1         $ 90.000 COP",
      "✓ charged   fee-2026-11-tomas-1         $ 90.000 COP"
    ])
    assert.deepStrictEqual(at("1 November, again", "6 November"), [inDoubt])
    // Without the fee whose cancelled debit was approved after all.
    assert.deepStrictEqual(output.slice(output.indexOf("6 November") + 1).toSorted(), [
      inDoubt,
      "! person    fee-2026-11-maria-1         changed-final",
      "✓ charged   fee-2026-11-sofia-2         $ 60.000 COP",
      "✓ charged   fee-2026-11-tomas-2         $ 90.000 COP"
    ])
    assert.strictEqual(code, 0)
  })

  it("form.ts prints the problems of a form in Spanish, and the request of a corrected one", async () => {
    const { code, lines, stderr } = await run("form.ts")
    assert.strictEqual(stderr, "")
    assert.deepStrictEqual(lines, [
      "",
      "What a person typed",
      "! documentNumber  debe ser un NIT con su dígito de verificación, como 890.903.938-8; revise cada dígito",
      "! email           debe ser un correo electrónico, como ana@example.com",
      "! phoneNumber     debe ser un celular colombiano de diez dígitos, que empiece por 3",
      "",
      "Corrected: the input of Customers.create",
      "✓ document  890903938",
      "✓ phone     3013111111",
      "",
      "An amount",
      "! 50.00     debe ser un valor en pesos enteros, sin centavos, como 50000 o 50.000",
      "! 1.000     debe ser un valor en pesos enteros, sin centavos: más de $ 1.000 y máximo $ 5.000.000",
      "✓ $ 50.000  $ 50.000 COP"
    ])
    assert.strictEqual(code, 0)
  })

  it("checkout.ts shows one link per order, marks it as paid once, and notices a second payment", async () => {
    const { code, lines, stderr } = await run("checkout.ts")
    assert.strictEqual(stderr, "")
    assert.deepStrictEqual(lines, [
      "",
      "One link per order",
      "✓ link      order-4711, $ 80.000 COP    found, after a create with the outcome unknown; at Palomma: 1",
      "✓ link      order-4712, $ 35.000 COP    two processes show the same; at Palomma: 2",
      "",
      "One payment per order",
      "✓ redirect  https://shop.example/thanks  not paid: processing",
      "✓ webhook   payin-link.update           not paid: processing",
      "✓ webhook   payin-link.update           paid",
      "✓ webhook   payin-link.update           paid-twice"
    ])
    assert.strictEqual(code, 0)
  })

  it("payroll.ts pays 10,000 rows once each, although the first run stops", async () => {
    const { code, lines, stderr } = await run("payroll.ts")
    assert.strictEqual(stderr, "")
    const line = (start: string, from: number) => lines.slice(from).find((text) => text.startsWith(start))
    const second = lines.indexOf("Second run")
    const [, accepted, skipped] =
      /^(\d+) accepted, 2 failed, (\d+) skipped$/.exec(line("✓ run", 0)?.slice(12) ?? "") ?? []
    assert.strictEqual(Number(accepted) + Number(skipped), 9_998)
    assert.isAtLeast(Number(skipped), 4_990)
    assert.match(line("✓ no row", 0) ?? "", new RegExp(`^✓ no row {2,}${skipped} rows {10,}\\$ [\\d.]+ COP$`))
    assert.match(line("✓ rejected", 0) ?? "", /^✓ rejected {2}2 rows +\$ 3\.000\.000 COP$/)
    assert.include(lines.slice(0, second).join("\n"), "! failed    salary-2026-11-00007        TransferRejected")
    assert.deepStrictEqual(lines.slice(second), [
      "Second run",
      "✓ run       10000 accepted, 0 failed, 0 skipped",
      "✓ accepted  10000 rows                  $ 15.000.000.000 COP",
      "Palomma has 10000 payouts of 10000 references."
    ])
    assert.strictEqual(code, 0)
  })

  it("print in colour if they are asked to", async () => {
    const { code, lines, stderr } = await run("receive-a-webhook.ts", { NO_COLOR: undefined, FORCE_COLOR: "1" })
    assert.strictEqual(stderr, "")
    const moved = lines.filter((line) => line.includes("payout    "))
    assert.include(moved[0], "\u001b[32m✓")
    assert.match(moved.map(stripVTControlCharacters)[0] ?? "", /^✓ payout {4}\$ 50\.000 COP /)
    assert.strictEqual(code, 0)
  })
})
