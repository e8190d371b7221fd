/**
 * A `fetch` with buffered bodies, the other options of `fetch`, and the default body mode of each runtime.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchOnce from "../src/FetchOnce.ts"
import * as HandOver from "../src/HandOver.ts"
import { body, post, recorder, rejection, switchOf, text, url } from "./support/fetches.ts"

describe("a buffered body", () => {
  const buffer = { body: "buffer" } as const

  it("arrives unchanged, and no redirect is followed", async () => {
    const { calls, fetch } = recorder()
    const handOver = switchOf(Effect.succeed(true))
    const response = await FetchOnce.make(fetch, buffer)(url, post(handOver, { redirect: "follow" }))
    assert.strictEqual(await response.text(), text)
    assert.strictEqual(calls[0]?.init.body, body)
    assert.strictEqual(calls[0]?.init.redirect, "manual")
    assert.isUndefined(HandOver.from(calls[0]?.init))
    assert.isFalse(handOver.close())
    assert.isFalse(handOver.isTaken())
  })

  it("proves nothing after fetch was called, whether or not fetch failed", async () => {
    for (const answer of [
      () => Promise.reject(new TypeError("fetch failed")),
      () => {
        throw new TypeError("redirect must be follow or manual")
      }
    ]) {
      const handOver = switchOf()
      assert.instanceOf(await rejection(FetchOnce.make(answer, buffer)(url, post(handOver))), TypeError)
      assert.isFalse(handOver.close())
    }
  })

  it.each([
    ["the check refuses", switchOf(Effect.succeed(false)), /the check refused it/],
    ["the timeout has passed", switchOf(undefined, 0), /the time was over by the wall clock/]
  ])("is not sent, and this is proven, if %s", async (_, handOver, message) => {
    const { calls, fetch } = recorder()
    assert.match(String(await rejection(FetchOnce.make(fetch, buffer)(url, post(handOver)))), message)
    assert.deepStrictEqual(calls, [])
    assert.isTrue(handOver.isTaken())
    assert.isTrue(handOver.close())
  })

  it("is not sent, and this is proven, if the call is aborted while the check runs", async () => {
    const { calls, fetch } = recorder()
    const handOver = switchOf(Effect.never)
    const controller = new AbortController()
    const sending = FetchOnce.make(fetch, buffer)(url, post(handOver, { signal: controller.signal }))
    controller.abort()
    assert.match(String(await rejection(sending)), /the call had ended/)
    assert.deepStrictEqual(calls, [])
    assert.isTrue(handOver.close())
  })

  it.each([
    ["no body", { body: null }],
    ["an empty body", { body: new Uint8Array(0) }],
    ["a text", { body: text }],
    ["a form", { body: new URLSearchParams({ a: "b" }) }]
  ])(
    "is used for a request with %s, also in stream mode, because the body could be sent without a pull",
    async (_, more) => {
      const handOver = switchOf(Effect.succeed(true))
      const failing = recorder(() => Promise.reject(new TypeError("fetch failed")))
      await rejection(FetchOnce.make(failing.fetch, { body: "stream" })(url, post(handOver, more)))
      assert.deepInclude(failing.calls[0]?.init, { ...more, redirect: "manual" })
      assert.isFalse(handOver.close())

      const { calls, fetch } = recorder()
      const refusing = switchOf(Effect.succeed(false))
      await rejection(FetchOnce.make(fetch, { body: "stream" })(url, post(refusing, more)))
      assert.deepStrictEqual(calls, [])
    }
  )

  it("is used for a Request, also in stream mode", async () => {
    const { calls, fetch } = recorder()
    const refusing = switchOf(Effect.succeed(false))
    const init: RequestInit = Object.assign({ cache: "no-store" as const }, { [HandOver.key]: refusing })
    await rejection(FetchOnce.make(fetch, { body: "stream" })(new Request(url, { method: "POST", body }), init))
    assert.deepStrictEqual(calls, [])
  })
})

describe.each([["stream"], ["buffer"]] as const)("a read, in body mode %s", (mode) => {
  it.each([["get"], ["HEAD"], [undefined]])("with the method %s is unchanged except for the switch", async (method) => {
    const { calls, fetch } = recorder(async () => new Response("{}"))
    const handOver = switchOf(Effect.succeed(false))
    const init: RequestInit = Object.assign({ redirect: "follow" as const }, method === undefined ? {} : { method }, {
      [HandOver.key]: handOver
    })
    await FetchOnce.make(fetch, { body: mode })(url, init)
    assert.deepStrictEqual(calls, [
      { input: url, init: { redirect: "follow", ...(method === undefined ? {} : { method }) } }
    ])
    assert.isFalse(handOver.isTaken())
  })
})

describe("options", () => {
  it.each([
    [null, "the options must be an object"],
    ["stream", "the options must be an object"],
    [() => {}, "the options must be an object"],
    [{ boddy: "stream" }, "the only option is body"],
    ...["Stream", "", null, true, {}, ["stream"]].map((mode): readonly [unknown, string] => [
      { body: mode },
      'the option body must be "stream" or "buffer"'
    ])
  ] as ReadonlyArray<readonly [unknown, string]>)("throw immediately if they are invalid: %j", (options, rule) => {
    const make = () => FetchOnce.make(fetch, options as FetchOnce.Options)
    assert.throws(make, TypeError, new RegExp(`^FetchOnce\\.make: ${rule}$`))
  })

  it.each([undefined, {}, { body: undefined }, { body: "stream" }, { body: "buffer" }] as const)(
    "throw nothing if they are valid: %j",
    (options) => {
      assert.isFunction(FetchOnce.make(fetch, options))
    }
  )
})

describe("a runtime", () => {
  // Deno cannot send such a body a second time, and it still sends its length.
  const bodyOn = async (navigator: object | undefined): Promise<string> => {
    const own = Object.getOwnPropertyDescriptor(globalThis, "navigator")
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true, writable: true })
    try {
      const { calls, fetch } = recorder()
      await FetchOnce.make(fetch)(url, post())
      const sent = calls[0]?.init.body
      assert.strictEqual(await new Response(sent instanceof ReadableStream ? text : sent).text(), text)
      return sent instanceof ReadableStream ? "stream" : sent instanceof Blob ? "buffer, as a Blob" : "buffer"
    } finally {
      if (own !== undefined) Object.defineProperty(globalThis, "navigator", own)
    }
  }

  it.each([
    ["Node.js/24", "stream"],
    ["Bun/1.4.5", "stream"],
    ["Deno/2.9.6", "buffer, as a Blob"],
    ["Cloudflare-Workers", "buffer"],
    ["Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140", "buffer"],
    ["not Node.js/24", "buffer"],
    ["not Deno/2.9.6", "buffer"],
    [undefined, "buffer"]
  ])("with the user agent %s has the default body mode %s", async (userAgent, expected) => {
    assert.strictEqual(await bodyOn({ userAgent }), expected)
  })

  it("without a user agent has the default body mode buffer", async () => {
    assert.strictEqual(await bodyOn(undefined), "buffer")
  })
})
