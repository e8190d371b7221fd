/**
 * What `effect/cli` needs of its platform, without files, prompts and child processes, which the examples do not use.
 * With `@effect/platform-node`, provide `NodeServices.layer` instead.
 */
import { Effect, FileSystem, Layer, Path, Stdio, Terminal } from "effect"
import { ChildProcessSpawner } from "effect/process"

const absent = Effect.die("The examples have no prompts and no child processes.")

// Later versions of effect also ask for `size`.
const methods = {
  columns: Effect.sync(() => process.stdout.columns ?? 80),
  rows: Effect.sync(() => process.stdout.rows ?? 24),
  size: absent,
  readInput: absent,
  readLine: absent,
  display: (text: string) => Effect.sync(() => void process.stdout.write(text))
}

const screen = Terminal.make(methods)

/** The services of a command. */
export const terminal = Layer.mergeAll(
  FileSystem.layerNoop({}),
  Path.layer,
  Stdio.layerTest({}),
  Layer.succeed(Terminal.Terminal, screen),
  Layer.succeed(
    ChildProcessSpawner.ChildProcessSpawner,
    ChildProcessSpawner.make(() => absent)
  )
)
