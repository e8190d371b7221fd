/**
 * The hosts that requests are sent to, and those that they are never sent to.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Palomma, PalommaInvalidInput } from "@palomma-effect/client"
import type { InputProblem } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as BaseUrl from "../src/internal/options/baseUrl.ts"
import { endpointOf, getPayout, over } from "./support/layers.ts"
import { stub } from "./support/stub.ts"

const target = endpointOf

const urlOf = (options: Partial<Palomma.PalommaOptions>) =>
  Effect.gen(function* () {
    const palomma = stub({ status: 403 })
    yield* Effect.flip(Effect.provide(getPayout, over(palomma, options)))
    return palomma.requests[0]?.url.href
  })

const codes = (problems: ReadonlyArray<InputProblem>) => problems.map(({ code, field }) => `${field} ${code}`)

describe("the base URL", () => {
  it.effect("is that of the sandbox by default", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* urlOf({}), "https://sandbox.api.palomma.com/v0/payoutRequests/01H")
      assert.strictEqual(
        yield* urlOf({ environment: "sandbox" }),
        "https://sandbox.api.palomma.com/v0/payoutRequests/01H"
      )
      assert.strictEqual(
        yield* urlOf({ environment: undefined }),
        "https://sandbox.api.palomma.com/v0/payoutRequests/01H"
      )
      assert.strictEqual(yield* urlOf({ environment: "production" }), "https://api.palomma.com/v0/payoutRequests/01H")
    })
  )

  it.effect.each([
    ["https://prod.api.palomma.com/v0", "https://prod.api.palomma.com/v0"],
    ["https://prod.api.palomma.com/v0/", "https://prod.api.palomma.com/v0"],
    ["https://gateway.example:8443/a/b///", "https://gateway.example:8443/a/b"],
    ["https://gateway.example", "https://gateway.example"],
    ["HTTPS://GATEWAY.EXAMPLE/V0", "https://gateway.example/V0"],
    ["https:\\\\gateway.example\\v0", "https://gateway.example/v0"],
    ["https://gate\nway.example/a/../v0", "https://gateway.example/v0"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://localhost", "http://localhost"],
    ["http://127.0.0.1:3000/v0", "http://127.0.0.1:3000/v0"],
    ["http://127.8.9.10", "http://127.8.9.10"],
    ["http://[::1]:3000", "http://[::1]:3000"]
  ] as const)("may be %s", ([baseUrl, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* urlOf({ baseUrl }), `${expected}/payoutRequests/01H`)
    })
  )

  const refused = [
    "http://api.palomma.com/v0",
    "http://sandbox.api.palomma.com",
    "http://localhost.evil.com",
    "http://127.0.0.1.evil.com",
    "http://evil.com/localhost",
    "http://localhost@evil.com",
    "http://evil.com#localhost",
    "http://evil.com?localhost",
    "http://10.0.0.1",
    "http://192.168.0.1",
    "http://0.0.0.0",
    "http://[::]",
    "http://[::ffff:10.0.0.1]",
    "http://128.0.0.1",
    "http://1270.0.0.1",
    "http://notlocalhost",
    "http://localhost.",
    "http://xlocalhost",
    "http://127.evil.com",
    "https://user@api.palomma.com",
    "https://user:password@api.palomma.com",
    "https://:password@api.palomma.com",
    "https://api.palomma.com/v0?x=1",
    "https://api.palomma.com/v0#x",
    "https://api.palomma.com/v0?",
    "https://api.palomma.com/v0#",
    "ftp://api.palomma.com",
    "ws://localhost",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:,x",
    "about:blank",
    "",
    " ",
    "api.palomma.com",
    "//api.palomma.com",
    "/v0",
    "https://",
    "https:",
    "http:///",
    "https://exa mple.com",
    "not a url"
  ]

  it.effect.each(refused)("may not be %j, and the message does not repeat it", (baseUrl) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(target({ baseUrl }))
      assert.instanceOf(error, PalommaInvalidInput)
      assert.deepStrictEqual(error.problems, [
        {
          field: "baseUrl",
          code: "base-url",
          rule: "must be an https URL (http only for a loopback address, such as localhost) without user, query or fragment"
        }
      ])
      assert.strictEqual(error.outcome, "none")
      if (baseUrl.length > 8) assert.notInclude(error.message, baseUrl)
    })
  )

  it.effect.each([null, 5, true, [], {}, new URL("https://api.palomma.com/v0"), ["https://api.palomma.com/v0"]])(
    "may not be %s, which is not text",
    (baseUrl) =>
      Effect.gen(function* () {
        const { problems } = yield* Effect.flip(target({ baseUrl: baseUrl as string }))
        assert.deepStrictEqual(codes(problems), ["baseUrl base-url"])
      })
  )

  // The list of bad ports in the Fetch standard, with the services that use them.
  it.effect.each([
    [1, "tcpmux"],
    [22, "ssh"],
    [25, "smtp"],
    [53, "domain"],
    [110, "pop3"],
    [389, "ldap"],
    [465, "submissions"],
    [993, "imaps"],
    [2049, "nfs"],
    [5060, "sip"],
    [6000, "x11"],
    [6667, "irc"],
    [10080, "amanda"]
  ] as const)("may not use port %s (%s), which fetch blocks", ([port]) =>
    Effect.gen(function* () {
      for (const baseUrl of [`https://secret.example:${port}/v0`, `http://localhost:${port}`, `http://[::1]:${port}`]) {
        const error = yield* Effect.flip(target({ baseUrl }))
        assert.deepStrictEqual(codes(error.problems), ["baseUrl blocked-port"])
        assert.include(error.message, `must not use port ${port}, to which fetch never connects`)
        assert.notInclude(error.message, "secret")
      }
    })
  )

  it.live("may not use the ports that the fetch of this runtime blocks, and may use all others", () =>
    Effect.gen(function* () {
      // A port that is not blocked reaches the dispatcher, which connects to nothing.
      const isRefused = (port: number) =>
        Effect.promise(async () => {
          let isReached = false
          const dispatch = () => {
            isReached = true
            throw new Error("not refused")
          }
          const init: RequestInit & { readonly dispatcher: object } = { dispatcher: { dispatch } }
          await fetch(`http://127.0.0.1:${port}`, init).catch(() => {})
          return !isReached
        })
      const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
      const ports = [...range(1, 1_030), ...range(1_715, 1_725), ...range(6_660, 6_700), 2_049, 3_659, 4_045, 4_190]
      let refused = 0
      for (const port of [...ports, 5_060, 5_061, 6_000, 6_566, 8_080, 10_080, 65_535]) {
        const problem = BaseUrl.problem(`http://127.0.0.1:${port}`)
        assert.strictEqual(problem?.code === "blocked-port", yield* isRefused(port), String(port))
        if (problem !== undefined) refused += 1
      }
      assert.isAbove(refused, 75)
    })
  )

  it.effect.each([
    "https://api.palomma.com",
    "https://api.palomma.com/",
    "https://api.palomma.com/v1",
    "https://api.palomma.com/v0/payoutRequests",
    "https://api.palomma.com/V0",
    "https://sandbox.api.palomma.com",
    "https://prod.api.palomma.com/api/v0",
    "https://palomma.com",
    "https://PALOMMA.com/x",
    "https://api.palomma.com:8443/v1",
    "https://api.palomma.com.",
    "https://sandbox.api.palomma.com./v1",
    "https://palomma.com../"
  ])("may not be %s, where the API is not", (baseUrl) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(target({ baseUrl }))
      assert.deepStrictEqual(error.problems, [
        { field: "baseUrl", code: "palomma-path", rule: "must end in /v0 if the host is in palomma.com" }
      ])
      assert.notInclude(error.message, baseUrl)
    })
  )

  it.effect.each([
    [{}, "sandbox", "https://sandbox.api.palomma.com/v0"],
    [{ environment: "production" }, "production", "https://api.palomma.com/v0"],
    [{ baseUrl: "https://prod.api.palomma.com/v0/" }, "production", "https://prod.api.palomma.com/v0"],
    [{ baseUrl: "https://sandbox.api.palomma.com/v0" }, "sandbox", "https://sandbox.api.palomma.com/v0"],
    [{ baseUrl: "https://API.PALOMMA.COM/v0" }, "production", "https://api.palomma.com/v0"],
    // A dot at the end of a name does not change the host.
    [{ baseUrl: "https://api.palomma.com./v0" }, "production", "https://api.palomma.com./v0"],
    [{ baseUrl: "https://sandbox.api.palomma.com./v0" }, "sandbox", "https://sandbox.api.palomma.com./v0"],
    [{ baseUrl: "https://gateway.example.com." }, "other", "https://gateway.example.com."],
    // A resolver may look up such a name elsewhere: it is not proven to be this machine.
    [{ baseUrl: "https://localhost." }, "other", "https://localhost."],
    [{ baseUrl: "https://palomma.com/v0//" }, "production", "https://palomma.com/v0"],
    [{ baseUrl: "https://sandbox.api.palomma.com.evil.com" }, "other", "https://sandbox.api.palomma.com.evil.com"],
    [{ baseUrl: "https://notpalomma.com" }, "other", "https://notpalomma.com"],
    [{ baseUrl: "https://gateway.example" }, "other", "https://gateway.example"],
    [{ baseUrl: "http://localhost:3000" }, "loopback", "http://localhost:3000"],
    [{ baseUrl: "https://localhost:3000" }, "loopback", "https://localhost:3000"],
    [{ baseUrl: "http://[::1]:3000/" }, "loopback", "http://[::1]:3000"],
    [{ baseUrl: "http://127.0.0.2" }, "loopback", "http://127.0.0.2"]
  ] as const)("is reported by PalommaEndpoint: %j is %s", ([options, kind, baseUrl]) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* target(options), { kind, baseUrl })
    })
  )
})
