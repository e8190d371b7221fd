/**
 * Law 6 under random interleavings: two processes over one journal, which send, crash, start again, look up, hear of webhooks and ask
 * people, while the network fails as it likes.
 */
import { assert, describe, it } from "@effect/vitest"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { agrees, awaitEnd, baseUrl, begin, type Life, makeWorld, type World } from "./support/lives.ts"

const references = ["rent", "salary", "refund"] as const
type Reference = (typeof references)[number]

/** What runs: a world, the lives in it, and whoever waits for a payout. */
interface Real {
  readonly world: World
  readonly lives: [Life, Life]
  readonly callers: Array<() => void>
}

// What each intent is of is fixed by its reference, but for whoever gets it wrong on purpose.
const amounts: { readonly [R in Reference]: number } = { rent: 1_200_000, salary: 2_500_000, refund: 50_000 }

type Step = (real: Real) => Effect.Effect<void>

class Command implements fc.AsyncCommand<object, Runner> {
  readonly name: string
  readonly step: Step
  constructor(name: string, step: Step) {
    this.name = name
    this.step = step
  }
  check(): boolean {
    return true
  }
  async run(_: object, runner: Runner): Promise<void> {
    await runner.run(this.step)
  }
  toString(): string {
    return this.name
  }
}

interface Runner {
  readonly run: (step: Step) => Promise<void>
}

const check = Effect.fnUntraced(function* (world: World) {
  for (const reference of references) {
    const paid = yield* world.simulator.ledger.payoutsByReference(reference)
    const row = yield* world.journal.find({ environment: baseUrl, reference })
    agrees(Option.getOrUndefined(row), paid)
  }
})

const intent = (world: World, reference: Reference, amount = amounts[reference]) => ({
  reference,
  payoutTargetId: world.payoutTargetId,
  amount
})

// Whoever sends does not wait: what comes of it is seen by what stands in the books.
const launch = (real: Real, effect: Effect.Effect<unknown, unknown>): Effect.Effect<void> =>
  Effect.map(Effect.forkDetach(Effect.exit(effect)), (fiber) => {
    real.callers.push(() => fiber.interruptUnsafe())
  })

const unlucky: ReadonlyArray<Fault.Fault> = [
  Fault.refuse,
  Fault.drop(),
  Fault.commitThenDrop,
  Fault.drop({ by: "close", effect: true }),
  Fault.cut(),
  Fault.notJson,
  Fault.hang({ at: "before" }),
  Fault.hang({ at: "after" }),
  Fault.hang({ at: "body" }),
  Fault.slow("20 seconds"),
  Fault.slow("90 seconds", { effect: "last" }),
  Fault.slow("15 minutes", { effect: "last" }),
  Fault.rewrite("amount", 1),
  Fault.rewrite("reference", undefined),
  Fault.rewrite("status", "on-hold"),
  Fault.respond({ status: 500, body: "", effect: true }),
  Fault.respond({ status: 503, body: "" }),
  Fault.respond({ status: 400, body: { message: "No" } }),
  Fault.respond({ status: 401, body: { message: "No" } }),
  Fault.respond({ status: 409, body: { message: "No" }, effect: true }),
  Fault.rateLimited(5)
]

const blind: ReadonlyArray<Fault.Fault> = [
  Fault.drop(),
  Fault.cut(),
  Fault.hang({ at: "before" }),
  Fault.lag("1 minute"),
  Fault.lag("1 hour"),
  Fault.respond({ status: 500, body: "" }),
  Fault.respond({ status: 401, body: { message: "No" } }),
  Fault.rateLimited(5)
]

const reference = fc.constantFrom(...references)
const which = fc.constantFrom<0 | 1>(0, 1)

const commands = [
  fc
    .tuple(reference, which, fc.integer({ min: 1, max: 3 }))
    .map(
      ([reference, which, callers]) =>
        new Command(`send ${reference} from ${which} by ${callers}`, (real) =>
          Effect.forEach(
            Array.from({ length: callers }),
            () => launch(real, real.lives[which].payouts.send(intent(real.world, reference))),
            { discard: true }
          )
        )
    ),
  fc.tuple(reference, which).map(
    ([reference, which]) =>
      new Command(`send ${reference} from ${which} with another amount`, (real) =>
        // Where nothing exists yet, another amount is a new intent: this asks only for what must not happen.
        Effect.flatMap(real.world.journal.find({ environment: baseUrl, reference }), (row) =>
          Option.isNone(row) || row.value.state === "intended" || row.value.state === "rejected"
            ? Effect.void
            : launch(real, real.lives[which].payouts.send(intent(real.world, reference, 2_000)))
        ).pipe(Effect.orDie)
      )
  ),
  fc.constant(new Command("a caller leaves", (real) => Effect.sync(() => real.callers.pop()?.()))),
  fc
    .constantFrom(1, 1_000, 20_000, 70_000, 200_000)
    .map((millis) => new Command(`${millis} ms pass`, () => TestClock.adjust(millis))),
  fc
    .tuple(fc.constantFrom(...unlucky), reference)
    .map(
      ([kind, reference]) =>
        new Command(`the next create of ${reference} meets ${JSON.stringify(kind)}`, ({ world }) =>
          world.simulator.fault({ operation: "payoutRequests.create", containing: reference, kind })
        )
    ),
  fc
    .tuple(fc.constantFrom(...blind), fc.constantFrom("payoutRequests.list" as const, "payoutRequests.get" as const))
    .map(
      ([kind, operation]) =>
        new Command(`the next ${operation} meets ${JSON.stringify(kind)}`, ({ world }) =>
          world.simulator.fault({ operation, kind })
        )
    ),
  fc.tuple(reference, fc.constantFrom("approved" as const, "cancelled" as const)).map(
    ([reference, as]) =>
      new Command(`Palomma ends ${reference} as ${as}`, ({ world }) =>
        Effect.flatMap(world.simulator.ledger.payoutsByReference(reference), (paid) =>
          Effect.forEach(
            paid.filter(({ status }) => status === "processing"),
            ({ id }) => Effect.orDie(world.simulator.settle(id, { as })),
            { discard: true }
          )
        )
      )
  ),
  fc.tuple(fc.nat(), which).map(
    ([n, which]) =>
      new Command(`webhook ${n} reaches ${which}`, (real) =>
        Effect.flatMap(real.world.simulator.webhooks.events, (events) => {
          const event = events[n % Math.max(1, events.length)]
          return event === undefined ? Effect.void : launch(real, real.lives[which].payouts.applyWebhook(event))
        })
      )
  ),
  fc
    .tuple(reference, which)
    .map(
      ([reference, which]) =>
        new Command(`${which} reconciles ${reference}`, (real) =>
          launch(real, real.lives[which].payouts.reconcile(reference))
        )
    ),
  fc.tuple(reference, which).map(
    ([reference, which]) =>
      new Command(`a person resolves ${reference} at ${which}`, (real) =>
        Effect.gen(function* () {
          // A person asks on another day, when nothing is on its way any more.
          yield* TestClock.adjust("1 day")
          const [payout] = yield* real.world.simulator.ledger.payoutsByReference(reference)
          const { resolve } = real.lives[which].payouts
          yield* launch(
            real,
            resolve(
              reference,
              payout === undefined
                ? { as: "not-paid", by: "ana", note: "asked" }
                : { as: "paid", payoutRequestId: payout.id, by: "ana", note: "asked" }
            )
          )
        })
      )
  ),
  which.map(
    (which) =>
      new Command(`${which} is killed and starts again`, (real) =>
        Effect.gen(function* () {
          real.lives[which].kill()
          real.lives[which] = yield* begin(real.world)
        })
      )
  ),
  which.map(
    (which) =>
      new Command(`${which} is stopped and starts again`, (real) =>
        Effect.gen(function* () {
          yield* Effect.forkDetach(real.lives[which].close)
          real.lives[which] = yield* begin(real.world)
        })
      )
  )
]

// What becomes uncertain is logged, which is no news here.
const simulated = (seed: number) =>
  Layer.mergeAll(TestClock.layer(), PalommaSimulator.layer({ seed }), Logger.layer([]))

const scenario = async (seed: number, steps: Iterable<fc.AsyncCommand<object, Runner>>): Promise<void> => {
  const runtime = ManagedRuntime.make(simulated(seed))
  try {
    const real = await runtime.runPromise(
      Effect.gen(function* () {
        const world = yield* makeWorld
        const lives: [Life, Life] = [yield* begin(world), yield* begin(world)]
        return { world, lives, callers: [] } satisfies Real
      }).pipe(Effect.scoped)
    )
    const run = (step: Step) =>
      runtime.runPromise(
        Effect.gen(function* () {
          yield* step(real)
          for (let i = 0; i < 20; i++) yield* Effect.yieldNow
          yield* check(real.world)
        })
      )
    await fc.asyncModelRun(() => ({ model: {}, real: { run } }), steps)
    // In the end everything has a name, and asked once more it is found or paid.
    await run(() =>
      Effect.gen(function* () {
        yield* real.world.simulator.clearFaults
        yield* TestClock.adjust("2 days")
        for (const reference of references) {
          yield* awaitEnd(
            yield* Effect.forkDetach(Effect.exit(real.lives[0].payouts.send(intent(real.world, reference))))
          )
          const row = Option.getOrThrow(
            yield* Effect.orDie(real.world.journal.find({ environment: baseUrl, reference }))
          )
          assert.notInclude(["sending", "intended", "unknown"], row.state)
        }
      })
    )
  } finally {
    await runtime.dispose()
  }
}

describe("law 6: two processes, one journal, and a network that fails as it likes", () => {
  it("pays at most once and claims nothing that is not so, whatever happens in whatever order", async () => {
    await fc.assert(fc.asyncProperty(fc.integer(), fc.commands(commands, { maxCommands: 50, size: "max" }), scenario), {
      numRuns: Number(process.env["LAW_RUNS"] ?? (process.env["CI"] === undefined ? 100 : 1_000))
    })
  }, 300_000)
})
