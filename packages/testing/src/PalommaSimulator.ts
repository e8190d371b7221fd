/**
 * A Palomma of your own in process: stateful, driven by `Clock` and `Random`.
 *
 * On a port of this machine it is
 * `@palomma-effect/testing/server`.
 *
 * It keeps its records as Palomma documents them, moves them only when told to (or after a delay of your choice), fails as and when
 * told to, and keeps its own books, so that a test can ask what really happened.
 *
 * **Example** (A payout that was made, though its answer never came)
 *
 * ```ts
 * import { PayoutRequests } from "@palomma-effect/client"
 * import { Fault, PalommaSimulator } from "@palomma-effect/testing"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const simulator = yield* PalommaSimulator
 *   const payoutRequests = yield* PayoutRequests
 *   const target = yield* simulator.addPayoutTarget()
 *   yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })
 *   const create = payoutRequests.create({ reference: "salary-1", payoutTargetId: target.id, amount: 50_000 })
 *   const error = yield* Effect.flip(create)
 *   const paid = yield* simulator.ledger.payoutsByReference("salary-1")
 *   return `${error.outcome}, and there are ${paid.length}`
 * })
 *
 * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => "unknown, and there are 1"
 * ```
 *
 * @since 0.1.0
 */
import { Palomma } from "@palomma-effect/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { SimulatorOptions, SimulatorService } from "./internal/service.ts"
import { makeSimulator } from "./internal/simulator.ts"

export type { ReceivedRequest } from "./internal/http/exchange.ts"
export type { Injection, Timing, WebhookInjection } from "./internal/faults/armed.ts"
export type { Movement, Place } from "./internal/state/books.ts"
export type { Operation } from "./internal/operations.ts"
export type { ReportedWebhook } from "./internal/webhooks/outbox.ts"
export {
  type AddedPayinRequest,
  type AddedPayoutRequest,
  type Ledger,
  RecordNotFound,
  type PayoutReturn,
  type SimulatorOptions,
  type SimulatorService,
  type SimulatedWebhooks
} from "./internal/service.ts"
export type { StatusChange, PayinStatusChange } from "./internal/state/transitions.ts"
export type { Stores } from "./internal/state/world.ts"

/**
 * How a simulated Palomma in process behaves, and how the client that talks to it does.
 *
 * @category options
 * @since 0.1.0
 */
export interface InProcessOptions extends SimulatorOptions {
  /** What the client is told beside the key and the address; it knows the rules of the simulator. */
  readonly client?: Omit<Palomma.PalommaOptions, "apiKey" | "environment" | "baseUrl"> | undefined
}

/**
 * A simulated Palomma: its controls, and what really happened in it.
 *
 * @category services
 * @since 0.1.0
 */
export class PalommaSimulator extends Context.Service<PalommaSimulator, SimulatorService>()(
  "@palomma-effect/testing/PalommaSimulator"
) {
  /**
   * A whole test environment in process: a simulated Palomma, every service of the client pointed at it, and the `HttpClient` that
   * reaches it. No network, no promises: a `TestClock` drives it.
   */
  static readonly layer = (
    options: InProcessOptions = {}
  ): Layer.Layer<PalommaSimulator | HttpClient.HttpClient | Palomma.Services> =>
    Layer.unwrap(
      Effect.map(makeSimulator(options), ({ service }) => {
        const inProcess = Context.make(PalommaSimulator, service).pipe(
          Context.add(HttpClient.HttpClient, service.httpClient)
        )
        return Palomma.layer({
          limits: options.limits,
          extra: options.extra,
          ...options.client,
          apiKey: Redacted.make(service.apiKey),
          baseUrl: service.url
        }).pipe(Layer.provideMerge(Layer.succeedContext(inProcess)), Layer.orDie)
      })
    )
}
