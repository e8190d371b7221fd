/** Journals that violate a law of writing. */
import type { Transfer, TransferKey, TransferKind } from "@palomma-effect/client/Transfer"
import type { TransferJournalQuery } from "@palomma-effect/client/TransferJournal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { ClassJournal } from "./ClassJournal.ts"
import type { Broken } from "./parts.ts"

/** Returns for every read the rows before the last write. */
class Lagging extends ClassJournal {
  private readonly former = new Map<string, Transfer>()
  protected override write(row: Transfer) {
    const before = this.read(row)
    if (before !== undefined) this.former.set(this.keyOf(row), before)
    super.write(row)
  }
  protected before(row: Transfer): Transfer {
    return this.former.get(this.keyOf(row)) ?? row
  }
}

const written = {
  once: "inserts a row once, and keeps the first",
  oneInsert: "lets exactly one of many concurrent inserts write the row",
  noneLost: "writes many rows concurrently without losing one",
  oneReplacement: "lets exactly one of many concurrent replacements write the version",
  otherVersion: "replaces only the version directly before",
  missing: "does not replace a row that does not exist",
  atOnce: "returns a replacement in every read immediately"
}

export const writing: ReadonlyArray<Broken> = [
  [
    "does not define whether it is durable",
    "states whether its rows outlive the process",
    () => Object.assign(new ClassJournal(), { isDurable: undefined })
  ],
  [
    "overwrites an existing row",
    written.once,
    () =>
      new (class extends ClassJournal {
        protected override mayInsert() {
          return true
        }
      })()
  ],
  [
    "treats another version as another row",
    written.once,
    () =>
      new (class extends ClassJournal {
        override insert(row: Transfer) {
          return row.version === 2 ? Effect.succeed(Option.some(row)) : super.insert(row)
        }
      })()
  ],
  ...([written.oneInsert, written.oneReplacement] as const).map((law): Broken => [
    "reads, and then writes",
    law,
    () =>
      new (class extends ClassJournal {
        protected override get pause() {
          return Effect.yieldNow
        }
      })()
  ]),
  [
    "writes all rows together, as a JSON file is written",
    written.noneLost,
    () =>
      new (class extends ClassJournal {
        override insert(row: Transfer) {
          const copy = new Map(this.rows)
          return Effect.tap(Effect.andThen(Effect.yieldNow, super.insert(row)), () =>
            Effect.sync(() => {
              const own = this.read(row)
              this.rows = copy
              if (own !== undefined) this.write(own)
            })
          )
        }
      })()
  ],
  ...([(a: number, b: number) => a < b, () => true] as const).map((mayReplace): Broken => [
    "replaces another version",
    written.otherVersion,
    () =>
      new (class extends ClassJournal {
        protected override mayReplace(before: Transfer, row: Transfer) {
          return mayReplace(before.version, row.version)
        }
      })()
  ]),
  [
    "inserts a row instead of replacing it",
    written.missing,
    () =>
      new (class extends ClassJournal {
        override replace(row: Transfer) {
          return this.read(row) === undefined ? this.insert(row) : super.replace(row)
        }
      })()
  ],
  [
    "finds rows on a replica",
    written.atOnce,
    () =>
      new (class extends Lagging {
        override find(key: TransferKey) {
          return Effect.map(
            super.find(key),
            Option.map((row) => this.before(row))
          )
        }
      })()
  ],
  [
    "finds rows of a record on a replica",
    written.atOnce,
    () =>
      new (class extends Lagging {
        override findByRecordId(namespace: string, kind: TransferKind, recordId: string) {
          return Effect.map(
            super.findByRecordId(namespace, kind, recordId),
            Option.map((row) => this.before(row))
          )
        }
      })()
  ],
  [
    "lists rows on a replica",
    written.atOnce,
    () =>
      new (class extends Lagging {
        protected override isWanted(row: Transfer, query: TransferJournalQuery) {
          return super.isWanted(this.before(row), query)
        }
      })()
  ]
]
