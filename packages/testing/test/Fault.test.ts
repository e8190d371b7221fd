import { assert, describe, it } from "@effect/vitest"
import {
  Fault,
  type FaultInjection,
  PalommaSimulator,
  WebhookFault,
  type WebhookFaultInjection
} from "@palomma-effect/testing"
import { PalommaServer } from "@palomma-effect/testing/server"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as TestClock from "effect/testing/TestClock"
import { type Answer, assertHas, get, overHttp, pay, target, throughBothDoors } from "./support.ts"

interface Seen {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly syscall?: string
}

const partsOf = (error: Error): Seen => {
  const { code, syscall } = error as { readonly code?: string; readonly syscall?: string }
  return {
    name: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(syscall === undefined ? {} : { syscall })
  }
}

// The error of a failed call as a program sees it, with its causes.
const seen = (error: HttpClientError.HttpClientError): ReadonlyArray<unknown> => {
  const found: Array<unknown> = [error.reason._tag]
  for (let cause = error.reason.cause; cause instanceof Error; cause = cause.cause) found.push(partsOf(cause))
  return found
}

const struckBy = (kind: FaultInjection["kind"]) =>
  Effect.gen(function* () {
    const simulator = yield* PalommaSimulator
    const account = yield* target
    yield* simulator.fault({ operation: "payoutRequests.create", kind })
    const outcome = yield* Effect.match(pay(account, "r-1"), {
      onSuccess: ({ status, text }) => [status, text],
      onFailure: seen
    })
    const requests = yield* simulator.ledger.requestsByOperation("payoutRequests.create")
    const payouts = yield* simulator.ledger.payoutsByReference("r-1")
    return { outcome, received: requests.length, payouts: payouts.length }
  })

interface Struck {
  readonly outcome: unknown
  readonly received: number
  readonly payouts: number
}

const fails = (name: string, kind: FaultInjection["kind"], expected: Struck, onNode22 = expected) =>
  throughBothDoors(
    name,
    Effect.gen(function* () {
      const isNode22 = process.versions.node.startsWith("22.")
      assert.deepInclude(isNode22 ? [expected, onNode22] : [expected], yield* struckBy(kind))
    })
  )

const fetchFailed = { name: "TypeError", message: "fetch failed" }
const terminated = { name: "TypeError", message: "terminated" }
const reset = { name: "Error", message: "read ECONNRESET", code: "ECONNRESET", syscall: "read" }
const closed = { name: "SocketError", message: "other side closed", code: "UND_ERR_SOCKET" }

// A reset during the body. Node 22 does not distinguish it from a close; in process it looks as on later versions.
const cutOff: Struck = { outcome: ["DecodeError", terminated, reset], received: 1, payouts: 1 }
const cutOffOnNode22: Struck = { outcome: ["DecodeError", terminated, closed], received: 1, payouts: 1 }

describe("connections that break", () => {
  fails("a request that is dropped by a reset never took effect", Fault.drop(), {
    outcome: ["TransportError", fetchFailed, reset],
    received: 1,
    payouts: 0
  })
  fails("a request that is dropped by a close never took effect", Fault.drop({ by: "close" }), {
    outcome: ["TransportError", fetchFailed, closed],
    received: 1,
    payouts: 0
  })
  fails("a payout is made, and its response is lost by a reset", Fault.commitThenDrop, {
    outcome: ["TransportError", fetchFailed, reset],
    received: 1,
    payouts: 1
  })
  fails("a payout is made, and its response is lost by a close", Fault.drop({ by: "close", takesEffect: true }), {
    outcome: ["TransportError", fetchFailed, closed],
    received: 1,
    payouts: 1
  })
  fails("a payout is made, and its response is cut off by a reset", Fault.cut(), cutOff, cutOffOnNode22)
  fails("a payout is made, and its response is cut off by a close", Fault.cut({ by: "close", keep: 0.1 }), {
    outcome: ["DecodeError", terminated, closed],
    received: 1,
    payouts: 1
  })
  fails("a payout is made, and no byte of its response's body arrives", Fault.cut({ keep: 0 }), cutOff, cutOffOnNode22)

  it.effect("a refused connection leaves no trace at the simulator (in process)", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* struckBy(Fault.refuse), {
        outcome: [
          "TransportError",
          fetchFailed,
          { name: "Error", message: "connect ECONNREFUSED 127.0.0.1:80", code: "ECONNREFUSED", syscall: "connect" }
        ],
        received: 0,
        payouts: 0
      })
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  overHttp(
    "a refused connection leaves no trace, and fails as in process (over HTTP)",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const server = yield* PalommaServer
      const account = yield* target
      yield* server.pause
      const error = yield* Effect.flip(pay(account, "r-1"))
      const message = `connect ECONNREFUSED 127.0.0.1:${server.port}`
      assert.deepStrictEqual(seen(error), [
        "TransportError",
        fetchFailed,
        { name: "Error", message, code: "ECONNREFUSED", syscall: "connect" }
      ])
      yield* server.resume
      assert.strictEqual((yield* pay(account, "r-1")).status, 200)
      assert.lengthOf(yield* simulator.ledger.payoutsByReference("r-1"), 1)
    })
  )

  overHttp(
    "an open port cannot refuse a connection: the request is reset unread",
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* struckBy(Fault.refuse), {
        outcome: ["TransportError", fetchFailed, reset],
        received: 0,
        payouts: 0
      })
    })
  )
})

describe("responses that are wrong", () => {
  const message = { message: "Too many requests" }
  fails("another status, without effect", Fault.respond({ status: 503, body: "upstream" }), {
    outcome: [503, "upstream"],
    received: 1,
    payouts: 0
  })
  fails(
    "another status, though the payout was made",
    Fault.respond({ status: 500, body: message, takesEffect: true }),
    {
      outcome: [500, JSON.stringify(message)],
      received: 1,
      payouts: 1
    }
  )
  fails("a success that is not JSON", Fault.notJson, {
    outcome: [200, "<html><body>502 Bad Gateway</body></html>"],
    received: 1,
    payouts: 1
  })
  fails("a success without a body", Fault.respond({ status: 204, takesEffect: true }), {
    outcome: [204, ""],
    received: 1,
    payouts: 1
  })

  overHttp(
    "a response that HTTP cannot transport is reported to the test that added the fault",
    Effect.gen(function* () {
      const { outcome } = yield* struckBy(Fault.respond({ status: 99 }))
      assert.deepStrictEqual(outcome, [500, "RangeError [ERR_HTTP_INVALID_STATUS_CODE]: Invalid status code: 99"])
    })
  )

  const asks = (name: string, wait: Parameters<typeof Fault.rateLimited>[0], header: string | undefined) =>
    throughBothDoors(
      name,
      Effect.gen(function* () {
        const simulator = yield* PalommaSimulator
        yield* simulator.fault({ kind: Fault.rateLimited(wait) })
        const { headers, status } = yield* get("/customers")
        assert.deepStrictEqual([status, headers["retry-after"]], [429, header])
      })
    )
  asks("a 429 asks to wait for seconds", 120, "120")
  asks("a 429 asks to wait until a date", DateTime.makeUnsafe("2026-10-21T07:28:00Z"), "Wed, 21 Oct 2026 07:28:00 GMT")
  asks("a 429 asks for something hostile", "1e308", "1e308")
  asks("a 429 names no time", undefined, undefined)

  throughBothDoors(
    "an open field has an unknown value, in a record and in every item of a page",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const account = yield* target
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.rewrite("status", "held") })
      const { json } = yield* pay(account)
      assert.strictEqual(json.status, "held")
      yield* pay(account)
      yield* simulator.fault({ kind: Fault.rewrite("customerDetails.documentType", "ppt") })
      const { items } = (yield* get("/payoutRequests")).json
      const expected = { status: "processing", customerDetails: { documentType: "ppt" } }
      assertHas(items, [expected, expected])
      yield* simulator.fault({ kind: Fault.rewrite("cursor", "again") })
      assertHas((yield* get("/payoutRequests")).json, { cursor: "again", count: 2 })
      yield* simulator.fault({ kind: Fault.rewrite("id", undefined) })
      assert.notProperty((yield* get(`/payoutRequests/${json.id}`)).json, "id")
    })
  )

  throughBothDoors(
    "a list does not show a new record yet",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const account = yield* target
      yield* pay(account, "r-1")
      yield* simulator.fault({ operation: "payoutRequests.list", kind: Fault.lag("1 minute") })
      assert.deepStrictEqual((yield* get("/payoutRequests?reference=r-1")).json.items, [])
      assert.lengthOf((yield* get("/payoutRequests?reference=r-1")).json.items, 1)
    })
  )

  throughBothDoors(
    "one page of many fails",
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const account = yield* target
      for (let i = 0; i < 3; i++) yield* pay(account)
      yield* simulator.fault({ operation: "payoutRequests.list", nth: 2, kind: Fault.respond({ status: 500 }) })
      const first = yield* get("/payoutRequests?limit=1")
      const next = `/payoutRequests?limit=1&cursor=${first.json.cursor}`
      assert.deepStrictEqual([first.status, (yield* get(next)).status, (yield* get(next)).status], [200, 500, 200])
    })
  )
})

describe("responses that are late, or never arrive", () => {
  const soon = <E, R>(until: Effect.Effect<boolean, E, R>) =>
    Effect.andThen(Effect.yieldNow, until).pipe(Effect.repeat({ until: (met) => met }))

  const hangs = (name: string, at: Fault.Hang["at"], payouts: number) =>
    throughBothDoors(
      name,
      Effect.gen(function* () {
        const { fault, ledger } = yield* PalommaSimulator
        const account = yield* target
        yield* fault({ operation: "payoutRequests.create", kind: Fault.hang({ at }) })
        const fiber = yield* Effect.forkChild(pay(account, "r-1"))
        const arrived = Effect.map(ledger.requestsByOperation("payoutRequests.create"), ({ length }) => length === 1)
        yield* soon(arrived)
        assert.isUndefined(fiber.pollUnsafe())
        assert.lengthOf(yield* ledger.payoutsByReference("r-1"), payouts)
        yield* Fiber.interrupt(fiber)
      })
    )
  hangs("it hangs before the payout is made", "before", 0)
  hangs("it hangs after the payout is made", "after", 1)
  hangs("it hangs in the middle of its response", "body", 1)

  it.effect("a hanging call ends at its caller's timeout, even in an uninterruptible region", () =>
    Effect.gen(function* () {
      const { fault } = yield* PalommaSimulator
      yield* fault({ kind: Fault.hang() })
      const fiber = yield* Effect.forkChild(
        Effect.uninterruptible(get("/customers").pipe(Effect.timeoutOption("10 seconds")))
      )
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "None")
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect("a response is late, though the payout was made immediately", () =>
    Effect.gen(function* () {
      const { fault, ledger } = yield* PalommaSimulator
      const account = yield* target
      yield* fault({ operation: "payoutRequests.create", kind: Fault.slow("90 seconds") })
      const fiber = yield* Effect.forkChild(pay(account, "r-1"))
      yield* TestClock.adjust("89 seconds")
      assert.lengthOf(yield* ledger.payoutsByReference("r-1"), 1)
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect("a payout is made after all callers have given up", () =>
    Effect.gen(function* () {
      const { fault, ledger } = yield* PalommaSimulator
      const account = yield* target
      yield* fault({ operation: "payoutRequests.create", kind: Fault.slow("90 seconds", { takesEffect: "after" }) })
      const fiber = yield* Effect.forkChild(pay(account, "r-1").pipe(Effect.timeoutOption("60 seconds")))
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "None")
      assert.deepStrictEqual(yield* ledger.payoutsByReference("r-1"), [])
      yield* TestClock.adjust("30 seconds")
      assert.lengthOf(yield* ledger.payoutsByReference("r-1"), 1)
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  overHttp(
    "a slow response arrives in the end",
    Effect.gen(function* () {
      const { fault } = yield* PalommaSimulator
      for (const takesEffect of ["before", "after"] as const) {
        yield* fault({ kind: Fault.slow("5 millis", { takesEffect }) })
        assert.strictEqual((yield* get("/customers")).status, 200)
      }
    })
  )
})

describe("the calls that a fault affects", () => {
  const statuses = (count: number) =>
    Effect.map(
      Effect.forEach(Array.from({ length: count }), () => get("/customers")),
      (answers: ReadonlyArray<Answer>) => answers.map(({ status }) => status)
    )
  const kind = Fault.respond({ status: 503 })

  throughBothDoors(
    "are the next one, the n-th, several, or those of one operation or reference",
    Effect.gen(function* () {
      const { clearFaults, fault } = yield* PalommaSimulator
      yield* fault({ kind })
      assert.deepStrictEqual(yield* statuses(3), [503, 200, 200])
      yield* fault({ kind, nth: 3 })
      assert.deepStrictEqual(yield* statuses(4), [200, 200, 503, 200])
      yield* fault({ kind, nth: 2, times: 2 })
      assert.deepStrictEqual(yield* statuses(4), [200, 503, 503, 200])
      yield* fault({ kind, operation: "customers.create" })
      assert.deepStrictEqual(yield* statuses(2), [200, 200])
      yield* clearFaults
      const account = yield* target
      yield* fault({ kind, containing: "r-2" })
      assert.deepStrictEqual([(yield* pay(account, "r-1")).status, (yield* pay(account, "r-2")).status], [200, 503])
      assert.strictEqual((yield* pay(account, "r-2")).status, 200)
    })
  )

  it.effect("are a share of all, the same for the same seed", () =>
    Effect.gen(function* () {
      const draw = (seed: number) =>
        Effect.gen(function* () {
          const { fault } = yield* PalommaSimulator
          yield* fault({ rate: 0.25, kind: [kind, Fault.respond({ status: 502 })] })
          return yield* statuses(400)
        }).pipe(Effect.provide(PalommaSimulator.layer({ seed }), { local: true }))
      const drawn = yield* draw(1)
      const struck = drawn.filter((status) => status !== 200)
      assert.isAbove(struck.length, 70)
      assert.isBelow(struck.length, 130)
      assert.deepStrictEqual(new Set(struck), new Set([502, 503]))
      assert.deepStrictEqual(yield* draw(1), drawn)
      assert.notDeepEqual(yield* draw(2), drawn)
    })
  )
})

describe("an invalid fault", () => {
  const anything = (injection: unknown) => injection as FaultInjection & WebhookFaultInjection
  const kind = Fault.drop()
  it.effect.each([
    [
      { operation: "payoutRequest.create", kind },
      'unknown operation "payoutRequest.create"; did you mean "payoutRequests.create"?'
    ],
    [{ operation: ["customers.list", "x"], kind }, 'unknown operation "x" (the operations are '],
    [{ nht: 3, kind }, 'unknown field "nht"; did you mean "nth"?'],
    [{ kind: Fault.drop }, "kind must be made by a constructor, such as Fault.drop()"],
    [{ kind: "drop" }, "kind must be made by a constructor"],
    [{}, "kind must be "],
    [{ kind: Fault.all(Fault.drop() as never) }, "kind must be made by a constructor"]
  ] as const)("is a defect, also if a cast hides it: %j", ([injection, problem]) =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const defect = yield* Effect.flip(Effect.catchDefect(simulator.fault(anything(injection)), Effect.fail))
      assert.instanceOf(defect, TypeError)
      assert.include(defect.message, problem)
      assert.isEmpty(yield* simulator.armedFaults)
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect.each([
    [
      { eventType: "payout-requst.update", kind: WebhookFault.lose },
      'unknown eventType "payout-requst.update"; did you mean "payout-request.update"?'
    ],
    [{ operation: "customers.list", kind: WebhookFault.lose }, 'unknown field "operation"'],
    [{ kind: WebhookFault.delay }, "kind must be made by a constructor"]
  ] as const)("of webhooks is a defect too: %j", ([injection, problem]) =>
    Effect.gen(function* () {
      const { webhooks } = yield* PalommaSimulator
      const defect = yield* Effect.flip(Effect.catchDefect(webhooks.fault(anything(injection)), Effect.fail))
      assert.instanceOf(defect, TypeError)
      assert.include(defect.message, problem)
      assert.isEmpty(yield* webhooks.armedFaults)
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})

describe("armed faults", () => {
  it.effect("count the calls that they applied to, and those that got them", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const injection = { operation: "customers.list", kind: Fault.rateLimited(), nth: 2, times: 2 } as const
      yield* simulator.fault(injection)
      const counts = Effect.map(simulator.armedFaults, (armed) => armed.map(({ calls, fired }) => [calls, fired]))
      assert.deepStrictEqual(yield* counts, [[0, 0]])
      yield* get("/customers")
      assert.deepStrictEqual(yield* counts, [[1, 0]])
      yield* get("/customers")
      assert.deepStrictEqual(yield* counts, [[2, 1]])
      assert.strictEqual((yield* simulator.armedFaults)[0]?.injection, injection)
      yield* get("/customers")
      assert.deepStrictEqual(yield* counts, [])
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})
