import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Latch from "effect/Latch"
import { listen } from "./listener.ts"
import { basePath } from "../operations.ts"
import { deliver } from "../webhooks/deliver.ts"
import { checkServer, type ServerOptions } from "./options.ts"
import type { SimulatorService } from "../service/SimulatorService.ts"
import { makeSimulator } from "../simulator.ts"
import { withSite } from "./site.ts"

/** Starts the simulator on a port of this machine. It stops when the scope closes. */
export const serve = Effect.fnUntraced(function* (options: ServerOptions) {
  yield* checkServer(options)
  const { allowedHosts = [], host = "127.0.0.1", port = 0, webhookUrl } = options
  const changed = Latch.makeUnsafe()
  const simulator = yield* makeSimulator(options, () => changed.openUnsafe())
  const { outbox, world } = simulator
  const listener = yield* listen(yield* withSite(simulator, [...allowedHosts, host]), { port, host })
  world.origin = `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`
  const service: SimulatorService = { ...simulator.service, url: `${world.origin}${basePath}` }
  if (webhookUrl !== undefined) {
    yield* deliver(world, outbox, webhookUrl, changed).pipe(Effect.provide(FetchHttpClient.layer), Effect.forkScoped)
  }
  return { listener, service }
})
