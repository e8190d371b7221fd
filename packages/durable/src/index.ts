/**
 * Payout journals that survive the process.
 */
export * as SqlitePayoutJournal from "./SqlitePayoutJournal.ts"
export { SqliteFileInUse } from "./SqlitePayoutJournal.ts"
export * as SqlPayoutJournal from "./SqlPayoutJournal.ts"
