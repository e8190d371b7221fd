/**
 * Transfers in SQLite or PostgreSQL: durable journals, and workers that carry transfers to their end.
 *
 * @since 0.1.0
 */
export { Durable } from "./Durable.ts"
export * from "./DurableOptions.ts"
export * from "./DurableService.ts"
export { SqliteFileInUse } from "./SqliteFileInUse.ts"
export * as SqliteTransferJournal from "./SqliteTransferJournal.ts"
export * as SqlTransferJournal from "./SqlTransferJournal.ts"
export * as SqlWebhookInbox from "./SqlWebhookInbox.ts"
export { SqlWebhookInboxOpenError } from "./SqlWebhookInbox.ts"
