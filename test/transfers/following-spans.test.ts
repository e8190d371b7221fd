/** Each operation is a span with its name. It holds the reference if the option is set. */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { both, event, notPaid, scene, author } from "./support/people.ts"
import type { Kind, Process } from "./support/scenario.ts"

// The spans of an effect, by name, with their attributes.
const spansOf = (self: Effect.Effect<unknown, unknown>) =>
  Effect.gen(function* () {
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    yield* Effect.exit(Effect.provideService(self, Tracer.Tracer, tracer))
    return new Map(spans.map(({ attributes, name }) => [name, [...attributes]]))
  })

const byReference = (transfers: Process, reference: string) =>
  [
    ["find", transfers.find(reference)],
    ["reconcile", transfers.reconcile(reference)],
    ["advance", transfers.advance(reference)],
    ["carry", transfers.carry(reference)],
    ["markTold", transfers.markTold(reference, 1)],
    ["resolve", transfers.resolve(reference, notPaid(1))],
    ["withdraw", transfers.withdraw(reference, author)],
    ["acknowledge", transfers.acknowledge(reference, { ...author, version: 1 })],
    ["awaitFinal", transfers.awaitFinal(reference)]
  ] as const

const operations = (kind: Kind, transfers: Process, reference: string) =>
  [
    [kind.verb, transfers.send({ reference, accountId: "01HACCOUNT", amount: 50_000 })],
    ["intend", transfers.intend({ reference, accountId: "01HACCOUNT", amount: 50_000 })],
    ["applyWebhook", transfers.applyWebhook(event(kind, "01HRECORD", reference))],
    ...byReference(transfers, reference)
  ] as const

describe("the span of an operation", () => {
  both("has its name, and holds the reference if the option is set", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind, { traceReferences: true })
      for (const [operation, run] of operations(kind, transfers, reference)) {
        const spans = yield* spansOf(run)
        assert.deepStrictEqual(spans.get(`${kind.service}.${operation}`), [["palomma.reference", reference]], operation)
      }
    })
  )

  both("holds nothing by default", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers } = yield* scene(kind)
      for (const [operation, run] of operations(kind, transfers, reference)) {
        assert.deepStrictEqual((yield* spansOf(run)).get(`${kind.service}.${operation}`), [], operation)
      }
    })
  )

  both("has no attribute for an invalid reference", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind, { traceReferences: true })
      // An untyped program may pass any value.
      const find = transfers.find(7 as never)
      assert.deepStrictEqual((yield* spansOf(find)).get(`${kind.service}.find`), [])
      const send = transfers.send({ reference: "", accountId: "01HACCOUNT", amount: 50_000 })
      assert.deepStrictEqual((yield* spansOf(send)).get(`${kind.service}.${kind.verb}`), [])
      const applied = transfers.applyWebhook(event(kind, "01HRECORD"))
      assert.deepStrictEqual((yield* spansOf(applied)).get(`${kind.service}.applyWebhook`), [])
    })
  )
})

describe("an operation", () => {
  both("rejects a reference that is not a string, with its own name", (kind) =>
    Effect.gen(function* () {
      const { transfers } = yield* scene(kind)
      // An untyped program may pass any value.
      for (const [operation, run] of byReference(transfers, 7 as never)) {
        const error: unknown = yield* Effect.flip<unknown, unknown, never>(run)
        const problems = [{ field: "reference", code: "non-empty", rule: "must be a non-empty string" }]
        const expected = { _tag: "PalommaInvalidInput", operation: `${kind.service}.${operation}`, outcome: "none" }
        assert.deepInclude(error, { ...expected, problems })
      }
    })
  )
})
