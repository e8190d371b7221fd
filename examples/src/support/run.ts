/**
 * Runs the examples against a simulated Palomma, or with a key against the sandbox, and never in production.
 */
import { PalommaEndpoint } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Cause, ConfigProvider, Data, Effect, Exit, Layer, Runtime } from "effect"
import * as Screen from "./screen.ts"

class RealMoney extends Data.TaggedError("RealMoney")<{ readonly what: string }> {
  override get message(): string {
    return (
      `${this.what}: this example pays an invented account, so it runs only against a simulated Palomma or the ` +
      "sandbox."
    )
  }
}

const refuseRealMoney = Effect.gen(function* () {
  const { baseUrl, kind } = yield* PalommaEndpoint
  if (kind !== "loopback" && kind !== "sandbox") return yield* new RealMoney({ what: `The address is ${baseUrl}` })
  yield* Screen.note(`Using ${kind === "sandbox" ? "Palomma's sandbox" : "a simulated Palomma"}, ${baseUrl}`)
})

/** Starts a simulated Palomma, and sets the variables that `Palomma.layerConfig` reads. */
const simulated = Layer.unwrap(
  Effect.gen(function* () {
    const { apiKey, url } = yield* PalommaSimulator
    return ConfigProvider.layer(
      // The base URL decides. An empty variable counts as absent.
      ConfigProvider.fromEnv({
        env: { ...process.env, PALOMMA_API_KEY: apiKey, PALOMMA_BASE_URL: url, PALOMMA_ENVIRONMENT: "" }
      })
    )
  })
).pipe(Layer.provide(layerServer({ processingTime: "700 millis" })))

class NoPalomma extends Data.TaggedError("NoPalomma") {
  override get message(): string {
    return (
      "PALOMMA_API_KEY is not set. This example runs more than once, so it needs a Palomma that keeps running: the sandbox, or a " +
      "simulated one on this machine. Run it without a command to see how to start one."
    )
  }
}

const lasting = Layer.effectDiscard(new NoPalomma())

const configuration = <E>(otherwise: Layer.Layer<never, E>) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { env } = process
      if (env["PALOMMA_ENVIRONMENT"] === "production") {
        return yield* new RealMoney({ what: "PALOMMA_ENVIRONMENT is production" })
      }
      // A base URL without a key must not start a simulator either. An empty variable counts as absent, as always in
      // Effect.
      const isConfigured = [env["PALOMMA_API_KEY"], env["PALOMMA_BASE_URL"]].some((value) => (value ?? "") !== "")
      return isConfigured ? ConfigProvider.layer(ConfigProvider.fromEnv()) : otherwise
    })
  )

const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  const stop = () => fiber.interruptUnsafe(fiber.id)
  process.on("SIGINT", stop)
  process.on("SIGTERM", stop)
  fiber.addObserver((exit) => {
    process.off("SIGINT", stop)
    process.off("SIGTERM", stop)
    if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) {
      const error = Cause.squash(exit.cause)
      const isExpected = Cause.hasFails(exit.cause) && error instanceof Error
      console.error(isExpected ? error.message : Cause.pretty(exit.cause))
    }
    teardown(exit, (code) => {
      process.exitCode = code
    })
  })
})

/** Runs an example that needs no network. If it fails, it prints the error in one line and exits with code 1. */
export const runOffline = <E>(program: Effect.Effect<void, E>): void =>
  runMain(program, { disableErrorReporting: true })

type Main = <E, Services, ELayer>(
  program: Effect.Effect<void, E, NoInfer<Services> | PalommaEndpoint>,
  services: Layer.Layer<Services | PalommaEndpoint, ELayer>
) => void

const runOver =
  <EConfiguration>(configured: Layer.Layer<never, EConfiguration>): Main =>
  (program, services) =>
    runOffline(Effect.andThen(refuseRealMoney, program).pipe(Effect.provide(services.pipe(Layer.provide(configured)))))

/** Runs an example with the services that it needs, against a simulated Palomma or the sandbox. */
export const run: Main = runOver(configuration(simulated))

/** Runs an example that is run more than once: against the sandbox, or a simulated Palomma that is already running. */
export const runLasting: Main = runOver(configuration(lasting))
