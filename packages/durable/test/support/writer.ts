/**
 * A process that writes one row of a journal again and again and says so each time, until it is killed.
 */
import { PayoutJournal } from "@palomma-effect/client"
import { SqlitePayoutJournal, SqlPayoutJournal } from "@palomma-effect/durable"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { writeSync } from "node:fs"
import * as Database from "./database.ts"
import { aRow, next } from "./rows.ts"

const [kind, place = ""] = process.argv.slice(2)

const open =
  kind === "sqlite"
    ? SqlitePayoutJournal.layer({ filename: place, wait: 0 })
    : SqlPayoutJournal.layer({ prefix: place }).pipe(Layer.provide(Database.layer()))

const writing = Effect.gen(function* () {
  const journal = yield* PayoutJournal
  let row = aRow("written")
  yield* journal.insert(row)
  while (true) {
    // Written through to the pipe at once, as a POST would be to the socket.
    writeSync(1, `${row.version}\n`)
    row = next(row)
    if (!(yield* journal.replace(row))) throw new Error("somebody else writes this row")
  }
})

await Effect.runPromise(writing.pipe(Effect.provide(open)))
