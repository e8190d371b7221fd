/** A record, when it was created, and where it stands among those of its kind. */
export interface Row<A> {
  readonly record: A
  /** In milliseconds since the epoch. */
  readonly at: number
  /** Counted from 0, in the order of creation. It never changes. */
  readonly position: number
}

/** A value that a record must have. */
export type Wanted = readonly [key: string, value: unknown]

/** The records of one kind, in the order of their creation. */
export interface View<A extends { readonly id: string }> {
  /** What a person would call one record. */
  readonly noun: string
  readonly all: () => ReadonlyArray<A>
  readonly get: (id: string) => A | undefined
  /** The record at a position. */
  readonly at: (position: number) => Row<A> | undefined
  /** The records after a position that have every value. Only what the best index leaves over is looked at. */
  readonly rows: (after: number, wanted: ReadonlyArray<Wanted>) => Iterable<Row<A>>
}

/** Records that can be written. */
export interface Table<A extends { readonly id: string }> extends View<A> {
  /** Adds a record, or replaces the one with its id. The values that are indexed never change. */
  readonly put: (record: A, now: number) => void
  /** Lets a record be found by a value that it does not show. */
  readonly file: (id: string, key: string, value: unknown) => void
  /** How many records lists and look-ups have looked at so far. */
  readonly visited: () => number
}

/** Records that are worked out from something else, and have always been there. They are few. */
export const viewOf = <A extends { readonly id: string }>(noun: string, all: () => ReadonlyArray<A>): View<A> => {
  const rows = (): ReadonlyArray<Row<A>> =>
    all().map((record, position) => ({ record, at: Number.NEGATIVE_INFINITY, position }))
  return {
    noun,
    all,
    get: (id) => all().find((record) => record.id === id),
    at: (position) => rows()[position],
    rows: (after) => rows().slice(after + 1)
  }
}

/** The records of a view that have a value, as a view of their own. */
export const narrow = <A extends { readonly id: string }, K extends keyof A & string>(
  view: View<A>,
  key: K,
  value: A[K]
): View<A> => {
  const having = (record: A | undefined): A | undefined => (record?.[key] === value ? record : undefined)
  return {
    noun: view.noun,
    all: () => view.all().filter((record) => record[key] === value),
    get: (id) => having(view.get(id)),
    at: (position) => (having(view.at(position)?.record) === undefined ? undefined : view.at(position)),
    rows: (after, wanted) => view.rows(after, [...wanted, [key, value]])
  }
}

// The index of the first of sorted positions that is greater.
const firstAfter = (sorted: ReadonlyArray<number>, position: number): number => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) > position) high = middle
    else low = middle + 1
  }
  return low
}

const none: ReadonlyArray<number> = []

/**
 * Makes an empty table, whose records are found by some values without looking at the others: by fields of theirs, and by what they are filed
 * under.
 */
export const makeTable = <A extends { readonly id: string }>(
  noun: string,
  indexed: ReadonlyArray<keyof A & string> = [],
  filedUnder: ReadonlyArray<string> = []
): Table<A> => {
  const table: Array<Row<A>> = []
  const positions = new Map<string, number>()
  const indexes = new Map<string, Map<unknown, Array<number>>>()
  for (const key of [...indexed, ...filedUnder]) indexes.set(key, new Map())
  let visited = 0

  const indexBy = (key: string): Map<unknown, Array<number>> => {
    const index = indexes.get(key)
    if (index === undefined) throw new Error(`The simulator has no index of its ${noun}s by ${key}`)
    return index
  }

  const file = (position: number, key: string, value: unknown): void => {
    if (value === undefined) return
    const index = indexBy(key)
    const found = index.get(value)
    if (found === undefined) index.set(value, [position])
    else found.splice(firstAfter(found, position), 0, position)
  }

  const rowAt = (position: number): Row<A> | undefined => table[position]

  const look = function* (after: number, wanted: ReadonlyArray<Wanted>): Generator<Row<A>> {
    const [fewest, ...others] = wanted
      .map(([key, value]) => indexBy(key).get(value) ?? none)
      .sort((a, b) => a.length - b.length)
    const end = fewest?.length ?? table.length
    for (let i = fewest === undefined ? after + 1 : firstAfter(fewest, after); i < end; i++) {
      const row = rowAt(fewest?.[i] ?? i)
      if (row === undefined) return
      visited++
      if (others.every((positions) => positions[firstAfter(positions, row.position) - 1] === row.position)) yield row
    }
  }

  return {
    noun,
    all: () => table.map(({ record }) => record),
    get: (id) => rowAt(positions.get(id) ?? -1)?.record,
    at: rowAt,
    rows: look,
    put: (record, now) => {
      const position = positions.get(record.id)
      if (position === undefined) {
        positions.set(record.id, table.length)
        for (const key of indexed) file(table.length, key, record[key])
        table.push({ record, at: now, position: table.length })
      } else {
        table[position] = { record, at: table[position]?.at ?? now, position }
      }
    },
    file: (id, key, value) => {
      const position = positions.get(id)
      if (position !== undefined) file(position, key, value)
    },
    visited: () => visited
  }
}
