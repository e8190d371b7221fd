/**
 * The subject of a random test: a world, two processes over one journal, the callers that wait for a transfer, and a
 * person.
 *
 * A worker that follows transfers can join as one more process: it is a `Life` with its own calls, and each command
 * that names a process accepts any of `processes`.
 */
import type { Transfer, TransferOperations } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { stores } from "./faults.ts"
import type { JournalDefects } from "./journal.ts"
import { begin, type Intent, type Life } from "./lives.ts"
import { bringToEnd, finished } from "./person.ts"
import { type Causes, note, requireNoneNeeded } from "./causes.ts"
import { check, kinds, makeWorld, nameOf, restore, rowOf, type World } from "./world.ts"

/** The transfers to send. Two references differ only in their last letter, and Palomma may truncate it. */
export const intents: ReadonlyArray<Intent> = kinds.flatMap((kind) => [
  { kind, reference: "Rent of November 2026", amount: 1_234_567 },
  { kind, reference: "Salary of Nov. 2026, Núñez A", amount: 1_765_432 },
  { kind, reference: "Salary of Nov. 2026, Núñez B", amount: 1_765_432 }
])

/** The processes of a run. */
export const processes = [0, 1] as const

/** One process of a run. */
export type Process = (typeof processes)[number]

/** The settings of a run. */
export interface Setting {
  readonly seed: number
  /** The transfers of the run: the fewer they are, the more happens to each. Commands name them by their index here. */
  readonly about: ReadonlyArray<Intent>
  /** How Palomma stores references and amounts. */
  readonly stores: keyof typeof stores | undefined
  readonly lookUpFirst: boolean
  /** The initial errors of the processes' wall clocks, in milliseconds. */
  readonly clocks: readonly [number, number]
  /**
   * The possible clock faults. A machine that sleeps while its wall clock is set back has no true clock at all, which
   * the documentation excludes.
   */
  readonly clockTrouble: "sleeps" | "jumps"
  /** Whether processes, journals and machines work, so that only the network fails. */
  readonly isCalm: boolean
}

const hour = 3_600_000

/** Possible errors and jumps of a clock: a minute, an hour, a month. */
export const clockErrors = [60_000, hour, 30 * 24 * hour] as const

const clockError = fc.constantFrom(0, 0, hour, -hour, 30 * 24 * hour, -30 * 24 * hour)

/** Every setting. */
export const settings: fc.Arbitrary<Setting> = fc.record({
  seed: fc.integer(),
  about: fc.oneof(
    fc.subarray([...intents], { minLength: 1, maxLength: 1 }),
    fc.subarray([...intents], { minLength: 2, maxLength: 2 }),
    fc.constant(intents)
  ),
  stores: fc.option(fc.constantFrom(...(Object.keys(stores) as ReadonlyArray<keyof typeof stores>)), {
    nil: undefined,
    freq: 1
  }),
  lookUpFirst: fc.boolean(),
  clocks: fc.tuple(clockError, clockError),
  clockTrouble: fc.constantFrom("sleeps" as const, "jumps" as const),
  isCalm: fc.nat({ max: 3 }).map((n) => n === 0)
})

/** The state of a run. */
export interface Real {
  readonly setting: Setting
  readonly world: World
  readonly lives: [Life, Life]
  /** Interrupts callers. */
  readonly callers: Array<() => void>
  /** The row as a person last read it. */
  readonly lastRead: Map<string, Transfer>
  backup: (() => void) | undefined
  readonly causes: Causes
}

/** One step of a run. */
export type Step = (real: Real) => Effect.Effect<void>

/** Runs steps. */
export interface Runner {
  readonly run: (step: Step) => Promise<void>
}

/** A command of the model. The laws are checked after each one. */
export class Command implements fc.AsyncCommand<object, Runner> {
  readonly name: string
  readonly step: Step
  constructor(name: string, step: Step) {
    this.name = name
    this.step = step
  }
  check(): boolean {
    return true
  }
  run(_: object, runner: Runner): Promise<void> {
    return runner.run(this.step)
  }
  toString(): string {
    return this.name
  }
}

/** A transfer of a run, by its index. */
export type Place = number

/** Every index of a transfer. */
export const places: fc.Arbitrary<Place> = fc.nat({ max: intents.length - 1 })

/** The transfer at an index. */
export const at = ({ setting: { about } }: Real, place: Place): Intent => {
  const intent = about[place % about.length]
  if (intent === undefined) throw new RangeError("a run is about at least one transfer")
  return intent
}

/** Begins a call and does not wait for it. Its result is judged when it ends. */
export const launch = (real: Real, call: Effect.Effect<unknown, unknown>): Effect.Effect<void> =>
  Effect.map(Effect.forkDetach(Effect.exit(call)), (fiber) => {
    real.callers.push(() => fiber.interruptUnsafe())
  })

/** Begins a call of a transfer. */
export const follow = <A, E>(
  real: Real,
  process: Process,
  operation: string,
  { kind, reference }: Intent,
  run: (operations: TransferOperations) => Effect.Effect<A, E>
): Effect.Effect<void> => launch(real, real.lives[process].call(operation, kind, reference, run))

/** Replaces a process by a new one on the same machine. */
export const replaceBy = Effect.fnUntraced(function* (real: Real, process: Process) {
  const { lives, setting, world } = real
  const error = lives[process].clock.error()
  lives[process] = yield* beginAt(world, setting, error)
})

// How often other processes run between two steps, drawn again each time.
const interleaved = (seed: number): ((step: string) => Effect.Effect<void>) => {
  let state = seed >>> 0
  return () =>
    Effect.suspend(() => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      const turns = state >>> 30
      return turns === 0
        ? Effect.void
        : turns === 1
          ? Effect.yieldNow
          : Effect.andThen(Effect.yieldNow, Effect.yieldNow)
    })
}

const beginAt = Effect.fnUntraced(function* (world: World, { seed }: Setting, error: number) {
  const life = yield* begin(world, { between: interleaved(seed + world.calls.length) })
  life.clock.jump(error)
  return life
})

/**
 * How long nothing may be sent before a backup is restored: longer than any request is delayed, and than any list lags
 * behind.
 */
const quiet = "2 hours"

/** Stops everything, waits, restores the last backup, and starts again. */
export const restoreBackup: Step = Effect.fnUntraced(function* (real: Real) {
  const { backup, lives, world } = real
  if (backup === undefined) return
  for (const life of lives) {
    life.resume()
    life.kill()
  }
  for (const leave of real.callers.splice(0)) leave()
  yield* TestClock.adjust(quiet)
  // The restore waits until the lists show the latest transfers with their references.
  yield* world.simulator.clearFaults
  restore(world, backup)
  for (const process of processes) yield* replaceBy(real, process)
})

const setStatus = Effect.gen(function* () {
  for (let i = 0; i < 20; i++) yield* Effect.yieldNow
})

// Without faults from here on: everything is sent once more, and ends.
const end: Step = Effect.fnUntraced(function* (real: Real) {
  const { lives, world } = real
  yield* world.simulator.clearFaults
  for (const life of lives) {
    life.resume()
    life.breakJournal(Number.POSITIVE_INFINITY, "before")
  }
  yield* TestClock.adjust("2 days")
  yield* check(world)
  for (const intent of intents) {
    if (world.calls.every(({ kind, reference }) => nameOf(kind, reference) !== nameOf(intent.kind, intent.reference))) {
      continue
    }
    const row = rowOf(world, intent.kind, intent.reference)
    yield* bringToEnd(world, lives[0], { ...intent, amount: row?.amount ?? intent.amount })
  }
  for (const kind of kinds) {
    const refresh = lives[0].call("reconcileAll", kind, "", ({ reconcileAll }) =>
      Stream.runDrain(reconcileAll({ olderThan: 0 }))
    )
    yield* finished(lives[0], refresh)
  }
  yield* check(world)
})

/** Options that make a run incorrect, so that it must be caught. */
export interface RunOptions {
  readonly journal?: JournalDefects | undefined
}

/** Runs commands in a separate world, up to the end of every transfer. */
export const runCommands = async (
  setting: Setting,
  commands: Iterable<fc.AsyncCommand<object, Runner>>,
  causes: Causes,
  options: RunOptions = {}
): Promise<void> => {
  const { clocks, lookUpFirst, seed } = setting
  const simulator = setting.stores === undefined ? { seed } : { seed, storeAs: stores[setting.stores] }
  // Transfers in doubt are logged, and they are expected here.
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(TestClock.layer(), PalommaSimulator.layer(simulator), Logger.layer([]))
  )
  try {
    const real = await runtime.runPromise(
      Effect.gen(function* () {
        // No clock begins at zero, so that one can be behind.
        yield* TestClock.setTime(Date.UTC(2026, 10, 1))
        const world = yield* makeWorld({ ...options, transfers: { lookUpFirst, lookUpPages: 8 } })
        const lives: [Life, Life] = [
          yield* beginAt(world, setting, clocks[0]),
          yield* beginAt(world, { ...setting, seed: seed + 1 }, clocks[1])
        ]
        return { setting, world, lives, callers: [], lastRead: new Map(), backup: undefined, causes } satisfies Real
      })
    )
    const run = (step: Step) =>
      runtime.runPromise(
        Effect.gen(function* () {
          yield* step(real)
          yield* setStatus
          yield* check(real.world)
          note(causes, real.world)
          requireNoneNeeded(real.world)
        })
      )
    await fc.asyncModelRun(() => ({ model: {}, real: { run } }), commands)
    await run(end)
    causes.transfers += real.world.journal.rows().length
  } finally {
    await runtime.dispose()
  }
}

/** The number of runs, from an environment variable, or else a few locally and many in CI. */
export const numRuns = (here: number, inCi: number): number =>
  Number(process.env["LAW_RUNS"] ?? ((process.env["CI"] ?? "") === "" ? here : inCi))
