/**
 * A log of what can fail many times for one reason, for example if the database is down.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

const minute = 60_000_000_000n

/** Logs a warning, unless one of the same subject was logged in the last minute. */
export type LimitedLog = (subject: string, text: string) => Effect.Effect<void>

/** Makes a log. It has at most one line per minute and subject, with the number of those that were left out. */
export const makeLimitedLog = (): LimitedLog => {
  const lines = new Map<string, { readonly at: bigint; unlogged: number }>()
  return (subject, text) =>
    Effect.flatMap(Clock.monotonicTimeNanos, (now) => {
      const line = lines.get(subject)
      if (line !== undefined && now - line.at < minute) {
        line.unlogged += 1
        return Effect.void
      }
      lines.set(subject, { at: now, unlogged: 0 })
      const unlogged = line?.unlogged ?? 0
      return Effect.logWarning(unlogged === 0 ? text : `${text} ${unlogged} more since the last line of this kind.`)
    })
}
