/**
 * The simulator on a port of this machine, for any program that uses HTTP.
 *
 * This module needs Node; the rest of the package does not.
 *
 * **Example** (A program that gets only the base URL)
 *
 * ```ts
 * import { PalommaSimulator } from "@palomma-effect/testing"
 * import { layerServer } from "@palomma-effect/testing/server"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const { apiKey, url } = yield* PalommaSimulator
 *   const headers = { authorization: `Bearer ${apiKey}` }
 *   const response = yield* Effect.promise(() => fetch(`${url}/customers`, { headers }))
 *   return response.status
 * })
 *
 * await Effect.runPromise(program.pipe(Effect.provide(layerServer()))) // => 200
 * ```
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import { serve } from "./internal/server/server.ts"
import type { ServerOptions } from "./internal/server/options.ts"
import { PalommaSimulator } from "./PalommaSimulator.ts"

export type { ListenOptions, ServerOptions } from "./internal/server/options.ts"

/**
 * The server of the simulator.
 *
 * @category services
 * @since 0.1.0
 */
export class PalommaServer extends Context.Service<
  PalommaServer,
  {
    /** The port it listens on. */
    readonly port: number
    /** Stops listening and closes all connections. New connections are refused. */
    readonly pause: Effect.Effect<void>
    /** Listens again on the same port. */
    readonly resume: Effect.Effect<void, ServeError>
  }
>()("@palomma-effect/testing/PalommaServer") {}

/**
 * Provides the simulator on a port of this machine.
 *
 * Its `url` has the address and the port.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerServer = (options: ServerOptions = {}): Layer.Layer<PalommaSimulator | PalommaServer, ServeError> =>
  Layer.effectContext(
    Effect.map(serve(options), ({ listener, service }) =>
      Context.make(PalommaSimulator, service).pipe(Context.add(PalommaServer, listener))
    )
  )
