/**
 * A `fetch` that hands over its body late and only once, tested over `fetch`es that behave like those of runtimes.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as fc from "fast-check"
import * as FetchOnce from "../src/FetchOnce.ts"
import * as HandOver from "../src/HandOver.ts"
import {
  body,
  type Fetch,
  post,
  readAll,
  recorder,
  rejection,
  streamOf,
  switchOf,
  text,
  turns,
  url
} from "./support/fetches.ts"

describe("a streamed body", () => {
  const late = { body: "stream" } as const

  it("arrives unchanged, with its length and the caller's own headers", async () => {
    const { calls, fetch } = recorder()
    const handOver = switchOf()
    const response = await FetchOnce.make(fetch, late)(url, post(handOver))
    assert.strictEqual(await response.text(), text)
    const headers = new Headers(calls[0]?.init.headers)
    assert.strictEqual(headers.get("content-length"), String(body.byteLength))
    assert.strictEqual(headers.get("content-type"), "application/json")
    assert.isTrue(handOver.isTaken())
    assert.isFalse(handOver.close())
  })

  it("is sent by a fetch that follows no redirect and gets all other options unchanged", async () => {
    const { calls, fetch } = recorder()
    const own = { dispatcher: {}, redirect: "follow", credentials: "omit" } as const
    await FetchOnce.make(fetch, late)(url, post(switchOf(), own))
    const init = calls[0]?.init
    const { body: _, headers: __, ...rest }: RequestInit = init ?? {}
    assert.deepStrictEqual<object>(rest, { ...own, redirect: "error", duplex: "half", method: "POST" })
    assert.isUndefined(HandOver.from(init))
  })

  it("is kept until fetch pulls it", async () => {
    const handOver = switchOf()
    const pulled = Promise.withResolvers<void>()
    const { fetch } = recorder(async (_, init) => {
      await pulled.promise
      return new Response(await readAll(init))
    })
    const sending = FetchOnce.make(fetch, late)(url, post(handOver))
    await turns()
    assert.isTrue(handOver.isTaken())
    assert.isTrue(handOver.close())
    pulled.resolve()
    assert.match(String(await rejection(sending)), /The body was not handed over: the call had ended/)
  })

  it.each([
    [
      "before it pulls the body",
      async () => {
        throw new TypeError("fetch failed")
      },
      true
    ],
    [
      "synchronously, before it pulls the body",
      () => {
        throw new TypeError("redirect must be follow or manual")
      },
      true
    ],
    [
      "after it pulled the body",
      async (_: unknown, init?: RequestInit) => {
        await readAll(init)
        throw new TypeError("fetch failed")
      },
      false
    ],
    [
      "after a copy of the body was made and read",
      async (_: unknown, init?: RequestInit) => {
        const [copy] = streamOf(init).tee()
        await new Response(copy).text()
        throw new TypeError("fetch failed")
      },
      false
    ]
  ])("is proven to be unsent if fetch failed %s: %s", async (_, answer: Fetch, isProven) => {
    const handOver = switchOf()
    const error = await rejection(FetchOnce.make(answer, late)(url, post(handOver)))
    assert.instanceOf(error, TypeError)
    assert.strictEqual(handOver.close(), isProven)
  })

  it("is not handed over to a fetch that failed and pulls it afterwards", async () => {
    let passed: RequestInit | undefined
    const handOver = switchOf()
    const failing: Fetch = (_, init) => {
      passed = init
      return Promise.reject(new TypeError("fetch failed"))
    }
    await rejection(FetchOnce.make(failing, late)(url, post(handOver)))
    assert.match(String(await rejection(readAll(passed))), /not handed over/)
    assert.isTrue(handOver.close())
  })

  it("is not handed over to a fetch that was aborted and pulls it afterwards", async () => {
    let passed: RequestInit | undefined
    const handOver = switchOf()
    const controller = new AbortController()
    const deaf: Fetch = (_, init) => {
      passed = init
      return new Promise(() => {})
    }
    void FetchOnce.make(deaf, late)(url, post(handOver, { signal: controller.signal }))
    controller.abort()
    assert.match(String(await rejection(readAll(passed))), /not handed over/)
    assert.isTrue(handOver.close())
  })

  it("is not handed over to a fetch that was aborted before it was called", async () => {
    const handOver = switchOf()
    const { fetch } = recorder()
    const error = await rejection(FetchOnce.make(fetch, late)(url, post(handOver, { signal: AbortSignal.abort() })))
    assert.isDefined(error)
    assert.isTrue(handOver.close())
  })

  it("is not handed over to a stream that was cancelled while the check ran", async () => {
    const allowed = Deferred.makeUnsafe<boolean>()
    const handOver = switchOf(Deferred.await(allowed))
    const cancelling: Fetch = async (_, init) => {
      const reader = streamOf(init).getReader()
      const reading = reader.read()
      // A new stream is pulled only after some turns of the event loop.
      await turns()
      await reader.cancel()
      Deferred.doneUnsafe(allowed, Exit.succeed(true))
      const { done } = await reading
      await turns()
      assert.isTrue(done)
      throw new TypeError("fetch failed")
    }
    await rejection(FetchOnce.make(cancelling, late)(url, post(handOver)))
    assert.isTrue(handOver.close())
  })

  it.each([
    ["the check refuses", switchOf(Effect.succeed(false)), /the check refused it/],
    [
      "the check dies",
      switchOf(Effect.die(new Error("4111111111111111"))),
      /^Error: The body was not handed over: the check refused it\.$/
    ],
    ["the timeout has passed", switchOf(undefined, 0), /the time was over by the wall clock/]
  ])("is refused, and fetch fails, if %s", async (_, handOver, expected) => {
    const { fetch } = recorder((_, init) => readAll(init).then((all) => new Response(all)))
    assert.match(String(await rejection(FetchOnce.make(fetch, late)(url, post(handOver)))), expected)
    assert.isTrue(handOver.close())
  })

  it("is handed over to the first of two requests that share a switch", async () => {
    const { fetch } = recorder()
    const once = FetchOnce.make(fetch, late)
    const handOver = switchOf()
    await once(url, post(handOver))
    await rejection(once(url, post(handOver)))
    assert.isFalse(handOver.close())
  })

  it("passes through a second wrapper unchanged", async () => {
    const { calls, fetch } = recorder((_, init) =>
      rejection(Promise.reject(new Error())).then(() => new Response(String(init?.redirect)))
    )
    const handOver = switchOf()
    const response = await FetchOnce.make(FetchOnce.make(fetch, late), late)(url, post(handOver))
    assert.strictEqual(await response.text(), "error")
    assert.isTrue(handOver.close())
    assert.match(String(await rejection(readAll(calls[0]?.init))), /not handed over/)
  })

  it("is sent once if there is no switch", async () => {
    const { calls, fetch } = recorder()
    const response = await FetchOnce.make(fetch, late)(new URL(url), post())
    assert.strictEqual(await response.text(), text)
    assert.strictEqual(calls[0]?.init.redirect, "error")
    assert.isTrue(streamOf(calls[0]?.init).locked)
  })

  it("is sent with the headers of a Request", async () => {
    const { calls, fetch } = recorder()
    const request = new Request(url, { method: "POST", headers: { authorization: "Bearer key" } })
    await FetchOnce.make(fetch, late)(request, { body })
    assert.strictEqual(new Headers(calls[0]?.init.headers).get("authorization"), "Bearer key")
  })
})

describe("a signal that outlives the request", () => {
  it("keeps no listener after the request", async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener: (...parameters: Parameters<typeof add>) => {
        listeners += 1
        add(...parameters)
      },
      removeEventListener: (...parameters: Parameters<typeof remove>) => {
        listeners -= 1
        remove(...parameters)
      }
    })
    const seen: Array<number> = []
    const fetch: Fetch = async () => {
      seen.push(listeners)
      return new Response("{}")
    }
    await FetchOnce.make(fetch)(url, post(switchOf(), { signal }))
    assert.deepStrictEqual([...seen, listeners], [1, 0])
  })
})

describe("the race of an abort against a fetch that pulls the body", () => {
  it.each([["stream"], ["buffer"]] as const)("never yields both a proof and a body, in body mode %s", (mode) =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom("none", "yes", "no"),
        fc.constantFrom("abort", "failure", "proof"),
        async (scheduler, check, end) => {
          const controller = new AbortController()
          const handOver = switchOf(
            check === "none"
              ? undefined
              : Effect.promise(() => scheduler.schedule(Promise.resolve(check === "yes"), "the check ends"))
          )
          let received = ""
          const fetch: Fetch = async (_, init) => {
            const failure = scheduler.schedule(Promise.resolve(), `the ${end}`).then(() => {
              if (end === "abort") controller.abort()
              if (end === "proof") handOver.close()
              if (end === "failure") throw new TypeError("fetch failed")
            })
            const sending = scheduler.schedule(Promise.resolve(), "the connection is open").then(async () => {
              received = await new Request(url, init).text()
              return new Response(received)
            })
            await Promise.race([failure, sending])
            return sending
          }
          const sending = FetchOnce.make(fetch, { body: mode })(url, post(handOver, { signal: controller.signal }))
          await scheduler.waitFor(sending.catch(() => {}))
          const isProven = handOver.close()
          await scheduler.waitIdle()
          assert.isFalse(isProven && received !== "", "a proof, and yet a body")
        }
      ),
      { numRuns: 200 }
    )
  )
})
