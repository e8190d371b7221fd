/**
 * A recorder of the statements that a program runs.
 */
import * as Effect from "effect/Effect"
import { CurrentTransformer } from "effect/sql/Statement"

/** One statement, as it was sent to the database. */
export interface Recorded {
  readonly text: string
  readonly values: ReadonlyArray<unknown>
}

/** Runs an effect with the list of the statements that ran until now, those of its layers included. */
export const recording = <A, E, R>(use: (seen: ReadonlyArray<Recorded>) => Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const seen: Array<Recorded> = []
    return Effect.provideService(use(seen), CurrentTransformer, (statement) =>
      Effect.sync(() => {
        const [text, values] = statement.compile(true)
        seen.push({ text, values })
        return statement
      })
    )
  })

/** Returns the only statement that an effect runs. */
export const statementOf = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  recording((seen) =>
    Effect.flatMap(self, () => {
      const [first] = seen
      return first !== undefined && seen.length === 1
        ? Effect.succeed(first)
        : Effect.die(new Error(`${seen.length} statements instead of one`))
    })
  )
