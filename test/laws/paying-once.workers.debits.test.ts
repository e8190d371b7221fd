/** Laws 6 and 10, exhaustively, for debits that workers carry. A separate file, so that both kinds run in parallel. */
import { workerCrashes } from "./support/crashes.ts"

workerCrashes("payin")
