/**
 * Law 6 and law 10, exhaustively: every fault of one transfer, and a death of the process at every step it takes, twice in a row.
 */
import { crashes } from "./support/crashes.ts"

crashes("payout")
