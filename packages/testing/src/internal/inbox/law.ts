/**
 * The type of a law of inboxes, and the checks that laws use.
 */
import { WebhookInbox, type WebhookInboxError } from "@palomma-effect/client/WebhookInbox"
import { WebhookId } from "@palomma-effect/schema/Id"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"

/**
 * An inbox violates the contract of `WebhookInbox`.
 *
 * @category errors
 * @since 0.1.0
 */
export class WebhookInboxConformanceError extends Schema.TaggedError<WebhookInboxConformanceError>()(
  "WebhookInboxConformanceError",
  {
    /** The name of the violated law. */
    law: Schema.String,
    /** The value that was checked. */
    subject: Schema.String,
    /** The value that the law requires. */
    expected: Schema.String,
    /** The value that was found. */
    found: Schema.String
  }
) {
  override get message(): string {
    const { expected, found, law, subject } = this
    return `The inbox violates the law "${law}". Correct it: expected ${expected} for ${subject}, found ${found}.`
  }
}

/**
 * Errors of a law.
 *
 * @category errors
 * @since 0.1.0
 */
export type LawError = WebhookInboxConformanceError | WebhookInboxError

/**
 * One law that every inbox must follow.
 *
 * @category models
 * @since 0.1.0
 */
export interface Law {
  /** What an inbox must do, such as `runs the handler of a webhook once`. */
  readonly name: string
  /**
   * Checks an inbox with new ids. It does not delete the records of the inbox.
   */
  readonly run: Effect.Effect<void, LawError, WebhookInbox>
}

/** An inbox that is checked, with the checks. */
export interface Trial {
  readonly inbox: WebhookInbox["Service"]
  /** Makes the id of a webhook. No other trial uses it. */
  readonly id: (name: string) => WebhookId
  /** Fails if the values differ. */
  readonly equal: (
    subject: string,
    found: string | number | boolean,
    expected: string | number | boolean
  ) => Effect.Effect<void, WebhookInboxConformanceError>
  /** Delivers a webhook, and fails if the inbox does not return `handled` or `already-handled` as expected. */
  readonly delivers: <E>(
    id: WebhookId,
    handle: Effect.Effect<unknown, E>,
    expected: "handled" | "already-handled"
  ) => Effect.Effect<void, E | LawError>
}

const timeLimit = Duration.minutes(1)

const trial = (law: string, inbox: WebhookInbox["Service"], prefix: string): Trial => {
  const equal: Trial["equal"] = (subject, found, expected) =>
    found === expected
      ? Effect.void
      : Effect.fail(
          new WebhookInboxConformanceError({ law, subject, expected: String(expected), found: String(found) })
        )
  return {
    inbox,
    id: (name) => WebhookId.make(`${prefix}-${name}`),
    equal,
    delivers: (id, handle, expected) =>
      Effect.flatMap(inbox.process(id, handle), (outcome) => equal(`a delivery of ${id}`, outcome, expected))
  }
}

/** Makes a law from its name and its check. The check fails if it does not end. */
export const law = (name: string, check: (trial: Trial) => Effect.Effect<void, LawError>): Law => ({
  name,
  run: Effect.gen(function* () {
    const inbox = yield* WebhookInbox
    const random = yield* Random.nextIntBetween(0, Number.MAX_SAFE_INTEGER)
    const ended = yield* Effect.timeoutOption(
      check(trial(name, inbox, `conformance-${random.toString(36)}`)),
      timeLimit
    )
    if (Option.isSome(ended)) return
    return yield* new WebhookInboxConformanceError({
      law: name,
      subject: "the deliveries",
      expected: `an end within ${Duration.format(timeLimit)}`,
      found: "none"
    })
  })
})

/** Counts how often a handler runs, and how many run at the same time. */
export const counter = () => {
  const seen = { runs: 0, running: 0, most: 0 }
  const counted = <A, E, R>(handle: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      seen.runs += 1
      seen.running += 1
      seen.most = Math.max(seen.most, seen.running)
      return Effect.onExit(handle, () => Effect.sync(() => void (seen.running -= 1)))
    })
  return Object.assign(seen, { counted, run: counted(Effect.void) })
}

/** Lets other fibers run, until one of these has ended, or all had much time. Returns whether one has ended. */
export const anyEnds = Effect.fnUntraced(function* (fibers: ReadonlyArray<Fiber.Fiber<unknown, unknown>>) {
  for (let tries = 0; tries < 2_000; tries++) {
    if (fibers.some((fiber) => fiber.pollUnsafe() !== undefined)) return true
    yield* Effect.yieldNow
  }
  return false
})
