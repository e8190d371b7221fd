/**
 * How commands are drawn.
 */
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import type { Intent } from "./lives.ts"
import { at, Command, places, processes, type Step } from "./model.ts"
import { kinds } from "./world.ts"

/** A process. */
export const which = fc.constantFrom(...processes)
/** A kind of transfer. */
export const kind = fc.constantFrom(...kinds)

/** What a command draws. */
export type Drawn<Args extends Array<unknown>> = { readonly [K in keyof Args]: fc.Arbitrary<Args[K]> }

/** A command with drawn arguments. */
export const command = <Args extends Array<unknown>>(
  args: Drawn<Args>,
  name: (...args: Args) => string,
  step: (...args: Args) => Step
): fc.Arbitrary<Command> => fc.tuple<Args>(...args).map((drawn) => new Command(name(...drawn), step(...drawn)))

/** A command for one transfer of the run. */
export const ofOne = <Args extends Array<unknown>>(
  args: Drawn<Args>,
  name: (...args: Args) => string,
  step: (intent: Intent, ...args: Args) => Step
): fc.Arbitrary<Command> =>
  fc
    .tuple(places, fc.tuple<Args>(...args))
    .map(
      ([place, drawn]) =>
        new Command(`transfer ${place}: ${name(...drawn)}`, (real) => step(at(real, place), ...drawn)(real))
    )

/** A step that a calm run leaves out. */
export const unlessCalm =
  (step: Step): Step =>
  (real) =>
    real.setting.isCalm ? Effect.void : step(real)
