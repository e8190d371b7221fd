/**
 * Every row that the sample events can make of a new one, and every change of state between them.
 */
import type { Transfer } from "../../../src/Transfer.ts"
import { unwritten } from "../../../src/internal/transfer/change.ts"
import type { Event } from "../../../src/internal/transfer/event.ts"
import { step } from "../../../src/internal/transfer/transition.ts"
import { at, content, events, key, own } from "./samples.ts"

export interface Arrow {
  readonly from: Transfer["state"]
  readonly to: Transfer["state"]
  readonly by: Event["_tag"]
  /** Whether it happens only to rows with a trace, and that state has others too. */
  readonly isTraced: boolean
}

/** Whether an id of a row is known, or a record was seen that may be the transfer. */
export const hasTrace = ({ evidence, recordId }: Transfer): boolean => recordId !== undefined || evidence.length > 0

/** The fields of a row that decisions depend on: counts and texts are left out. */
export const keyOf = (row: Transfer): string =>
  JSON.stringify([
    row.state,
    row.recordId,
    row.evidence.toSorted(),
    row.notOurs.toSorted(),
    row.claim?.id,
    row.amount,
    row.differs,
    row.carriedBy,
    row.alarm?.kind,
    row.alarm?.records.toSorted()
  ])

// The claim of a row is always "claim-7", so that the events of its owner and of others find it.
const samples: ReadonlyArray<(row: Transfer) => Event> = Object.values(events).map((sample) => (row: Transfer) => {
  const event: Event = sample(row)
  return event._tag === "claimed" ? { ...event, claim: { ...event.claim, id: own } } : event
})

/** Every row that can be reached from a new one, until no event makes another. */
export const reach = (visit: (before: Transfer, event: Event, after: Transfer) => void): ReadonlyArray<Transfer> => {
  const start = unwritten(key, content, at)
  const known = new Map([[keyOf(start), start]])
  for (const row of known.values()) {
    for (const sample of samples) {
      const event = sample(row)
      const result = step(row, event, at)
      if (result._tag !== "Changed") continue
      visit(row, event, result.row)
      if (!known.has(keyOf(result.row))) known.set(keyOf(result.row), result.row)
    }
  }
  return [...known.values()]
}

/** Every change of state that can happen. */
export const arrows = (): ReadonlyArray<Arrow> => {
  const found = new Map<string, Arrow>()
  const rows = reach((before, event, after) => {
    if (before.state === after.state) return
    const name = `${before.state} ${after.state} ${event._tag}`
    const isTraced = (found.get(name)?.isTraced ?? true) && hasTrace(before)
    found.set(name, { from: before.state, to: after.state, by: event._tag, isTraced })
  })
  const untraced = new Set(rows.filter((row) => !hasTrace(row)).map(({ state }) => state))
  return [...found.values()].map((arrow) => ({ ...arrow, isTraced: arrow.isTraced && untraced.has(arrow.from) }))
}
