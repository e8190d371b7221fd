import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { ArmedFault, FaultInjection } from "../faults/armed.ts"
import type { Ledger } from "./Ledger.ts"
import type { RecordControls } from "./RecordControls.ts"
import type { SimulatedWebhooks } from "./SimulatedWebhooks.ts"
import type { StatusControls } from "./StatusControls.ts"

/**
 * The simulator: its address, its controls and its ledger.
 *
 * @category services
 * @since 0.1.0
 */
export interface SimulatorService extends RecordControls, StatusControls {
  /**
   * The base URL for a client.
   *
   * **Example** (The base URL of the simulator in process)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.useSync(({ url }) => url)
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => "http://localhost/v0"
   * ```
   */
  readonly url: string
  /**
   * The API key that is accepted.
   *
   * **Example** (The default key)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.useSync(({ apiKey }) => apiKey)
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => "sim-key"
   * ```
   */
  readonly apiKey: string
  /**
   * The key that signs webhooks.
   *
   * **Example** (The default key)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.useSync(({ integrityKey }) => integrityKey)
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => "sim-integrity-key"
   * ```
   */
  readonly integrityKey: string
  /**
   * An `HttpClient` that reaches the simulator without a network.
   *
   * **Example** (A request without an API key)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use(({ httpClient, url }) => httpClient.get(`${url}/customers`))
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).status // => 401
   * ```
   */
  readonly httpClient: HttpClient.HttpClient
  /**
   * What really happened: requests, records and movements of money.
   *
   * **Example** (Asserting that nothing was paid)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use(({ ledger }) => ledger.totalPaid)
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => 0
   * ```
   */
  readonly ledger: Ledger
  /**
   * The webhooks for the merchant.
   *
   * **Example** (The webhook of an approved payout)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) =>
   *   Effect.andThen(simulator.addPayoutRequest({ status: "approved" }), simulator.webhooks.take)
   * )
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).length // => 1
   * ```
   */
  readonly webhooks: SimulatedWebhooks
  /**
   * Arms a fault for the next call of an operation, for the n-th call, or for a share of all calls. An invalid fault,
   * such as a rate of 5 or an operation that does not exist, is a defect.
   *
   * **Example** (A list that Palomma rejects)
   *
   * ```ts
   * import { Customers } from "@palomma-effect/client"
   * import { Fault, PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   const kind = Fault.respond({ status: 400, body: { message: "Invalid limit" } })
   *   yield* simulator.fault({ operation: "customers.list", kind })
   *   return yield* Effect.flip(Customers.use((customers) => customers.list()))
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer())))._tag // => "PalommaBadRequest"
   * ```
   */
  readonly fault: (injection: FaultInjection) => Effect.Effect<void>
  /**
   * The faults that are still armed, those of `faultRate` too. A test can assert that its fault happened: after its
   * last call, a fault is no longer armed.
   *
   * **Example** (A fault that did not happen, because nothing was listed)
   *
   * ```ts
   * import { Customers } from "@palomma-effect/client"
   * import { Fault, PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   yield* simulator.fault({ operation: "customers.list", kind: Fault.slow("1 millis") })
   *   yield* simulator.fault({ operation: "payoutRequests.list", kind: Fault.drop() })
   *   yield* Customers.use((customers) => customers.list())
   *   return yield* simulator.armedFaults
   * })
   * const armed = await Effect.runPromise(program.pipe(Effect.provide(PalommaSimulator.layer())))
   * armed.map(({ fired, injection }) => `${injection.operation} ${fired}`) // => ["payoutRequests.list 0"]
   * ```
   */
  readonly armedFaults: Effect.Effect<ReadonlyArray<ArmedFault<FaultInjection>>>
  /**
   * Disarms all faults, including those of webhooks.
   *
   * **Example** (A fault that is disarmed before it happens)
   *
   * ```ts
   * import { Customers } from "@palomma-effect/client"
   * import { Fault, PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   yield* simulator.fault({ kind: Fault.drop() })
   *   yield* simulator.clearFaults
   *   return yield* Customers.use((customers) => customers.list())
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).items // => []
   * ```
   */
  readonly clearFaults: Effect.Effect<void>
}
