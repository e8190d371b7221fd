#!/usr/bin/env node
/**
 * The command `palomma-simulator`: the simulator on a port of this machine.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import { messageOf, run } from "./internal/cli.ts"

const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  const stop = () => fiber.interruptUnsafe(fiber.id)
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
  fiber.addObserver((exit) => {
    process.off("SIGINT", stop)
    process.off("SIGTERM", stop)
    teardown(exit, (code) => {
      process.exitCode = code === 130 ? 0 : code
    })
  })
})

runMain(
  run(process.argv.slice(2)).pipe(
    Effect.tapError((error) => Console.error(messageOf(error))),
    Effect.tapDefect((defect) => Console.error(defect))
  ),
  { disableErrorReporting: true }
)
