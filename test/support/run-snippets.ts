// Imports the modules named on the command line, one after the other, and tells the parent process how each ended.
//
// A program ends when nothing is left to do, not when its module is loaded: that is when Node says `beforeExit`. So one that
// starts work and does not await it is still waited for, and what fails in it later is still its own.
import { format, inspect } from "node:util"
import { pathToFileURL } from "node:url"

const patience = 30_000

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

// What a snippet prints matters only when it fails.
const write = (chunk: string | Uint8Array): boolean => {
  output += format("%s", typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())
  return true
}
process.stdout.write = write
process.stderr.write = write

// A program may well end itself, the others still have to run.
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
    fail(`it is still running after ${patience / 1000} seconds`)
    report()
    setImmediate(() => exit(1))
  }, patience).unref()
  // An import alone does not keep a process alive that has said `beforeExit`.
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
