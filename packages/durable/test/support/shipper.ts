/**
 * A process that handles a webhook: it ships an order, reports that, and waits until it is killed.
 */
import { WebhookInbox } from "@palomma-effect/client/WebhookInbox"
import * as SqlWebhookInbox from "@palomma-effect/durable/SqlWebhookInbox"
import * as WebhookId from "@palomma-effect/schema/Id"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { writeSync } from "node:fs"

const [kind, filename = "", prefix = "", mode, id = ""] = process.argv.slice(2)

const database =
  kind === "sqlite"
    ? (await import("../../src/internal/sqliteClient.ts")).layer({ filename })
    : (await import("./database.ts")).layer()

const handle = SqlClient.use((sql) =>
  Effect.gen(function* () {
    yield* sql.unsafe(`INSERT INTO ${prefix}shipped (item) VALUES ('one')`)
    // The write to the pipe is synchronous, so the process can be killed before its next statement.
    writeSync(1, "1\n")
    return yield* Effect.never
  })
)

const lease = mode === "short" ? "1 second" : "30 seconds"

await WebhookInbox.use((inbox) => inbox.process(WebhookId.WebhookId.make(id), handle)).pipe(
  Effect.provide(
    SqlWebhookInbox.layer({ prefix, transaction: mode === "transaction", lease }).pipe(Layer.provideMerge(database))
  ),
  Effect.runPromise
)
