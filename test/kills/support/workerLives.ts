/** The lives of programs with a worker, and their ends. */
import type { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Lives from "./lives.ts"
import { parseReports, type Report } from "./reports.ts"
import type { Store } from "./services.ts"
import { points, type Signal, type WorkerJob } from "./workerJob.ts"

/** The program with a worker. */
export const program = join(import.meta.dirname, "worker.ts")

/** After which time a worker takes the jobs of another one, in milliseconds. */
export const lockExpiration = 1_000

/** How a life ends, in milliseconds after its beginning. */
export interface Fate {
  readonly signal?: Signal
  /** When it is stopped from outside. */
  readonly stopAfter?: number
  /** How long it is stopped. */
  readonly hold: number
  /** When it is killed at the latest. */
  readonly killAfter: number
}

// Windows has no signal that stops a process.
const canStop = process.platform !== "win32"

/** Draws a fate: a kill at any moment or at a point, or, for a share, a stop that outlasts the queue's locks. */
export const fate = Effect.fnUntraced(function* (stopped: number) {
  const isStopped = (yield* Random.next) < stopped && canStop
  const chance = yield* Random.next
  const millis = yield* Random.nextIntBetween(0, 800)
  const point = points[yield* Random.nextIntBetween(0, points.length)] ?? points[0]
  const times = yield* Random.nextIntBetween(1, 3)
  if (isStopped) {
    const hold = lockExpiration + (yield* Random.nextIntBetween(300, 1_500))
    const stop = { hold, killAfter: hold + 500 + millis }
    return chance < 0.3
      ? ({ stopAfter: millis, ...stop } satisfies Fate)
      : ({ signal: { signal: "SIGSTOP", point, times }, ...stop } satisfies Fate)
  }
  return chance < 0.35
    ? ({ hold: 0, killAfter: millis } satisfies Fate)
    : ({ signal: { signal: "SIGKILL", point, times }, hold: 0, killAfter: 2_000 } satisfies Fate)
})

/** The end of a life. */
export interface Lived {
  readonly wasKilled: boolean
  readonly code: number | null
  readonly errors: string
  readonly reports: ReadonlyArray<Report>
  readonly wasStopped: boolean
}

/** Where lives happen. */
export interface World {
  readonly simulator: PalommaSimulator["Service"]
  readonly store: Store
  readonly directory: string
  /** The directory of the compile cache, so that a life starts faster. */
  readonly cache: string
  /** The programs that run now. */
  readonly running: Set<Lives.Running>
}

const hours = 3_600_000

// Each process of a round has its own wall clock and time zone.
const places = [
  { clockShift: 0, zone: "UTC" },
  { clockShift: 9 * hours, zone: "Asia/Tokyo" },
  { clockShift: -11 * hours, zone: "America/Bogota" }
] as const

// The session asks for a time zone of its own, which the library does not allow.
const inZone = (store: Store, zone: string): Store => {
  if (store._tag === "SQLite") return store
  const url = new URL(store.url)
  url.searchParams.set("options", `${url.searchParams.get("options") ?? ""} -c TimeZone=${zone}`)
  return { _tag: "PostgreSQL", url: url.href }
}

const play = async (running: Lives.Running, { hold, killAfter, stopAfter }: Fate): Promise<boolean> => {
  const timers: Array<NodeJS.Timeout> = []
  const later = (millis: number, then: () => void) => void timers.push(setTimeout(then, millis))
  let wasStopped = false
  const goOn = () => {
    wasStopped = true
    later(hold, () => running.signal("SIGCONT"))
  }
  running.onOutput((output) => {
    if (!wasStopped && output.includes('"SIGSTOP"')) goOn()
  })
  await running.begun
  later(killAfter, () => running.signal("SIGKILL"))
  if (stopAfter !== undefined) {
    later(stopAfter, () => {
      running.signal("SIGSTOP")
      goOn()
    })
  }
  await running.ended
  for (const timer of timers) clearTimeout(timer)
  return wasStopped
}

/** The part of a job that differs from life to life. */
export type Life = Pick<WorkerJob, "life" | "orders" | "sendTimeout" | "isLast"> & Partial<WorkerJob>

/** Runs one life of a program at one of the places. Without a fate it runs to its end. */
export const live = Effect.fnUntraced(function* (world: World, place: number, life: Life, fate?: Fate) {
  const { cache, directory, running, simulator, store } = world
  const { clockShift, zone } = places[place % places.length] ?? places[0]
  const job: WorkerJob = {
    endpoint: { apiKey: simulator.apiKey, url: simulator.url },
    integrityKey: simulator.integrityKey,
    store: inZone(store, zone),
    concurrency: 4,
    lockExpiration,
    sweepEvery: 1_000,
    clockShift,
    ...(fate?.signal === undefined ? {} : { signal: fate.signal }),
    ...life
  }
  const file = join(directory, `${life.life}.json`)
  writeFileSync(file, JSON.stringify(job))
  const one = Lives.start({ arguments: [program, file], env: { NODE_COMPILE_CACHE: cache, TZ: zone } })
  running.add(one)
  const ended = Effect.gen(function* () {
    const wasStopped = fate === undefined ? false : yield* Effect.promise(() => play(one, fate))
    const { code, errors, output, wasKilled } = yield* Effect.promise(() => one.ended)
    return { wasKilled, code, errors, reports: parseReports(output), wasStopped } satisfies Lived
  })
  const lived = yield* Effect.ensuring(
    ended,
    Effect.sync(() => {
      running.delete(one)
      one.signal("SIGKILL")
    })
  )
  // A program whose connection is cut while it opens its store has to be started again.
  const hasBegun = lived.reports.some((line) => line.is === "orders")
  if (!lived.wasKilled && lived.code !== 0 && (hasBegun || life.isLast)) {
    return yield* Effect.die(new Error(`A program failed: ${lived.errors} ${JSON.stringify(lived.reports.slice(-5))}`))
  }
  return lived
})
