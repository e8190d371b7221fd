/**
 * What the transfers themselves write into spans, logs and messages: a reference only if the program enables it, and
 * never an account or an amount.
 */
import { assert, describe, it } from "@effect/vitest"
import { Payins, Payouts, type TransferOptions } from "@palomma-effect/client"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import * as TestClock from "effect/testing/TestClock"
import { over } from "./support/layers.ts"
import { type Answer, type Request, type Stub, stub } from "./support/stub.ts"

const reference = "order-REFERENCE"
const account = "01ACCOUNTSENTINEL"
const amount = 987_654

const kinds = [
  {
    name: "Payouts.send",
    field: "payoutTargetId",
    call: (options: TransferOptions, palomma: Stub) =>
      Payouts.use((payouts) => payouts.send({ reference, payoutTargetId: PayoutTargetId.make(account), amount })).pipe(
        Effect.provide(Payouts.layerMemory(options).pipe(Layer.provide(over(palomma))))
      )
  },
  {
    name: "Payins.charge",
    field: "payinSourceId",
    call: (options: TransferOptions, palomma: Stub) =>
      Payins.use((payins) => payins.charge({ reference, payinSourceId: PayinSourceId.make(account), amount })).pipe(
        Effect.provide(Payins.layerMemory(options).pipe(Layer.provide(over(palomma))))
      )
  }
]
type Kind = (typeof kinds)[number]

const record = (kind: Kind, more: object = {}) => ({
  id: "01RECORD",
  status: "processing",
  reference,
  [kind.field]: account,
  amount,
  ...more
})

const echo = { message: `The account ${account} cannot take ${amount} pesos, for ${reference}` }

/** Palomma's answer to the create, and the content of its lists afterwards. */
const worlds = (kind: Kind): Record<string, { readonly create: Answer; readonly list: Answer }> => {
  const empty = { json: { items: [], cursor: null } }
  return {
    accepted: { create: { json: record(kind) }, list: empty },
    refused: { create: { status: 400, json: echo }, list: empty },
    "refused by the key": { create: { status: 401, json: echo }, list: empty },
    "not found again": { create: { status: 500, json: echo }, list: empty },
    "looked up in vain": { create: { status: 500, json: echo }, list: { status: 500, json: echo } },
    "answered with another amount": { create: { json: record(kind, { amount: 1 }) }, list: empty },
    "held with another amount": {
      create: { json: {} },
      list: { json: { items: [record(kind, { amount: 1 })], cursor: null } }
    },
    "held twice": {
      create: { json: {} },
      list: { json: { items: [record(kind), record(kind, { id: "01SECOND" })], cursor: null } }
    },
    "similar to another": {
      create: { json: {} },
      list: { json: { items: [record(kind, { reference: undefined })], cursor: null } }
    }
  }
}

const run = (kind: Kind, world: { readonly create: Answer; readonly list: Answer }, options: TransferOptions = {}) =>
  Effect.gen(function* () {
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (spanOptions) => {
        const span = new Tracer.NativeSpan(spanOptions)
        spans.push(span)
        return span
      }
    })
    const logs: Array<string> = []
    const logger = Logger.make(({ cause, message }) => void logs.push(JSON.stringify([message, cause])))
    const palomma = stub(({ method }: Request) => (method === "POST" ? world.create : world.list))
    const sent = kind
      .call(options, palomma)
      .pipe(
        Effect.provideService(Tracer.Tracer, tracer),
        Effect.provideService(Logger.CurrentLoggers, new Set([logger]))
      )
    const fiber = yield* Effect.forkChild(Effect.result(sent))
    yield* TestClock.adjust("2 hours")
    return { result: yield* Fiber.join(fiber), spans, logs }
  })

const assertPrivate = (texts: ReadonlyArray<string>): void => {
  for (const text of texts) {
    assert.notInclude(text, account)
    assert.notMatch(text.replaceAll(/[.,_\s]/g, ""), new RegExp(String(amount)))
  }
}

describe.each(kinds)("$name", (kind) => {
  describe.each(Object.entries(worlds(kind)))("a transfer that is %s", (_, world) => {
    it.effect("has its reference in the message of an error, and neither the account nor the amount", () =>
      Effect.gen(function* () {
        const { result } = yield* run(kind, world)
        if (Result.isSuccess(result)) return
        assert.include(result.failure.message, reference)
        assertPrivate([result.failure.message])
      })
    )

    it.effect("is logged without the account and the amount", () =>
      Effect.gen(function* () {
        assertPrivate((yield* run(kind, world)).logs)
      })
    )

    it.effect("has no reference, account or amount in its spans", () =>
      Effect.gen(function* () {
        const { spans } = yield* run(kind, world)
        assert.include(
          spans.map(({ name }) => name),
          kind.name
        )
        const attributes = spans.map((span) => JSON.stringify([...span.attributes]))
        assertPrivate(attributes)
        for (const text of attributes) assert.notInclude(text, reference)
      })
    )
  })

  it.effect("has its reference in its own span if the program enables it", () =>
    Effect.gen(function* () {
      const { spans } = yield* run(kind, worlds(kind)["accepted"] ?? assert.fail(), { traceReferences: true })
      const own = spans.find(({ name }) => name === kind.name)
      assert.deepStrictEqual([...(own?.attributes ?? [])], [["palomma.reference", reference]])
    })
  )

  it.effect("keeps Palomma's text in the cause of a rejection", () =>
    Effect.gen(function* () {
      const { result } = yield* run(kind, worlds(kind)["refused"] ?? assert.fail())
      assert.isTrue(Result.isFailure(result))
      if (Result.isFailure(result)) {
        assert.strictEqual(result.failure._tag, "TransferRejected")
        assert.include(result.failure._tag === "TransferRejected" ? result.failure.cause.message : "", "cannot take")
      }
    })
  )
})
