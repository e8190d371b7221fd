/**
 * One simulated Palomma, one journal, and processes that share both: the setting of every test of transfers.
 *
 * ```ts
 * scenario("is sent once", kind, function* ({ process, world }) {
 *   yield* world.fault("create", Fault.commitThenDrop)
 *   yield* inTime(process.send(world.intent("a")))
 *   assert.strictEqual((yield* world.records("a")).length, 1)
 * })
 * ```
 */
import { assert, it } from "@effect/vitest"
import {
  Palomma,
  type PalommaInvalidInput,
  type Transfer,
  TransferJournal,
  type TransferJournalService,
  type TransferOperations,
  type TransferOptions
} from "@palomma-effect/client"
import {
  type Fault,
  PalommaSimulator,
  type ReceivedRequest,
  type SimulatorOptions,
  type FaultTiming
} from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { fetchTo } from "./fetchTo.ts"
import { type JournalHooks, makeJournal, seenThrough, type SharedJournal } from "./journals.ts"
import type { HeldRecord, Intent, Kind, Transfers } from "./kinds.ts"
import { type Clocks, type Machine, makeMachine } from "./machine.ts"

export { broken, type JournalCall, type JournalHooks } from "./journals.ts"
export { kinds } from "./kinds.ts"
export type { HeldRecord, Intent, Kind, Result, Transfers } from "./kinds.ts"

/** The default amount of a transfer. */
export const amount = 50_000

/** The base URL of every process. */
export const baseUrl = "http://127.0.0.1/v0"

type Response = Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

/** Options of a process. */
export interface StartOptions {
  readonly transfers?: TransferOptions | undefined
  /** Options of its client beside the key and the base URL. */
  readonly client?: Omit<Palomma.PalommaOptions, "apiKey" | "baseUrl"> | undefined
  readonly apiKey?: string | undefined
  /** Hooks around its calls of the journal. */
  readonly journal?: JournalHooks | undefined
  /** The store of its journal: by default that of the world. */
  readonly store?: TransferJournalService | undefined
  /** The machine that it runs on: by default one whose clocks are right. */
  readonly machine?: Machine | Clocks | undefined
  /** The Palomma that it sends to: by default that of the world. */
  readonly simulator?: PalommaSimulator["Service"] | undefined
  /** Wraps its requests, by method. */
  readonly request?: ((method: string, send: Response) => Response) | undefined
  /** Sends by `Palomma.layerFetch`; the promise is that of the connection before each request. */
  readonly connecting?: ((method: string) => Promise<void>) | undefined
}

/** A process that sends transfers. */
export interface Process extends Transfers {
  /** Its calls of the journal, such as `replace sending`, and its requests, such as `POST`, in order. */
  readonly steps: Array<string>
  /** Closes it: the results of requests in flight are written. */
  readonly close: Effect.Effect<void>
}

/** Options of a world. */
export interface WorldOptions {
  readonly simulator?: SimulatorOptions | undefined
  /** Whether the journal outlives the process: `true` by default. */
  readonly isDurable?: boolean | undefined
}

/** One simulated Palomma, one journal, and one account. */
export interface World {
  readonly kind: Kind
  readonly simulator: PalommaSimulator["Service"]
  readonly journal: SharedJournal
  readonly account: string
  /** A transfer of 50,000 pesos to or from the account. */
  readonly intent: (reference?: string, changes?: Partial<Intent>) => Intent
  readonly start: (options?: StartOptions) => Effect.Effect<Process, PalommaInvalidInput, Scope.Scope>
  /** A machine whose wall clock is ahead of the true time by so many milliseconds, 0 by default. */
  readonly machine: (wallAhead?: number) => Effect.Effect<Machine>
  /** Adds a fault to one of the operations of the kind. */
  readonly fault: (
    operation: "create" | "list" | "get",
    fault: Fault.Fault,
    timing?: FaultTiming & { readonly containing?: string | undefined }
  ) => Effect.Effect<void>
  /** The requests that Palomma received. */
  readonly requests: (operation?: "create" | "list" | "get") => Effect.Effect<ReadonlyArray<ReceivedRequest>>
  /** How many creates Palomma received. */
  readonly creates: Effect.Effect<number>
  /** The records of the creates with a reference, and the records that were added with it. */
  readonly records: (reference?: string) => Effect.Effect<ReadonlyArray<HeldRecord>>
  /** The row of a reference. It must exist. */
  readonly row: (reference?: string) => Effect.Effect<Transfer>
  /** Every row of the journal. */
  readonly rows: Effect.Effect<ReadonlyArray<Transfer>>
}

const begin = Effect.fnUntraced(function* (
  kind: Kind,
  simulator: PalommaSimulator["Service"],
  journal: SharedJournal,
  options: StartOptions
): Effect.fn.Return<Process, PalommaInvalidInput, Scope.Scope> {
  const { request = (_, send) => send } = options
  const steps: Array<string> = []
  const base = yield* Clock.clockWith(Effect.succeed)
  const { machine } = options
  const { clock } = machine !== undefined && "clock" in machine ? machine : makeMachine(base, machine)
  const view = seenThrough(
    options.store ?? journal.service,
    options.journal ?? {},
    base,
    (step) => void steps.push(step)
  )
  // Palomma has a separate clock.
  const door = HttpClient.transform(simulator.httpClient, (send, { method }) => {
    const asked = Effect.suspend(() => {
      steps.push(method)
      return Effect.provideService(send, Clock.Clock, base)
    })
    return request(method, asked)
  })
  const clientOptions = { ...options.client, apiKey: Redacted.make(options.apiKey ?? simulator.apiKey), baseUrl }
  const context = yield* Effect.context<never>()
  const palomma =
    options.connecting === undefined
      ? Palomma.layer(clientOptions).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, door)))
      : Palomma.layerFetch({ ...clientOptions, fetch: fetchTo(door, context, options.connecting) })
  const scope = yield* Scope.make()
  // No process waits for a process that has died by then.
  yield* Effect.addFinalizer(() => Effect.forkDetach(Scope.close(scope, Exit.void)))
  const services = yield* Layer.buildWithScope(Layer.merge(palomma, Layer.succeed(TransferJournal, view)), scope)
  const transfers = yield* kind
    .make(options.transfers ?? {})
    .pipe(Effect.provideContext(Context.add(services, Scope.Scope, scope)))
  const onIt = <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.provideService(self, Clock.Clock, clock)
  const streamed = <A, E, R>(self: Stream.Stream<A, E, R>) => Stream.provideService(self, Clock.Clock, clock)
  const operations: TransferOperations = {
    find: (reference) => onIt(transfers.find(reference)),
    list: (query) => streamed(transfers.list(query)),
    reconcile: (reference) => onIt(transfers.reconcile(reference)),
    reconcileAll: (query) => streamed(transfers.reconcileAll(query)),
    advance: (reference, options) => onIt(transfers.advance(reference, options)),
    carry: (reference, options) => onIt(transfers.carry(reference, options)),
    markTold: (reference, version) => onIt(transfers.markTold(reference, version)),
    resolve: (reference, decision) => onIt(transfers.resolve(reference, decision)),
    resolveAll: (decisions) => onIt(transfers.resolveAll(decisions)),
    withdraw: (reference, withdrawal) => onIt(transfers.withdraw(reference, withdrawal)),
    acknowledge: (reference, acknowledgement) => onIt(transfers.acknowledge(reference, acknowledgement)),
    awaitFinal: (reference, waiting) => onIt(transfers.awaitFinal(reference, waiting)),
    applyWebhook: (event) => onIt(transfers.applyWebhook(event))
  }
  return {
    ...operations,
    send: (intent) => onIt(transfers.send(intent)),
    adopt: (intent, adopting) => onIt(transfers.adopt(intent, adopting)),
    intend: (intent) => onIt(transfers.intend(intent)),
    sendAll: (intents, running) => streamed(transfers.sendAll(intents, running)),
    steps,
    close: Scope.close(scope, Exit.void)
  }
})

/** Makes a world. */
export const makeWorld = Effect.fnUntraced(function* (kind: Kind, options: WorldOptions = {}) {
  const palomma = yield* Layer.build(PalommaSimulator.layer({ seed: 1, ...options.simulator }))
  const simulator = Context.get(palomma, PalommaSimulator)
  const journal = yield* makeJournal(options.isDurable ?? true)
  const account = yield* kind.addAccount(simulator)
  const operationOf = (operation: "create" | "list" | "get") => kind[operation]
  const requests: World["requests"] = (operation) =>
    operation === undefined ? simulator.ledger.requests : simulator.ledger.requestsByOperation(operationOf(operation))
  const world: World = {
    kind,
    simulator,
    journal,
    account,
    intent: (reference = "a", changes = {}) => ({ reference, accountId: account, amount, ...changes }),
    start: (starting = {}) => begin(kind, starting.simulator ?? simulator, journal, starting),
    machine: (wallAhead = 0) =>
      Clock.clockWith((base) => Effect.sync(() => makeMachine(base, { wall: wallAhead, monotonic: 0 }))),
    fault: (operation, fault, timing = {}) =>
      simulator.fault({ operation: operationOf(operation), kind: fault, ...timing }),
    requests,
    creates: Effect.map(requests("create"), (all) => all.length),
    records: (reference = "a") => kind.byReference(simulator, reference),
    row: (reference = "a") =>
      Effect.flatMap(journal.backup, (rows) => {
        const row = rows.find((one) => one.reference === reference)
        return row === undefined ? Effect.die(new Error(`there is no row of "${reference}"`)) : Effect.succeed(row)
      }),
    rows: journal.backup
  }
  return world
})

/** A test of one process in a separate world. */
export const scenario = (
  name: string,
  kind: Kind,
  test: (setting: {
    readonly world: World
    readonly process: Process
  }) => Generator<Effect.Effect<unknown, unknown, Scope.Scope>, void, never>,
  made: { readonly world?: WorldOptions | undefined; readonly start?: StartOptions | undefined } = {}
): void => {
  it.effect(name, () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind, made.world)
      const process = yield* world.start(made.start)
      yield* Effect.gen(() => test({ world, process }))
    })
  )
}

// Promises, such as those of hashing, take rounds of the event loop and no time of the test's clock.
const turns = Effect.promise(async () => {
  for (let i = 0; i < 5; i++) await new Promise<void>((done) => void setImmediate(done))
})

/** Lets time pass until a fiber has ended: by seconds at first, then by minutes, at most two days. */
export const untilEnd = Effect.fnUntraced(function* (fiber: Fiber.Fiber<unknown, unknown>) {
  for (let step = 0; step < 3_400; step++) {
    yield* turns
    if (fiber.pollUnsafe() !== undefined) return
    yield* TestClock.adjust(step < 600 ? "1 second" : "1 minute")
  }
})

/** Runs an effect to its end while time passes. */
export const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* untilEnd(fiber)
    return yield* Fiber.join(fiber)
  })

/** The error that an effect ends with, while time passes. */
export const failure = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<E, A, R> => inTime(Effect.flip(effect))

/** Asserts that a value has these fields. A field that is `undefined` may be missing. */
export const has = (value: object, fields: object): void => {
  const found = Object.fromEntries(Object.keys(fields).map((name) => [name, Reflect.get(value, name) as unknown]))
  assert.deepStrictEqual(found, { ...fields })
}

/** The row of a reference as a process reads it. */
export const rowOf = (process: Process, reference = "a") => Effect.map(process.find(reference), Option.getOrUndefined)

/** Waits until a condition is true, without letting time pass. */
export const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (condition() ? Effect.void : Effect.andThen(turns, until(condition))))
