/**
 * Reports drift: differences between Palomma's responses and its documentation. Drift stops no call.
 */
import type { Drift } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

const counter = Metric.counter("palomma_contract_drift", {
  description: "Fields of Palomma's responses that differ from its documentation",
  incremental: true
})

/** How many undocumented names an operation may add to the labels. Names may be data, and labels stay in memory. */
const maxNames = 50

/** The drift that this process has reported already. */
export interface DriftLog {
  /** Returns the label of a field: `other` if the operation has too many undocumented names. */
  readonly label: (operation: string, drift: Drift.Drift) => string
  /** Whether this label is reported for the first time. */
  readonly isNew: (operation: string, label: string) => boolean
}

/** Makes an empty log. */
export const makeLog = (): DriftLog => {
  const names = new Map<string, Set<string>>()
  const reported = new Set<string>()
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
      if (reported.has(line)) return false
      reported.add(line)
      return true
    }
  }
}

/** The log of the process. */
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
    `${operation}: the field ${field} of Palomma's response ${texts[kind]}. This alone stops no call: ` +
      "if a required field is missing, the call fails with its own error. " +
      "Report it to Palomma, or look for a newer version of palomma-effect."
  )

/** Counts each difference, and logs one warning per process, operation and field. */
export const report = (operation: string, drifts: ReadonlyArray<Drift.Drift>): Effect.Effect<void> =>
  Effect.flatMap(CurrentDriftLog, (log) => {
    // A response may have half a million differences in a handful of fields.
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
    // A logger of the program that throws must not fail a call that has its response.
    Effect.catchDefect(() => Effect.void)
  )
