/** A record, and when it was created. */
export interface Row<A> {
  readonly record: A
  /** In milliseconds since the epoch. */
  readonly at: number
}

/** The records of one kind, in the order of their creation. */
export interface View<A extends { readonly id: string }> {
  /** What a person would call one record. */
  readonly noun: string
  readonly rows: () => ReadonlyArray<Row<A>>
  readonly all: () => ReadonlyArray<A>
  readonly get: (id: string) => A | undefined
}

/** Records that can be written. */
export interface Table<A extends { readonly id: string }> extends View<A> {
  /** Adds a record, or replaces the one with its id. */
  readonly put: (record: A, now: number) => void
}

/** Records that are worked out from something else, and have always been there. */
export const viewOf = <A extends { readonly id: string }>(noun: string, all: () => ReadonlyArray<A>): View<A> => ({
  noun,
  all,
  rows: () => all().map((record) => ({ record, at: Number.NEGATIVE_INFINITY })),
  get: (id) => all().find((record) => record.id === id)
})

/** Makes an empty table. */
export const makeTable = <A extends { readonly id: string }>(noun: string): Table<A> => {
  const rows = new Map<string, Row<A>>()
  return {
    noun,
    rows: () => [...rows.values()],
    all: () => Array.from(rows.values(), ({ record }) => record),
    get: (id) => rows.get(id)?.record,
    put: (record, now) => {
      rows.set(record.id, { record, at: rows.get(record.id)?.at ?? now })
    }
  }
}
