/**
 * How soon another worker goes on with the payment of a worker that was killed.
 */
import { Durable } from "@palomma-effect/durable"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { median } from "../measure.ts"
import { layerOf, type MakeStore, type Store } from "../../../durable/test/support/commits.ts"
import * as Bank from "./bank.ts"
import { claimLength, lockExpiration, sendTimeout } from "./times.ts"

/** What the worker waits for when it is killed. */
export type Held = "look-up" | "create"

const program = join(import.meta.dirname, "worker.ts")

const startWorker = (store: Store, held: Held): ChildProcess => {
  const args = ["--disable-warning=ExperimentalWarning", program, JSON.stringify(store), held]
  return spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] })
}

const said = (child: ChildProcess, what: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.on("message", (message) => {
      if (message === what) resolve()
    })
    child.once("exit", (code) => reject(new Error(`the worker ended with ${String(code)}`)))
  })

// Returns the milliseconds from the death of a worker to the next request of another one.
const takeOverOnce = Effect.fnUntraced(function* (make: MakeStore, held: Held, reference: string) {
  const store = yield* make
  const bank = Bank.open()
  const options = { lockExpiration, sendTimeout }
  const opened = Layer.build(Layer.provide(Layer.fresh(layerOf(store, options)), bank.palomma))
  // Only one process at a time can open a SQLite file.
  yield* Effect.scoped(
    Effect.flatMap(opened, (context) => Context.get(context, Durable).intend(Bank.intentOf(reference)))
  )
  const child = startWorker(store, held)
  yield* Effect.promise(() => said(child, "held"))
  const ended = once(child, "exit")
  child.kill("SIGKILL")
  yield* Effect.promise(() => ended)
  const start = performance.now()
  const context = yield* opened
  yield* Effect.forkScoped(Context.get(context, Durable).work({ concurrency: 1 }))
  while (bank.lastRequest === undefined) yield* Effect.sleep("5 millis")
  return bank.lastRequest - start
}, Effect.scoped)

/** Measures it, as a ratio to the time that others must wait: until the lock expires, and then until the claim ends. */
export const takeOver = (make: MakeStore, rounds: number): Effect.Effect<string> =>
  Effect.gen(function* () {
    const ratioOf = Effect.fnUntraced(function* (held: Held, wait: Duration.Duration) {
      const took: Array<number> = []
      for (let i = 0; i < rounds; i++) took.push(yield* takeOverOnce(make, held, `payment-${i}`))
      return (median(took) / Duration.toMillis(wait)).toFixed(2)
    })
    const unclaimed = yield* ratioOf("look-up", lockExpiration)
    const claimed = yield* ratioOf("create", Duration.sum(lockExpiration, claimLength))
    return (
      `after a kill before the claim, another worker asks Palomma after ${unclaimed} of lockExpiration\n` +
      `  after a kill during the request, after ${claimed} of lockExpiration and the length of the claim`
    )
  }).pipe(Effect.orDie)
