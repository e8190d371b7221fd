/** Unusual ends of a request: the next step, the error and the log. */
import { assert, describe } from "@effect/vitest"
import { Transfer, TransferJournalError, TransferNotSent, TransferOutcomeUnknown } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Logger from "effect/Logger"
import * as Tracer from "effect/Tracer"
import { TestClock } from "effect/testing"
import { both, scene, runReady } from "./support/people.ts"
import { amount, broken, failure, has, inTime, type Kind, type StartOptions } from "./support/scenario.ts"

type Request = NonNullable<StartOptions["request"]>

const request = HttpClientRequest.post("http://127.0.0.1/v0")

// A custom client whose creates fail before it asks for the body.
const failing =
  (cause: unknown): Request =>
  (method, send) =>
    method === "POST"
      ? Effect.fail(
          new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
        )
      : send

const answerOf = (status: number, body: string) =>
  HttpClientResponse.fromWeb(request, new Response(body, { status, headers: { "content-type": "application/json" } }))

const answering =
  (status: number, body = "{}"): Request =>
  (method, send) =>
    method === "POST" ? Effect.succeed(answerOf(status, body)) : send

// A journal that never stores rows of a state.
const without = (state: Transfer["state"]): StartOptions["journal"] => ({
  before: ({ operation, row }) => (row?.state === state ? Effect.fail(broken(operation)) : Effect.void)
})

// The first create takes this long.
const slowAtFirst = (seconds: number): Request => {
  let isFirst = true
  return (method, send) => {
    if (method !== "POST" || !isFirst) return send
    isFirst = false
    return Effect.delay(send, seconds * 1_000)
  }
}

const posts = ({ steps }: { readonly steps: ReadonlyArray<string> }): number =>
  steps.filter((step) => step === "POST").length

describe("a request that was proven not to have been sent", () => {
  both("is retried after half a second, and then after a second", (kind) =>
    Effect.gen(function* () {
      const times: Array<number> = []
      const { fault, intent, start } = yield* scene(kind)
      yield* fault("create", Fault.refuse, { times: 3 })
      const process = yield* start({
        request: (method, send) =>
          method === "POST"
            ? Effect.andThen(
                Effect.map(Clock.currentTimeMillis, (now) => void times.push(now)),
                send
              )
            : send
      })
      const fiber = yield* Effect.forkChild(Effect.flip(process.send(intent)))
      for (let step = 0; step < 200; step++) {
        yield* runReady
        yield* TestClock.adjust("10 millis")
      }
      yield* Fiber.join(fiber)
      const pauses = times.slice(1).map((time, i) => Math.round(time - (times[i] ?? 0)))
      assert.deepStrictEqual(pauses, [500, 1_000])
    })
  )

  for (const [what, seconds, tries] of [
    ["is retried if more than twice the pause is left of sendTimeout", 8.9, 2],
    ["is not retried if less than twice the pause is left of sendTimeout", 9.1, 1]
  ] as const) {
    both(what, (kind) =>
      Effect.gen(function* () {
        const { fault, intent, start } = yield* scene(kind, { sendTimeout: "10 seconds" })
        yield* fault("create", Fault.refuse, { times: 3 })
        const process = yield* start({ request: slowAtFirst(seconds) })
        assert.instanceOf(yield* failure(process.send(intent)), TransferNotSent)
        assert.strictEqual(posts(process), tries)
      })
    )
  }

  both("leaves the next request the rest of sendTimeout since the look-up began", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, start, world } = yield* scene(kind, { sendTimeout: "20 seconds", reconcileTimeout: 0 })
      yield* fault("create", Fault.refuse)
      yield* fault("create", Fault.hang({ at: "before" }), { nth: 2 })
      const process = yield* start({ request: slowAtFirst(10) })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { lastErrorTag: "PalommaTimeout" })
      const [first, second] = yield* world.requests("list")
      assert.strictEqual(Math.round((second?.at ?? 0) - (first?.at ?? 0)), 20_000)
    })
  )

  both("is not retried if it would fail again, as with an invalid certificate", (kind) =>
    Effect.gen(function* () {
      const { intent, row, start } = yield* scene(kind)
      let tries = 0
      const fails = failing(Object.assign(new Error("no"), { code: "CERT_HAS_EXPIRED" }))
      const process = yield* start({
        request: (method, send) => {
          if (method === "POST") tries += 1
          return fails(method, send)
        }
      })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferNotSent)
      has(error.cause, { _tag: "PalommaConnectionError", reason: "tls", outcome: "not-sent" })
      assert.strictEqual(tries, 1)
      has(yield* row(), { state: "intended", claims: 1 })
    })
  )
})

describe("a custom client that does not report whether it sent the body", () => {
  both("has sent it if Palomma responded", (kind) =>
    Effect.gen(function* () {
      const { intent, start } = yield* scene(kind, { reconcileTimeout: 0 })
      const error = yield* failure((yield* start({ request: answering(500) })).send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { sent: "yes", lastErrorTag: "PalommaServerError" })
    })
  )

  both("has sent it if Palomma rejected it, even if the rejection cannot be written", (kind) =>
    Effect.gen(function* () {
      const { intent, start } = yield* scene(kind)
      const process = yield* start({
        request: answering(400, JSON.stringify({ message: "No" })),
        journal: without("rejected")
      })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferJournalError)
      has(error, { sent: "yes" })
    })
  )

  both("has sent it if Palomma made a record, even if that cannot be written", (kind) =>
    Effect.gen(function* () {
      let list = ""
      const { add, intent, start } = yield* scene(kind)
      const made = yield* add()
      const reading: Request = (_, send) =>
        Effect.flatMap(send, (response) => Effect.map(response.text, (text) => answerOf(200, (list = text))))
      yield* (yield* start({ request: reading, transfers: { namespace: "elsewhere" } })).send(intent)
      const { items } = JSON.parse(list) as { readonly items: ReadonlyArray<object> }
      const process = yield* start({
        request: answering(200, JSON.stringify(items[0])),
        journal: without("accepted"),
        transfers: { lookUpFirst: false }
      })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferJournalError)
      has(error, { sent: "yes", recordId: made.id })
    })
  )

  both("may have sent it if no response arrived", (kind) =>
    Effect.gen(function* () {
      const { intent, row, start } = yield* scene(kind, { reconcileTimeout: 0 })
      const process = yield* start({ request: failing(new Error("the line is dead")) })
      const error = yield* failure(process.send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { sent: "unknown", lastErrorTag: "PalommaConnectionError" })
      assert.match(
        (yield* row()).lastError ?? "",
        /^Pay(out|in)Requests\.create: PalommaConnectionError\. Palomma's lists do not show the transfer\.$/
      )
    })
  )
})

// Runs a call in which each create dies before it begins, and collects the logged errors.
const dying = Effect.fnUntraced(function* <A, E, R>(account: string, self: Effect.Effect<A, E, R>) {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel === "Error") lines.push(String(message))
  })
  const tracer = Tracer.make({
    span: (options) => {
      if (options.name.endsWith("Requests.create")) throw new Error(`no span for ${amount} of ${account}`)
      return new Tracer.NativeSpan(options)
    }
  })
  const result = yield* self.pipe(
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.provide(Logger.layer([logger])),
    inTime
  )
  return { result, lines }
})

describe("a response that cannot be read, or that has the record of another transfer", () => {
  both("stores no id that contains the API key: the transfer is looked up in the lists", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, paid, simulator, transfers } = yield* scene(kind)
      const answer = Fault.all(Fault.rewrite("status", undefined), Fault.rewrite("id", `id-${simulator.apiKey}`))
      yield* fault("create", answer)
      const [transfer, [record]] = yield* Effect.zip(inTime(transfers.send(intent)), paid())
      has(transfer, { state: "accepted", recordId: record?.id })
    })
  )

  both("adds no id that contains the API key to an error", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, row, simulator, transfers } = yield* scene(kind, { reconcileTimeout: 0 })
      const answer = Fault.all(Fault.rewrite("status", undefined), Fault.rewrite("id", `id-${simulator.apiKey}`))
      yield* fault("create", answer)
      yield* fault("list", Fault.lag("1 day"), { rate: 1 })
      const error = yield* failure(transfers.send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { sent: "yes", recordId: undefined })
      has(yield* row(), { recordId: undefined, state: "needsReview" })
    })
  )

  both("leaves the transfer in doubt if the record belongs to another transfer, and the row has the reason", (kind) =>
    Effect.gen(function* () {
      const { fault, intent, row, transfers } = yield* scene(kind, { reconcileTimeout: 0 })
      const other = yield* transfers.send({ ...intent, reference: "rent-2026-10" })
      const response = [Fault.rewrite("id", other.recordId), Fault.rewrite("reference", other.reference)]
      yield* fault("create", Fault.all(...response))
      yield* fault("list", Fault.lag("1 day"), { rate: 1 })
      const error = yield* failure(transfers.send(intent))
      assert.instanceOf(error, TransferOutcomeUnknown)
      has(error, { sent: "yes", recordId: undefined })
      has(yield* row(), {
        state: "needsReview",
        recordId: undefined,
        lastError: "Palomma answered with the record of another transfer. Palomma's lists do not show the transfer."
      })
    })
  )
})

describe("a call that dies", () => {
  both("is in doubt, and the log has the defect, without the amount and the account", (kind) =>
    Effect.gen(function* () {
      const { intent, row, start } = yield* scene(kind, { reconcileTimeout: 0 })
      const process = yield* start()
      const account = "ana-ruiz"
      const { lines, result } = yield* dying(account, Effect.flip(process.send({ ...intent, accountId: account })))
      assert.instanceOf(result, TransferOutcomeUnknown)
      has(result, { sent: "unknown", state: "needsReview" })
      assert.include((yield* row()).lastError ?? "", "The call ended in a defect.")
      assert.strictEqual(posts(process), 0)
      const [line = "", ...others] = lines
      assert.deepStrictEqual(others, [])
      assert.include(line, "rent-2026-11")
      assert.include(line, "the request ended in a defect. Error: no span for <redacted> of <redacted>")
    })
  )
})

describe("a process that lost its claim and its response", () => {
  // Its claim is treated as lost, and a person permits another send, before its timeout.
  const takenOver = Effect.fnUntraced(function* (kind: Kind, journal: StartOptions["journal"] = {}) {
    const lines: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      if (logLevel === "Warn") lines.push(String(message))
    })
    const all = yield* scene(kind, { sendTimeout: "30 seconds" })
    yield* all.fault("create", Fault.hang({ at: "before" }))
    const process = yield* all.start({ journal })
    const logged = process.send(all.intent).pipe(Effect.flip, Effect.provide(Logger.layer([logger])))
    const fiber = yield* Effect.forkChild(logged)
    yield* TestClock.adjust("1 second")
    const { claim: _, ...row } = yield* all.row()
    yield* all.journal.service.replace(new Transfer({ ...row, state: "intended", version: row.version + 1 }))
    return { ...all, lines, process, error: inTime(Fiber.join(fiber)) }
  })

  both("logs that it could not look up a second record, and reports its own request correctly", (kind) =>
    Effect.gen(function* () {
      const { error, fault, lines } = yield* takenOver(kind)
      yield* fault("list", Fault.respond({ status: 401, body: { message: "No" } }), { rate: 1 })
      const outcome = yield* error
      assert.instanceOf(outcome, TransferOutcomeUnknown)
      has(outcome, { sent: "yes", state: "intended" })
      assert.lengthOf(lines, 1)
      assert.match(
        lines[0] ?? "",
        /"rent-2026-11": the look-up of a second record failed: Pay(out|in)Requests\.list: PalommaUnauthorized 401\.$/
      )
    })
  )

  both("returns the error of a journal that fails in that look-up, and reports that it sent", (kind) =>
    Effect.gen(function* () {
      let isTaken = false
      const { add, error, lines } = yield* takenOver(kind, {
        before: ({ operation }) =>
          isTaken && operation === "findByRecordId" ? Effect.fail(broken(operation)) : Effect.void
      })
      yield* add()
      isTaken = true
      const outcome = yield* error
      assert.instanceOf(outcome, TransferJournalError)
      has(outcome, { sent: "yes", reason: "the disk is full" })
      assert.deepStrictEqual(lines, [])
    })
  )
})

describe("a transfer that a person permitted to send again after an incomplete look-up", () => {
  // No list ends, so that every look-up reaches its limit.
  const resolved = Effect.fnUntraced(function* (kind: Kind, incomplete: boolean) {
    const all = yield* scene(kind, { lookUpPages: 3 })
    const { version } = yield* all.write({ state: "needsReview" })
    if (incomplete) yield* all.fault("list", Fault.endlessCursor(), { rate: 1 })
    yield* TestClock.adjust("20 minutes")
    const decision = { as: "not-paid", version, by: "ana", note: "Palomma confirmed it", incomplete: true } as const
    yield* all.transfers.resolve(all.reference, decision)
    yield* all.fault("list", Fault.endlessCursor(), { rate: 1 })
    return all
  })

  both("is sent though no look-up can be complete", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, transfers } = yield* resolved(kind, true)
      has(yield* inTime(transfers.send(intent)), { state: "accepted", claims: 2 })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("is not sent if a look-up shows a record", (kind) =>
    Effect.gen(function* () {
      const { add, count, intent, transfers } = yield* resolved(kind, true)
      const made = yield* add()
      has(yield* inTime(transfers.send(intent)), { state: "accepted", recordId: made.id, claims: 1 })
      assert.strictEqual(yield* count("create"), 0)
    })
  )

  both("is not sent if the earlier look-up was complete, and this one is not", (kind) =>
    Effect.gen(function* () {
      const { count, intent, transfers } = yield* resolved(kind, false)
      const error = yield* failure(transfers.send(intent))
      assert.instanceOf(error, TransferNotSent)
      has(error.cause, { _tag: "TransferLookUpIncomplete" })
      assert.strictEqual(yield* count("create"), 0)
    })
  )
})
