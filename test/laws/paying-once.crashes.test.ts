/**
 * Laws 6 and 10, exhaustively: every fault of one transfer, and a crash of the process at every step, twice in a row.
 */
import { crashes } from "./support/crashes.ts"

crashes("payout")
