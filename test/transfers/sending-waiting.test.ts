/** R4: a process waits for the claim of another one by its own monotonic clock only. */
import { assert, describe, it } from "@effect/vitest"
import { TransferOutcomeUnknown, TransferRejected } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import { TestClock } from "effect/testing"
import {
  failure,
  has,
  inTime,
  type JournalCall,
  type JournalHooks,
  kinds,
  makeWorld,
  until,
  type World,
  scenario
} from "./support/scenario.ts"

// A process that claims a transfer, sends nothing, and never continues.
const claimAndDie = Effect.fnUntraced(function* (world: World, wallAhead = 0) {
  const machine = yield* world.machine(wallAhead)
  let isDead = false
  const journal: JournalHooks = { before: () => (isDead ? Effect.never : Effect.void) }
  const dying = yield* world.start({
    machine,
    journal,
    request: (method, send) => {
      isDead ||= method === "POST"
      return isDead ? Effect.never : send
    }
  })
  yield* Effect.forkChild(Effect.exit(dying.send(world.intent("a"))))
  yield* until(() => isDead)
  machine.stop("process")
  return yield* world.row("a")
})

// A process makes this look-up only after its wait.
const firstLookAfter = (world: World, since: number) =>
  Effect.map(world.requests("list"), (requests) => {
    const look = requests.find(({ at }) => at > since)
    return look === undefined ? undefined : Math.round(look.at - since)
  })

const hour = Duration.toMillis("1 hour")
const month = Duration.toMillis("30 days")

describe.each(kinds)("%s, by R4,", (_, kind) => {
  for (const [what, ofOwner, ofWaiter] of [
    ["clocks that agree", 0, 0],
    ["the owner's clock an hour ahead", hour, 0],
    ["the owner's clock an hour behind", -hour, 0],
    ["the owner's clock a month ahead", month, 0],
    ["the owner's clock a month behind", -month, 0],
    ["its own clock a month ahead", 0, month],
    ["its own clock a month behind", 0, -month]
  ] as const) {
    it.effect(`waits sendTimeout and 5 seconds for the claim of another process, with ${what}`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Duration.toMillis("400 days"))
        const world = yield* makeWorld(kind)
        const claimed = yield* claimAndDie(world, ofOwner)
        has(claimed, { state: "sending" })
        yield* TestClock.adjust("10 minutes")
        const since = yield* Clock.currentTimeMillis
        const waiter = yield* world.start({ machine: yield* world.machine(ofWaiter) })
        const error = yield* failure(waiter.send(world.intent("a")))
        assert.instanceOf(error, TransferOutcomeUnknown)
        assert.strictEqual(error.sent, "no")
        assert.strictEqual(yield* firstLookAfter(world, since), 65_000)
        assert.strictEqual(yield* world.creates, 0)
      })
    )
  }

  it.effect("waits as long, though its own wall clock jumps meanwhile", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* claimAndDie(world)
      yield* TestClock.adjust("1 second")
      const since = yield* Clock.currentTimeMillis
      const machine = yield* world.machine()
      const waiter = yield* world.start({ machine })
      const fiber = yield* Effect.forkChild(Effect.flip(waiter.send(world.intent("a"))))
      yield* TestClock.adjust("10 seconds")
      machine.setWall(hour)
      yield* inTime(Fiber.join(fiber))
      assert.strictEqual(yield* firstLookAfter(world, since), 65_000)
    })
  )

  it.effect("waits for the length of the owner's claim, with any options of its own", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* claimAndDie(world)
      yield* TestClock.adjust("1 second")
      const since = yield* Clock.currentTimeMillis
      const waiter = yield* world.start({ transfers: { sendTimeout: "5 seconds" } })
      yield* failure(waiter.send(world.intent("a")))
      assert.strictEqual(yield* firstLookAfter(world, since), 65_000)
    })
  )

  it.effect("does not restart the wait with each call", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* claimAndDie(world)
      yield* TestClock.adjust("1 second")
      const since = yield* Clock.currentTimeMillis
      const waiter = yield* world.start()
      // Its first call is interrupted half-way.
      const first = yield* Effect.forkChild(Effect.exit(waiter.reconcile("a")))
      yield* TestClock.adjust("40 seconds")
      yield* Fiber.interrupt(first)
      yield* failure(waiter.send(world.intent("a")))
      assert.strictEqual(yield* firstLookAfter(world, since), 65_000)
    })
  )

  it.effect("restarts the wait for a new claim", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const old = yield* claimAndDie(world)
      const waiter = yield* world.start()
      const interrupted = yield* Effect.forkChild(Effect.exit(waiter.reconcile("a")))
      yield* TestClock.adjust("40 seconds")
      yield* Fiber.interrupt(interrupted)
      // Another process waits to the end, and a person permits another send.
      const other = yield* world.start()
      yield* failure(other.send(world.intent("a")))
      yield* TestClock.adjust("20 minutes")
      const { version } = yield* world.row("a")
      yield* other.resolve("a", { as: "not-paid", version, by: "ana", note: "Palomma confirmed it" })
      const claimed = yield* claimAndDie(world)
      assert.notStrictEqual(claimed.claim?.id, old.claim?.id)
      yield* TestClock.adjust("1 second")
      const since = yield* Clock.currentTimeMillis
      yield* failure(waiter.send(world.intent("a")))
      assert.strictEqual(yield* firstLookAfter(world, since), 65_000)
    })
  )

  scenario(
    "returns the result that the owner writes meanwhile, without a request, before the claim expires",
    kind,
    function* ({ process: owner, world }) {
      yield* world.fault("create", Fault.slow("20 seconds"))
      const sending = yield* Effect.forkChild(owner.send(world.intent("a")))
      yield* until(() => owner.steps.includes("POST"))
      const waiter = yield* world.start()
      const since = yield* Clock.currentTimeMillis
      const transfer = yield* inTime(waiter.send(world.intent("a")))
      assert.isBelow((yield* Clock.currentTimeMillis) - since, 30_000)
      assert.deepStrictEqual(transfer, yield* Fiber.join(sending))
      assert.isFalse(waiter.steps.some((step) => step === "GET" || step === "POST"))
      assert.strictEqual(yield* world.creates, 1)
    }
  )

  for (const state of ["a new reference", "an existing row"] as const) {
    it.effect(`sends once if two processes begin at the same moment, for ${state}`, () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        if (state === "an existing row") {
          yield* world.fault("create", Fault.refuse, { times: 3 })
          yield* failure((yield* world.start()).send(world.intent("a")))
        }
        // Both have made the look-up before either of them claims.
        const bothLookedUp = yield* Latch.make()
        let looks = 0
        const isLook = (call: JournalCall) => call.row?.state === "sending"
        const together = (call: JournalCall) =>
          Effect.suspend(() => {
            if (!isLook(call)) return Effect.void
            looks += 1
            return looks === 2 ? bothLookedUp.open : bothLookedUp.await
          })
        const processes = [
          yield* world.start({ journal: { before: together } }),
          yield* world.start({ journal: { before: together } })
        ]
        yield* world.fault("create", Fault.slow("3 seconds"))
        const sends = processes.map((process) => process.send(world.intent("a")))
        const [first, second] = yield* inTime(Effect.all(sends, { concurrency: 2 }))
        assert.strictEqual(looks, 2)
        assert.strictEqual(first?.recordId, second?.recordId)
        assert.strictEqual(yield* world.creates, 1)
      })
    )
  }

  scenario(
    "sends after a look-up of its own if the owner reports meanwhile that it was not sent",
    kind,
    function* ({ process: owner, world }) {
      yield* world.fault("create", Fault.hang({ at: "connect" }))
      const sending = yield* Effect.forkChild(Effect.flip(owner.send(world.intent("a"))))
      yield* until(() => owner.steps.includes("POST"))
      const waiter = yield* world.start()
      const transfer = yield* inTime(waiter.send(world.intent("a")))
      assert.strictEqual((yield* Fiber.join(sending))._tag, "TransferNotSent")
      has(transfer, { state: "accepted", claims: 2 })
      assert.deepStrictEqual(
        waiter.steps.filter((step) => step === "GET" || step === "POST"),
        ["GET", "GET", "POST"]
      )
    },
    { start: { transfers: { sendTimeout: "10 seconds" } } }
  )

  it.effect(
    "sends with its own claim after the owner's request was rejected, and each call reports its own request",
    () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const owner = yield* world.start({
          request: (method, send) => (method === "POST" ? Effect.andThen(Effect.sleep("20 seconds"), send) : send)
        })
        yield* world.fault("create", Fault.respond({ status: 400, body: { message: "No" } }), { times: 2 })
        const sending = yield* Effect.forkChild(Effect.flip(owner.send(world.intent("a"))))
        yield* until(() => owner.steps.includes("insert sending"))
        const waiter = yield* world.start()
        assert.instanceOf(yield* failure(waiter.send(world.intent("a"))), TransferRejected)
        assert.instanceOf(yield* Fiber.join(sending), TransferRejected)
        assert.strictEqual(yield* world.creates, 2)
      })
  )
})
