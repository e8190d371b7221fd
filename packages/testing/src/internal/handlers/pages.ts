import type { Page, PageQuery } from "@palomma-effect/schema/Page"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import type { EndlessCursor, IgnoreFilters, Lag, RepeatRecord } from "../../Fault.ts"
import type { Row, View, Wanted } from "../state/table.ts"

/** What can be wrong with a list before its answer is written. */
export type ListFault = Lag | IgnoreFilters | RepeatRecord | EndlessCursor

/** What is wrong with lists, while one request is handled. */
export const ListFaults = Context.Reference<ReadonlyArray<ListFault>>("@palomma-effect/testing/ListFaults", {
  defaultValue: () => []
})

/** Where a page begins: after a record, and how often the list has been gone through. */
interface Place {
  readonly after: number
  readonly turn: number
}

const start: Place = { after: -1, turn: 0 }

// A cursor is opaque: it names the list and the place of the last record that was seen of it.
const cursorOf = (list: string, { after, turn }: Place): string =>
  Hex.encode(turn === 0 ? `${list}/${after}` : `${list}/${after}/${turn}`)

const placeOf = <A extends { readonly id: string }>(view: View<A>, cursor: string): Place | undefined => {
  const decoded = Hex.decodeString(cursor)
  const [list, after, turn = "0"] = (Result.isSuccess(decoded) ? decoded.success : "").split("/")
  if (list !== view.noun) return undefined
  const place: Place = { after: Number(after), turn: Number(turn) }
  return view.at(place.after) !== undefined || (place.after === -1 && place.turn > 0) ? place : undefined
}

const defaultLimit = 20

const find = <Tag extends ListFault["_tag"]>(
  faults: ReadonlyArray<ListFault>,
  tag: Tag
): Extract<ListFault, { readonly _tag: Tag }> | undefined =>
  faults.find((fault): fault is Extract<ListFault, { readonly _tag: Tag }> => fault._tag === tag)

/** The time after which what was created is not shown yet. */
const seenUntil = (faults: ReadonlyArray<ListFault>, wanted: ReadonlyArray<Wanted>, now: number): number =>
  Math.min(
    ...faults.map((fault) =>
      fault._tag === "Lag" && (fault.filter === undefined || wanted.some(([key]) => key === fault.filter))
        ? now - Duration.toMillis(fault.by)
        : Number.POSITIVE_INFINITY
    ),
    Number.POSITIVE_INFINITY
  )

const keptBy = (faults: ReadonlyArray<ListFault>, wanted: ReadonlyArray<Wanted>): ReadonlyArray<Wanted> =>
  wanted.filter(
    ([key]) =>
      !faults.some(
        (fault) => fault._tag === "IgnoreFilters" && (fault.filters === undefined || fault.filters.includes(key))
      )
  )

/**
 * One page of the records that have every value asked for, unless something is wrong with the list. Nothing if the cursor is not one of
 * this list.
 */
export const pageOf = <A extends { readonly id: string }>(
  view: View<A>,
  { cursor, limit = defaultLimit }: PageQuery,
  filters: ReadonlyArray<Wanted>,
  faults: ReadonlyArray<ListFault>,
  now: number
): Page<A> | undefined => {
  const place = cursor === undefined ? start : placeOf(view, cursor)
  if (place === undefined) return undefined
  const until = seenUntil(faults, filters, now)
  const endless = find(faults, "EndlessCursor")
  const repeats = find(faults, "RepeatRecord") !== undefined
  const repeated = repeats ? view.at(place.after) : undefined
  // With a record of the page before on it, a page still holds a new one, or the list would not go on.
  const room = repeated === undefined ? limit : Math.max(1, limit - 1)
  const fresh: Array<Row<A>> = []
  for (const row of view.rows(place.after, keptBy(faults, filters))) {
    if (row.at > until) continue
    fresh.push(row)
    if (fresh.length > room) break
  }
  const shown = fresh.slice(0, room)
  const items = [...(repeated === undefined ? [] : [repeated]), ...shown].map(({ record }) => record)
  const next: Place = { after: shown.at(-1)?.position ?? place.after, turn: place.turn }
  const hasMore = fresh.length > room || (repeats && cursor === undefined && shown.length > 0)
  if (hasMore) return { items, cursor: cursorOf(view.noun, next), count: items.length }
  if (endless === undefined) return { items, cursor: null, count: items.length }
  const again: Place = { after: endless.after === "again" ? -1 : next.after, turn: place.turn + 1 }
  return { items, cursor: cursorOf(view.noun, again), count: items.length }
}
