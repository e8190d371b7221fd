/**
 * Looking for a transfer that waits for a person, once.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Transfer } from "../../Transfer.ts"
import { conclude, lookOnce } from "./search.ts"
import { type Course, inShort, outcomeUnknown, type Sender } from "./sender.ts"

/** Looks for a transfer that waits for a person, once. */
export const review = Effect.fnUntraced(function* (sender: Sender, row: Transfer, course: Course) {
  const looked = yield* Effect.result(lookOnce(sender, row, true))
  if (Result.isSuccess(looked)) {
    course.look = looked.success.look
    return yield* conclude(looked.success.row, course)
  }
  const error = looked.failure
  if (error._tag === "TransferJournalError") return yield* error
  if (error._tag === "PalommaRateLimited") yield* sender.onSlowDown(error.retryAfter)
  course.lastErrorTag = error._tag
  return yield* outcomeUnknown(row, course, [row.lastError, `${inShort(error)}.`].filter(Boolean).join(" "))
})
