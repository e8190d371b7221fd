/** Inboxes that violate a law. */
import type { WebhookInbox } from "@palomma-effect/client/WebhookInbox"
import type { WebhookId } from "@palomma-effect/schema/Id"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Semaphore from "effect/Semaphore"

type Inbox = WebhookInbox["Service"]

/** The defect, the law that detects it, and the inbox. */
export type Broken = readonly [fault: string, law: string, make: () => Inbox]

const laws = {
  once: "runs the handler of a webhook once",
  ids: "distinguishes webhooks by their complete id",
  returns: "does not return before the handler has ended",
  services: "runs the handler with the services of its delivery",
  error: "fails with the error of the handler",
  failed: "runs the next handler of a webhook after one that failed",
  died: "runs the next handler of a webhook after one that died",
  interrupted: "runs the next handler of a webhook after one that interrupted itself",
  stops: "stops the handler of an interrupted delivery, and runs the next one",
  waits: "makes concurrent deliveries wait for the first",
  next: "runs the handler of one waiting delivery if the first one fails",
  continues: "lets a waiting delivery be interrupted, and the first continues",
  anyOrder: "runs at most one handler of a webhook at a time, and none after one succeeded, in any order"
}

/** The parts of an inbox in memory that can be broken. */
interface Parts {
  readonly keyOf: (id: string) => string
  /** Records the webhook after its handler ended. */
  readonly isHandled: (exit: Exit.Exit<unknown, unknown>) => boolean
  /** Runs the handler. */
  readonly run: <E, R>(handle: Effect.Effect<unknown, E, R>) => Effect.Effect<unknown, E, R>
  /** Orders the deliveries of one webhook. */
  readonly inTurn: <A, E, R>(lock: Semaphore.Semaphore, self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** The answer to a repeated delivery. */
  readonly repeated: "handled" | "already-handled"
}

const made =
  (parts: Partial<Parts> = {}) =>
  (): Inbox => {
    const {
      inTurn = (lock, self) => lock.withPermit(self),
      isHandled = Exit.isSuccess,
      keyOf = (id) => id,
      repeated = "already-handled",
      run = (handle) => handle
    } = parts
    const handled = new Set<string>()
    const locks = new Map<string, Semaphore.Semaphore>()
    return {
      process: (webhookId, handle) => {
        const key = keyOf(webhookId)
        const lock = locks.get(key) ?? Semaphore.makeUnsafe(1)
        locks.set(key, lock)
        return inTurn(
          lock,
          Effect.suspend(() =>
            handled.has(key)
              ? Effect.succeed(repeated)
              : run(handle).pipe(
                  Effect.onExit((exit) => Effect.sync(() => isHandled(exit) && handled.add(key))),
                  Effect.as("handled" as const)
                )
          )
        )
      }
    }
  }

/** An inbox in memory without a defect. */
export const correct = made()

/** Lets deliveries of one webhook run at the same time. */
const withoutLock: Parts["inTurn"] = (_, self) => self

export const broken: ReadonlyArray<Broken> = [
  ["records nothing", laws.once, made({ isHandled: () => false })],
  ["reports each delivery as handled", laws.once, made({ repeated: "handled" })],
  ["compares ids without case", laws.ids, made({ keyOf: (id) => id.toLowerCase() })],
  ["cuts long ids", laws.ids, made({ keyOf: (id) => id.slice(0, 200) })],
  ["normalizes ids", laws.ids, made({ keyOf: (id) => id.normalize("NFKC") })],
  ["returns before the handler has ended", laws.returns, made({ run: (handle) => Effect.forkDetach(handle) })],
  [
    "runs the handler with the services of the first delivery",
    laws.services,
    () => {
      const inbox = made()()
      let first: Effect.Effect<unknown> | undefined
      return {
        process: <E, R>(id: WebhookId, handle: Effect.Effect<unknown, E, R>) =>
          Effect.flatMap(Effect.context<R>(), (context) => {
            first ??= Effect.orDie(Effect.provideContext(handle, context))
            return inbox.process(id, first)
          })
      }
    }
  ],
  ["turns errors into defects", laws.error, made({ run: (handle) => Effect.orDie(handle) })],
  ["loses errors", laws.error, made({ run: (handle) => Effect.ignore(handle) })],
  ["records a webhook whose handler failed", laws.failed, made({ isHandled: () => true })],
  [
    "records a webhook whose handler died",
    laws.died,
    made({ isHandled: (exit) => !Exit.isFailure(exit) || Exit.hasDies(exit) })
  ],
  [
    "records a webhook whose handler was interrupted",
    laws.interrupted,
    made({ isHandled: (exit) => !Exit.isFailure(exit) || Exit.hasInterrupts(exit) })
  ],
  [
    "keeps the lock after a failure",
    laws.failed,
    made({
      inTurn: (lock, self) =>
        Effect.andThen(
          lock.take(1),
          Effect.tap(self, () => lock.release(1))
        )
    })
  ],
  [
    "lets the handler of an interrupted delivery run",
    laws.stops,
    made({ run: (handle) => Effect.flatMap(Effect.forkDetach(handle), Fiber.join) })
  ],
  ["runs concurrent handlers", laws.waits, made({ inTurn: withoutLock })],
  [
    "records a webhook before its handler runs, and removes the record if it fails",
    laws.waits,
    () => {
      const recorded = new Set<string>()
      return {
        process: (id, handle) =>
          Effect.suspend(() => {
            if (recorded.has(id)) return Effect.succeed("already-handled")
            recorded.add(id)
            return handle.pipe(
              Effect.onError(() => Effect.sync(() => recorded.delete(id))),
              Effect.as("handled")
            )
          })
      }
    }
  ],
  ["runs the handler of each waiting delivery", laws.next, made({ inTurn: withoutLock })],
  [
    "interrupts the first delivery together with one that waits",
    laws.continues,
    () => {
      const inbox = made()()
      const running = new Map<string, Fiber.Fiber<unknown, unknown>>()
      return {
        process: (id, handle) =>
          Effect.gen(function* () {
            const other = running.get(id)
            const fiber = yield* Effect.forkDetach(inbox.process(id, handle))
            running.set(id, fiber)
            const all = other === undefined ? [fiber] : [fiber, other]
            return yield* Effect.onInterrupt(Fiber.join(fiber), () => Fiber.interruptAll(all))
          })
      }
    }
  ],
  ["does not order deliveries", laws.anyOrder, made({ inTurn: withoutLock })]
]
