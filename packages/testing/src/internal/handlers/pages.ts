/**
 * Pages of lists, with the faults of lists.
 */
import type { Page, PageQuery } from "@palomma-effect/schema/Page"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import type { EndlessCursor, IgnoreFilters, Lag, RepeatRecord } from "../../Fault.ts"
import type { Filter, Row, View } from "../state/table.ts"

/** The faults that change which records a list contains. */
export type ListFault = Lag | IgnoreFilters | RepeatRecord | EndlessCursor

/** The list faults of the request that is being handled. */
export const ListFaults = Context.Reference<ReadonlyArray<ListFault>>("@palomma-effect/testing/ListFaults", {
  defaultValue: () => []
})

/** The position at which a page starts. */
interface Position {
  /** The position of the last record of the previous page, -1 at the beginning. */
  readonly after: number
  /** How many times `endlessCursor` has extended the list. */
  readonly turn: number
}

const start: Position = { after: -1, turn: 0 }

// A cursor is opaque to clients.
const cursorOf = (list: string, { after, turn }: Position): string =>
  Hex.encode(turn === 0 ? `${list}/${after}` : `${list}/${after}/${turn}`)

const positionOf = <A extends { readonly id: string }>(view: View<A>, cursor: string): Position | undefined => {
  const decoded = Hex.decodeString(cursor)
  const [list, after, turn = "0"] = (Result.isSuccess(decoded) ? decoded.success : "").split("/")
  if (list !== view.noun) return undefined
  const position: Position = { after: Number(after), turn: Number(turn) }
  return view.at(position.after) !== undefined || (position.after === -1 && position.turn > 0) ? position : undefined
}

const defaultLimit = 20

const find = <Tag extends ListFault["_tag"]>(
  faults: ReadonlyArray<ListFault>,
  tag: Tag
): Extract<ListFault, { readonly _tag: Tag }> | undefined =>
  faults.find((fault): fault is Extract<ListFault, { readonly _tag: Tag }> => fault._tag === tag)

/** Returns the time up to which a record must have been created to be listed. */
const visibleUntil = (faults: ReadonlyArray<ListFault>, filters: ReadonlyArray<Filter>, now: number): number =>
  Math.min(
    ...faults.map((fault) =>
      fault._tag === "Lag" && (fault.filter === undefined || filters.some(([key]) => key === fault.filter))
        ? now - Duration.toMillis(fault.by)
        : Number.POSITIVE_INFINITY
    ),
    Number.POSITIVE_INFINITY
  )

/** Returns the filters that no fault ignores. */
const appliedFilters = (faults: ReadonlyArray<ListFault>, filters: ReadonlyArray<Filter>): ReadonlyArray<Filter> =>
  filters.filter(
    ([key]) =>
      !faults.some(
        (fault) => fault._tag === "IgnoreFilters" && (fault.filters === undefined || fault.filters.includes(key))
      )
  )

/**
 * Reads one page of the records that match all filters, with the faults of the list applied. Returns `undefined` if the
 * cursor does not belong to this list.
 */
export const pageOf = <A extends { readonly id: string }>(
  view: View<A>,
  { cursor, limit = defaultLimit }: PageQuery,
  filters: ReadonlyArray<Filter>,
  faults: ReadonlyArray<ListFault>,
  now: number
): Page<A> | undefined => {
  const position = cursor === undefined ? start : positionOf(view, cursor)
  if (position === undefined) return undefined
  const until = visibleUntil(faults, filters, now)
  const endless = find(faults, "EndlessCursor")
  const isRepeating = find(faults, "RepeatRecord") !== undefined
  const repeated = isRepeating ? view.at(position.after) : undefined
  // A page that repeats a record still needs room for a new one, so that the list advances.
  const room = repeated === undefined ? limit : Math.max(1, limit - 1)
  const fresh: Array<Row<A>> = []
  for (const row of view.rows(position.after, appliedFilters(faults, filters))) {
    if (row.at > until) continue
    fresh.push(row)
    if (fresh.length > room) break
  }
  const added = fresh.slice(0, room)
  const items = [...(repeated === undefined ? [] : [repeated]), ...added].map(({ record }) => record)
  const next: Position = { after: added.at(-1)?.position ?? position.after, turn: position.turn }
  const hasMore = fresh.length > room || (isRepeating && cursor === undefined && added.length > 0)
  if (hasMore) return { items, cursor: cursorOf(view.noun, next), count: items.length }
  if (endless === undefined) return { items, cursor: null, count: items.length }
  const more: Position = { after: endless.pages === "repeated" ? -1 : next.after, turn: position.turn + 1 }
  return { items, cursor: cursorOf(view.noun, more), count: items.length }
}
