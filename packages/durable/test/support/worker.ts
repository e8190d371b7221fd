/**
 * One simulated Palomma, one journal in memory, and processes that share both and carry transfers: the setting of the
 * tests of the worker.
 */
import { assert, it } from "@effect/vitest"
import {
  type Palomma,
  Payins,
  Payouts,
  Transfer,
  TransferClaim,
  TransferJournal,
  type TransferJournalService,
  type TransferKind,
  type TransferOptions
} from "@palomma-effect/client"
import type { DurableIntent, DurableService, WorkOptions } from "@palomma-effect/durable"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import {
  type Fault,
  type FaultTiming,
  type Operation,
  PalommaSimulator,
  type ReceivedRequest,
  type SimulatorOptions
} from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import type { Backend } from "../../src/internal/worker/backend.ts"
import * as Memory from "../../src/internal/worker/memory.ts"
import * as Service from "../../src/internal/worker/service.ts"

export const namespace = "test"

/** The default amount of a transfer. */
export const amount = 50_000

type Simulator = PalommaSimulator["Service"]

/** What payouts and debits have different names for. */
export interface Kind {
  readonly name: TransferKind
  readonly create: Operation
  readonly list: Operation
  readonly get: Operation
}

export const kinds: ReadonlyArray<Kind> = [
  { name: "payout", create: "payoutRequests.create", list: "payoutRequests.list", get: "payoutRequests.get" },
  { name: "payin", create: "payinRequests.create", list: "payinRequests.list", get: "payinRequests.get" }
]

/** A process that can hand over, carry, and send by itself. */
export interface Process extends DurableService {
  readonly payouts: Payouts["Service"]
  readonly payins: Payins["Service"]
  readonly backend: Backend
  /** Starts a worker. */
  readonly carry: <E = never, R = never>(
    options?: WorkOptions<E, R>
  ) => Effect.Effect<Fiber.Fiber<never, unknown>, never, R>
  /** Sends without a worker. */
  readonly send: (reference: string) => Effect.Effect<Transfer, unknown>
  /** Stops its workers, and closes its layers. */
  readonly close: Effect.Effect<void>
}

export interface SceneOptions {
  readonly simulator?: SimulatorOptions | undefined
  readonly transfers?: TransferOptions | undefined
}

/** Runs a test for both kinds, without logs and with metrics of its own. */
export const both = (
  name: string,
  test: (kind: Kind) => Effect.Effect<void, unknown, Scope.Scope>,
  only: ReadonlyArray<Kind> = kinds
): void => {
  for (const kind of only) {
    it.effect(`${name} (${kind.name})`, () =>
      test(kind).pipe(Effect.provide(Logger.layer([])), Effect.provideService(Metric.MetricRegistry, new Map()))
    )
  }
}

// One attempt, so that the times of requests are those of the worker.
const client: Omit<Palomma.PalommaOptions, "apiKey" | "environment" | "baseUrl"> = {
  retry: { reads: { maxAttempts: 1 }, creates: { maxAttempts: 1 } }
}

const retention = Duration.days(1)

/** Makes the setting of a test. */
export const makeScene = Effect.fnUntraced(function* (kind: Kind, options: SceneOptions = {}) {
  const services = yield* Layer.build(PalommaSimulator.layer({ seed: 1, client, ...options.simulator }))
  const simulator: Simulator = Context.get(services, PalommaSimulator)
  const journal: TransferJournalService = Context.get(yield* Layer.build(TransferJournal.layerMemory), TransferJournal)
  const accountId =
    kind.name === "payout" ? (yield* simulator.addPayoutTarget()).id : (yield* simulator.addPayinSource()).id
  const start0 = yield* Clock.currentTimeMillis

  /** A transfer to hand over. */
  const intent = (reference: string, changes: { readonly amount?: number } = {}): DurableIntent =>
    kind.name === "payout"
      ? { kind: "payout", reference, payoutTargetId: PayoutTargetId.make(accountId), amount, ...changes }
      : { kind: "payin", reference, payinSourceId: PayinSourceId.make(accountId), amount, ...changes }

  /** Starts a process over the journal, or over a view of it. */
  const start = Effect.fnUntraced(function* (
    view: TransferJournalService = journal,
    transfers: TransferOptions = options.transfers ?? {}
  ): Effect.fn.Return<Process, unknown, Scope.Scope> {
    const scope = yield* Scope.make()
    yield* Effect.addFinalizer(() => Scope.close(scope, Exit.void))
    const backend = yield* Scope.provide(Memory.over(view, namespace, retention), scope)
    const inner = { ...transfers, namespace }
    const layer = Layer.merge(Payouts.layer(inner), Payins.layer(inner)).pipe(
      Layer.provide(Layer.succeed(TransferJournal, backend.journal)),
      Layer.provide(Layer.succeedContext(services))
    )
    const built = yield* Layer.buildWithScope(layer, scope)
    const payouts = Context.get(built, Payouts)
    const payins = Context.get(built, Payins)
    const durable = Service.make(backend, payouts, payins)
    return {
      ...durable,
      payouts,
      payins,
      backend,
      carry: (workOptions) => Effect.forkIn(durable.work(workOptions), scope, { startImmediately: true }),
      send: (reference) => {
        const sent = intent(reference)
        if (sent.kind === "payout") {
          const { kind: _, ...payout } = sent
          return payouts.send(payout)
        }
        const { kind: _, ...payin } = sent
        return payins.charge(payin)
      },
      close: Scope.close(scope, Exit.void)
    }
  })

  const requests = (operation: Operation): Effect.Effect<ReadonlyArray<ReceivedRequest>> =>
    simulator.ledger.requestsByOperation(operation)

  return {
    kind,
    simulator,
    journal,
    accountId,
    intent,
    start,
    name: (reference: string) => ({ kind: kind.name, reference }),
    fault: (operation: "create" | "list" | "get", fault: Fault.Fault, timing: FaultTiming = {}) =>
      simulator.fault({ operation: kind[operation], kind: fault, ...timing }),
    /** How many requests of an operation Palomma received. */
    count: (operation: "create" | "list" | "get") => Effect.map(requests(kind[operation]), ({ length }) => length),
    /** The records with a reference. */
    records: (reference: string): Effect.Effect<ReadonlyArray<{ readonly id: string }>> =>
      kind.name === "payout"
        ? simulator.ledger.payoutsByReference(reference)
        : simulator.ledger.payinsByReference(reference),
    /** Gives the record of a reference its status. */
    finish: (id: string, status: "approved" | "cancelled" = "approved") =>
      Effect.orDie<void, unknown, never>(
        Effect.asVoid<unknown, unknown, never>(
          kind.name === "payout" ? simulator.setPayoutStatus(id, { status }) : simulator.setPayinStatus(id, { status })
        )
      ),
    /** The seconds since the start of the test at which Palomma received the requests of an operation. */
    times: (operation: "create" | "list" | "get") =>
      Effect.map(requests(kind[operation]), (received) => received.map(({ at }) => (at - start0) / 1_000)),
    /** The seconds since the start of the test. */
    seconds: Effect.map(Clock.currentTimeMillis, (now) => (now - start0) / 1_000),
    row: (reference: string): Effect.Effect<Transfer> =>
      journal.find({ namespace, kind: kind.name, reference }).pipe(
        Effect.orDie,
        Effect.map((found) => Option.getOrThrowWith(found, () => new Error(`The journal has no ${reference}`)))
      ),
    /** A row of another process, which is not in the journal yet. By default it was not handed to a worker. */
    aRow: (reference: string, fields: Partial<ConstructorParameters<typeof Transfer>[0]> = {}): Transfer =>
      new Transfer({
        namespace,
        kind: kind.name,
        reference,
        accountId,
        amount,
        state: "intended",
        version: 1,
        claims: 0,
        evidence: [],
        notOurs: [],
        lookUps: 0,
        createdAt: 0,
        updatedAt: 0,
        ...fields
      }),
    /** Changes a row as another process would. */
    write: (row: Transfer): Effect.Effect<Transfer> =>
      Effect.flatMap(
        Effect.orDie(row.version === 1 ? journal.insert(row) : journal.replace(row)),
        Effect.fromOption
      ).pipe(Effect.orDie)
  }
})

export type Scene = Effect.Success<ReturnType<typeof makeScene>>

/** A claim of a process that may have died. Others wait 65 seconds for it. */
export const aClaim = (id = "claim"): TransferClaim => new TransferClaim({ id, length: 65_000, at: 0 })

/** The delays of consecutive times. Times closer than a second belong to one turn. */
export const gaps = (times: ReadonlyArray<number>): ReadonlyArray<number> => {
  const turns = times.filter((time, index) => index === 0 || time - (times[index - 1] ?? 0) >= 1)
  return turns.slice(1).map((time, index) => Math.round(time - (turns[index] ?? 0)))
}

/** The lines of the log above `Info`. */
export const recordLog = () => {
  const lines: Array<string> = []
  const logger = Logger.make(({ cause, logLevel, message }) => {
    const parts = Array.isArray(message) ? message : [message]
    if (logLevel === "Info" || logLevel === "Debug" || logLevel === "Trace") return
    // The test clock says so if the machine is slow.
    if (String(parts[0]).startsWith("A fiber woken by the test clock")) return
    lines.push([logLevel, ...parts, ...(cause.reasons.length > 0 ? [String(cause)] : [])].join(" "))
  })
  return {
    lines,
    logged: <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.provide(self, Logger.layer([logger]))
  }
}

/** The metrics of a kind: the counts of counters and histograms, and the values of gauges, by name and state. */
export const metricsOf = ({ name }: Kind): Effect.Effect<Record<string, number>> =>
  Effect.map(Metric.snapshot, (metrics) => {
    const values: Record<string, number> = {}
    for (const { attributes, id, state } of metrics) {
      if (!id.startsWith("palomma_transfers_") || attributes?.["kind"] !== name) continue
      const of = attributes["state"] === undefined ? "" : `.${attributes["state"]}`
      const key = id.slice("palomma_transfers_".length) + of
      if ("count" in state) values[key] = Number(state.count)
      else if ("value" in state) values[key] = Number(state.value)
    }
    return values
  })

/** Lets time pass in steps, so that every sleep that a step begins has its own time. */
export const pass = (total: Duration.Input, step: Duration.Input = "1 hour"): Effect.Effect<void> =>
  Effect.gen(function* () {
    let left = Duration.toMillis(Duration.fromInputUnsafe(total))
    const size = Duration.toMillis(Duration.fromInputUnsafe(step))
    while (left > 0) {
      yield* TestClock.adjust(Math.min(left, size))
      left -= size
    }
  })

/** Asserts fields of a value. */
export const has = (value: object, fields: object): void => {
  const picked = Object.fromEntries(Object.keys(fields).map((key) => [key, Reflect.get(value, key)]))
  assert.deepStrictEqual(picked, fields)
}

/** Reads every result of a stream. */
export const all = Stream.runCollect
