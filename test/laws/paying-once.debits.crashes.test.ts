/**
 * Laws 6 and 10, exhaustively, for debits: in a file of its own, so that both kinds run at the same time.
 */
import { crashes } from "./support/crashes.ts"

crashes("payin")
