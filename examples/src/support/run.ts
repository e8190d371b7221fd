/**
 * How the examples run: against a simulated Palomma unless there is a key, and never where the money is real.
 */
import { PalommaEndpoint } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Cause, ConfigProvider, Data, Effect, Exit, Layer, Runtime } from "effect"
import * as Screen from "./screen.ts"

class RealMoney extends Data.TaggedError("RealMoney")<{ readonly what: string }> {
  override get message(): string {
    return (
      `${this.what}: this example pays an invented account, so it runs against a simulated Palomma or the sandbox, ` +
      "and nowhere else."
    )
  }
}

const refuseRealMoney = Effect.gen(function* () {
  const { baseUrl, kind } = yield* PalommaEndpoint
  if (kind !== "loopback" && kind !== "sandbox") return yield* new RealMoney({ what: `The address is ${baseUrl}` })
  yield* Screen.note(`Talking to ${kind === "sandbox" ? "Palomma's sandbox" : "a simulated Palomma"}, ${baseUrl}`)
})

/** Starts a simulated Palomma and says where it is, by the variables that `Palomma.layerConfig` reads. */
const simulated = Layer.unwrap(
  Effect.gen(function* () {
    const { apiKey, url } = yield* PalommaSimulator
    return ConfigProvider.layer(
      ConfigProvider.fromEnv({ env: { ...process.env, PALOMMA_API_KEY: apiKey, PALOMMA_BASE_URL: url } })
    )
  })
).pipe(Layer.provide(layerServer({ processingTime: "700 millis" })))

class NoPalomma extends Data.TaggedError("NoPalomma") {
  override get message(): string {
    return (
      "PALOMMA_API_KEY is not set. This example runs more than once, so it needs a Palomma that goes on without it: the sandbox, or a " +
      "simulated one on this machine. Without a command it says how to start one."
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
      // An address that is named is the one that is meant, even without a key. An empty variable is none, as everywhere in Effect.
      const isGiven = [env["PALOMMA_API_KEY"], env["PALOMMA_BASE_URL"]].some((value) => (value ?? "") !== "")
      return isGiven ? ConfigProvider.layer(ConfigProvider.fromEnv()) : otherwise
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

/** Runs an example that needs no network. What it fails with is said in one line, with exit code 1. */
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

/** The same for an example that is run more than once: against the sandbox, or a simulated Palomma that was started before. */
export const runLasting: Main = runOver(configuration(lasting))
