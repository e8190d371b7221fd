/**
 * R3: the fence, the last check before the body of a request is handed over. It reads the row again, then both clocks.
 */
import { assert, describe, it } from "@effect/vitest"
import { TransferConflict, TransferNotSent } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import {
  broken,
  failure,
  has,
  inTime,
  type JournalHooks,
  kinds,
  makeWorld,
  type Process,
  type StartOptions,
  until,
  untilEnd,
  type World
} from "./support/scenario.ts"

/**
 * A process whose first request waits just before its body is requested, over an `HttpClient` or over `fetch`. It runs
 * on a separate machine.
 */
const places = {
  "over an HttpClient": Effect.fnUntraced(function* (world: World, options: StartOptions = {}) {
    const machine = yield* world.machine()
    const standing = yield* Deferred.make<void>()
    const process = yield* world.start({
      ...options,
      machine,
      request: (method, send) => (method === "POST" ? Effect.andThen(Deferred.await(standing), send) : send)
    })
    return { process, machine, connect: Effect.asVoid(Deferred.succeed(standing, undefined)), begun: () => hasBegun }
    function hasBegun(): boolean {
      return process.steps.includes("insert sending")
    }
  }),
  "over fetch": Effect.fnUntraced(function* (world: World, options: StartOptions = {}) {
    const machine = yield* world.machine()
    const standing = Promise.withResolvers<void>()
    let isConnecting = false
    const process = yield* world.start({
      ...options,
      machine,
      connecting: (method) => {
        if (method !== "POST") return Promise.resolve()
        isConnecting = true
        return standing.promise
      }
    })
    return { process, machine, connect: Effect.sync(() => standing.resolve()), begun: () => () => isConnecting }
  })
}

interface Connecting {
  readonly process: Process
  readonly machine: Effect.Success<ReturnType<World["machine"]>>
  readonly connect: Effect.Effect<void>
}

describe.each(Object.entries(places))("%s", (_, place) => {
  // A process that was stopped while it connected.
  const connecting = Effect.fnUntraced(function* (world: World, options?: StartOptions) {
    const { begun, connect, machine, process } = yield* place(world, options)
    const fiber = yield* Effect.forkChild(Effect.result(process.send(world.intent("a"))))
    yield* until(begun())
    const made: Connecting & { readonly fiber: typeof fiber } = { process, machine, connect, fiber }
    return made
  })

  // Waits for the claim, looks it up without a result, and a person truthfully records "not paid".
  const takeOver = Effect.fnUntraced(function* (world: World, options?: StartOptions) {
    const other = yield* world.start(options)
    yield* failure(other.send(world.intent("a")))
    yield* TestClock.adjust("20 minutes")
    const { version } = yield* world.row("a")
    yield* other.resolve("a", { as: "not-paid", version, by: "ana", note: "Palomma confirmed it" })
    return other
  })

  const sendElsewhere = (world: World) =>
    Effect.flatMap(takeOver(world), (other) => inTime(other.send(world.intent("a"))))

  describe.each(kinds)("%s, by R3,", (_, kind) => {
    it.effect("hands the body over if it still has the claim and time is left", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const { connect, fiber } = yield* connecting(world)
        yield* TestClock.adjust("59 seconds")
        yield* connect
        yield* untilEnd(fiber)
        const sent = yield* Fiber.join(fiber)
        assert.strictEqual(sent._tag, "Success")
        assert.strictEqual(yield* world.creates, 1)
      })
    )

    it.effect.each([
      // Neither of its clocks shows the pause, so only the row can.
      { stopped: "this virtual machine was paused", how: "pause" },
      { stopped: "this machine slept", how: "sleep" },
      { stopped: "this process was stopped", how: "process" }
    ] as const)("reads the row again, and uses it: another process took over while $stopped", ({ how }) =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const { connect, fiber, machine } = yield* connecting(world)
        machine.stop(how)
        const sent = yield* sendElsewhere(world)
        machine.resume()
        yield* connect
        yield* untilEnd(fiber)
        const result = yield* Fiber.join(fiber)
        // It does not report "not sent" for a transfer that is accepted by then.
        assert.strictEqual(result._tag, "Success")
        if (result._tag === "Success") assert.deepStrictEqual(result.success, sent)
        assert.strictEqual(yield* world.creates, 1)
        assert.strictEqual((yield* world.records("a")).length, 1)
      })
    )

    it.effect("hands nothing over while another process sends it with a newer claim", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const { connect, fiber, machine } = yield* connecting(world)
        machine.stop("pause")
        const other = yield* takeOver(world)
        yield* world.fault("create", Fault.slow("30 seconds"))
        const sending = yield* Effect.forkChild(other.send(world.intent("a")))
        yield* until(() => other.steps.includes("POST"))
        has(yield* world.row("a"), { state: "sending", claims: 2, evidence: [], recordId: undefined })
        machine.resume()
        yield* connect
        yield* untilEnd(fiber)
        const sent = yield* Fiber.join(sending)
        const result = yield* Fiber.join(fiber)
        assert.strictEqual(result._tag, "Success")
        if (result._tag === "Success") assert.strictEqual(result.success.recordId, sent.recordId)
        assert.strictEqual((yield* world.records("a")).length, 1)
      })
    )

    it.effect("hands nothing over if another process decided that its claim has expired", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const { connect, fiber, machine } = yield* connecting(world)
        machine.stop("pause")
        const other = yield* world.start()
        yield* failure(other.send(world.intent("a")))
        yield* TestClock.adjust("1 minute")
        has(yield* world.row("a"), { state: "needsReview" })
        machine.resume()
        yield* connect
        yield* untilEnd(fiber)
        // Its late proof that it sent nothing is accepted, so it sends with a new claim.
        const result = yield* Fiber.join(fiber)
        assert.strictEqual(result._tag, "Success")
        has(yield* world.row("a"), { state: "accepted", claims: 2 })
        assert.strictEqual(yield* world.creates, 1)
      })
    )

    it.effect("hands nothing over if a record that may match was found meanwhile, and leaves it to manual review", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const { connect, fiber } = yield* connecting(world)
        const made = yield* kind.addRecord(world.simulator, world.intent("a", { amount: 70_000 }))
        yield* kind.setStatus(world.simulator, made.id, "approved")
        const other = yield* world.start()
        for (const event of yield* world.simulator.webhooks.events) yield* other.applyWebhook(event)
        has(yield* world.row("a"), { state: "sending", evidence: [made.id] })
        yield* connect
        yield* untilEnd(fiber)
        const result = yield* Fiber.join(fiber)
        assert.strictEqual(result._tag, "Failure")
        if (result._tag === "Failure") {
          assert.instanceOf(result.failure, TransferConflict)
          has(result.failure, { found: "palomma", recordId: made.id })
        }
        has(yield* world.row("a"), { state: "needsReview", recordId: made.id })
        assert.strictEqual(yield* world.creates, 0)
      })
    )

    it.effect("hands nothing over if its record was found meanwhile, and returns that", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const { connect, fiber } = yield* connecting(world)
        const made = yield* kind.addRecord(world.simulator, world.intent("a"))
        yield* kind.setStatus(world.simulator, made.id, "approved")
        const other = yield* world.start()
        for (const event of yield* world.simulator.webhooks.events) yield* other.applyWebhook(event)
        yield* connect
        yield* untilEnd(fiber)
        const result = yield* Fiber.join(fiber)
        assert.strictEqual(result._tag, "Success")
        if (result._tag === "Success") has(result.success, { state: "approved", recordId: made.id })
        assert.strictEqual(yield* world.creates, 0)
      })
    )

    it.effect("hands nothing over while the journal cannot be read", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const hooks: JournalHooks = {}
        const { connect, fiber } = yield* connecting(world, { journal: hooks })
        let failures = 0
        hooks.before = ({ operation }) => {
          if (operation !== "find" || failures > 0) return Effect.void
          failures += 1
          return Effect.fail(broken("find"))
        }
        yield* connect
        yield* untilEnd(fiber)
        const result = yield* Fiber.join(fiber)
        assert.strictEqual(failures, 1)
        // A request whose row could not be read was not sent. It is sent with a new claim once the journal works.
        assert.strictEqual(result._tag, "Success")
        has(yield* world.row("a"), { state: "accepted", claims: 2 })
        assert.strictEqual(yield* world.creates, 1)
      })
    )

    it.effect("gives up after three claims if the journal can never be read at the hand-over", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const hooks: JournalHooks = {}
        let writes = 0
        hooks.before = ({ operation }) => {
          if (operation !== "find") writes += 1
          // Every other write is a claim, and the read after it belongs to the fence.
          return operation === "find" && writes % 2 === 1 ? Effect.fail(broken("find")) : Effect.void
        }
        const process = yield* world.start({ journal: hooks })
        const error = yield* Effect.flip(inTime(process.send(world.intent("a"))))
        assert.strictEqual(error._tag, "TransferNotSent")
        has(yield* world.row("a"), { state: "intended", claims: 3 })
        assert.strictEqual(yield* world.creates, 0)
      })
    )

    // The row shows no change, since no other process has read it.
    for (const [what, pass] of [
      [
        "wall clock, while its monotonic clock stood still",
        (machine: Connecting["machine"]) =>
          Effect.gen(function* () {
            machine.stop("sleep")
            yield* TestClock.adjust("61 seconds")
            machine.resume()
          })
      ],
      [
        "monotonic clock, while its wall clock was set back",
        (machine: Connecting["machine"]) =>
          Effect.gen(function* () {
            machine.stop("process")
            yield* TestClock.adjust("61 seconds")
            machine.setWall(-61_000)
            machine.resume()
          })
      ]
    ] as const) {
      it.effect(`hands nothing over after its deadline by the ${what}`, () =>
        Effect.gen(function* () {
          const world = yield* makeWorld(kind)
          const { connect, fiber, machine } = yield* connecting(world)
          yield* pass(machine)
          // Before any timer can fire.
          yield* connect
          yield* until(() => fiber.pollUnsafe() !== undefined)
          const result = yield* Fiber.join(fiber)
          assert.strictEqual(result._tag, "Failure")
          if (result._tag === "Failure") {
            assert.instanceOf(result.failure, TransferNotSent)
            assert.strictEqual(result.failure.cause._tag, "PalommaTimeout")
          }
          has(yield* world.row("a"), { state: "intended", claims: 1, claim: undefined })
          assert.strictEqual(yield* world.creates, 0)
        })
      )
    }

    it.effect("hands nothing over with a claim that ended at a list without another program's recent payment", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const { connect, fiber, machine } = yield* connecting(world)
        yield* world.fault("list", Fault.lag("1 day"), { rate: 1 })
        machine.stop("pause")
        const sent = yield* sendElsewhere(world)
        machine.resume()
        yield* connect
        yield* untilEnd(fiber)
        const result = yield* Fiber.join(fiber)
        assert.strictEqual(result._tag, "Success")
        if (result._tag === "Success") assert.strictEqual(result.success.recordId, sent.recordId)
        assert.strictEqual((yield* world.records("a")).length, 1)
      })
    )
  })
})
