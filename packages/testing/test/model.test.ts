/** Random sequences of operations, on the simulator and on a model of a few lines, which must always agree. */
import { assert, describe, it } from "@effect/vitest"
import { Fault, PalommaSimulator, type SimulatorService } from "@palomma-effect/testing"
import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClientError from "effect/http/HttpClientError"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as fc from "fast-check"
import { type Answer, get, pay, post, target } from "./support.ts"

const opening = 20_000_000
const processingTime = 60_000

interface Payout {
  readonly reference: string
  readonly amount: number
  readonly at: number
  status: "processing" | "approved" | "cancelled"
}

interface Payin {
  readonly amount: number
  collected: number
  isSettled: boolean
}

/** The expected state. */
class Reference {
  now = 0
  readonly payouts: Array<Payout> = []
  readonly payins: Array<Payin> = []
  sum = (...of: ReadonlyArray<Payout["status"]>) =>
    this.payouts.reduce((total, { amount, status }) => total + (of.includes(status) ? amount + 500 : 0), 0)
  collected = (isSettled: boolean) =>
    this.payins.reduce((total, payin) => total + (payin.isSettled === isSettled ? payin.collected : 0), 0)
  fees = () => this.payins.filter(({ isSettled }) => isSettled).length * 500
  balance = () => opening - this.sum("processing", "approved") + this.collected(true) - this.fees()
  pay = (reference: string, amount: number): boolean => {
    const isPaid = Number.isInteger(amount) && amount > 1_000 && amount <= 5_000_000 && amount + 500 <= this.balance()
    if (isPaid) this.payouts.push({ reference, amount, at: this.now, status: "processing" })
    return isPaid
  }
  handOver = (): void => {
    for (const payin of this.payins) payin.isSettled ||= payin.collected > 0
  }
  tick = (by: number): void => {
    this.now += by
    for (const payout of this.payouts) {
      if (payout.status === "processing" && payout.at + processingTime <= this.now) payout.status = "approved"
    }
  }
}

/** The actual state: the simulator, and how to call it now. */
class Real {
  now = 0
  readonly accounts: ReadonlyArray<string>
  readonly source: string
  readonly payins: Array<string> = []
  readonly service: SimulatorService
  readonly #context: Context.Context<PalommaSimulator | HttpClient>
  constructor() {
    const clock: Clock.Clock = {
      currentTimeMillisUnsafe: () => this.now,
      currentTimeMillis: Effect.sync(() => this.now),
      currentTimeNanosUnsafe: () => BigInt(this.now) * 1_000_000n,
      currentTimeNanos: Effect.sync(() => BigInt(this.now) * 1_000_000n),
      monotonicTimeNanosUnsafe: () => BigInt(this.now) * 1_000_000n,
      monotonicTimeNanos: Effect.sync(() => BigInt(this.now) * 1_000_000n),
      sleep: () => Effect.never
    }
    const layer = PalommaSimulator.layer({ seed: 1, processingTime, balances: { default: opening } })
    const built = Effect.runSync(
      Layer.buildWithScope(layer, Scope.makeUnsafe()).pipe(Effect.provideService(Clock.Clock, clock))
    )
    this.#context = Context.add(built, Clock.Clock, clock)
    this.service = Context.get(built, PalommaSimulator)
    this.accounts = [this.run(target), this.run(target)]
    this.source = this.run(this.service.addPayinSource()).id
  }
  run<A>(effect: Effect.Effect<A, HttpClientError.HttpClientError, PalommaSimulator | HttpClient>): A {
    return Effect.runSync(Effect.provideContext(Effect.orDie(effect), this.#context))
  }
}

const same = (reference: Reference, real: Real): void => {
  const payouts = real.run(real.service.ledger.payouts)
  assert.deepStrictEqual(
    payouts.map(({ amount, amountSent, reference: name, status }) => [name, amount, status, amountSent]),
    reference.payouts.map(({ amount, reference: name, status }) => [
      name,
      amount,
      status,
      status === "cancelled" ? 0 : amount
    ])
  )
  const paid = reference.payouts.filter(({ status }) => status === "approved").map(({ amount }) => amount)
  assert.strictEqual(
    real.run(real.service.ledger.totalPaid),
    paid.reduce((a, b) => a + b, 0)
  )
  assert.strictEqual(real.run(real.service.ledger.balance("available:default")), reference.balance())
  assert.strictEqual(real.run(real.service.ledger.balance("unsettled:default")), reference.collected(false))
}

type Command = fc.Command<Reference, Real>

const command = (name: string, run: (reference: Reference, real: Real) => void): Command => ({
  check: () => true,
  run: (reference, real) => {
    run(reference, real)
    same(reference, real)
  },
  toString: () => name
})

const look = command("read the account", (reference, real) => {
  const { availableBalance, unsettledAmount } = real.run(get("/merchantAccounts/default")).json
  assert.deepStrictEqual([availableBalance, unsettledAmount], [reference.balance(), reference.collected(false)])
})

const handOver = command("settle the collected money", (reference, real) => {
  reference.handOver()
  real.run(Effect.orDie(real.service.settle("default")))
})

const references = fc.constantFrom("a", "b", "c")
const amounts = fc.oneof(
  { arbitrary: Arbitraries.payoutAmount(), weight: 4 },
  { arbitrary: fc.constantFrom(1_000, 5_000_001, 1_500.5, -1), weight: 1 }
)

const commands: ReadonlyArray<fc.Arbitrary<Command>> = [
  fc.constantFrom(look, handOver),
  fc.integer({ min: 2_000, max: 2_000_000 }).map((amount) =>
    command(`debit ${amount}`, (reference, real) => {
      const body = { payinSourceId: real.source, amount }
      real.payins.push(real.run(post("/payinRequests", body)).json.id)
      // Otherwise it would be approved automatically after a while, as payouts are.
      reference.payins.push({ amount, collected: 0, isSettled: false })
      real.run(Effect.orDie(real.service.setPayinStatus(real.payins.at(-1) ?? "", { status: "cancelled" })))
    })
  ),
  fc
    .tuple(fc.nat(20), fc.constantFrom("approved" as const, "partial" as const, "cancelled" as const))
    .map(([which, status]) =>
      command(`collect #${which} as ${status}`, (reference, real) => {
        const index = which % Math.max(1, reference.payins.length)
        const [mine, theirs] = [reference.payins[index], real.payins[index]]
        if (mine === undefined || theirs === undefined) return
        mine.collected = status === "approved" ? mine.amount : status === "partial" ? 700 : 0
        real.run(Effect.orDie(real.service.setPayinStatus(theirs, { status, amountCollected: 700 })))
      })
    ),
  fc.tuple(references, amounts, fc.nat(1)).map(([name, amount, account]) =>
    command(`pay ${name} ${amount}`, (reference, real) => {
      const answer: Answer = real.run(pay(real.accounts[account] ?? "", name, amount))
      assert.strictEqual(answer.status, reference.pay(name, amount) ? 200 : 400)
    })
  ),
  fc.tuple(references, amounts, fc.boolean()).map(([name, amount, takesEffect]) =>
    command(`pay ${name} ${amount}, answer lost, ${takesEffect ? "made" : "not made"}`, (reference, real) => {
      real.run(real.service.fault({ operation: "payoutRequests.create", kind: Fault.drop({ takesEffect }) }))
      real.run(Effect.flip(pay(real.accounts[0] ?? "", name, amount)).pipe(Effect.orDie))
      if (takesEffect) reference.pay(name, amount)
    })
  ),
  fc.tuple(fc.nat(20), fc.constantFrom("approved" as const, "cancelled" as const)).map(([which, status]) =>
    command(`#${which} becomes ${status}`, (reference, real) => {
      const index = which % Math.max(1, reference.payouts.length)
      const [mine, theirs] = [reference.payouts[index], real.run(real.service.ledger.payouts)[index]]
      if (mine === undefined || theirs === undefined) return
      mine.status = status
      real.run(Effect.orDie(real.service.setPayoutStatus(theirs.id, { status })))
    })
  ),
  fc.constantFrom(1, 30_000, 59_999, 60_000).map((by) =>
    command(`wait ${by}`, (reference, real) => {
      real.now += by
      reference.tick(by)
    })
  ),
  fc.tuple(references, fc.integer({ min: 1, max: 3 })).map(([name, limit]) =>
    command(`list ${name} by ${limit}`, (reference, real) => {
      const found: Array<string> = []
      let cursor: string | null = ""
      while (cursor !== null) {
        const next: string = cursor === "" ? "" : `&cursor=${cursor}`
        const page: Answer = real.run(get(`/payoutRequests?reference=${name}&limit=${limit}${next}`))
        for (const item of page.json.items) found.push(item.status)
        cursor = page.json.cursor
      }
      assert.deepStrictEqual(
        found,
        reference.payouts.filter((payout) => payout.reference === name).map(({ status }) => status)
      )
    })
  )
]

describe("the simulator and a model of ten lines", () => {
  it("always agree, in 1,000 random sequences of operations", () => {
    fc.assert(
      fc.property(fc.commands([...commands], { maxCommands: 20 }), (sequence) => {
        fc.modelRun(() => ({ model: new Reference(), real: new Real() }), sequence)
      }),
      { numRuns: 1_000 }
    )
  })
})
