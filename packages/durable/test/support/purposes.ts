/**
 * The statements of a worker and of its transfers, counted by what they are for.
 */
import * as Effect from "effect/Effect"
import { CurrentTransformer } from "effect/sql/Statement"

/** What a statement is for. */
export type Purpose = "poll" | "complete" | "offer" | "journal" | "sweep" | "end of sweep" | "other"

const purposes: ReadonlyArray<readonly [Purpose, RegExp]> = [
  ["poll", /attempts = attempts \+ 1/],
  ["complete", /state = 'completed'/],
  ["offer", /INTO "\w+_jobs"/],
  ["end of sweep", /count\(\*\) AS count,/],
  ["sweep", /MATERIALIZED|^\s*SELECT 1 FROM|^SELECT (CAST|floor)/],
  ["journal", /_transfers/]
]

const ofPayments: ReadonlySet<Purpose> = new Set(["poll", "complete", "offer", "journal"])

const transactionKey = "effect/sql/SqlClient/TransactionConnection"

/** Counts statements and transactions. */
export class Recorder {
  /** The transactions of payments. A statement outside of one is a transaction too. */
  transactions = 0
  private readonly counts = new Map<Purpose, number>()
  private readonly seen = new WeakSet<object>()
  private readonly waiting = new Set<() => void>()

  /** The number of statements with this purpose. */
  of(purpose: Purpose): number {
    return this.counts.get(purpose) ?? 0
  }

  /** The number of statements, without those of sweeps and of the start. */
  get statements(): number {
    return [...ofPayments].reduce((sum, purpose) => sum + this.of(purpose), 0)
  }

  /** Whether a worker has swept once and searched for a job. */
  get hasStarted(): boolean {
    return this.of("end of sweep") >= 1 && this.of("poll") >= 1
  }

  private add(text: string, transaction: object | undefined): void {
    const purpose = purposes.find(([, pattern]) => pattern.test(text))?.[0] ?? "other"
    this.counts.set(purpose, this.of(purpose) + 1)
    if (ofPayments.has(purpose) && (transaction === undefined || !this.seen.has(transaction))) this.transactions++
    if (transaction !== undefined) this.seen.add(transaction)
    for (const look of this.waiting) look()
  }

  /** Waits until a condition on the counts holds. */
  until(condition: () => boolean): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      const look = () => {
        if (!condition()) return
        this.waiting.delete(look)
        resume(Effect.void)
      }
      this.waiting.add(look)
      look()
      return Effect.sync(() => this.waiting.delete(look))
    })
  }

  /** Runs an effect whose statements are counted. */
  record<A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.provideService(self, CurrentTransformer, (statement, _, fiber) =>
      Effect.sync(() => {
        const inside = [...fiber.context.mapUnsafe].find(([key]) => key.startsWith(transactionKey))?.[1]
        this.add(statement.compile(true)[0], typeof inside === "object" && inside !== null ? inside : undefined)
        return statement
      })
    )
  }
}
