/**
 * Reading an answer to its end: with the library's own `fetch`, and with any other client. Both behave alike.
 */
import { assert, describe, it } from "@effect/vitest"
import type { PalommaError } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { aCreate, aGet, type Operation, operationNamed, operations } from "./support/operations.ts"
import { fetchStub, overFetch, until } from "./support/fetch.ts"
import { bytes, services, stub } from "./support/stub.ts"
import { type ErrorFields, fieldsOf } from "./support/errorFields.ts"

const anAccount = operationNamed("MerchantAccounts.get")

const retry = { reads: { maxAttempts: 1 } }

/** The body of an answer: its chunks, and what follows the last one. */
interface Body {
  readonly chunks: Iterable<Uint8Array>
  readonly after: "ends" | "breaks" | "hangs"
}

/** The observed events of the reading. */
interface Seen {
  pulled: number
  cancelled: boolean
}

const webBody = ({ after, chunks }: Body, seen: Seen): ReadableStream<Uint8Array> => {
  const iterator = chunks[Symbol.iterator]()
  return new ReadableStream(
    {
      pull: (controller): Promise<void> | undefined => {
        const next = iterator.next()
        seen.pulled += 1
        if (next.done !== true) controller.enqueue(next.value)
        else if (after === "ends") controller.close()
        else if (after === "breaks") controller.error(new TypeError("terminated"))
        else return new Promise(() => {})
        return undefined
      },
      cancel: () => {
        seen.cancelled = true
        // A server that hangs can hang here too.
        return new Promise(() => {})
      }
    },
    { highWaterMark: 0 }
  )
}

const effectBody = ({ after, chunks }: Body, seen: Seen): Stream.Stream<Uint8Array, unknown> => {
  const body = Stream.fromIterable(chunks).pipe(
    Stream.rechunk(1),
    Stream.tap(() =>
      Effect.sync(() => {
        seen.pulled += 1
      })
    )
  )
  const rest = after === "ends" ? Stream.empty : after === "breaks" ? Stream.fail("cut") : Stream.never
  return Stream.onExit(Stream.concat(body, rest), (exit) =>
    Effect.sync(() => {
      seen.cancelled = Exit.isFailure(exit)
    })
  )
}

const readers = {
  "the reader of fetch": (body: Body, seen: Seen, status: number) =>
    overFetch(
      fetchStub(async ({ readBody }) => {
        await readBody()
        return new Response(webBody(body, seen), { status })
      }).fetch,
      { retry }
    ),
  "the reader of any other client": (body: Body, seen: Seen, status: number) =>
    services(stub({ status, stream: effectBody(body, seen) }), { retry })
}

/** An answer with a number of bytes. */
const ofSize = (size: number): string => {
  const text = JSON.stringify(aCreate.success)
  return text + " ".repeat(size - bytes(text).byteLength)
}

const chunked = (text: string, size: number): ReadonlyArray<Uint8Array> => {
  const all = bytes(text)
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size))
}

const ends = (...texts: ReadonlyArray<string>): Body => ({ chunks: texts.map(bytes), after: "ends" })

describe.each(Object.entries(readers))("%s", (_, over) => {
  const run = (operation: Operation, body: Body, status = 200) =>
    Effect.gen(function* () {
      const seen: Seen = { pulled: 0, cancelled: false }
      const exit: Exit.Exit<unknown, PalommaError> = yield* Effect.exit(
        Effect.provide(operation.call, over(body, seen, status))
      )
      return { exit, seen }
    })

  const errorOf = (operation: Operation, body: Body, status = 200): Effect.Effect<ErrorFields, unknown> =>
    Effect.flatMap(run(operation, body, status), ({ exit }) => Effect.map(Effect.flip(exit), fieldsOf))

  it.effect("reads the answer of every operation", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { exit } = yield* run(operation, ends(JSON.stringify(operation.success)))
        assert.isTrue(Exit.isSuccess(exit), operation.name)
      })
    )
  )

  it.effect.each([1, 2, 3, 5, 7, 1_000])("joins characters that are split over chunks of %s bytes", (size) =>
    Effect.gen(function* () {
      const description = "ñandú 💸 €5.000 — 日本"
      const text = JSON.stringify({ ...anAccount.success, description })
      const { exit } = yield* run(anAccount, { chunks: chunked(text, size), after: "ends" })
      const record: unknown = yield* exit
      assert.strictEqual((record as { readonly description?: string }).description, description)
    })
  )

  it.effect("skips empty chunks and a byte order mark", () =>
    Effect.gen(function* () {
      const { exit } = yield* run(aGet, ends("", "\uFEFF", "", JSON.stringify(aGet.success), ""))
      assert.isTrue(Exit.isSuccess(exit))
    })
  )

  it.effect("decodes invalid UTF-8 as a replacement character, and does not fail", () =>
    Effect.gen(function* () {
      const [before = "", after = ""] = JSON.stringify({ ...anAccount.success, description: "|" }).split("|")
      const body: Body = { chunks: [bytes(before), new Uint8Array([0xff, 0xfe]), bytes(after)], after: "ends" }
      const record: unknown = yield* (yield* run(anAccount, body)).exit
      assert.strictEqual((record as { readonly description?: string }).description, "\uFFFD\uFFFD")
    })
  )

  it.effect("reads 1 MiB", () =>
    Effect.gen(function* () {
      const text = ofSize(1_048_576)
      const { exit, seen } = yield* run(aCreate, { chunks: chunked(text, 65_536), after: "ends" })
      assert.isTrue(Exit.isSuccess(exit))
      assert.isFalse(seen.cancelled)
    })
  )

  it.effect("fails at one byte more", () =>
    Effect.gen(function* () {
      const text = ofSize(1_048_577)
      const error = yield* errorOf(aCreate, { chunks: chunked(text, 65_536), after: "ends" })
      assert.strictEqual(error.defect, "too-large")
      assert.strictEqual(error.outcome, "unknown")
    })
  )

  it.effect("stops and cancels an endless body after 1 MiB", () =>
    Effect.gen(function* () {
      const chunk = bytes("x".repeat(65_536))
      const endless = {
        *[Symbol.iterator]() {
          while (true) yield chunk
        }
      }
      const { exit, seen } = yield* run(aGet, { chunks: endless, after: "ends" })
      assert.strictEqual(fieldsOf(yield* Effect.flip(exit)).defect, "too-large")
      assert.isTrue(seen.cancelled)
      assert.isAtMost(seen.pulled, 18)
    })
  )

  it.effect.each([
    ["in the middle", `{"id":"01H`],
    ["after a complete value", `{"id":"01H","status":"active"}`],
    ["before its first byte", ""]
  ] as const)("distinguishes a body that breaks off %s from one that ends", ([, text]) =>
    Effect.gen(function* () {
      const chunks = text === "" ? [] : [bytes(text)]
      const error = yield* errorOf(aCreate, { chunks, after: "breaks" })
      assert.strictEqual(error.defect, "cut-short")
      assert.strictEqual(error.outcome, "unknown")
    })
  )

  it.effect("distinguishes a rejection whose body breaks off from one that was read", () =>
    Effect.gen(function* () {
      const error = yield* errorOf(aCreate, { chunks: [bytes(`{"message":"no"}`)], after: "breaks" }, 400)
      assert.strictEqual(error._tag, "PalommaUnexpectedStatus")
      assert.strictEqual(error.outcome, "unknown")
    })
  )

  it.effect("treats a body without bytes as no body", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* errorOf(aCreate, { chunks: [], after: "ends" })).defect, "not-json")
      assert.strictEqual((yield* errorOf(aCreate, { chunks: [], after: "ends" }, 401))._tag, "PalommaUnauthorized")
    })
  )

  it.effect("cancels the body if its caller is interrupted, and does not wait for that", () =>
    Effect.gen(function* () {
      const seen: Seen = { pulled: 0, cancelled: false }
      const layer = over({ chunks: [bytes("{")], after: "hangs" }, seen, 200)
      const fiber = yield* Effect.forkChild(Effect.provide(aCreate.call, layer))
      yield* until(() => seen.pulled > 0)
      assert.isFalse(seen.cancelled)
      yield* Fiber.interrupt(fiber)
      yield* until(() => seen.cancelled)
    })
  )

  it.effect("cancels the body at the timeout", () =>
    Effect.gen(function* () {
      const seen: Seen = { pulled: 0, cancelled: false }
      const layer = over({ chunks: [bytes("{")], after: "hangs" }, seen, 200)
      const fiber = yield* Effect.forkChild(Effect.flip(Effect.provide(aCreate.call, layer)))
      yield* until(() => seen.pulled > 0)
      yield* TestClock.adjust("1 minute")
      const error = fieldsOf(yield* Fiber.join(fiber))
      assert.strictEqual(error._tag, "PalommaTimeout")
      assert.strictEqual(error.outcome, "unknown")
      yield* until(() => seen.cancelled)
    })
  )
})

describe("an answer of a custom fetch", () => {
  const answered = (response: () => Response) =>
    Effect.gen(function* () {
      const { fetch } = fetchStub(async ({ readBody }) => {
        await readBody()
        return response()
      })
      return yield* Effect.exit(Effect.provide(aCreate.call, overFetch(fetch)))
    })

  it.effect.each([
    [
      "was already read",
      () => {
        const response = new Response(JSON.stringify(aCreate.success))
        void response.body?.getReader()
        return response
      }
    ],
    [
      "yields strings instead of bytes",
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue("a text")
              controller.close()
            }
          })
        )
    ]
  ] as ReadonlyArray<readonly [string, () => Response]>)(
    "whose body %s is an answer that cannot be read, not a defect",
    ([, response]) =>
      Effect.gen(function* () {
        const exit = yield* answered(response)
        assert.isFalse(Exit.hasDies(exit))
        const error = fieldsOf(yield* Effect.flip(exit))
        assert.strictEqual(error._tag, "PalommaInvalidResponse")
        assert.strictEqual(error.outcome, "unknown")
      })
  )

  it.effect("has its own status, and headers in any case", () =>
    Effect.gen(function* () {
      const headers = { "X-Request-Id": "req_1", "Retry-After": "7" }
      const error = fieldsOf(yield* Effect.flip(yield* answered(() => new Response("{}", { status: 503, headers }))))
      assert.deepInclude(error, { _tag: "PalommaServerError", status: 503, requestId: "req_1" })
      assert.isDefined(error.retryAfter)
    })
  )
})
