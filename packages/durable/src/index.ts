/**
 * Durable transfer journals, in SQLite or PostgreSQL.
 *
 * @since 0.1.0
 */
export * as SqliteTransferJournal from "./SqliteTransferJournal.ts"
export { SqliteFileInUse } from "./SqliteTransferJournal.ts"
export * as SqlTransferJournal from "./SqlTransferJournal.ts"
