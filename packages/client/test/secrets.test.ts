/**
 * Law 7: no secret is ever printed. Every operation ends in every possible way, with a recognisable text in every
 * marked field. Then everything that a person could read or a machine could store is searched.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { PalommaEndpoint, PayoutRequests } from "@palomma-effect/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Stream from "effect/Stream"
import { assertClean, everything, observe, observed, printedError } from "./support/observed.ts"
import { call, creates, marked, markedInAnswers, type Operation, operations } from "./support/operations.ts"
import { apiKey, bytes, type Reply, services, stub } from "./support/stub.ts"

// A server that repeats the whole request, in every possible place.
const repeated = (operation: Operation): string =>
  `Bearer ${apiKey}: ${operation.secrets.map((secret) => `${secret}, "${secret.toUpperCase()}"`).join(" and ")}. ` +
  "Call +57 300 123 4567 or write to ana@example.com.\n\u001b[31m"

const echoed = (operation: Operation, status: number): Reply => ({
  status,
  headers: {
    "x-request-id": apiKey,
    "request-id": (operation.secrets[0] ?? "").replaceAll(/\P{ASCII}/gu, "?"),
    location: `https://elsewhere.example/?key=${apiKey}`,
    "set-cookie": `key=${apiKey}`,
    "www-authenticate": `Bearer ${apiKey}`
  },
  json: {
    message: repeated(operation),
    error: repeated(operation),
    id: operation.secrets[0] ?? 5,
    details: { ...marked, ...markedInAnswers, apiKey }
  }
})

// A value that fetch throws has no tag.
const fails = (thrown: unknown): Effect.Effect<never, unknown> => Effect.fail(thrown)

const refusal = (operation: Operation, code: object): Reply =>
  Effect.suspend(() =>
    fails(
      new TypeError(`fetch failed ${repeated(operation)}`, {
        cause: Object.assign(new Error(repeated(operation)), code, {
          headers: { authorization: `Bearer ${apiKey}` },
          body: marked
        })
      })
    )
  )

describe("no secret is printed", () => {
  it.effect("by a success", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const exit = yield* observe(operation, { json: operation.success })
        assert.isTrue(Exit.isSuccess(exit), operation.name)
      })
    )
  )

  it.effect.each([400, 401, 403, 404, 408, 429, 500, 302, 308])(
    "by an answer of status %s that repeats the request",
    (status) => Effect.forEach(operations, (operation) => observe(operation, echoed(operation, status)))
  )

  it.effect.each([400, 500])("by an answer of status %s that repeats the request as text", (status) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        yield* observe(operation, { status, text: repeated(operation) })
        yield* observe(operation, { status, json: { errors: operation.secrets } })
        yield* observe(operation, { status, json: { error: { message: [repeated(operation), { message: apiKey }] } } })
      })
    )
  )

  it.effect.each([200, 202])("by an answer of status %s that repeats the request instead of a record", (status) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const fail = (reply: Reply) =>
          Effect.map(observe(operation, { status, ...reply }), (exit) =>
            assert.isTrue(Exit.isFailure(exit), operation.name)
          )
        yield* fail({ text: repeated(operation) })
        yield* fail({ text: JSON.stringify(repeated(operation)) })
        yield* fail({ text: `{"id":"${operation.secrets[0]}",` })
        yield* fail({ json: [operation.secrets] })
        yield* fail({ json: { ...operation.success, id: [operation.secrets], items: marked } })
        yield* fail({ json: { data: { id: operation.secrets[0] ?? apiKey } } })
        yield* fail({ json: { id: { id: apiKey }, cursor: { next: apiKey } } })
      })
    )
  )

  it.effect("by a success with undocumented and unreadable fields", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const odd = ["UNDOC-8W3", "UNREAD-6K5", "DEEP-2V9"]
        const strange = {
          newField: odd[0],
          [`${odd[0]}`]: 1,
          fee: { amount: odd[1] },
          description: [odd[1]],
          customerDetails: { ...markedInAnswers, reference: { deep: odd[2] }, nickname: odd[2] },
          createdAt: odd[1]?.split("")
        }
        const { success } = operation
        const json =
          "items" in success && Array.isArray(success.items)
            ? { ...success, newField: odd[0], items: success.items.map((item: object) => ({ ...item, ...strange })) }
            : { ...success, ...strange }
        const exit = yield* observe(operation, { json }, undefined, odd)
        assert.isTrue(Exit.isSuccess(exit), operation.name)
      })
    )
  )

  it.effect("by a page with items that cannot be read", () =>
    Effect.forEach(
      operations.filter(({ kind }) => kind === "list"),
      (operation) => {
        const items = [{ id: [apiKey], ...markedInAnswers }, marked, apiKey, [marked.name], null]
        return observe(operation, { json: { ...operation.success, items } })
      }
    )
  )

  it.effect("by an answer that broke off or was too large", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const start = Stream.make(bytes(JSON.stringify({ id: operation.secrets[0], message: repeated(operation) })))
        yield* observe(operation, { stream: Stream.concat(start, Stream.fail(new Error(repeated(operation)))) })
        yield* observe(operation, { stream: Stream.concat(start, Stream.make(bytes(" ".repeat(1_100_000)))) })
      })
    )
  )

  it.effect.each([
    { code: "ECONNREFUSED", syscall: "connect" },
    { code: "ENOTFOUND", syscall: "getaddrinfo" },
    { code: "CERT_HAS_EXPIRED" },
    { code: "ECONNRESET", syscall: "read" },
    { code: apiKey },
    { code: marked.name, syscall: apiKey }
  ])("by a failure of the connection that repeats the request: %j", (code) =>
    Effect.forEach(operations, (operation) => observe(operation, refusal(operation, code)))
  )

  it.effect("by a timeout", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        yield* observe(operation, Effect.never)
        yield* observe(operation, { stream: Stream.concat(Stream.make(bytes(repeated(operation))), Stream.never) })
      })
    )
  )

  it.effect("by an input that is refused", () =>
    Effect.forEach(creates, ({ body = {}, group, name }) =>
      Effect.gen(function* () {
        // Every field holds a secret of a wrong kind, in every position.
        for (const wrong of [
          { secret: marked },
          [marked.accountNumber],
          `${marked.cardNumber}\n${apiKey}`,
          Object.values(marked)
        ]) {
          const bad = Object.fromEntries(Object.keys(body).map((key) => [key, wrong]))
          for (const input of [
            bad,
            { ...body, reference: `${marked.documentNumber}\n` },
            { ...body, redirectUrl: 5, amount: 5, customerId: 5, name: 5, payoutTargetId: 5, payinSourceId: 5 }
          ]) {
            const { exit, written } = yield* observed(call(group, "create", input), { status: 500 })
            if (Exit.isSuccess(exit)) assert.fail(name)
            const error = yield* Effect.flip(exit)
            assert.strictEqual(error._tag, "PalommaInvalidInput", name)
            for (const [how, text] of Object.entries(printedError(error))) assertClean(text, `${name}, ${how}`)
            assertClean(written.join("\n"), "a log")
          }
        }
      })
    )
  )

  it.effect("by a rejection in rejectedStatuses", () =>
    Effect.gen(function* () {
      const options = { rejectedStatuses: [403, 429, 503] }
      yield* Effect.forEach(operations, (operation) =>
        Effect.forEach(options.rejectedStatuses, (status) => observe(operation, echoed(operation, status), options))
      )
    })
  )

  it.effect("by options that are sent beside the body", () =>
    Effect.forEach(creates, (operation) =>
      Effect.forEach([400, 403, 500], (status) => {
        const undocumented = { who: "Hermenegildo Ñuñez", ids: [771_223, { deep: "tkn-4Q8Z" }] }
        const message = "HERMENEGILDO NUÑEZ, hermenegildo%20%C3%B1u%C3%B1ez, 771.223, TKN 4q8z; Sr. Ñuñez"
        const ofCall = call(operation.group, "create", operation.body, { undocumented })
        return observe({ ...operation, call: ofCall }, { status, json: { message, id: "tkn-4Q8Z" } }, undefined, [
          "Hermenegildo",
          "Ñuñez",
          "771223",
          "tkn-4Q8Z"
        ])
      })
    )
  )

  it.effect("by a metric", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(operations, (operation) => observe(operation, echoed(operation, 500)))
      assertClean(inspect(yield* Metric.snapshot, everything), "a metric")
    })
  )

  it.effect("by a service", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(services(stub({ status: 500 })))
      for (const part of [context, Context.get(context, PayoutRequests), Context.get(context, PalommaEndpoint)]) {
        assertClean(inspect(part, everything), "a service")
        assertClean(JSON.stringify(part), "a service")
      }
    })
  )
})
