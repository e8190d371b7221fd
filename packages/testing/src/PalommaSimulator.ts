/**
 * A Palomma of your own: stateful, driven by `Clock` and `Random`, in process or on a port of this machine.
 *
 * It keeps its records as Palomma documents them, moves them only when told to (or after a delay of your choice), fails as and when
 * told to, and keeps its own books, so that a test can ask what really happened.
 *
 * **Example** (A payout that was made, though its answer never came)
 *
 * ```ts
 * import { Fault, PalommaSimulator } from "@palomma-effect/testing"
 * import * as Effect from "effect/Effect"
 * import * as HttpClient from "effect/http/HttpClient"
 *
 * const program = Effect.gen(function*() {
 *   const simulator = yield* PalommaSimulator
 *   yield* simulator.fault({ operation: "customers.list", kind: Fault.commitThenDrop })
 *   const error = yield* Effect.flip(HttpClient.get(`${simulator.url}/customers`))
 *   return error.reason._tag
 * })
 *
 * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer({ seed: 1 })))) // => "TransportError"
 * ```
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import { serve } from "./internal/server.ts"
import type { SimulatorOptions, ServerOptions, SimulatorService } from "./internal/service.ts"
import { makeSimulator } from "./internal/simulator.ts"

export type { ReceivedRequest } from "./internal/exchange.ts"
export type { Injection, Timing, WebhookInjection } from "./internal/faults.ts"
export type { Movement, Place } from "./internal/money.ts"
export type { Operation } from "./internal/operations.ts"
export type { ReportedWebhook } from "./internal/outbox.ts"
export {
  type Ledger,
  NoSuchRecord,
  type SimulatorOptions,
  type ServerOptions,
  type SimulatorService,
  type SimulatedWebhooks
} from "./internal/service.ts"
export type { Ending, PayinEnding } from "./internal/transitions.ts"

/** A simulated Palomma: its controls, and what really happened in it. */
export class PalommaSimulator extends Context.Service<PalommaSimulator, SimulatorService>()(
  "@palomma-effect/testing/PalommaSimulator"
) {
  /** A simulated Palomma in process, and the `HttpClient` that reaches it. No network, no promises: a `TestClock` drives it. */
  static readonly layer = (options: SimulatorOptions = {}): Layer.Layer<PalommaSimulator | HttpClient.HttpClient> =>
    Layer.effectContext(
      Effect.map(makeSimulator(options), ({ service }) =>
        Context.make(PalommaSimulator, service).pipe(Context.add(HttpClient.HttpClient, service.httpClient))
      )
    )

  /** A simulated Palomma on a port of this machine; its `url` is where it listens. */
  static readonly layerServer = (
    options: ServerOptions = {}
  ): Layer.Layer<PalommaSimulator | PalommaServer, ServeError> =>
    Layer.effectContext(
      Effect.map(serve(options), ({ listener, service }) =>
        Context.make(PalommaSimulator, service).pipe(Context.add(PalommaServer, listener))
      )
    )
}

/** The server that a simulated Palomma listens on. */
export class PalommaServer extends Context.Service<
  PalommaServer,
  {
    /** The port it listens on. */
    readonly port: number
    /** Stops listening and ends every connection: the next one is refused. */
    readonly pause: Effect.Effect<void>
    /** Listens again, on the same port. */
    readonly resume: Effect.Effect<void, ServeError>
  }
>()("@palomma-effect/testing/PalommaServer") {}
