import { assert, describe, it } from "@effect/vitest"
import type { TransferJournalError } from "@palomma-effect/client/TransferError"
import { SqlTransferJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { join } from "node:path"
import * as SqliteClient from "../src/internal/sqliteClient.ts"
import { all, journalOf } from "./support/open.ts"
import * as Postgres from "./support/postgres.ts"
import { aRow, namespace } from "./support/rows.ts"
import * as Stores from "./support/stores.ts"

const edits: ReadonlyArray<readonly [what: string, edit: string]> = [
  ["a state of a later version", "state = 'paused'"],
  ["ids that are no JSON", "evidence = 'one, two'"],
  ["ids that are no list", "not_ours = '{}'"],
  ["half a claim", "claim_id = 'id'"],
  ["an alarm of a later version", "alarm_kind = 'late', alarm_records = '[]', alarm_at = 1"],
  ["half an alarm", "alarm_at = 1"],
  ["half a resolution", "resolution_note = 'because'"],
  ["an amount that is no number of JavaScript", "amount = 9007199254740993"],
  ["an id that was quoted by hand", `account_id = '"id'`]
]

const database: Record<string, Layer.Layer<SqlClient, unknown>> = {
  SQLite: Layer.unwrap(
    Effect.map(Stores.directory, (path) => SqliteClient.layer({ filename: join(path, "transfers.db") }))
  ),
  ...(Postgres.isThere ? { PostgreSQL: Postgres.layer() } : {})
}

for (const [name, layer] of Object.entries(database)) {
  describe(`A row on ${name} that this version cannot read`, () => {
    for (const [what, edit] of edits) {
      it.live(`is an error with its reference, and never skipped: ${what}`, () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const prefix = yield* Stores.prefix
          const journal = yield* journalOf(SqlTransferJournal.layer({ prefix }))
          yield* journal.insert(aRow("q"))
          yield* journal.insert(aRow("r", { recordId: "id" }))
          yield* sql.unsafe(`UPDATE ${prefix}transfers SET ${edit} WHERE reference = 'r'`)
          const reads: ReadonlyArray<Effect.Effect<unknown, TransferJournalError>> = [
            journal.find(aRow("r")),
            journal.findByRecordId(namespace, "payout", "id"),
            journal.list(all)
          ]
          for (const read of reads) {
            const error = yield* Effect.flip(read)
            assert.strictEqual(error._tag, "TransferJournalError")
            assert.strictEqual(error.reference, "r")
            assert.include(error.message, "this version of the library can read")
            assert.notInclude(error.message, edit.split("'")[1] ?? "=")
          }
        }).pipe(Effect.scoped, Effect.provide(layer))
      )
    }
  })
}
