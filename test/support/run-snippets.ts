// Imports the modules named on the command line, one after the other, and reports to the parent process how each ended.
//
// A program ends when it has nothing left to do, not when its module is loaded. Node then emits `beforeExit`. So the
// report waits for work that the program starts and does not await, and includes its failures.
import { format, inspect } from "node:util"
import { pathToFileURL } from "node:url"

const timeLimit = 30_000

const paths = process.argv.slice(2)
const exit = process.exit.bind(process)

let index = -1
let loaded = false
let error: string | undefined
let output = ""
let timer: NodeJS.Timeout | undefined

const fail = (cause: unknown) => {
  error ??= typeof cause === "string" ? cause : inspect(cause)
}

const report = () => {
  clearTimeout(timer)
  if (!loaded) fail("it awaits something that never happens")
  if (process.exitCode !== undefined && process.exitCode !== 0) fail(`it ended with exit code ${process.exitCode}`)
  process.exitCode = undefined
  process.send?.({ index, error: error === undefined ? undefined : `${error}\n${output}` })
}

process.on("uncaughtException", fail)
process.on("unhandledRejection", fail)

// The output is reported only if the snippet fails.
const write = (chunk: string | Uint8Array): boolean => {
  output += format("%s", typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())
  return true
}
process.stdout.write = write
process.stderr.write = write

// A program may call `process.exit`; the other programs must still run.
process.exit = ((code?: number) => {
  if (code !== undefined && code !== 0) fail(`it ended with exit code ${code}`)
}) as typeof process.exit

process.on("beforeExit", () => {
  if (index >= 0) report()
  const path = paths[++index]
  if (path === undefined) return
  loaded = false
  error = undefined
  output = ""
  timer = setTimeout(() => {
    fail(`it is still running after ${timeLimit / 1000} seconds`)
    report()
    setImmediate(() => exit(1))
  }, timeLimit).unref()
  // After `beforeExit`, a pending import alone does not keep the process alive.
  setImmediate(() => {
    import(pathToFileURL(path).href).then(
      () => {
        loaded = true
      },
      (cause: unknown) => {
        loaded = true
        fail(cause)
      }
    )
  })
})
