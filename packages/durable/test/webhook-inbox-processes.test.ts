/**
 * A webhook is handled by one process at a time, and by another one if that is killed.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Inboxes from "./support/inboxes.ts"
import { withWriter } from "./support/processes.ts"

const { id } = Inboxes

type Mode = "lease" | "short" | "transaction"

/** Runs a process that handles a webhook, and kills it after its handler has shipped the order. */
const killed = (store: Inboxes.Store, mode: Mode) =>
  Effect.promise(() => withWriter([...store.arguments, mode, id], (shipper) => shipper.wrote(1), "shipper.ts"))

for (const [name, make] of Inboxes.all) {
  describe(`Two processes that share an inbox ${name}`, () => {
    it.live("handle a webhook once", () =>
      Effect.gen(function* () {
        const store = yield* make
        const [first, second] = [yield* Inboxes.open(store), yield* Inboxes.open(store)]
        const started = yield* Deferred.make<void>()
        const gate = yield* Deferred.make<void>()
        const slow = Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(gate))
        const delivery = yield* Effect.forkChild(first.inbox.process(id, Effect.andThen(slow, first.ship)))
        yield* Deferred.await(started)
        const other = yield* Effect.forkChild(second.inbox.process(id, second.ship))
        for (let i = 0; i < 500; i++) yield* Effect.yieldNow
        assert.isUndefined(other.pollUnsafe())
        yield* Deferred.succeed(gate, undefined)
        assert.deepStrictEqual(yield* Fiber.joinAll([delivery, other]), ["handled", "already-handled"])
        assert.strictEqual(yield* first.shipped, 1)
        const third = yield* Inboxes.open(store)
        assert.strictEqual(yield* third.inbox.process(id, third.ship), "already-handled")
      }).pipe(Effect.scoped)
    )

    it.live("handle it in the second one if the handler of the first one fails", () =>
      Effect.gen(function* () {
        const store = yield* make
        const [first, second] = [yield* Inboxes.open(store), yield* Inboxes.open(store)]
        const started = yield* Deferred.make<void>()
        const gate = yield* Deferred.make<void>()
        const failing = Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(gate)).pipe(
          Effect.andThen(Effect.fail("no stock"))
        )
        const delivery = yield* Effect.forkChild(Effect.flip(first.inbox.process(id, failing)))
        yield* Deferred.await(started)
        const other = yield* Effect.forkChild(second.inbox.process(id, second.ship))
        for (let i = 0; i < 500; i++) yield* Effect.yieldNow
        assert.isUndefined(other.pollUnsafe())
        yield* Deferred.succeed(gate, undefined)
        assert.strictEqual(yield* Fiber.join(delivery), "no stock")
        assert.strictEqual(yield* Fiber.join(other), "handled")
        assert.strictEqual(yield* second.shipped, 1)
      }).pipe(Effect.scoped)
    )

    it.live("handle each of many webhooks once, if all are delivered to both", () =>
      Effect.gen(function* () {
        const store = yield* make
        const inboxes = [yield* Inboxes.open(store), yield* Inboxes.open(store)]
        const webhooks = Array.from({ length: 10 }, (_, i) => Inboxes.idOf(`w${i}`))
        const outcomes = yield* Effect.forEach(
          webhooks.flatMap((webhook) => inboxes.map((one) => [webhook, one] as const)),
          ([webhook, one]) => one.inbox.process(webhook, one.ship),
          { concurrency: "unbounded" }
        )
        assert.lengthOf(
          outcomes.filter((one) => one === "handled"),
          10
        )
        assert.strictEqual(yield* (yield* Inboxes.open(store)).shipped, 10)
      }).pipe(Effect.scoped)
    )
  })
}

for (const [name, make] of Inboxes.leased) {
  describe(`An inbox ${name} whose process is killed while a handler runs`, () => {
    it.live("runs the handler again when the lease has ended, and not before", () =>
      Effect.gen(function* () {
        const store = yield* make
        yield* killed(store, "lease")
        const { inbox, run, ship, shipped } = yield* Inboxes.open(store)
        const delivery = yield* Effect.forkChild(inbox.process(id, ship))
        for (let i = 0; i < 2_000; i++) yield* Effect.yieldNow
        assert.isUndefined(delivery.pollUnsafe())
        assert.strictEqual(yield* shipped, 1)
        yield* run("UPDATE WEBHOOKS SET lease_ends_at = 0")
        assert.strictEqual(yield* Fiber.join(delivery), "handled")
        assert.strictEqual(yield* inbox.process(id, ship), "already-handled")
        // The handler had succeeded, and that was not recorded: it ran twice.
        assert.strictEqual(yield* shipped, 2)
      }).pipe(Effect.scoped)
    )

    it.live("waits at most as long as the option lease", () =>
      Effect.gen(function* () {
        const store = yield* make
        yield* killed(store, "short")
        const { inbox } = yield* Inboxes.open(store)
        assert.strictEqual(yield* inbox.process(id, Effect.void), "handled")
      }).pipe(Effect.scoped)
    )
  })
}

for (const [name, make] of Inboxes.transactional) {
  describe(`An inbox ${name} whose process is killed while a handler runs`, () => {
    it.live("keeps nothing that the handler wrote, and runs it again without a delay", () =>
      Effect.gen(function* () {
        const store = yield* make
        yield* killed(store, "transaction")
        const { inbox, run, ship, shipped } = yield* Inboxes.open(store)
        assert.strictEqual(yield* shipped, 0)
        assert.deepStrictEqual(yield* run("SELECT id FROM WEBHOOKS"), [])
        assert.strictEqual(yield* inbox.process(id, ship), "handled")
        assert.strictEqual(yield* inbox.process(id, ship), "already-handled")
        assert.strictEqual(yield* shipped, 1)
      }).pipe(Effect.scoped)
    )
  })
}
