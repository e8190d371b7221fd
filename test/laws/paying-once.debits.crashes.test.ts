/** Laws 6 and 10, exhaustively, for debits. A separate file, so that both kinds run in parallel. */
import { crashes } from "./support/crashes.ts"

crashes("payin")
