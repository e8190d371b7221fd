/**
 * `Webhooks.handle` answers in time: 200 if handled, 401 or 431 to strangers, 500 to request another delivery.
 */
import { SafeText, WebhookInbox, WebhookInboxError, Webhooks } from "@palomma-effect/client"
import type { WebhookEvent } from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { ago, keys, withKeys } from "./support/webhooks.ts"
import {
  eventOf,
  integrityKey,
  malformed,
  otherKey,
  paid,
  requestOf,
  sign,
  type Signed,
  signText,
  writtenAt
} from "./support/webhookFixtures.ts"

const now = () => new Date().toISOString()
const fresh = (webhookId = "01JD4ZA"): Signed => sign(eventOf(webhookId, now()))

const inMemory = Layer.mergeAll(withKeys(), WebhookInbox.layerMemory)

/** Runs a test with a runtime, as a program without Effect has one. */
const withRuntime = async (
  test: (runtime: ManagedRuntime.ManagedRuntime<Webhooks | WebhookInbox, never>) => Promise<void>
) => {
  const runtime = ManagedRuntime.make(Layer.merge(inMemory, Logger.layer([])))
  try {
    await test(runtime)
  } finally {
    await runtime.dispose()
  }
}

describe("handle", () => {
  it("runs as a promise, and handles a webhook once", () =>
    withRuntime(async (runtime) => {
      const handled: Array<string> = []
      const post = (signed: Signed) =>
        runtime.runPromise(
          Webhooks.handle(requestOf(signed), ({ webhookId }) => Effect.sync(() => handled.push(webhookId)))
        )
      const [a, b] = [fresh("01JD4ZA"), fresh("01JD4ZB")]
      for (const signed of [a, a, b, a, b]) assert.deepStrictEqual(await post(signed), { status: 200 })
      assert.deepStrictEqual(handled, ["01JD4ZA", "01JD4ZB"])
    }))

  it.each([null, undefined, 5, { scope: null }, { scope: undefined }])("accepts %j as no options", (options) =>
    withRuntime(async (runtime) => {
      // Values that a program without types may pass.
      const anyOptions = options as Parameters<typeof Webhooks.handle>[2]
      const handling = Webhooks.handle(requestOf(fresh()), () => Effect.void, anyOptions)
      assert.deepStrictEqual(await runtime.runPromise(handling), { status: 200 })
    })
  )

  it("answers a plain server of Node", () =>
    withRuntime(async (runtime) => {
      const server = createServer((request, response) => {
        const answering = runtime.runPromise(Webhooks.handle(request, () => Effect.void))
        void answering.then(({ status }) => response.writeHead(status).end())
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      try {
        const { port } = server.address() as AddressInfo
        const post = async ({ encodedData, signature }: Signed) => {
          const headers = { "X-Encoded-Data": encodedData, "X-Signature": signature }
          const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers })
          return status
        }
        assert.strictEqual(await post(fresh()), 200)
        assert.strictEqual(await post({ ...fresh(), signature: "" }), 401)
      } finally {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    }))

  const refused: ReadonlyArray<readonly [string, number, Signed]> = [
    ["no signature", 401, { ...fresh(), signature: "" }],
    ["a signature of another key", 401, sign(eventOf("01JD4ZA", now()), otherKey)],
    ["an old webhook", 401, sign(eventOf("01JD4ZA", "2024-01-01T00:00:00Z"))],
    ["more than 64 KiB", 431, signText("A".repeat(65_537))],
    ["a malformed event", 500, malformed],
    ["an event from the future", 500, sign(eventOf("01JD4ZA", "2999-01-01T00:00:00Z"))]
  ]
  it.each(refused)("answers %s with %i, and handles nothing", (_, status, signed) =>
    withRuntime(async (runtime) => {
      let isHandled = false
      const handle = (headers: Parameters<typeof Webhooks.handle>[0]["headers"]) =>
        runtime.runPromise(Webhooks.handle({ headers }, () => Effect.sync(() => void (isHandled = true))))
      assert.deepStrictEqual(await handle(requestOf(signed).headers), { status })
      assert.isFalse(isHandled)
    })
  )

  it("answers a value that is not a request with 401", () =>
    withRuntime(async (runtime) => {
      for (const request of [undefined, null, {}, { headers: null }]) {
        const handling = Webhooks.handle(request as never, () => Effect.die("handled"))
        assert.deepStrictEqual(await runtime.runPromise(handling), { status: 401 })
      }
    }))

  const failures: ReadonlyArray<readonly [string, () => Effect.Effect<never, string>]> = [
    ["fails", () => Effect.fail("database is down")],
    ["dies", () => Effect.die(new Error("database is down"))],
    ["interrupts itself", () => Effect.interrupt],
    [
      "throws",
      () => {
        throw new Error("database is down")
      }
    ],
    ["is not an effect", () => Promise.resolve() as never]
  ]
  it.each(failures)("answers 500 if the handler %s, and runs it again", (_, failing) =>
    withRuntime(async (runtime) => {
      let calls = 0
      const signed = fresh()
      const post = () =>
        runtime.runPromise(Webhooks.handle(requestOf(signed), () => (++calls < 3 ? failing() : Effect.void)))
      for (const status of [500, 500, 200, 200] as const) assert.deepStrictEqual(await post(), { status })
      assert.strictEqual(calls, 3)
    })
  )

  const inboxes: ReadonlyArray<readonly [string, WebhookInbox["Service"]["process"]]> = [
    [
      "fails",
      (webhookId) =>
        Effect.fail(new WebhookInboxError({ webhookId: SafeText.id(webhookId), reason: "the disk is full" }))
    ],
    ["dies", () => Effect.die("the disk is full")],
    [
      "throws",
      () => {
        throw new Error("the disk is full")
      }
    ]
  ]
  it.each(inboxes)("answers 500 if the inbox %s", async (_, process) => {
    const services = Layer.mergeAll(withKeys(), Layer.succeed(WebhookInbox, { process }), Logger.layer([]))
    const handling = Webhooks.handle(requestOf(fresh()), () => Effect.void)
    assert.deepStrictEqual(await Effect.runPromise(Effect.provide(handling, services)), { status: 500 })
  })

  it("continues a handler after its caller was interrupted", () =>
    withRuntime(async (runtime) => {
      const [started, gate, done] = [
        Deferred.makeUnsafe<void>(),
        Deferred.makeUnsafe<void>(),
        Deferred.makeUnsafe<void>()
      ]
      const slow = Deferred.succeed(started, undefined).pipe(
        Effect.andThen(Deferred.await(gate)),
        Effect.andThen(Deferred.succeed(done, undefined))
      )
      const signed = fresh()
      const abort = new AbortController()
      const first = runtime.runPromiseExit(
        Webhooks.handle(requestOf(signed), () => slow),
        { signal: abort.signal }
      )
      await runtime.runPromise(Deferred.await(started))
      abort.abort()
      assert.strictEqual((await first)._tag, "Failure")
      await runtime.runPromise(Effect.andThen(Deferred.succeed(gate, undefined), Deferred.await(done)))
      const again = Webhooks.handle(requestOf(signed), () => Effect.die("again"))
      assert.deepStrictEqual(await runtime.runPromise(again), { status: 200 })
    }))

  it("interrupts a handler before it closes the services of the layer", async () => {
    const events: Array<string> = []
    const started = Deferred.makeUnsafe<void>()
    const store = Layer.effectDiscard(
      Effect.acquireRelease(Effect.void, () => Effect.sync(() => events.push("store closed")))
    )
    const runtime = ManagedRuntime.make(
      Layer.provideMerge(withKeys(), Layer.mergeAll(store, WebhookInbox.layerMemory, Logger.layer([])))
    )
    const hanging = Deferred.succeed(started, undefined).pipe(
      Effect.andThen(Effect.never),
      Effect.onInterrupt(() => Effect.sync(() => events.push("interrupted")))
    )
    const answering = runtime.runPromiseExit(Webhooks.handle(requestOf(fresh()), () => hanging))
    await runtime.runPromise(Deferred.await(started))
    await runtime.dispose()
    await answering
    assert.deepStrictEqual(events, ["interrupted", "store closed"])
  })

  it("provides the handler with its services, and a scope of its own", () =>
    withRuntime(async (runtime) => {
      const saved: Array<string> = []
      const handler = ({ webhookId }: WebhookEvent) =>
        Effect.gen(function* () {
          yield* Effect.addFinalizer(() => Effect.sync(() => saved.push("closed")))
          saved.push(webhookId, (yield* References.CurrentLogAnnotations)["caller"] as string)
        })
      const handling = Webhooks.handle(requestOf(fresh()), handler).pipe(Effect.annotateLogs("caller", "mine"))
      assert.deepStrictEqual(await runtime.runPromise(handling), { status: 200 })
      assert.deepStrictEqual(saved, ["01JD4ZA", "mine", "closed"])
    }))
})

describe("the log of handle", () => {
  interface Line {
    readonly level: string
    readonly message: string
    readonly annotations: unknown
  }

  /** Handles an event, and returns what was logged and the spans that were made. */
  const observed = (handler: () => Effect.Effect<unknown, unknown>, signed: Signed = paid) =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const lines: Array<Line> = []
      const spans: Array<Tracer.Span> = []
      const logger = Logger.make(({ cause, fiber, logLevel, message }) => {
        const annotations = { ...fiber.getRef(References.CurrentLogAnnotations) }
        lines.push({ level: logLevel, message: `${String(message)} ${Cause.pretty(cause)}`, annotations })
      })
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      yield* Webhooks.handle(requestOf(signed), handler).pipe(
        Effect.provide([inMemory, Logger.layer([logger])]),
        Effect.provideService(Tracer.Tracer, tracer)
      )
      return { lines, spans: spans.map(({ attributes, name }): ReadonlyArray<unknown> => [name, ...attributes]) }
    })

  it.effect("is empty after a success, and the span has the type of the event", () =>
    Effect.gen(function* () {
      const { lines, spans } = yield* observed(() => Effect.void)
      assert.deepStrictEqual(lines, [])
      assert.deepStrictEqual(spans, [["Webhooks.verify", ["palomma.webhook.event_type", "payout-request.update"]]])
    })
  )

  it.effect("is an error with the webhook and its type if a handler fails", () =>
    Effect.gen(function* () {
      const { lines } = yield* observed(() => Effect.fail("database is down"))
      assert.strictEqual(lines.length, 1)
      assert.strictEqual(lines[0]?.level, "Error")
      assert.match(
        lines[0]?.message ?? "",
        /^Handling the webhook failed\. Palomma will deliver it again\. .*database is down/s
      )
      assert.deepStrictEqual(lines[0]?.annotations, {
        webhookId: "01JD4ZPAYOUT0000000000000A",
        eventType: "payout-request.update"
      })
    })
  )

  it.effect("contains an id only if it has the form of an id", () =>
    Effect.gen(function* () {
      const signed = sign(eventOf("ana@mail.co\n3007654321", new Date(writtenAt).toISOString()))
      const { lines } = yield* observed(() => Effect.fail("no"), signed)
      assert.strictEqual(lines.length, 1)
      assert.deepStrictEqual(lines[0]?.annotations, { webhookId: "<redacted>", eventType: "payout-request.update" })
    })
  )

  const types: ReadonlyArray<readonly [string, string]> = [
    ["refund.update", "refund.update"],
    ["1098765432", "other"],
    ["cc1098765432.update", "other"],
    ["maria@example.com", "other"],
    ["refund.update\u001b[2J", "other"],
    ["\nrefund.update", "other"],
    ["refund", "other"],
    [`${"a".repeat(41)}.update`, "other"],
    [`refund.${"a".repeat(21)}`, "other"],
    [`${"a".repeat(40)}.${"a".repeat(20)}`, `${"a".repeat(40)}.${"a".repeat(20)}`]
  ]
  it.effect.each(types)("names the type %j as %s", ([eventType, label]) =>
    Effect.gen(function* () {
      const signed = sign({ ...Object(eventOf("01JD4ZA", new Date(writtenAt).toISOString())), eventType })
      const { lines, spans } = yield* observed(() => Effect.fail("no"), signed)
      const error = lines.find(({ level }) => level === "Error")
      assert.deepStrictEqual(error?.annotations, { webhookId: "01JD4ZA", eventType: label })
      assert.deepStrictEqual(spans, [["Webhooks.verify", ["palomma.webhook.event_type", label]]])
    })
  )
})

describe("during a rotation", () => {
  it.effect("webhooks of the old and of the new key are handled", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const services = Layer.mergeAll(
        withKeys({ integrityKeys: keys(integrityKey, otherKey) }),
        WebhookInbox.layerMemory
      )
      for (const key of [integrityKey, otherKey]) {
        const signed = sign(JSON.parse(paid.json), key)
        const handling = Webhooks.handle(requestOf(signed), () => Effect.void)
        assert.deepStrictEqual(yield* Effect.provide(handling, services), { status: 200 })
      }
    })
  )
})
