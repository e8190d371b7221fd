/**
 * A stateful simulator of Palomma, in process.
 *
 * `@palomma-effect/testing/server` runs it on a port.
 *
 * It stores records and responds as Palomma documents. A payout stays `processing` until a control changes its status
 * or `processingTime` has passed. Faults happen only if they are armed or `faultRate` is set. The ledger shows what
 * really happened. Time comes from `Clock`, and chance from `Random`.
 *
 * **Example** (A payout that was made although its response was lost)
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
 *   return `${error.outcome}, ${paid.length} payout`
 * })
 *
 * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => "unknown, 1 payout"
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
import type { SimulatorOptions } from "./internal/service/SimulatorOptions.ts"
import type { SimulatorService } from "./internal/service/SimulatorService.ts"
import { makeSimulator } from "./internal/simulator.ts"

export type { ReceivedRequest } from "./internal/http/exchange.ts"
export type { ArmedFault, FaultInjection, FaultTiming, WebhookFaultInjection } from "./internal/faults/armed.ts"
export type { LedgerAccount, Movement } from "./internal/state/books.ts"
export type { Operation } from "./internal/operations.ts"
export type { ReportedWebhook } from "./internal/webhooks/outbox.ts"
export type { Ledger } from "./internal/service/Ledger.ts"
export type { AddedPayinRequest, AddedPayoutRequest, RecordControls } from "./internal/service/RecordControls.ts"
export { RecordNotFound } from "./internal/service/RecordNotFound.ts"
export type { SimulatedWebhooks } from "./internal/service/SimulatedWebhooks.ts"
export type { SimulatorOptions } from "./internal/service/SimulatorOptions.ts"
export type { SimulatorService } from "./internal/service/SimulatorService.ts"
export type { PayoutReturn, StatusControls } from "./internal/service/StatusControls.ts"
export type { PayinStatusChange, StatusChange } from "./internal/state/transitions.ts"
export type { StoreAs } from "./internal/state/world.ts"

/**
 * Options of the simulator in process and of its client.
 *
 * @category options
 * @since 0.1.0
 */
export interface InProcessOptions extends SimulatorOptions {
  /**
   * Options of the client, except for its key and base URL. It has the `limits` and `extra` of the simulator by
   * default.
   */
  readonly client?: Omit<Palomma.PalommaOptions, "apiKey" | "environment" | "baseUrl"> | undefined
}

/**
 * The service of the simulator: its controls and its ledger.
 *
 * @category services
 * @since 0.1.0
 */
export class PalommaSimulator extends Context.Service<PalommaSimulator, SimulatorService>()(
  "@palomma-effect/testing/PalommaSimulator"
) {
  /**
   * Provides everything that a test needs in process: the simulator, every service of the client connected to it, and
   * the `HttpClient` that reaches it. It uses no network and no promises, so a `TestClock` controls its time.
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
