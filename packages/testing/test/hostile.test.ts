import { assert, describe, it } from "@effect/vitest"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { request, type RequestOptions } from "node:http"
import { ana, call, get, overHttp, post, throughBothDoors } from "./support.ts"

const MiB = 1024 * 1024

describe("bodies that are too long", () => {
  throughBothDoors(
    "a body of a megabyte is read, and one that is a byte longer gets a 413 unread",
    Effect.gen(function* () {
      const { fault, ledger } = yield* PalommaSimulator
      const bare = Buffer.byteLength(JSON.stringify({ ...ana, reference: "" }))
      const sized = (size: number) => post("/customers", { ...ana, reference: "r".repeat(size - bare) })
      assert.include((yield* sized(MiB)).json.message, "reference: must be at most 200 characters")
      const seen = (yield* ledger.requests).length
      yield* fault({ kind: Fault.drop() })
      const answer = yield* sized(MiB + 1)
      assert.deepStrictEqual([answer.status, answer.json], [413, { message: "The body is longer than 1 MiB" }])
      assert.lengthOf(yield* ledger.requests, seen)
      yield* Effect.flip(get("/customers"))
      assert.strictEqual((yield* get("/customers")).status, 200)
    })
  )

  throughBothDoors(
    "the limit counts bytes",
    Effect.gen(function* () {
      assert.strictEqual((yield* post("/customers", { ...ana, name: "ñ".repeat(MiB / 2) })).status, 413)
    })
  )

  overHttp(
    "the connection of an endless body ends",
    Effect.gen(function* () {
      const { url } = yield* PalommaSimulator
      const chunk = Buffer.alloc(256 * 1024, "a")
      let written = 0
      const end = yield* Effect.callback<string>((resume) => {
        const sent = request(`${url}/customers`, { method: "POST" }, (response) => {
          sent.destroy()
          resume(Effect.succeed(String(response.statusCode)))
        })
        sent.on("error", (error: NodeJS.ErrnoException) => resume(Effect.succeed(String(error.code))))
        const write = (): void => {
          while (!sent.destroyed && sent.write(chunk)) written += chunk.length
          sent.once("drain", write)
        }
        write()
      })
      // The client sees one of these, depending on whether it is writing when the connection closes.
      assert.include(["413", "ECONNRESET", "EPIPE"], end)
      assert.isBelow(written, 64 * MiB)
      assert.strictEqual((yield* get("/customers")).status, 200)
    })
  )
})

interface Seen {
  readonly status: number | undefined
  readonly headers: ReadonlyArray<string>
  readonly text: string
}

// Fetch does not let a program set the Host header.
const ask = (url: string, options: RequestOptions) =>
  Effect.callback<Seen>((resume) => {
    const sent = request(url, options, (response) => {
      let text = ""
      response.on("data", (part: Buffer) => (text += part.toString()))
      const headers = Object.keys(response.headers)
      response.on("end", () => resume(Effect.succeed({ status: response.statusCode, headers, text })))
    })
    sent.end()
  })

describe("the API, requested by a web page", () => {
  overHttp(
    "never permits the page to read the response or to send a key",
    Effect.gen(function* () {
      const { apiKey, url } = yield* PalommaSimulator
      const headers = { origin: "https://shop.example", authorization: `Bearer ${apiKey}` }
      const answer = yield* ask(`${url}/customers`, { headers })
      const preflight = yield* ask(`${url}/payoutRequests`, {
        method: "OPTIONS",
        headers: { ...headers, "access-control-request-method": "POST" }
      })
      assert.deepStrictEqual([answer.status, preflight.status], [200, 404])
      for (const name of [...answer.headers, ...preflight.headers]) assert.notMatch(name, /^access-control-/)
    })
  )
})

describe("the controls, requested by a web page", () => {
  const statuses = (paths: ReadonlyArray<string>, headers: Readonly<Record<string, string>>) =>
    Effect.gen(function* () {
      const { url } = yield* PalommaSimulator
      const { origin } = new URL(url)
      const seen = yield* Effect.forEach(paths, (path) => ask(`${origin}${path}`, { headers }))
      return seen.map(({ status }) => status)
    })
  const controls = ["/_simulator/ledger", "/_simulator/docs", "/_simulator?a", "/_simulator/nothing"]
  const refused = [403, 403, 403, 403]
  const served = [200, 200, 404, 404]

  overHttp(
    "are rejected under a host name of another machine, as used in DNS rebinding",
    Effect.gen(function* () {
      for (const host of [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "a b"
      ]) {
        assert.deepStrictEqual([host, yield* statuses(controls, { host })], [host, refused])
      }
      const { port } = new URL((yield* PalommaSimulator).url)
      for (const host of ["localhost", `LocalHost:${port}`, `127.0.0.1:${port}`, "[::1]:80", "192.168.1.7"]) {
        assert.deepStrictEqual([host, yield* statuses(controls, { host })], [host, served])
      }
    })
  )

  overHttp(
    "are rejected for a page of another origin, and work for their own",
    Effect.gen(function* () {
      const { origin } = new URL((yield* PalommaSimulator).url)
      const { port } = new URL(origin)
      for (const foreign of ["https://evil.example", "http://localhost:1", `https://127.0.0.1:${port}`, "null", ""]) {
        assert.deepStrictEqual([foreign, yield* statuses(controls, { origin: foreign })], [foreign, refused])
      }
      assert.deepStrictEqual(yield* statuses(controls, { origin }), served)
    })
  )

  overHttp(
    "change nothing if they are rejected, and the message explains how to reach them",
    Effect.gen(function* () {
      const { ledger, url } = yield* PalommaSimulator
      const { origin } = new URL(url)
      const headers = { host: "evil.example", "content-type": "application/json" }
      const { text } = yield* ask(`${origin}/_simulator/payoutRequests`, { method: "POST", headers })
      assert.deepStrictEqual(JSON.parse(text), {
        message:
          "The controls refused this host or origin. Use localhost or an IP address, or add the name to allowedHosts."
      })
      assert.deepStrictEqual(yield* ledger.payouts, [])
    })
  )

  overHttp(
    "are separate from the API, which works under any host name",
    Effect.gen(function* () {
      const { apiKey } = yield* PalommaSimulator
      const headers = { host: "evil.example", authorization: `Bearer ${apiKey}` }
      assert.deepStrictEqual(yield* statuses(["/v0/customers", "/openapi.json"], headers), [200, 200])
    })
  )

  it.live("work under an allowed host name", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* statuses(controls, { host: "palomma.test:4010" }), served)
      assert.deepStrictEqual(yield* statuses(controls, { host: "other.test" }), refused)
    }).pipe(Effect.provide(layerServer({ allowedHosts: ["Palomma.test"] })))
  )
})

describe("controls with too large numbers", () => {
  it.live("are rejected with a message, and no fault is added", () =>
    Effect.gen(function* () {
      const { origin } = new URL((yield* PalommaSimulator).url)
      const cases: ReadonlyArray<readonly [path: string, body: object, message: string]> = [
        ["/webhooks/faults", { kind: "duplicate", copies: 1e9 }, "copies must be a whole number from 1 to 100"],
        ["/webhooks/faults", { kind: "reorder", by: 1e9 }, "by must be a whole number from 1 to 1000"],
        ["/faults", { kind: "drop", times: 1e9 }, "times must be a whole number from 1 to 1000000"],
        ["/faults", { kind: "drop", nth: -1 }, "nth must be a whole number from 1 to 1000000"],
        ["/faults", { kind: "drop", rate: 2 }, "rate must be a number from 0 to 1"]
      ]
      for (const [path, body, message] of cases) {
        const { json, status } = yield* call("POST", `${origin}/_simulator${path}`, body)
        assert.deepStrictEqual(
          [status, json],
          [400, { message: `PalommaSimulator got an invalid fault. Correct this: ${message}.` }]
        )
      }
      const { json, status } = yield* get("/customers?limit=1000000000")
      assert.deepStrictEqual([status, json.message], [400, "limit: must be a whole number from 1 to 100"])
      assert.strictEqual((yield* get("/customers")).status, 200)
    }).pipe(Effect.provide(Layer.merge(layerServer(), FetchHttpClient.layer)))
  )
})
