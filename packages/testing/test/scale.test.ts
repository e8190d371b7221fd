/** The memory of the simulator, and the cost of a request, counted rather than measured in time. */
import { assert, describe, it } from "@effect/vitest"
import { Fault, type SimulatorOptions, WebhookFault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as TestClock from "effect/testing/TestClock"
import { addPayin } from "../src/internal/handlers/payins.ts"
import { addPayout } from "../src/internal/handlers/payouts.ts"
import { makeHeap } from "../src/internal/state/heap.ts"
import { makeRing } from "../src/internal/http/ring.ts"
import { makeSimulator, type Simulator } from "../src/internal/simulator.ts"
import { setPayoutStatus } from "../src/internal/state/transitions.ts"
import { assertHas, type Body } from "./support.ts"

const tables = ({ world }: Simulator) => [
  world.customers,
  world.payinLinks,
  world.payinSources,
  world.payinRequests,
  world.payoutTargets,
  world.payoutRequests,
  world.payinSettlements
]

// Every step whose number could grow: records that are read, and comparisons of times.
const steps = (simulator: Simulator): number =>
  tables(simulator).reduce((sum, table) => sum + table.reads(), 0) +
  simulator.world.scheduled.steps() +
  simulator.outbox.steps()

const kept = (simulator: Simulator) =>
  Effect.map(simulator.service.ledger.requests, (requests) => ({
    requests: requests.length,
    records: tables(simulator).reduce((sum, table) => sum + table.all().length, 0),
    makers: simulator.world.createdBy.size,
    movements: simulator.world.books.movements().length,
    scheduled: simulator.world.scheduled.size(),
    webhooks: simulator.outbox.size(),
    events: simulator.outbox.events().length,
    faults: simulator.armed()
  }))

const send = Effect.fnUntraced(function* (simulator: Simulator, method: "GET" | "POST", path: string, body?: object) {
  const outcome = yield* simulator.exchange({
    method,
    url: `/v0${path}`,
    headers: Headers.fromInput({ authorization: "Bearer sim-key", "content-type": "application/json" }),
    body: body === undefined ? "" : JSON.stringify(body)
  })
  return outcome._tag === "Answer" && outcome.answer.body.startsWith("{")
    ? (JSON.parse(outcome.answer.body) as Body)
    : undefined
})

// For a busy machine.
const slow = 120_000

describe("the stored data", () => {
  it.effect(
    "does not grow with the requests, except for records",
    () =>
      Effect.gen(function* () {
        const simulator = yield* makeSimulator({ maxRequestsKept: 500, seed: 1 })
        const { fault } = simulator.service
        const payout = yield* simulator.service.addPayoutRequest({ reference: "r-1" })
        yield* fault({ operation: "customers.list", rate: 0.5, kind: [Fault.drop(), Fault.rateLimited(1)] })
        // Each of them is a request that makes no record: a read, a rejection, or one with a fault.
        const requests = Effect.gen(function* () {
          yield* send(simulator, "GET", `/payoutRequests/${payout.id}`)
          yield* send(simulator, "GET", "/payoutRequests?reference=r-1&limit=1")
          yield* send(simulator, "GET", "/customers")
          yield* fault({ operation: "payoutRequests.create", kind: Fault.drop() })
          yield* send(simulator, "POST", "/payoutRequests", { payoutTargetId: payout.payoutTargetId, amount: 50_000 })
          yield* send(simulator, "POST", "/payoutRequests", { payoutTargetId: "01HPR", amount: 50_000 })
        })
        yield* Effect.repeat(requests, { times: 199 })
        const before = yield* kept(simulator)
        yield* Effect.repeat(requests, { times: 3_799 })
        assert.deepStrictEqual(yield* kept(simulator), before)
        assertHas(before, { requests: 500, faults: 1 })
        const numbers = (yield* simulator.service.ledger.requests).map(({ number }) => number)
        assert.deepStrictEqual([numbers[0], numbers.at(-1)], [19_501, 20_000])
      }),
    slow
  )

  it.effect("has a webhook until it is delivered, and keeps those that must arrive late for longer", () =>
    Effect.gen(function* () {
      const simulator = yield* makeSimulator({})
      const { addPayoutRequest, webhooks } = simulator.service
      yield* webhooks.fault({ rate: 1, kind: WebhookFault.reorder(3) })
      for (let i = 0; i < 50; i++) yield* addPayoutRequest({ status: "approved" })
      assert.lengthOf(yield* webhooks.take, 47)
      assert.strictEqual(simulator.outbox.size(), 3)
    })
  )

  it.effect("has one settlement for all payins that are due together, until it is made", () =>
    Effect.gen(function* () {
      const simulator = yield* makeSimulator({})
      const { addPayinRequest, ledger } = simulator.service
      for (let i = 0; i < 20; i++) yield* addPayinRequest({ status: "approved" })
      assert.strictEqual(simulator.world.scheduled.size(), 1)
      yield* TestClock.adjust("7 days")
      assert.strictEqual(yield* ledger.balance("unsettled:default"), 0)
      assert.deepStrictEqual([simulator.world.scheduled.size(), simulator.world.cyclesDue.size], [0, 0])
    })
  )
})

describe("a ring buffer", () => {
  const ring = (count: number, size: number) => {
    const made = makeRing<string>({ count, size, sizeOf: (text) => text.length })
    for (const text of ["aaaa", "b", "cc", "d"]) made.push(text)
    return made
  }

  it("keeps the latest elements, up to its capacity", () => {
    assert.deepStrictEqual(ring(2, 100).kept(), ["cc", "d"])
    assert.deepStrictEqual(ring(0, 100).kept(), [])
    assert.deepStrictEqual(ring(9, 100).kept(), ["aaaa", "b", "cc", "d"])
    assert.strictEqual(ring(2, 100).next(), 5)
  })

  it("keeps fewer if they are long, and none above the total length", () => {
    assert.deepStrictEqual(ring(9, 7).kept(), ["b", "cc", "d"])
    assert.deepStrictEqual(ring(9, 4).kept(), ["b", "cc", "d"])
    assert.deepStrictEqual(ring(9, 3).kept(), ["cc", "d"])
    assert.deepStrictEqual(ring(9, 0).kept(), [])
  })
})

describe("a heap", () => {
  it("returns elements in order, and equal ones in the order of insertion", () => {
    const heap = makeHeap<string>()
    for (const [key, name] of [3, 1, 2, 1, 3, 0, 2, 1].entries()) heap.add(name, `${name}${"abcdefgh"[key]}`)
    assert.deepStrictEqual([heap.next(), heap.size()], [0, 8])
    const taken: Array<string> = []
    for (let next = heap.take(2); next !== undefined; next = heap.take(2)) taken.push(next.item)
    assert.deepStrictEqual(taken, ["0f", "1b", "1d", "1h", "2c", "2g"])
    assert.deepStrictEqual([heap.next(), heap.size()], [3, 2])
  })

  it("takes at most a logarithmic number of steps", () => {
    const heap = makeHeap<number>()
    for (let i = 0; i < 100_000; i++) heap.add((i * 7_919) % 100_003, i)
    assert.isBelow(heap.steps(), 100_000 * 17)
    const before = heap.steps()
    let last = -1
    for (let next = heap.take(Infinity); next !== undefined; next = heap.take(Infinity)) {
      if (next.key < last) throw new Error(`${next.key} came after ${last}`)
      last = next.key
    }
    assert.isBelow(heap.steps() - before, 100_000 * 2 * 17)
  })
})

describe("the cost of a request", () => {
  const options: SimulatorOptions = { processingTime: "1 hour", balances: { default: Number.MAX_SAFE_INTEGER } }

  // A simulator with so many payouts and payins, each with a unique reference, and undelivered webhooks.
  const filled = Effect.fnUntraced(function* (count: number) {
    const simulator = yield* makeSimulator(options)
    const { service, world } = simulator
    const target = yield* service.addPayoutTarget()
    const source = yield* service.addPayinSource()
    for (let i = 0; i < count; i++) {
      const reference = `r-${i}`
      const payout = addPayout(world, { target, amount: 50_000, reference }, reference, i)
      if (i % 10 === 0) setPayoutStatus(world, payout, { status: "approved" }, i)
      addPayin(world, { source, amount: 20_000, reference: "all" }, "all", i)
    }
    const rare = yield* service.addPayinSource()
    addPayin(world, { source: rare, amount: 20_000, reference: "all" }, "all", count)
    yield* TestClock.setTime(count)
    return { simulator, target, rare }
  })

  const costs = Effect.fnUntraced(function* (count: number) {
    const { rare, simulator, target } = yield* filled(count)
    const { service } = simulator
    const cost = <A>(effect: Effect.Effect<A>) =>
      Effect.gen(function* () {
        const before = steps(simulator)
        const result = yield* effect
        return [steps(simulator) - before, result] as const
      })
    const get = (path: string) => cost(send(simulator, "GET", path))
    const middle = Math.floor(count / 2)
    const create = { payoutTargetId: target.id, amount: 50_000, reference: "fresh" }
    const [created, made] = yield* cost(send(simulator, "POST", "/payoutRequests", create))
    const [first, page] = yield* get("/payoutRequests")
    const [next, second] = yield* get(`/payoutRequests?cursor=${page?.cursor}`)
    const [found, one] = yield* get(`/payoutRequests?reference=r-${middle}`)
    const [both, debits] = yield* get(`/payinRequests?reference=all&payinSourceId=${rare.id}`)
    const [ofTarget, ten] = yield* get(`/payoutRequests?payoutTargetId=${target.id}&limit=10`)
    const [absent] = yield* get(`/payoutRequests?reference=nobody&payoutTargetId=${target.id}`)
    const [byReference, paid] = yield* cost(service.ledger.payoutsByReference(`r-${middle}`))
    const [statusChange] = yield* cost(Effect.orDie(service.setPayoutStatus(made?.id ?? "", { status: "approved" })))
    assert.deepStrictEqual(
      [page, second, ten, debits].map((list) => list?.count),
      [20, 20, 10, 1]
    )
    assert.deepStrictEqual([one?.items[0]?.reference, paid.length], [`r-${middle}`, 1])
    return { created, first, next, found, both, ofTarget, absent, byReference, statusChange }
  })

  it.effect(
    "is the same with a thousand records of a kind and with a hundred thousand",
    () =>
      Effect.gen(function* () {
        const few = yield* costs(1_000)
        assert.deepStrictEqual(yield* costs(100_000), few)
        assert.deepStrictEqual(few, {
          created: 1,
          first: 21,
          next: 21,
          found: 1,
          both: 1,
          ofTarget: 11,
          absent: 0,
          byReference: 1,
          statusChange: 1
        })
      }),
    slow
  )

  it.effect("is the same for the last page of a list as for the first", () =>
    Effect.gen(function* () {
      const { simulator } = yield* filled(2_000)
      let cursor: string | null | undefined = ""
      const seen: Array<number> = []
      while (typeof cursor === "string") {
        const before = steps(simulator)
        const page: Body | undefined = yield* send(
          simulator,
          "GET",
          `/payoutRequests?limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`
        )
        seen.push(steps(simulator) - before)
        cursor = page?.cursor
      }
      assert.deepStrictEqual(seen, [...Array.from({ length: 19 }, () => 101), 100])
    })
  )
})
