/** Journals with one broken part. */
import { Transfer, type TransferKey } from "@palomma-effect/client/Transfer"
import type { TransferJournalQuery } from "@palomma-effect/client/TransferJournal"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ClassJournal } from "./ClassJournal.ts"

/** The defect, the law that detects it, and the journal. */
export type Broken = readonly [fault: string, law: string, make: () => ClassJournal]

export const drop = (row: Transfer, field: keyof Transfer): Transfer => {
  const { [field]: _, ...rest } = row
  return new Transfer(rest as Transfer)
}

/** A journal that stores other rows than the inserted ones. */
export const storing = (change: (row: Transfer) => Transfer) => () =>
  new (class extends ClassJournal {
    protected override inserted(row: Transfer, at: number) {
      return change(super.inserted(row, at))
    }
    protected override replaced(before: Transfer, row: Transfer, at: number) {
      return change(super.replaced(before, row, at))
    }
  })()

/** A journal that stores other rows than the replacing ones. */
export const replacing =
  (change: (stored: Transfer, before: Transfer, replacement: Transfer, at: number) => Transfer) => () =>
    new (class extends ClassJournal {
      protected override replaced(before: Transfer, row: Transfer, at: number) {
        return change(super.replaced(before, row, at), before, row, at)
      }
    })()

/** A journal that treats some different keys as equal. */
export const keyed = (keyOf: (key: TransferKey) => string) => () =>
  new (class extends ClassJournal {
    protected override keyOf(key: TransferKey) {
      return keyOf(key)
    }
  })()

export const onReference = (alike: (reference: string) => string) =>
  keyed(({ kind, namespace, reference }) => JSON.stringify([namespace, kind, alike(reference)]))

export const leaving = (left: (before: Transfer, row: Transfer, at: number) => number | undefined) => () =>
  new (class extends ClassJournal {
    protected override left(before: Transfer, row: Transfer, at: number) {
      return left(before, row, at)
    }
  })()

export const wanting = (isWanted: (row: Transfer, query: TransferJournalQuery) => boolean) => () =>
  new (class extends ClassJournal {
    protected override isWanted(row: Transfer, query: TransferJournalQuery) {
      return isWanted(row, query)
    }
  })()

export const ageing = (isOld: (row: Transfer, age: number, at: number) => boolean) => () =>
  new (class extends ClassJournal {
    protected override isOld(row: Transfer, olderThan: Duration.Duration, at: number) {
      return isOld(row, Duration.toMillis(olderThan), at)
    }
  })()

export const byRecord = (hasRecord: (row: Transfer, recordId: string) => boolean) => () =>
  new (class extends ClassJournal {
    protected override hasRecord(row: Transfer, recordId: string) {
      return hasRecord(row, recordId)
    }
  })()

export const timed = (time: (at: number) => number) => () =>
  new (class extends ClassJournal {
    override get now() {
      return Effect.map(this.time, time)
    }
  })()

export const paged =
  (page: (rows: ReadonlyArray<Transfer>, query: TransferJournalQuery) => ReadonlyArray<Transfer>) => () =>
    new (class extends ClassJournal {
      protected override page(rows: ReadonlyArray<Transfer>, query: TransferJournalQuery) {
        return page(rows, query)
      }
    })()
