import { assert, describe, it } from "@effect/vitest"
import {
  PayoutJournal,
  PayoutRequests,
  type PayoutRow,
  Payouts,
  type PayoutResult,
  SafeText
} from "@palomma-effect/client"
import { PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { TestClock } from "effect/testing"
import { begin, makeWorld } from "./laws/support/lives.ts"
import { aPayoutTarget, palomma, withPayouts } from "./support/payouts.ts"

const amount = 50_000

// Runs an effect while time passes, as fast as it can.
const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    for (let minute = 0; minute < 30 && fiber.pollUnsafe() === undefined; minute++) {
      for (let i = 0; i < 50; i++) yield* Effect.yieldNow
      yield* TestClock.adjust("1 minute")
    }
    return yield* Fiber.join(fiber)
  })

const posts = PalommaSimulator.use(({ ledger }) =>
  Effect.map(ledger.requests({ operation: "payoutRequests.create" }), (requests) => requests.length)
)

const stateOf = (reference: string) =>
  Payouts.use((payouts) => Effect.map(payouts.list(), (rows) => rows.find((row) => row.reference === reference)?.state))

describe("Payouts.send", () => {
  it.effect("claims again if a slow journal left less than a millisecond to send in", () =>
    Effect.gen(function* () {
      let writes = 0
      const slowOnce = Layer.effect(
        PayoutJournal,
        Effect.map(PayoutJournal, (journal) => ({
          ...journal,
          replace: (row: PayoutRow) =>
            Effect.tap(journal.replace(row), () => (++writes === 1 ? TestClock.adjust("1 milli") : Effect.void))
        }))
      ).pipe(Layer.provide(PayoutJournal.layerMemory))
      const services = Payouts.layer({ sendDeadline: "1500 micros" }).pipe(
        Layer.provide(slowOnce),
        Layer.provideMerge(palomma()),
        Layer.provideMerge(PalommaSimulator.layer({ seed: 1 }))
      )
      yield* Effect.gen(function* () {
        const payouts = yield* Payouts
        yield* payouts.send({ reference: "r", payoutTargetId: yield* aPayoutTarget, amount })
        assert.strictEqual(yield* posts, 1)
      }).pipe(Effect.provide(services))
    })
  )

  it.effect("pays and says what was paid", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      const payout = yield* payouts.send({ reference: "a", payoutTargetId, amount })
      assert.strictEqual(payout.amount, amount)
      assert.strictEqual(payout.reference, "a")
      assert.strictEqual(yield* stateOf("a"), "accepted")
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect(
    "refuses an intent without a reference, or with anything that is not right, before it is written down",
    () =>
      Effect.gen(function* () {
        const payouts = yield* Payouts
        const error = yield* Effect.flip(
          payouts.send({ reference: "", payoutTargetId: PayoutTargetId.make("t"), amount: 900 })
        )
        assert.strictEqual(error._tag, "PalommaInvalidInput")
        assert.include(error.message, "reference: must be a non-empty string")
        assert.include(error.message, "amount: must be a whole number of pesos")
        assert.deepStrictEqual(yield* payouts.list(), [])
        assert.strictEqual(yield* posts, 0)
      }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("does not repeat the name of a field that does not belong there where it may be data", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      const intent = Object.assign({ reference: "a", payoutTargetId, amount }, { "3013111111": "Ana", refrence: "b" })
      const error = yield* Effect.flip(payouts.send(intent))
      assert.notInclude(error.message, "3013111111")
      assert.include(error.message, "refrence: is not a field of this request")
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("refuses another payout under a reference that was used, and sends nothing", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      const first = yield* payouts.send({ reference: "a", payoutTargetId, amount })
      const error = yield* Effect.flip(payouts.send({ reference: "a", payoutTargetId, amount: amount + 1 }))
      assert.strictEqual(error._tag, "PayoutReferenceConflict")
      if (error._tag === "PayoutReferenceConflict") assert.strictEqual(error.payoutRequestId, SafeText.id(first.id))
      assert.strictEqual(yield* posts, 1)
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("finds with a fresh memory journal what an earlier run paid", () =>
    Effect.gen(function* () {
      const payoutTargetId = yield* aPayoutTarget
      const earlier = yield* PayoutRequests.use((requests) =>
        requests.create({ reference: "a", payoutTargetId, amount })
      )
      const payout = yield* Payouts.use((payouts) => payouts.send({ reference: "a", payoutTargetId, amount }))
      assert.strictEqual(payout.id, earlier.id)
      assert.strictEqual(yield* posts, 1)
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("finds with a journal of any kind, if it is told to look first, what the journal does not know of", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const pay = (lookFirst: boolean, reference: string) =>
        Effect.gen(function* () {
          const intent = { reference, payoutTargetId: world.payoutTargetId, amount }
          yield* Effect.flatMap(begin(world), (life) => life.payouts.send(intent))
          // The journal is restored from a backup in which it did not stand.
          const { payouts } = yield* begin(
            { ...(yield* makeWorld), payoutTargetId: intent.payoutTargetId },
            { lookFirst }
          )
          yield* payouts.send(intent)
          return (yield* world.simulator.ledger.payoutsByReference(reference)).length
        })
      assert.strictEqual(yield* pay(true, "a"), 1)
      assert.strictEqual(yield* pay(false, "b"), 2)
    }).pipe(Effect.provide(PalommaSimulator.layer({ seed: 1 })))
  )

  it.effect("does not send on a claim that ended while the machine slept", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      let slept = false
      const sleepy = {
        ...world.journal,
        replace: (row: PayoutRow) =>
          Effect.gen(function* () {
            const written = yield* world.journal.replace(row)
            if (row.state === "sending" && !slept) {
              slept = true
              yield* Effect.sleep("10 minutes")
            }
            return written
          })
      }
      const { payouts } = yield* begin({ ...world, journal: sleepy })
      yield* inTime(payouts.send({ reference: "a", payoutTargetId: world.payoutTargetId, amount }))
      const [row] = yield* payouts.list()
      assert.strictEqual(row?.claims, 2)
      assert.strictEqual((yield* world.simulator.ledger.payoutsByReference("a")).length, 1)
    }).pipe(Effect.provide(PalommaSimulator.layer({ seed: 1 })))
  )

  it.effect("pays what it was asked for, whatever becomes of the caller's object", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const intent = { reference: "first", payoutTargetId: yield* aPayoutTarget, amount }
      const first = payouts.send(intent)
      intent.reference = "second"
      const second = payouts.send(intent)
      const paid = yield* Effect.all([first, second], { concurrency: 2 })
      assert.deepStrictEqual(
        paid.map(({ reference }) => reference),
        ["first", "second"]
      )
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("raises the alarm where Palomma holds two payouts of the reference", () =>
    Effect.gen(function* () {
      const payoutTargetId = yield* aPayoutTarget
      const requests = yield* PayoutRequests
      yield* requests.create({ reference: "a", payoutTargetId, amount })
      yield* requests.create({ reference: "a", payoutTargetId, amount })
      const error = yield* Effect.flip(
        Payouts.use((payouts) => payouts.send({ reference: "a", payoutTargetId, amount }))
      )
      assert.strictEqual(error._tag, "PayoutDuplicateDetected")
      assert.strictEqual(yield* posts, 2)
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("sends a refused payout again once it is corrected, under the same reference", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      const refused = yield* Effect.flip(
        payouts.send({ reference: "a", payoutTargetId: PayoutTargetId.make("nobody"), amount })
      )
      assert.strictEqual(refused._tag, "PalommaBadRequest")
      assert.strictEqual(yield* stateOf("a"), "rejected")
      yield* payouts.send({ reference: "a", payoutTargetId, amount })
      assert.strictEqual(yield* stateOf("a"), "accepted")
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("leaves a payout that was proven not to be sent ready to be sent", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.refuse, times: 3 })
      const error = yield* Effect.flip(inTime(payouts.send({ reference: "a", payoutTargetId, amount })))
      assert.strictEqual(error._tag, "PalommaConnectionError")
      if (error._tag === "PalommaConnectionError") assert.strictEqual(error.outcome, "not-sent")
      assert.strictEqual(yield* stateOf("a"), "intended")
      yield* payouts.send({ reference: "a", payoutTargetId, amount })
      assert.strictEqual(yield* posts, 1)
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("takes a status that the merchant named for a refusal", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.respond({ status: 403, body: "" }) })
      const error = yield* Effect.flip(inTime(payouts.send({ reference: "a", payoutTargetId, amount })))
      assert.strictEqual(error._tag, "PalommaBadRequest")
      if (error._tag === "PalommaBadRequest") assert.strictEqual(error.status, 403)
      assert.strictEqual(yield* stateOf("a"), "rejected")
    }).pipe(Effect.provide(withPayouts({}, { rejectedStatuses: [403] })))
  )

  it.effect("returns what the journal knows of an accepted payout while Palomma cannot be asked", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      const first = yield* payouts.send({ reference: "a", payoutTargetId, amount })
      yield* simulator.fault({ operation: "payoutRequests.get", kind: Fault.drop(), times: 9 })
      const again = yield* inTime(payouts.send({ reference: "a", payoutTargetId, amount }))
      assert.strictEqual(again.id, first.id)
      assert.strictEqual(again.status, "processing")
    }).pipe(Effect.provide(withPayouts()))
  )
})

describe("the counters of payouts", () => {
  const counted = Effect.map(Metric.snapshot, (metrics) => {
    const counts: Record<string, number> = {}
    for (const { id, state } of metrics) {
      if (id.startsWith("palomma_payouts_") && "count" in state) counts[id.slice(16)] = Number(state.count)
    }
    return counts
  })

  it.effect("tell what was sent, found, sent again, not known, and paid twice", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const requests = yield* PayoutRequests
      const payoutTargetId = yield* aPayoutTarget
      const before = yield* counted
      yield* payouts.send({ reference: "sent", payoutTargetId, amount })

      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
      yield* inTime(payouts.send({ reference: "found", payoutTargetId, amount }))

      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.refuse, times: 3 })
      yield* Effect.exit(inTime(payouts.send({ reference: "again", payoutTargetId, amount })))
      yield* payouts.send({ reference: "again", payoutTargetId, amount })

      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
      yield* simulator.fault({ operation: "payoutRequests.list", nth: 2, kind: Fault.lag("1 day") })
      const twice = yield* Effect.forkChild(
        Effect.exit(inTime(payouts.send({ reference: "twice", payoutTargetId, amount })))
      )
      while ((yield* simulator.ledger.payoutsByReference("twice")).length === 0) yield* Effect.yieldNow
      yield* requests.create({ reference: "twice", payoutTargetId, amount })
      yield* Fiber.join(twice)

      const after = yield* counted
      const risen = Object.fromEntries(
        Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)])
      )
      assert.deepStrictEqual(risen, { sent: 2, reconciled: 1, resent: 1, unknown: 2, duplicates_detected: 1 })
    }).pipe(Effect.provide(withPayouts()))
  )
})

describe("Payouts.resolve", () => {
  it.effect("is refused for a payout whose outcome is known, and for one that nobody knows", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* payouts.send({ reference: "a", payoutTargetId, amount })
      const word = { as: "not-paid", by: "ana", note: "asked" } as const
      const known = yield* Effect.flip(payouts.resolve("a", word))
      assert.strictEqual(known._tag, "PayoutWrongState")
      const unheardOf = yield* Effect.flip(payouts.resolve("b", word))
      assert.include(unheardOf.message, "knows no payout")
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("never says that Palomma's lists do not show a payout if they show a record that cannot be read", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
      // The filter by reference shows nothing, and all payouts of the target are shown without a status.
      yield* simulator.fault({ operation: "payoutRequests.list", nth: 2, kind: Fault.lag("1 day") })
      yield* simulator.fault({
        operation: "payoutRequests.list",
        nth: 3,
        times: 999,
        kind: Fault.rewrite("status", undefined)
      })
      const error = yield* Effect.flip(inTime(payouts.send({ reference: "a", payoutTargetId, amount })))
      assert.strictEqual(error._tag, "PayoutOutcomeUnknown")
      assert.notInclude(error.message, "do not show it")
      assert.include(error.message, "lacks what cannot be done without")
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("takes a person's word that it was paid, and remembers whose", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
      yield* simulator.fault({ operation: "payoutRequests.list", nth: 2, times: 999, kind: Fault.lag("1 day") })
      const error = yield* Effect.flip(inTime(payouts.send({ reference: "a", payoutTargetId, amount })))
      assert.strictEqual(error._tag, "PayoutOutcomeUnknown")
      const [paid] = yield* simulator.ledger.payoutsByReference("a")
      const row = yield* payouts.resolve("a", {
        as: "paid",
        payoutRequestId: PayoutRequestId.make(paid?.id ?? ""),
        by: "ana",
        note: "on the dashboard"
      })
      assert.strictEqual(row.resolution?.by, "ana")
      const payout = yield* payouts.send({ reference: "a", payoutTargetId, amount })
      assert.strictEqual(payout.id, paid?.id)
      assert.strictEqual(yield* posts, 1)
    }).pipe(Effect.provide(withPayouts()))
  )
})

describe("Payouts.applyWebhook and awaitFinal", () => {
  it.effect("moves a payout to its end by a webhook that is read back, whoever delivers it how often", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      const { id } = yield* payouts.send({ reference: "a", payoutTargetId, amount })
      yield* simulator.settle(id, { as: "approved" })
      const events = yield* simulator.webhooks.events
      for (const event of [...events, ...events]) yield* payouts.applyWebhook(event)
      assert.strictEqual(yield* stateOf("a"), "approved")
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("does not believe a webhook of a payout that is not in the journal", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      const { id } = yield* PayoutRequests.use((requests) => requests.create({ payoutTargetId, amount }))
      yield* simulator.settle(id, { as: "approved" })
      for (const event of yield* simulator.webhooks.events)
        assert.isTrue(Option.isNone(yield* payouts.applyWebhook(event)))
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("raises the alarm where a final state turns into another one, and keeps the first", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      const { id } = yield* payouts.send({ reference: "a", payoutTargetId, amount })
      yield* simulator.settle(id, { as: "approved" })
      yield* payouts.awaitFinal("a")
      yield* simulator.settle(id, { as: "cancelled" })
      const error = yield* Effect.flip(payouts.awaitFinal("a"))
      assert.strictEqual(error._tag, "PayoutContradiction")
      assert.strictEqual(yield* stateOf("a"), "approved")
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("waits for the end and writes it down", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* payouts.send({ reference: "a", payoutTargetId, amount })
      const payout = yield* inTime(payouts.awaitFinal("a"))
      assert.strictEqual(payout.status, "approved")
      assert.strictEqual(yield* stateOf("a"), "approved")
    }).pipe(Effect.provide(withPayouts({}, {}, { settleAfter: "40 seconds" })))
  )
})

describe("Payouts.sendAll", () => {
  const intents = (payoutTargetId: PayoutTargetId, count: number) =>
    Stream.fromIterable(
      Array.from({ length: count }, (_, i) => ({ reference: `r${String(i).padStart(3, "0")}`, payoutTargetId, amount }))
    )

  const tally = (results: ReadonlyArray<PayoutResult>) => {
    const counts: Record<string, number> = {}
    for (const { _tag } of results) counts[_tag] = (counts[_tag] ?? 0) + 1
    return counts
  }

  it.effect("gives one result per intent, and one that fails does not stop the others", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({
        operation: "payoutRequests.create",
        containing: "r003",
        kind: Fault.respond({ status: 400, body: { message: "No" } })
      })
      const results = yield* inTime(Stream.runCollect(payouts.sendAll(intents(payoutTargetId, 20))))
      assert.deepStrictEqual(tally(results), { Sent: 19, Failed: 1 })
      assert.strictEqual(results.find(({ _tag }) => _tag === "Failed")?.intent.reference, "r003")
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("goes on where it stopped, and pays nobody twice", () =>
    Effect.gen(function* () {
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* inTime(Stream.runDrain(payouts.sendAll(intents(payoutTargetId, 20).pipe(Stream.take(7)))))
      yield* inTime(Stream.runDrain(payouts.sendAll(intents(payoutTargetId, 20))))
      assert.strictEqual(yield* posts, 20)
    }).pipe(Effect.provide(withPayouts()))
  )

  for (const [what, fault] of [
    ["a refused key", Fault.respond({ status: 401, body: { message: "No" } })],
    ["a connection that is refused", Fault.refuse],
    ["a wrong base URL", Fault.respond({ status: 404, body: "<html>" })]
  ] as const) {
    it.effect(`stops at ${what}, and what was not begun stays intended`, () =>
      Effect.gen(function* () {
        const simulator = yield* PalommaSimulator
        const payouts = yield* Payouts
        const payoutTargetId = yield* aPayoutTarget
        yield* simulator.fault({ nth: 1, times: 9_999, kind: fault })
        const results = yield* inTime(
          Stream.runCollect(payouts.sendAll(intents(payoutTargetId, 20), { concurrency: 2 }))
        )
        const { Failed = 0, NotBegun = 0, Sent = 0 } = tally(results)
        assert.strictEqual(Sent, 0)
        assert.isAtMost(Failed, 3)
        assert.strictEqual(Failed + NotBegun, 20)
        const rows = yield* payouts.list()
        assert.strictEqual(rows.length, 20)
        assert.strictEqual(rows.filter(({ state }) => state === "intended").length, 20)
        yield* simulator.clearFaults
        yield* inTime(Stream.runDrain(payouts.sendAll(intents(payoutTargetId, 20))))
        assert.strictEqual((yield* simulator.ledger.payouts).length, 20)
      }).pipe(Effect.provide(withPayouts()))
    )
  }

  it.effect("pauses where Palomma asks to slow down", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const payouts = yield* Payouts
      const payoutTargetId = yield* aPayoutTarget
      yield* simulator.fault({ operation: "payoutRequests.create", containing: "r000", kind: Fault.rateLimited(60) })
      const fiber = yield* Effect.forkChild(
        Stream.runCollect(payouts.sendAll(intents(payoutTargetId, 6), { concurrency: 1 }))
      )
      for (let i = 0; i < 3_000; i++) yield* Effect.yieldNow
      yield* TestClock.adjust("3 minutes")
      for (let i = 0; i < 3_000; i++) yield* Effect.yieldNow
      yield* TestClock.adjust("10 minutes")
      const results = yield* Fiber.join(fiber)
      assert.deepStrictEqual(tally(results), { Failed: 1, Sent: 5 })
    }).pipe(Effect.provide(withPayouts()))
  )
})

describe("the controls: what naive programs do is caught", () => {
  const naive = (create: Effect.Effect<unknown, unknown, PayoutRequests>) =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
      yield* inTime(create)
      return (yield* simulator.ledger.payoutsByReference("a")).length
    })

  it.effect("a retry loop around create pays twice", () =>
    Effect.gen(function* () {
      const payoutTargetId = yield* aPayoutTarget
      const create = PayoutRequests.use((requests) => requests.create({ reference: "a", payoutTargetId, amount }))
      const times = yield* naive(Effect.retry(create, Schedule.recurs(2)))
      assert.isAbove(times, 1)
    }).pipe(Effect.provide(withPayouts()))
  )

  it.effect(
    "Effect's retryTransient around a client that asks the switch of a request gets no body for a second attempt",
    () =>
      Effect.gen(function* () {
        const simulator = yield* PalommaSimulator
        const payoutTargetId = yield* aPayoutTarget
        const transient = Layer.succeed(
          HttpClient.HttpClient,
          simulator.httpClient.pipe(HttpClient.retryTransient({ times: 3 }))
        )
        yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
        const create = PayoutRequests.use((requests) => requests.create({ reference: "a", payoutTargetId, amount }))
        const error = yield* Effect.flip(inTime(create.pipe(Effect.provide(palomma().pipe(Layer.provide(transient))))))
        assert.strictEqual(error.outcome, "unknown")
        assert.strictEqual((yield* simulator.ledger.payoutsByReference("a")).length, 1)
      }).pipe(Effect.provide(withPayouts()))
  )

  it.effect("Payouts.send, in the same place, pays once", () =>
    Effect.gen(function* () {
      const payoutTargetId = yield* aPayoutTarget
      const payouts = yield* Payouts
      const times = yield* naive(payouts.send({ reference: "a", payoutTargetId, amount }))
      assert.strictEqual(times, 1)
    }).pipe(Effect.provide(withPayouts()))
  )
})
