/** R2: a look-up in Palomma's lists before every send. */
import { assert, describe, it } from "@effect/vitest"
import { TransferNotSent } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import {
  amount,
  failure,
  has,
  inTime,
  type JournalHooks,
  kinds,
  makeWorld,
  scenario,
  type World
} from "./support/scenario.ts"

// A client that waits any time for one response of a list.
const patient = { retry: { reads: { maxAttempts: 1, attemptTimeout: "1 hour", timeout: "1 hour" } } } as const

// The query of each look-up of a world: by the reference, or by the account.
const looksOf = (world: World) =>
  Effect.map(world.requests("list"), (requests) =>
    requests.map(({ url }) => (url.includes("reference=") ? "narrow" : "wide"))
  )

describe.each(kinds)("%s, by R2,", (_, kind) => {
  scenario("looks a new reference up before it sends, by the reference", kind, function* ({ process, world }) {
    yield* process.send(world.intent("a"))
    assert.deepStrictEqual(yield* looksOf(world), ["narrow"])
    assert.deepStrictEqual(
      (yield* world.requests()).map(({ method }) => method),
      ["GET", "POST"]
    )
  })

  it.effect("finds a record that the journal does not know, and sends nothing", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const made = yield* kind.addRecord(world.simulator, world.intent("a"))
      const process = yield* world.start()
      has(yield* process.send(world.intent("a")), { state: "accepted", recordId: made.id, claims: 0, version: 1 })
      assert.strictEqual(yield* world.creates, 0)
    })
  )

  for (const [state, fault, times] of [
    ["intended", Fault.refuse, 3],
    ["rejected", Fault.respond({ status: 400, body: { message: "No" } }), 1]
  ] as const) {
    scenario(
      `looks up a row that is ${state} after a claim by reference and by account`,
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", fault, { times })
        yield* failure(process.send(world.intent("a")))
        assert.strictEqual((yield* world.row("a")).state, state)
        const before = (yield* looksOf(world)).length
        yield* inTime(process.send(world.intent("a")))
        assert.deepStrictEqual((yield* looksOf(world)).slice(before), ["narrow", "wide"])
      }
    )

    scenario(
      `finds a row that is ${state} after a claim by account, if the filter by reference lags behind`,
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", fault, { times })
        yield* failure(process.send(world.intent("a")))
        const made = yield* kind.addRecord(world.simulator, world.intent("a"))
        yield* world.fault("list", Fault.lag("1 day", { filter: "reference" }), { times: 99 })
        has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", recordId: made.id })
        assert.strictEqual((yield* world.records("a")).length, 1)
      }
    )
  }

  describe("with lookUpFirst: false", () => {
    const transfers = { lookUpFirst: false }

    scenario(
      "skips the look-up for a row that this call writes into a durable journal",
      kind,
      function* ({ process, world }) {
        yield* process.send(world.intent("a"))
        assert.deepStrictEqual(yield* looksOf(world), [])
        assert.strictEqual(yield* world.creates, 1)
      },
      { start: { transfers } }
    )

    scenario(
      "looks it up if the journal is not durable",
      kind,
      function* ({ process, world }) {
        yield* process.send(world.intent("a"))
        assert.deepStrictEqual(yield* looksOf(world), ["narrow"])
      },
      { world: { isDurable: false }, start: { transfers } }
    )

    scenario(
      "looks it up if the row already exists",
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", Fault.refuse, { times: 3 })
        yield* failure(process.send(world.intent("a")))
        assert.deepStrictEqual(yield* looksOf(world), [])
        const made = yield* kind.addRecord(world.simulator, world.intent("a"))
        has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", recordId: made.id })
      },
      { start: { transfers } }
    )
  })

  scenario(
    "leaves no row if the first look-up fails, and returns the error of the look-up",
    kind,
    function* ({ process, world }) {
      yield* world.fault("list", Fault.respond({ status: 503, body: { message: "Later" } }), { times: 99 })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "PalommaServerError")
      assert.include(error.message, "This call sent nothing.")
      assert.deepStrictEqual(yield* world.rows, [])
      assert.strictEqual(yield* world.creates, 0)
    }
  )

  scenario("does not change a row if a later look-up fails", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.respond({ status: 400, body: { message: "No" } }))
    yield* failure(process.send(world.intent("a")))
    const before = yield* world.row("a")
    yield* world.fault("list", Fault.respond({ status: 401, body: { message: "No" } }))
    const error = yield* failure(process.send(world.intent("a")))
    assert.instanceOf(error, TransferNotSent)
    assert.strictEqual(error.cause._tag, "PalommaUnauthorized")
    assert.deepStrictEqual(yield* world.row("a"), before)
  })

  it.effect("limits a look-up to half of sendTimeout, and then has sent nothing", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const process = yield* world.start({
        client: patient,
        transfers: { sendTimeout: "10 seconds", lookUpTimeout: "1 minute" }
      })
      yield* world.fault("list", Fault.slow("5001 millis"))
      const start = yield* Clock.currentTimeMillis
      const ended = Effect.zip(failure(process.send(world.intent("a"))), Clock.currentTimeMillis)
      const [error] = yield* ended
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "TransferLookUpIncomplete")
      assert.deepStrictEqual(yield* world.rows, [])
      yield* world.fault("list", Fault.slow("4999 millis"))
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted" })
      const [first, second] = yield* world.requests("list")
      assert.strictEqual(first?.at, start)
      assert.isAtLeast(second?.at ?? 0, start + 5_000)
    })
  )

  it.effect("names the option that ended the look-up", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* world.fault("list", Fault.slow("20 seconds"), { times: 99 })
      const half = yield* world.start({
        client: patient,
        transfers: { sendTimeout: "10 seconds", lookUpTimeout: "8 seconds" }
      })
      const bySend = yield* failure(half.send(world.intent("a")))
      assert.instanceOf(bySend, TransferNotSent)
      has(bySend.cause, { _tag: "TransferLookUpIncomplete", limit: "sendTimeout" })
      assert.include(bySend.message, "sendTimeout")
      const own = yield* world.start({ client: patient, transfers: { lookUpTimeout: "8 seconds" } })
      const byLook = yield* failure(own.send(world.intent("a")))
      assert.instanceOf(byLook, TransferNotSent)
      has(byLook.cause, { _tag: "TransferLookUpIncomplete", limit: "lookUpTimeout" })
      assert.include(byLook.message, "lookUpTimeout")
    })
  )

  it.effect(
    "includes the time of the look-up: the wait for the response ends sendTimeout after the look-up began",
    () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        // The search after it is one look-up, so that the call ends with the wait.
        const process = yield* world.start({
          client: patient,
          transfers: { sendTimeout: "20 seconds", reconcileTimeout: 0 }
        })
        yield* world.fault("list", Fault.slow("8 seconds"))
        yield* world.fault("create", Fault.hang({ at: "before" }))
        yield* failure(process.send(world.intent("a")))
        const start = (yield* world.requests("list"))[0]?.at ?? 0
        const [created] = yield* world.requests("create")
        assert.strictEqual(created?.at, start + 8_000)
        // The look-up after the lost response.
        const after = (yield* world.requests("list"))[1]?.at
        assert.strictEqual(Math.round(after ?? 0), start + 20_000)
      })
  )

  it.effect("does not claim after a look-up that is older than the claim length", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const machine = yield* world.machine()
      const process = yield* world.start({
        machine,
        request: (method, send) =>
          // The machine sleeps while the response of the look-up is on its way.
          method === "GET" ? Effect.tap(send, () => Effect.sync(() => machine.setWall(60_000))) : send
      })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "TransferClaimEnded")
      assert.deepStrictEqual(yield* world.rows, [])
      assert.strictEqual(yield* world.creates, 0)
    })
  )

  it.effect("does not send with a claim that was written after its deadline, and releases it", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const machine = yield* world.machine()
      const process = yield* world.start({
        machine,
        journal: {
          before: ({ operation }) => Effect.sync(() => operation === "insert" && machine.setWall(60_000))
        }
      })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "TransferClaimEnded")
      assert.notInclude(process.steps, "POST")
      has(yield* world.row("a"), {
        state: "intended",
        claims: 1,
        claim: undefined,
        lastError: "The time to send the transfer was over before the request started."
      })
    })
  )

  scenario(
    "claims only the version that it read before the look-up, and looks it up again for any other",
    kind,
    function* ({ process: other, world }) {
      yield* world.fault("create", Fault.refuse, { times: 6 })
      yield* failure(other.send(world.intent("a")))
      const before = yield* world.row("a")
      const hooks: JournalHooks = {}
      const process = yield* world.start({ journal: hooks })
      // Between the look-up and the claim another process claims it, and proves that it was not sent.
      hooks.before = ({ operation }) => {
        if (operation !== "replace") return Effect.void
        hooks.before = undefined
        return Effect.ignore(other.send(world.intent("a")))
      }
      const transfer = yield* inTime(process.send(world.intent("a")))
      has(transfer, { state: "accepted", claims: before.claims + 4, amount })
      // By reference and by account, twice.
      assert.strictEqual(process.steps.filter((step) => step === "GET").length, 4)
      assert.strictEqual((yield* world.records("a")).length, 1)
    }
  )
})
