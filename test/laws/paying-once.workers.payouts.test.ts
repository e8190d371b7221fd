/** Laws 6 and 10, exhaustively, for payouts that workers carry, each of which crashes at every step. */
import { workerCrashes } from "./support/crashes.ts"

workerCrashes("payout")
