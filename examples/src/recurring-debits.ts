/**
 * Collects a monthly fee from every customer. Each run charges only what is still owed, also if the job runs
 * again on the same day, after a crash or a week later.
 *
 * It needs no network: `recurring-debits/story.ts` runs the job three times, on a simulated Palomma.
 */
import { Payins } from "@palomma-effect/client"
import { type PayinIntent, type PayinSourceId, Pesos } from "@palomma-effect/schema"
import { Clock, Duration, Effect, Option, Predicate, Stream } from "effect"
import { story } from "./recurring-debits/story.ts"
import { runOffline } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

interface Fee {
  readonly name: string // the month and the customer, such as fee-2026-11-ana
  readonly from: PayinSourceId
  readonly pesos: number
}

/**
 * Returns the debit to charge now, if there is one. A fee has up to three debits with a number in the reference. The
 * next number is used only if the debit before it ended, and only for what that debit did not collect.
 */
const nextDebit = Effect.fnUntraced(
  function* ({ from, name, pesos }: Fee) {
    const payins = yield* Payins
    let owed = pesos
    for (let number = 1; owed > 0 && number <= 3; number++) {
      const next: PayinIntent = { reference: `${name}-${number}`, payinSourceId: from, amount: owed }
      const found = Option.getOrUndefined(yield* payins.find(next.reference))
      if (found === undefined || found.state === "intended" || found.state === "rejected") return next
      // Approved, on its way, in doubt or withdrawn: there is nothing to charge.
      if (found.state !== "partial" && found.state !== "cancelled") return undefined
      const age = (yield* Clock.currentTimeMillis) - found.updatedAt
      if (age < Duration.toMillis("3 days")) return undefined
      // Read once more before the next reference is charged: an alarm means that the end has changed.
      const { alarm, amountCollected, state } = yield* payins.reconcile(next.reference)
      const collected = state === "cancelled" ? (amountCollected ?? 0) : amountCollected
      if (alarm !== undefined || collected === undefined) return undefined
      owed -= collected
    }
    return undefined
  },
  // One fee that cannot be read must not stop the others. The next run reads it again.
  Effect.catch((error) => Effect.as(Effect.logWarning(error.message), undefined))
)

/** One run of the job: reads the present states, charges what is owed, and lists what a person must look at. */
const collect = Effect.fnUntraced(function* (fees: ReadonlyArray<Fee>) {
  const payins = yield* Payins
  yield* Stream.runDrain(payins.reconcileAll({ olderThan: 0 }))
  const debits = Stream.fromIterable(fees).pipe(Stream.mapEffect(nextDebit), Stream.filter(Predicate.isNotUndefined))
  yield* payins.chargeAll(debits).pipe(
    Stream.runForEach((result) => {
      const { amount, reference } = result.intent
      return result._tag === "Accepted"
        ? Screen.done("charged", reference, Pesos.format(amount))
        : Screen.todo("failed", reference, result._tag === "Failed" ? result.error._tag : "run it again")
    })
  )
  yield* Stream.concat(payins.list({ state: "needsReview" }), payins.list({ alarmed: true })).pipe(
    Stream.runForEach(({ alarm, reference }) => Screen.todo("person", reference, alarm?.kind ?? "in doubt"))
  )
})

runOffline(story(collect))
