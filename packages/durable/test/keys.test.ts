import { assert, describe, it } from "@effect/vitest"
import { SqliteTransferJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { join } from "node:path"
import { journalOf } from "./support/open.ts"
import { aRow } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

describe("A reference that the database cannot store", () => {
  it.live("finds no row, also not one with a similar reference", () =>
    Effect.gen(function* () {
      const filename = join(yield* Stores.directory, "transfers.db")
      const journal = yield* journalOf(SqliteTransferJournal.layer({ filename }))
      const { kind, namespace } = yield* Effect.fromOption(yield* journal.insert(aRow("rent-\ufffd")))
      for (const reference of ["rent-\ud800", "rent-\udc00", "rent-\0"]) {
        assert.deepStrictEqual(yield* journal.find({ kind, namespace, reference }), Option.none())
      }
    }).pipe(Effect.scoped)
  )
})
