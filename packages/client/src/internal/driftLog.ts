/**
 * Telling that Palomma's answers differ from its documentation, which stops no call.
 */
import type { Drift } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

const counter = Metric.counter("palomma_contract_drift", {
  description: "Fields of Palomma's answers that differ from its documentation",
  incremental: true
})

/** How many undocumented names an operation may add to the labels: names can be data, and labels are kept for ever. */
const maxNames = 50

/** What a process has told already. */
export interface DriftLog {
  /** The label of a field, which is `other` once an operation has brought too many names. */
  readonly label: (operation: string, drift: Drift.Drift) => string
  /** Whether it is the first time. */
  readonly isNew: (operation: string, label: string) => boolean
}

/** Makes the memory of what was told. */
export const makeLog = (): DriftLog => {
  const names = new Map<string, Set<string>>()
  const told = new Set<string>()
  return {
    label: (operation, { field, kind }) => {
      if (kind !== "undocumented") return field
      const known = names.get(operation) ?? new Set()
      names.set(operation, known)
      if (!known.has(field) && known.size >= maxNames) return "other"
      known.add(field)
      return field
    },
    isNew: (operation, label) => {
      const line = `${operation} ${label}`
      if (told.has(line)) return false
      told.add(line)
      return true
    }
  }
}

/** The memory of the process, made once. */
export const CurrentDriftLog: Context.Reference<DriftLog> = Context.Reference<DriftLog>(
  "@palomma-effect/client/internal/DriftLog",
  { defaultValue: makeLog }
)

const texts: Record<Drift.Drift["kind"], string> = {
  unreadable: "could not be read as documented",
  unrecognized: "has a value that is not documented",
  undocumented: "is not documented"
}

const warning = (operation: string, field: string, kind: Drift.Drift["kind"]): Effect.Effect<void> =>
  Effect.logWarning(
    `${operation}: the field ${field} of Palomma's answer ${texts[kind]}. Nothing fails for that alone: ` +
      "what a call cannot do without is told by its error. Tell Palomma, or look for a newer version of palomma-effect."
  )

/** Counts each difference, and logs one warning per process, operation and field. */
export const report = (operation: string, drifts: ReadonlyArray<Drift.Drift>): Effect.Effect<void> =>
  Effect.flatMap(CurrentDriftLog, (log) => {
    // An answer may hold half a million differences, which are a handful of fields.
    const fields = new Map<string, { readonly kind: Drift.Drift["kind"]; count: number }>()
    for (const drift of drifts) {
      const field = log.label(operation, drift)
      const known = fields.get(field)
      if (known === undefined) fields.set(field, { kind: drift.kind, count: 1 })
      else known.count += 1
    }
    return Effect.forEach(
      fields,
      ([field, { count, kind }]) => {
        const counted = Metric.update(Metric.withAttributes(counter, { operation, field }), count)
        return log.isNew(operation, field) ? Effect.andThen(counted, warning(operation, field, kind)) : counted
      },
      { discard: true }
    )
  }).pipe(
    // The answer is there, and a logger of the program's own that throws must not make it disappear.
    Effect.catchDefect(() => Effect.void)
  )
