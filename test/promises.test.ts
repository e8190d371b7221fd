// What a program without Effect gets: promises that are aborted, and a runtime that is closed during a transfer.
import { assert, describe, it } from "@effect/vitest"
import { Payins, PayoutRequests, Payouts, type Transfer, TransferJournal } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { Cause, Effect, Exit, Layer, ManagedRuntime, Option } from "effect"
import { TestClock } from "effect/testing"
import { withTransfers } from "./support/transfers.ts"

/** What a promise was rejected with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => assert.fail(`the promise was fulfilled: ${JSON.stringify(value)}`),
    (error: unknown) => error
  )

const isInterruption = (error: unknown): boolean =>
  error instanceof Error && error.message === "All fibers interrupted without error"

const idsOf = (records: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string | undefined> =>
  records.map(({ id }) => id)

/** A runtime as a program without Effect has it, with a payout and a debit that can be sent. */
const setting = async () => {
  const runtime = ManagedRuntime.make(
    withTransfers({ sendTimeout: "10 minutes" }).pipe(Layer.provideMerge(TestClock.layer()))
  )
  const { clock, payouts, payins, journal, simulator, target, source } = await runtime.runPromise(
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      return {
        clock: yield* TestClock.testClockWith(Effect.succeed),
        simulator,
        payouts: yield* Payouts,
        payins: yield* Payins,
        journal: yield* TransferJournal,
        target: yield* simulator.addPayoutTarget(),
        source: yield* simulator.addPayinSource()
      }
    })
  )
  const kinds = {
    payout: {
      operation: "payoutRequests.create",
      send: payouts.send({ reference: "refund-4711", payoutTargetId: target.id, amount: 50_000 }),
      sent: Effect.map(simulator.ledger.payoutsByReference("refund-4711"), idsOf)
    },
    debit: {
      operation: "payinRequests.create",
      send: payins.charge({ reference: "refund-4711", payinSourceId: source.id, amount: 50_000 }),
      sent: Effect.map(simulator.ledger.payins, idsOf)
    }
  } as const
  return { runtime, clock, simulator, journal, target, kinds }
}

type Operation = "payoutRequests.create" | "payoutRequests.list" | "payinRequests.create"

/**
 * Starts a call, and waits until Palomma has its request. Palomma answers after five minutes of the clock.
 *
 * The promise is in an object, because an async function waits for a promise that it returns.
 */
const received = async <A>(
  { simulator }: Awaited<ReturnType<typeof setting>>,
  operation: Operation,
  start: () => Promise<A>
): Promise<{ readonly running: Promise<A> }> => {
  await Effect.runPromise(simulator.fault({ operation, kind: Fault.slow("5 minutes") }))
  const running = start()
  // It may be rejected before the test awaits it.
  running.catch(() => undefined)
  await Effect.runPromise(
    Effect.andThen(Effect.yieldNow, simulator.ledger.requestsByOperation(operation)).pipe(
      Effect.repeat({ until: (requests) => requests.length > 0 })
    )
  )
  return { running }
}

describe("promises", () => {
  for (const kind of ["payout", "debit"] as const) {
    // `runPromise` runs a program up to its first pause before it looks at the signal. So the guide says to check it.
    it(`a ${kind} whose signal is aborted before the call is rejected, and is sent at most once`, async () => {
      const { kinds, runtime } = await setting()
      const { send, sent } = kinds[kind]
      assert.isTrue(isInterruption(await rejection(runtime.runPromise(send, { signal: AbortSignal.abort() }))))
      const { recordId } = await runtime.runPromise(send)
      assert.deepStrictEqual(await Effect.runPromise(sent), [recordId])
      await runtime.dispose()
    })

    it(`a ${kind} that is aborted while it is sent continues, and the next call finds it`, async () => {
      const world = await setting()
      const { clock, kinds, runtime } = world
      const { operation, send, sent } = kinds[kind]
      const controller = new AbortController()
      const { running } = await received(world, operation, () =>
        runtime.runPromise(send, { signal: controller.signal })
      )
      controller.abort()
      assert.isTrue(isInterruption(await rejection(running)))

      const again = runtime.runPromise(send)
      await Effect.runPromise(clock.adjust("5 minutes"))
      const { recordId, state } = await again
      assert.strictEqual(state, "accepted")
      assert.deepStrictEqual(await Effect.runPromise(sent), [recordId])
      await runtime.dispose()
    })

    it(`closing the runtime rejects the promise of a ${kind} and waits until its outcome is recorded`, async () => {
      const world = await setting()
      const { clock, journal, kinds, runtime } = world
      const { operation, send, sent } = kinds[kind]
      const { running } = await received(world, operation, () => runtime.runPromise(send))
      const rows: Array<Option.Option<Transfer>> = []
      const find = journal.find({
        namespace: "http://127.0.0.1/v0",
        kind: kind === "payout" ? "payout" : "payin",
        reference: "refund-4711"
      })
      const closed = runtime.dispose().then(async () => {
        rows.push(await Effect.runPromise(find))
      })
      assert.isTrue(isInterruption(await rejection(running)))
      assert.deepStrictEqual(rows, [])

      await Effect.runPromise(clock.adjust("5 minutes"))
      await closed
      const [row] = rows.map(Option.getOrThrow)
      assert.strictEqual(row?.state, "accepted")
      assert.deepStrictEqual(await Effect.runPromise(sent), [row?.recordId])
    })
  }

  it("closing the runtime sends no payout that is only looked up", async () => {
    const world = await setting()
    const { kinds, runtime, simulator } = world
    const { running } = await received(world, "payoutRequests.list", () => runtime.runPromise(kinds.payout.send))
    await runtime.dispose()
    assert.isTrue(isInterruption(await rejection(running)))
    const creates = simulator.ledger.requestsByOperation("payoutRequests.create")
    assert.lengthOf(await Effect.runPromise(creates), 0)
  })

  it("a plain create that is aborted may have moved money", async () => {
    const world = await setting()
    const { kinds, runtime, target } = world
    const controller = new AbortController()
    const { running } = await received(world, "payoutRequests.create", () =>
      runtime.runPromise(
        PayoutRequests.use(({ create }) =>
          create({ reference: "refund-4711", payoutTargetId: target.id, amount: 50_000 })
        ),
        { signal: controller.signal }
      )
    )
    controller.abort()
    assert.isTrue(isInterruption(await rejection(running)))
    assert.lengthOf(await Effect.runPromise(kinds.payout.sent), 1)
    await runtime.dispose()
  })

  it("an Exit tells an abort from an error", async () => {
    const { kinds, runtime } = await setting()
    const exit = await runtime.runPromiseExit(kinds.payout.send, { signal: AbortSignal.abort() })
    assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
    await runtime.dispose()
  })

  it("a closed runtime sends nothing", async () => {
    const { kinds, runtime } = await setting()
    await runtime.dispose()
    assert.strictEqual(await rejection(runtime.runPromise(kinds.payout.send)), "ManagedRuntime disposed")
    assert.lengthOf(await Effect.runPromise(kinds.payout.sent), 0)
  })

  it("a runtime whose layer failed fails all calls with the first error, until another runtime is made", async () => {
    let builds = 0
    const failing = Layer.effectDiscard(
      Effect.suspend(() => {
        builds += 1
        return Effect.fail("the database does not answer")
      })
    )
    const runtime = ManagedRuntime.make(withTransfers().pipe(Layer.provideMerge(failing)))
    const find = runtime.runPromise.bind(
      undefined,
      Payouts.use((payouts) => payouts.find("refund-4711"))
    )
    const first = await rejection(find())
    assert.strictEqual(await rejection(find()), first)
    assert.strictEqual(builds, 1)
    await runtime.dispose()
  })
})
