/** Journals that violate a law of listing. */
import { Transfer, TransferAlarm } from "@palomma-effect/client/Transfer"
import type { TransferJournalQuery } from "@palomma-effect/client/TransferJournal"
import { ClassJournal } from "./ClassJournal.ts"
import { type Broken, paged, wanting } from "./parts.ts"

const isIn = (row: Transfer, { states }: TransferJournalQuery) => states === undefined || states.includes(row.state)

const hasAlarm = (row: Transfer, { alarmed }: TransferJournalQuery) =>
  alarmed === undefined || (row.alarm !== undefined) === alarmed

const listed = {
  kinds: "lists rows by their states and their alarms",
  now: "lists a row by its current state and alarm",
  limit: "lists at most as many rows as the limit",
  order: "lists rows in one order for every page size and query",
  written: "lists each row once even if rows are written between pages",
  changed: "lists each row that keeps its state once even if others change state between pages",
  whole: "lists rows with all their fields"
}

export const listing: ReadonlyArray<Broken> = [
  ["ignores states", listed.kinds, wanting(hasAlarm)],
  [
    "ignores the second state",
    listed.kinds,
    wanting((row, query) => hasAlarm(row, query) && (query.states === undefined || row.state === query.states[0]))
  ],
  [
    "treats an empty list of states as all",
    listed.kinds,
    wanting((row, query) => hasAlarm(row, query) && (query.states?.length === 0 || isIn(row, query)))
  ],
  ["ignores alarms", listed.kinds, wanting(isIn)],
  [
    'treats "without alarms" as all',
    listed.kinds,
    wanting((row, query) => isIn(row, query) && (query.alarmed !== true || row.alarm !== undefined))
  ],
  [
    "lists every alarm, in any state",
    listed.kinds,
    wanting((row, query) => hasAlarm(row, query) && (query.alarmed === true || isIn(row, query)))
  ],
  [
    "remembers the first state of a row",
    listed.now,
    () => {
      const first = new Map<string, Transfer>()
      return wanting((row, query) => {
        const known = first.get(row.reference) ?? row
        first.set(row.reference, known)
        return isIn(known, query) && hasAlarm(row, query)
      })()
    }
  ],
  [
    "never forgets an alarm",
    listed.now,
    () => {
      const alarmed = new Set<string>()
      return wanting((row, query) => {
        if (row.alarm !== undefined) alarmed.add(row.reference)
        return isIn(row, query) && (query.alarmed === undefined || alarmed.has(row.reference) === query.alarmed)
      })()
    }
  ],
  ["ignores the limit", listed.limit, paged((rows) => rows)],
  ["has a limit of its own", listed.limit, paged((rows, { limit }) => rows.slice(0, Math.min(limit, 25)))],
  [
    "has a limit for each state",
    listed.limit,
    paged((rows, { limit }) =>
      rows.filter((row, i) => rows.slice(0, i).filter(({ state }) => state === row.state).length < limit)
    )
  ],
  [
    "begins again with the last row of a page",
    listed.order,
    () =>
      new (class extends ClassJournal {
        protected override isAfter(row: Transfer, after: string) {
          return row.reference >= after
        }
      })()
  ],
  [
    "sorts by locale and compares by characters",
    listed.order,
    () =>
      new (class extends ClassJournal {
        protected override compare(a: Transfer, b: Transfer) {
          return a.reference.localeCompare(b.reference, "es")
        }
      })()
  ],
  [
    "lists in the order of the inserts",
    listed.order,
    () =>
      new (class extends ClassJournal {
        protected override compare() {
          return 0
        }
      })()
  ],
  [
    "ignores the cursor",
    listed.order,
    () =>
      new (class extends ClassJournal {
        protected override isAfter() {
          return true
        }
      })()
  ],
  [
    "lists by the last change",
    listed.written,
    () =>
      new (class extends ClassJournal {
        private count = 0
        private readonly changes = new Map<string, number>()
        protected override write(row: Transfer) {
          this.changes.set(row.reference, this.count++)
          super.write(row)
        }
        private changed(reference: string) {
          return this.changes.get(reference) ?? 0
        }
        protected override compare(a: Transfer, b: Transfer) {
          return this.changed(a.reference) - this.changed(b.reference)
        }
        protected override isAfter(row: Transfer, after: string) {
          return this.changed(row.reference) > this.changed(after)
        }
      })()
  ],
  ...[listed.written, listed.changed].map((law): Broken => [
    "uses an offset as the cursor",
    law,
    () =>
      new (class extends ClassJournal {
        private offset = 0
        protected override isAfter() {
          return true
        }
        protected override page(rows: ReadonlyArray<Transfer>, { after, limit }: TransferJournalQuery) {
          if (after === undefined) this.offset = 0
          const page = rows.slice(this.offset, this.offset + limit)
          this.offset += page.length
          return page
        }
      })()
  ]),
  [
    "lists alarms without their records",
    listed.whole,
    paged((rows) =>
      rows.map((row) =>
        row.alarm === undefined
          ? row
          : new Transfer({ ...row, alarm: new TransferAlarm({ ...row.alarm, records: [] }) })
      )
    )
  ],
  [
    "lists rows without their times",
    listed.whole,
    paged((rows) => rows.map((row) => new Transfer({ ...row, updatedAt: 0 })))
  ]
]
