/**
 * Tables of records: find by id, filter, and list in the order of creation.
 */

/** A record, with its time and order of creation. */
export interface Row<A> {
  readonly record: A
  /** When it was created, in milliseconds since the epoch. */
  readonly at: number
  /** Its position in the order of creation, counted from 0. It never changes. */
  readonly position: number
}

/** A value that a record must have. */
export type Filter = readonly [key: string, value: unknown]

/** The records of one kind, in the order of creation. */
export interface View<A extends { readonly id: string }> {
  /** The name of one record in messages. */
  readonly noun: string
  readonly all: () => ReadonlyArray<A>
  readonly get: (id: string) => A | undefined
  /** Returns the record at a position. */
  readonly at: (position: number) => Row<A> | undefined
  /**
   * Returns the records after a position that match all filters. It reads only the matches of the most selective
   * filter.
   */
  readonly rows: (after: number, filters: ReadonlyArray<Filter>) => Iterable<Row<A>>
}

/** A view whose records can be changed. */
export interface Table<A extends { readonly id: string }> extends View<A> {
  /** Adds a record, or replaces the one with the same id. Its indexed fields must not change. */
  readonly put: (record: A, now: number) => void
  /** Adds a record to an index of a value that is not one of its fields. */
  readonly addToIndex: (id: string, key: string, value: unknown) => void
  /** The number of records that lists and look-ups have read so far. */
  readonly reads: () => number
}

/** Makes a view of a few computed records, which have no time of creation. */
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

/** Makes a view of the records that have a value. */
export const narrow = <A extends { readonly id: string }, K extends keyof A & string>(
  view: View<A>,
  key: K,
  value: A[K]
): View<A> => {
  const ifMatching = (record: A | undefined): A | undefined => (record?.[key] === value ? record : undefined)
  return {
    noun: view.noun,
    all: () => view.all().filter((record) => record[key] === value),
    get: (id) => ifMatching(view.get(id)),
    at: (position) => (ifMatching(view.at(position)?.record) === undefined ? undefined : view.at(position)),
    rows: (after, filters) => view.rows(after, [...filters, [key, value]])
  }
}

// Binary search: the index of the first position that is greater.
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
 * Makes an empty table. `indexedFields` are found without reading other records, and `otherIndexes` are for values that
 * are not fields of the record.
 */
export const makeTable = <A extends { readonly id: string }>(
  noun: string,
  indexedFields: ReadonlyArray<keyof A & string> = [],
  otherIndexes: ReadonlyArray<string> = []
): Table<A> => {
  const table: Array<Row<A>> = []
  const positions = new Map<string, number>()
  const indexes = new Map<string, Map<unknown, Array<number>>>()
  for (const key of [...indexedFields, ...otherIndexes]) indexes.set(key, new Map())
  let reads = 0

  const indexBy = (key: string): Map<unknown, Array<number>> => {
    const index = indexes.get(key)
    if (index === undefined)
      throw new Error(`The simulator has no index of ${noun}s by ${key}. Add it where the table is made.`)
    return index
  }

  const addToIndex = (position: number, key: string, value: unknown): void => {
    if (value === undefined) return
    const index = indexBy(key)
    const found = index.get(value)
    if (found === undefined) index.set(value, [position])
    else found.splice(firstAfter(found, position), 0, position)
  }

  const rowAt = (position: number): Row<A> | undefined => table[position]

  const rows = function* (after: number, filters: ReadonlyArray<Filter>): Generator<Row<A>> {
    const [smallest, ...others] = filters
      .map(([key, value]) => indexBy(key).get(value) ?? none)
      .sort((a, b) => a.length - b.length)
    const end = smallest?.length ?? table.length
    for (let i = smallest === undefined ? after + 1 : firstAfter(smallest, after); i < end; i++) {
      const row = rowAt(smallest?.[i] ?? i)
      if (row === undefined) return
      reads++
      if (others.every((positions) => positions[firstAfter(positions, row.position) - 1] === row.position)) yield row
    }
  }

  return {
    noun,
    all: () => table.map(({ record }) => record),
    get: (id) => rowAt(positions.get(id) ?? -1)?.record,
    at: rowAt,
    rows,
    put: (record, now) => {
      const position = positions.get(record.id)
      if (position === undefined) {
        positions.set(record.id, table.length)
        for (const key of indexedFields) addToIndex(table.length, key, record[key])
        table.push({ record, at: now, position: table.length })
      } else {
        table[position] = { record, at: table[position]?.at ?? now, position }
      }
    },
    addToIndex: (id, key, value) => {
      const position = positions.get(id)
      if (position !== undefined) addToIndex(position, key, value)
    },
    reads: () => reads
  }
}
