/**
 * Transfer journals that survive the process.
 */
export * as SqliteTransferJournal from "./SqliteTransferJournal.ts"
export { SqliteFileInUse } from "./SqliteTransferJournal.ts"
export * as SqlTransferJournal from "./SqlTransferJournal.ts"
