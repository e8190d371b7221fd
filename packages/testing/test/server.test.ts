import { assert, describe, it } from "@effect/vitest"
import { PalommaApi, PayoutRequest } from "@palomma-effect/schema"
import { Fault, type Operation, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ServeError } from "effect/http/HttpServerError"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { messageOf, readArguments } from "../src/internal/cli.ts"
import { assertHas, call, customer, get, overHttp, pay, post, target } from "./support.ts"

const here = import.meta.dirname
const bin = join(here, "../src/bin.ts")

interface Command {
  readonly process: ChildProcess
  readonly output: string
  readonly origin: string
}

// Starts the command, and waits until it prints its address.
const command = (...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.callback<Command>((resume) => {
      const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "inherit"] })
      let output = ""
      child.stdout.on("data", (part: Buffer) => {
        output += part.toString()
        const [, origin] = /API\s+(http:\/\/[^/]+)\/v0/.exec(output) ?? []
        if (origin !== undefined && output.includes("Webhooks"))
          resume(Effect.succeed({ process: child, output, origin }))
      })
    }),
    ({ process: child }) =>
      Effect.callback<void>((resume) => {
        if (child.exitCode !== null) return resume(Effect.void)
        child.on("exit", () => resume(Effect.void))
        child.kill("SIGTERM")
      })
  )

// Runs the command to its end.
const ended = (args: ReadonlyArray<string>) =>
  new Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [bin, ...args])
    const output = { stdout: "", stderr: "" }
    child.stdout.on("data", (part: Buffer) => (output.stdout += part.toString()))
    child.stderr.on("data", (part: Buffer) => (output.stderr += part.toString()))
    child.on("close", (status) => resolve({ status, ...output }))
  })

const tools = ["bash", "curl", "openssl", "sed", "base64"]
// The program called bash on Windows may be another system, with a different address.
const isWindows = process.platform === "win32"
const missing = isWindows ? tools : tools.filter((tool) => spawnSync(tool, ["--help"]).error !== undefined)
if (missing.length > 0) console.log(`The README's shell commands are not run: there is no ${missing.join(", ")} here.`)

/** The README's commands. A comment `# => text` becomes a check of the command's output. */
const script = (origin: string): string => {
  const readme = readFileSync(join(here, "../README.md"), "utf8")
  const commands = [...readme.matchAll(/```sh curl\n([^]*?)```/g)].map(([, text = ""]) => text).join("\n")
  assert.isAbove(commands.split("# =>").length, 8)
  const checked = commands.replace(
    /^(.*?) # => (.*)$/gm,
    (line, run: string, shown: string) =>
      `out=$(${run}); [ "$out" = '${shown}' ] || { echo "$out, not:" ${JSON.stringify(line)}; exit 1; }`
  )
  return `set -euo pipefail\n${checked.replaceAll("http://127.0.0.1:8080", origin)}\necho "all done"\n`
}

// On Windows a signal ends a process immediately.
if (isWindows) console.log("Windows has no SIGINT: that the command stops with exit code 0 is not tested.")

describe("the command palomma-simulator", () => {
  it.live.skipIf(missing.length > 0)("works with curl alone, as the README describes", () =>
    Effect.gen(function* () {
      const { origin } = yield* command("--require-verification")
      assert.include(execFileSync("bash", ["-c", script(origin)], { encoding: "utf8" }), "all done")
    })
  )

  it.live("prints its address, reads its options, and stops on a signal", () =>
    Effect.gen(function* () {
      const started = yield* command(
        "--api-key",
        "my-key",
        "--seed",
        "1",
        "--integrity-key",
        "k",
        "--processing-time",
        "1ms"
      )
      assert.include(started.output, "Bearer my-key")
      const answer = yield* Effect.promise(() =>
        fetch(`${started.origin}/v0/customers`, { headers: { authorization: "Bearer my-key" } })
      )
      assert.strictEqual(answer.status, 200)
      const code = yield* Effect.callback<number | null>((resume) => {
        started.process.on("exit", (exit) => resume(Effect.succeed(exit)))
        started.process.kill("SIGINT")
      })
      if (!isWindows) assert.strictEqual(code, 0)
    })
  )

  it.effect.each([
    [["--port", "many"], "--port must be a number from 0 to 65535. Run with --help to see all options."],
    [["--port=-1"], "--port must be a number from 0 to 65535. Run with --help to see all options."],
    [["--fault-rate", "2"], "--fault-rate must be a number from 0 to 1. Run with --help to see all options."],
    [
      ["--processing-time", "soon"],
      "--processing-time must be a time such as 2s or 500ms. Run with --help to see all options."
    ],
    ...["nowhere", "ftp://127.0.0.1/"].map(
      (url) =>
        [
          ["--webhook-url", url],
          "--webhook-url must be a URL that begins with http:// or https://. Run with --help to see all options."
        ] as const
    ),
    // A shell passes these for a variable that is not set.
    [["--port="], "--port must be a number from 0 to 65535. Run with --help to see all options."],
    [["--fault-rate="], "--fault-rate must be a number from 0 to 1. Run with --help to see all options."],
    [["--api-key="], "--api-key must be printable ASCII without spaces. Run with --help to see all options."],
    [["--api-key", "a key"], "--api-key must be printable ASCII without spaces. Run with --help to see all options."],
    [
      ["--integrity-key="],
      "--integrity-key must be a text of at least one character. Run with --help to see all options."
    ],
    [["--host="], "--host must be an IP address or a host name. Run with --help to see all options."],
    [
      ["--allow-host", "palomma", "--allow-host="],
      "--allow-host must be a host name. Run with --help to see all options."
    ],
    [["--colour"], "Unknown option '--colour'. Run with --help to see all options."]
  ] as const)("rejects %j with one line", ([args, line]) =>
    Effect.gen(function* () {
      assert.strictEqual(messageOf(yield* Effect.flip(readArguments(args))), line)
    })
  )

  it.effect("reads every option", () =>
    Effect.gen(function* () {
      const line =
        "--port 8080 --host ::1 --allow-host palomma --allow-host p --api-key k --processing-time 1.5s --require-verification --fault-rate 0.1 --seed s " +
        "--webhook-url http://localhost:9090 --integrity-key i"
      const { processingTime, ...read } = (yield* readArguments(line.split(" "))) ?? { processingTime: 0 }
      assert.deepStrictEqual(read, {
        port: 8080,
        host: "::1",
        allowedHosts: ["palomma", "p"],
        apiKey: "k",
        requireTargetVerification: true,
        faultRate: 0.1,
        seed: "s",
        webhookUrl: "http://localhost:9090",
        integrityKey: "i"
      })
      assert.strictEqual(Duration.toMillis(processingTime ?? 0), 1_500)
    })
  )

  it.live("ends with exit code 1 and one line if it cannot start", () =>
    Effect.gen(function* () {
      const { url } = yield* PalommaSimulator
      const { stderr, status } = yield* Effect.promise(() => ended(["--port", new URL(url).port]))
      assert.deepStrictEqual(
        [status, stderr],
        [1, "The port is in use. Choose another one with --port, or omit --port to use any free port.\n"]
      )
    }).pipe(Effect.provide(layerServer()))
  )

  it("prints why it cannot listen on an address that this machine does not have", async () => {
    const { status, stderr } = await ended(["--host", "203.0.113.7"])
    assert.deepStrictEqual(
      [status, stderr],
      [1, "This machine does not have the address of --host. Use 127.0.0.1, or 0.0.0.0 for all its addresses.\n"]
    )
  })

  it.each([
    ["EACCES", /^This user may not listen on the port\..*--port\.$/],
    ["ENOTFOUND", /^The name of --host is unknown\./],
    ["EAI_AGAIN", /^The name of --host could not be looked up\./],
    ["EMFILE", /^The simulator could not listen \(EMFILE\)\. Check --host and --port\.$/]
  ])("prints what to do after %s", (code, line) => {
    assert.match(messageOf(new ServeError({ cause: Object.assign(new Error(), { code }) })), line)
  })

  it("describes every option with --help", async () => {
    const { status, stdout } = await ended(["--help"])
    assert.strictEqual(status, 0)
    for (const option of [
      "port",
      "host",
      "allow-host",
      "api-key",
      "processing-time",
      "require-verification",
      "fault-rate",
      "seed",
      "webhook-url",
      "integrity-key"
    ]) {
      assert.include(stdout, `--${option} `)
    }
    for (const value of ["any free port", "127.0.0.1", "sim-key", "webhooks are not sent", "sim-integrity-key"]) {
      assert.include(stdout, `default: ${value}`)
    }
  })
})

const origin = Effect.map(PalommaSimulator, ({ url }) => new URL(url).origin)

const control = (method: "GET" | "POST" | "DELETE", path: string, body: unknown = {}) =>
  Effect.flatMap(origin, (at) => call(method, `${at}/_simulator${path}`, body))

describe("beside the API", () => {
  overHttp(
    "serves a page for people and a document for programs, which name only this server",
    Effect.gen(function* () {
      const at = yield* origin
      for (const path of ["/docs", "/_simulator/docs"]) {
        const page = yield* get(`${at}${path}`)
        assert.deepStrictEqual([page.status, page.text.slice(0, 15)], [200, "<!doctype html>"])
        assert.notMatch(page.text, /<script[^>]+src=/)
      }
      const document = JSON.parse((yield* get(`${at}/openapi.json`)).text)
      const contract = OpenApi.fromApi(PalommaApi)
      assert.deepStrictEqual(Object.keys(document.paths), Object.keys(contract.paths))
      assert.deepStrictEqual(
        document.servers.map(({ url }: { readonly url: string }) => url),
        ["/v0"]
      )
    })
  )

  overHttp(
    "every control can be called, and each error is one message",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const account = yield* target
      const payout = (yield* pay(account, "r-1")).json.id
      const changed = yield* control("POST", `/payoutRequests/${payout}/status`, {
        status: "cancelled",
        statusMessage: "ERROR"
      })
      assert.strictEqual(Schema.decodeUnknownSync(PayoutRequest)(JSON.parse(changed.text)).status, "cancelled")
      assert.strictEqual(
        (yield* control("POST", `/payoutTargets/${account}/status`, { status: "cancelled" })).json.status,
        "cancelled"
      )
      assert.deepStrictEqual<unknown>(
        (yield* control("POST", "/payoutRequests/01HPR/status", { status: "approved" })).json,
        {
          message: "The simulator has no payout request 01HPR. Use an id or a URL that this simulator returned."
        }
      )
      assert.strictEqual((yield* control("POST", `/payoutRequests/${payout}/status`, {})).status, 400)

      const source = yield* simulator.addPayinSource()
      assert.strictEqual(
        (yield* control("POST", `/payinSources/${source.id}/status`, { status: "active" })).status,
        200
      )
      const payin = (yield* post("/payinRequests", { payinSourceId: source.id, amount: 20_000 })).json.id
      yield* control("POST", `/payinRequests/${payin}/status`, { status: "partial", amountCollected: 5_000 })
      const body = {
        customerId: yield* customer,
        redirectUrl: "https://e.co",
        type: "bancolombiaButton",
        amount: 20_000
      }
      const link = (yield* post("/payinLinks", body)).json.id
      yield* control("POST", `/payinLinks/${link}/status`, { status: "approved" })
      assertHas((yield* control("POST", "/merchantAccounts/default/settle")).json, {
        totalAmountCollected: 25_000
      })
      assert.strictEqual((yield* control("POST", "/merchantAccounts/default/settle")).status, 404)
      assert.strictEqual((yield* control("POST", "/merchantAccounts/default/balance", { amount: 7 })).status, 204)
      assert.strictEqual((yield* get("/merchantAccounts/default")).json.availableBalance, 7)

      const events: ReadonlyArray<{ readonly webhookId: string }> = JSON.parse(
        (yield* control("GET", "/webhooks")).text
      )
      assert.lengthOf(events, 6)
      assert.lengthOf(JSON.parse((yield* control("POST", "/webhooks/take")).text), 6)
      yield* control("POST", `/webhooks/${events[0]?.webhookId}/redeliver`)
      assert.strictEqual((yield* control("POST", "/webhooks/01HPR/redeliver")).status, 404)
      yield* control("POST", "/webhooks/faults", { kind: "lose" })
      yield* control("POST", `/payoutRequests/${payout}/status`, { status: "approved" })
      assert.lengthOf(JSON.parse((yield* control("POST", "/webhooks/take")).text), 1)

      const ledger = JSON.parse((yield* control("GET", "/ledger")).text)
      assertHas(ledger, { totalPaid: 50_000, payouts: [{ reference: "r-1", status: "approved" }] })
      assert.include(
        ledger.requests.map(({ operation }: { readonly operation: Operation }) => operation),
        "payinLinks.create"
      )
      assert.notInclude(JSON.stringify(ledger), "sim-key")
    })
  )

  overHttp(
    "actions in the dashboard and returned payouts have a control",
    Effect.gen(function* () {
      const { ledger } = yield* PalommaSimulator
      const added = yield* control("POST", "/payoutRequests", { reference: "r-1", amount: 70, status: "approved" })
      assertHas(added.json, { reference: "r-1", amount: 70, status: "approved" })
      const back = { status: "returned" }
      assertHas((yield* control("POST", `/payoutRequests/${added.json.id}/return`, back)).json, back)
      assert.strictEqual((yield* control("POST", "/payoutRequests/01HPR/return")).status, 404)
      assert.strictEqual(
        (yield* control("POST", `/payoutRequests/${added.json.id}/return`, { status: "approved" })).status,
        400
      )
      yield* control("POST", "/payinRequests", { reference: "r-2", status: "partial", amountCollected: 5 })
      assertHas(yield* ledger.payinsByReference("r-2"), [{ amountCollected: 5 }])
      const printed = JSON.parse((yield* control("GET", "/ledger")).text)
      assertHas(printed, { payouts: [{ reference: "r-1" }], payins: [{ reference: "r-2" }] })
    })
  )

  overHttp(
    "every fault has a name, and accepts the options of its constructor",
    Effect.gen(function* () {
      const list = Effect.map(Effect.exit(get("/customers")), (exit) =>
        exit._tag === "Success" ? `${exit.value.status} ${exit.value.text}` : "no answer"
      )
      const struck = (fault: object) =>
        Effect.gen(function* () {
          assert.strictEqual((yield* control("POST", "/faults", fault)).status, 204)
          return yield* list
        })
      const none = '200 {"items":[],"cursor":null,"count":0}'
      assert.strictEqual(yield* struck({ kind: "respond", status: 503, body: "busy" }), "503 busy")
      assert.strictEqual(
        yield* struck({ kind: "respond", status: 418, body: { message: "tea" } }),
        '418 {"message":"tea"}'
      )
      assert.match(yield* struck({ kind: "rateLimited", retryAfter: 3 }), /^429/)
      assert.match(yield* struck({ kind: "notJson" }), /^200 <html>/)
      for (const kind of ["refuse", "drop", "commitThenDrop", "cut"])
        assert.strictEqual(yield* struck({ kind }), "no answer")
      assert.strictEqual(yield* struck({ kind: "slow", by: "1 millis" }), none)
      assert.strictEqual(yield* struck({ kind: "slow", by: 1, takesEffect: "after" }), none)
      assert.include(yield* struck({ kind: "rewrite", field: "count", value: 7 }), '"count":7')
      assert.strictEqual(yield* struck({ kind: "lag", by: "1 hour", operation: "customers.list" }), none)
      yield* customer
      assert.include(yield* struck({ kind: "transform", field: "name", as: { cut: 3 } }), '"name":"Ana"')
      assert.include(yield* struck({ kind: "insertItem", item: null }), '"items":[null,{')
      assert.include(yield* struck({ kind: "ignoreFilters", filters: ["reference"] }), '"count":1')
      assert.notInclude(yield* struck({ kind: "repeatRecord" }), '"cursor":null')
      assert.notInclude(yield* struck({ kind: "endlessCursor", pages: "repeated" }), '"cursor":null')
      const faults = [
        { kind: "rewrite", field: "name", value: "Eva", item: 0 },
        { kind: "lag", by: 0, filter: "reference" },
        { kind: "transform", field: "name", as: "upper-case" }
      ]
      const operation = ["customers.list", "customers.get"]
      assert.include(yield* struck({ kind: "all", faults, operation }), '"name":"EVA"')
      assert.include(yield* struck({ kind: "drop", operation: "customers.get" }), '"count":1')
      yield* control("POST", "/faults", { kind: "hang", at: "before", rate: 1 })
      yield* control("DELETE", "/faults")
      assert.include(yield* list, '"count":1')
      for (const wrong of [
        { kind: "explode" },
        { kind: "respond" },
        { kind: "drop", operation: "customers.delete" },
        { kind: "transform", field: "name", as: "shout" },
        { kind: "all", faults: [{ kind: "drop" }] },
        {}
      ]) {
        assert.strictEqual((yield* control("POST", "/faults", wrong)).status, 400)
      }
    })
  )

  overHttp(
    "a fault with an unknown name is refused with that name and the most similar one",
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [path: string, body: object, problem: string]> = [
        ["/faults", { kind: "drop", nht: 3 }, 'unknown field "nht"; did you mean "nth"? (the fields are operation, '],
        ["/faults", { kind: "drp" }, 'unknown kind "drp"; did you mean "drop"? (the kinds are respond, rateLimited, '],
        ["/faults", { kind: "all", faults: [{ kind: "rewrite", feild: "a" }] }, 'unknown field "feild"; did you mean '],
        ["/faults", { kind: "all", faults: [{ kind: "lagg" }] }, 'unknown kind "lagg"; did you mean "lag"?'],
        ["/webhooks/faults", { kind: "loose" }, 'unknown kind "loose"; did you mean "lose"? (the kinds are lose, '],
        ["/webhooks/faults", { kind: "lose", tims: 2 }, 'unknown field "tims"; did you mean "times"?']
      ]
      for (const [path, body, problem] of cases) {
        const { json, status } = yield* control("POST", path, body)
        assert.strictEqual(status, 400)
        assert.isTrue(
          json.message.startsWith(`PalommaSimulator got an invalid fault. Correct this: ${problem}`),
          json.message
        )
      }
      assert.strictEqual((yield* control("GET", "/faults")).text, "[]")
    })
  )

  overHttp(
    "the faults that are still armed are listed, until they have happened",
    Effect.gen(function* () {
      yield* control("POST", "/faults", { kind: "commitThenDrop", operation: "customers.list", nth: 2 })
      yield* control("POST", "/faults", { kind: "slow", by: 1, containing: "never" })
      yield* (yield* PalommaSimulator).fault({ kind: [Fault.refuse, Fault.drop()], operation: "customers.get" })
      yield* control("POST", "/webhooks/faults", { kind: "lose", eventType: "payout-request.update" })
      yield* get("/customers")
      const armed = [
        { kinds: ["commitThenDrop"], operation: "customers.list", nth: 2, calls: 1, fired: 0 },
        { kinds: ["slow"], containing: "never", calls: 0, fired: 0 },
        { kinds: ["refuse", "drop"], operation: "customers.get", calls: 0, fired: 0 }
      ]
      assert.deepStrictEqual(JSON.parse((yield* control("GET", "/faults")).text), armed)
      yield* Effect.exit(get("/customers"))
      assert.deepStrictEqual(JSON.parse((yield* control("GET", "/faults")).text), armed.slice(1))
      assert.deepStrictEqual(JSON.parse((yield* control("GET", "/webhooks/faults")).text), [
        { kinds: ["lose"], eventType: "payout-request.update", calls: 0, fired: 0 }
      ])
    })
  )
})
