/**
 * A process that repeatedly writes one row of a journal and reports each write, until it is killed.
 */
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import * as SqliteTransferJournal from "@palomma-effect/durable/SqliteTransferJournal"
import * as SqlTransferJournal from "@palomma-effect/durable/SqlTransferJournal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { writeSync } from "node:fs"
import { aRow, next } from "./rows.ts"

const [kind, place = ""] = process.argv.slice(2)

const open =
  kind === "sqlite"
    ? SqliteTransferJournal.layer({ filename: place, wait: 0 })
    : SqlTransferJournal.layer({ prefix: place }).pipe(Layer.provide((await import("./database.ts")).layer()))

const writing = Effect.gen(function* () {
  const journal = yield* TransferJournal
  let row = aRow("written")
  yield* journal.insert(row)
  while (true) {
    // The write to the pipe is synchronous, like the send of a request would be.
    writeSync(1, `${row.version}\n`)
    row = next(row)
    if (Option.isNone(yield* journal.replace(row))) throw new Error("another process writes this row")
  }
})

await Effect.runPromise(writing.pipe(Effect.provide(open)))
