/**
 * The service of transfers, made of its parts: the same for payouts and debits.
 */
import { type InputProblem, type WebhookEvent } from "@palomma-effect/schema"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { PalommaEndpoint } from "../../PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import type { Transfer } from "../../Transfer.ts"
import type { TransferError, TransferJournalError } from "../../TransferError.ts"
import { TransferJournal } from "../../TransferJournal.ts"
import type { TransferOptions } from "../../TransferOptions.ts"
import type {
  ReconcileResult,
  ResolveResult,
  TransferAllOptions,
  TransferOperations,
  TransferResult
} from "../../TransferService.ts"
import { copy, invalidInput, refuse } from "../options/checks.ts"
import * as Validate from "../resource/validate.ts"
import type { TransferApi } from "./api.ts"
import * as Decide from "./decide.ts"
import * as Follow from "./follow.ts"
import { type SharedPause, makeSharedPause, sendAll } from "./many.ts"
import * as Options from "./options.ts"
import { isSameContent } from "./samePayment.ts"
import { send, type SendError } from "./send.ts"
import type { Intent, Sender } from "./sender.ts"
import * as Store from "./store.ts"

/** What makes payouts payouts, and debits debits. */
export interface KindSpec<KindIntent> {
  readonly api: TransferApi
  /** The name of the operation that sends one, such as `send`. */
  readonly verb: "send" | "charge"
  /** The merchant's own rules for an intent. */
  readonly intent: Schema.Codec<KindIntent, unknown>
  /** An intent in the words that both kinds have in common. */
  readonly read: (intent: KindIntent) => Intent
  /** The notice of an event about a record of this kind, if it is one. */
  readonly notice: (event: WebhookEvent) => Follow.Notice | undefined
}

/** What both services are made of. */
export interface Transfers<KindIntent> extends TransferOperations {
  readonly one: (intent: KindIntent) => Effect.Effect<Transfer, TransferError>
  readonly all: <E, R>(
    intents: Stream.Stream<KindIntent, E, R>,
    options?: TransferAllOptions
  ) => Stream.Stream<TransferResult<KindIntent>, E | PalommaInvalidInput, R>
}

interface InFlight {
  readonly intent: Intent
  readonly done: Deferred.Deferred<Transfer, SendError>
}

const referenceProblem: InputProblem = { field: "reference", code: "non-empty", rule: "must be a non-empty string" }

const eventProblem: InputProblem = { field: "", code: "object", rule: "must be an event as Webhooks gives it" }

const isNotice = (notice: unknown): notice is Follow.Notice =>
  Predicate.hasProperty(notice, "id") &&
  typeof notice.id === "string" &&
  notice.id !== "" &&
  (!Predicate.hasProperty(notice, "reference") || ["string", "undefined"].includes(typeof notice.reference))

// One transfer per reference at a time, in a fiber of the layer: a caller who leaves does not take it along.
const makeJoin = (scope: Scope.Scope, run: (intent: Intent) => Effect.Effect<Transfer, SendError>) => {
  const inFlight = new Map<string, InFlight>()

  const start = (intent: Intent): Effect.Effect<InFlight> =>
    Effect.suspend(() => {
      const flight: InFlight = { intent, done: Deferred.makeUnsafe() }
      inFlight.set(intent.reference, flight)
      return Effect.forkIn(run(intent), scope).pipe(
        Effect.map((fiber) => {
          fiber.addObserver((exit) => {
            inFlight.delete(intent.reference)
            Deferred.doneUnsafe(flight.done, exit)
          })
          return flight
        })
      )
    }).pipe(Effect.uninterruptible)

  const join = (intent: Intent): Effect.Effect<Transfer, SendError> =>
    Effect.suspend(() => {
      const current = inFlight.get(intent.reference)
      if (current === undefined) return Effect.flatMap(start(intent), ({ done }) => Deferred.await(done))
      if (isSameContent(current.intent, intent)) return Deferred.await(current.done)
      // What becomes of that one decides whether this one may be sent.
      return Effect.andThen(Effect.exit(Deferred.await(current.done)), join(intent))
    })

  return join
}

const makeSender = Effect.fnUntraced(function* (api: TransferApi, options: TransferOptions, pause: SharedPause) {
  const endpoint = yield* PalommaEndpoint
  // Production has two host names: its name stands for both.
  const named = endpoint.kind === "sandbox" || endpoint.kind === "production" ? endpoint.kind : endpoint.baseUrl
  const sendTimeout = Duration.fromInputUnsafe(options.sendTimeout ?? "60 seconds")
  const store = Store.make(yield* TransferJournal, options.namespace ?? named, api.kind, sendTimeout)
  const sender: Sender = {
    api,
    store,
    sendTimeout,
    reconcileTimeout: Duration.fromInputUnsafe(options.reconcileTimeout ?? "2 minutes"),
    quietTime: Duration.fromInputUnsafe(options.quietTime ?? "20 minutes"),
    limits: {
      timeout: Duration.fromInputUnsafe(options.lookUpTimeout ?? "20 seconds"),
      pages: options.lookUpPages ?? 100
    },
    lookUpFirst: options.lookUpFirst !== false,
    onRateLimited: pause.hold,
    firstSeen: new Map()
  }
  return sender
})

/** The states in which Palomma may know more than the journal. */
const unfinishedStates = ["sending", "unknown", "needsReview", "accepted"] as const

/** Makes the service of a kind. Its transfers run in fibers of the scope: closing it waits for what is being sent. */
export const make = Effect.fnUntraced(function* <KindIntent extends object>(
  kind: KindSpec<KindIntent>,
  given: TransferOptions
): Effect.fn.Return<Transfers<KindIntent>, PalommaInvalidInput, TransferJournal | PalommaEndpoint | Scope.Scope> {
  const { api, verb } = kind
  const { service } = api
  const options = yield* Options.read(`${service}.layer`, given)
  const pause = makeSharedPause()
  const sender = yield* makeSender(api, options, pause)
  const check = Validate.of(kind.intent)
  const join = makeJoin(yield* Effect.scope, (intent) => send(sender, intent))

  // A span of the library's own holds the reference only if the program says so.
  const traced =
    <A, E>(operation: string, reference: unknown) =>
    (self: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      Effect.withSpan(self, `${service}.${operation}`, {
        captureStackTrace: false,
        ...(options.traceReferences === true && typeof reference === "string"
          ? { attributes: { "palomma.reference": reference } }
          : {})
      })

  const mustBeReference = (operation: string, reference: string): Effect.Effect<void, PalommaInvalidInput> =>
    refuse(
      `${service}.${operation}`,
      "none",
      typeof reference === "string" && reference !== "" ? [] : [referenceProblem]
    )

  const of = <A, E>(
    operation: string,
    reference: string,
    run: Effect.Effect<A, E>
  ): Effect.Effect<A, E | PalommaInvalidInput> =>
    Effect.andThen(mustBeReference(operation, reference), run).pipe(traced(operation, reference))

  const one = (intent: KindIntent): Effect.Effect<Transfer, TransferError> => {
    // What the caller does to its object afterwards is not what was asked for.
    const checked = check(intent)
    return Effect.suspend((): Effect.Effect<Transfer, TransferError> =>
      Result.isFailure(checked)
        ? Effect.fail(invalidInput(`${service}.${verb}`, "not-sent", checked.failure))
        : join(kind.read(checked.success))
    ).pipe(traced(verb, Result.isSuccess(checked) ? kind.read(checked.success).reference : undefined))
  }

  const reconcile: TransferOperations["reconcile"] = (reference) =>
    of("reconcile", reference, Follow.reconcile(sender, reference))

  const list: TransferOperations["list"] = (query = {}) =>
    Stream.unwrap(
      Effect.map(Options.readQuery(`${service}.list`, query), ({ alarmed, olderThan, pageSize = 100, state }) => {
        const states = typeof state === "string" ? [state] : state
        const age = olderThan === undefined ? undefined : Duration.fromInputUnsafe(olderThan)
        return Stream.paginate<string | undefined, Transfer, TransferJournalError>(undefined, (after) =>
          Effect.map(sender.store.list({ states, alarmed, olderThan: age, after, limit: pageSize }), (rows) => {
            const last = rows.at(-1)
            const next = rows.length < pageSize || last === undefined ? Option.none() : Option.some(last.reference)
            return [rows, next] as const
          })
        )
      })
    )

  const resolve: TransferOperations["resolve"] = (reference, decision) =>
    of(
      "resolve",
      reference,
      Effect.flatMap(Options.readDecision(`${service}.resolve`, decision, "decision"), (read) =>
        Decide.resolve(sender, reference, read)
      )
    )

  return {
    one,
    all: (intents, options) => sendAll(`${service}.${verb}All`, pause, one, intents, options),
    find: (reference) => of("find", reference, sender.store.find(reference)),
    list,
    reconcile,
    reconcileAll: (given = {}) =>
      Stream.unwrap(
        Effect.map(
          Options.readReconcileAll(`${service}.reconcileAll`, given),
          ({ concurrency = 4, olderThan = "1 minute" }) =>
            list({ state: unfinishedStates, olderThan }).pipe(
              Stream.mapEffect(
                ({ reference }) =>
                  Effect.match(reconcile(reference), {
                    onFailure: (error): ReconcileResult => ({ _tag: "Failed", reference, error }),
                    onSuccess: (transfer): ReconcileResult => ({ _tag: "Reconciled", transfer })
                  }),
                { concurrency, unordered: true }
              )
            )
        )
      ),
    advance: (reference, given = {}) =>
      of(
        "advance",
        reference,
        Effect.flatMap(Options.readAdvance(`${service}.advance`, given), ({ lostClaim }) =>
          Follow.advance(sender, reference, lostClaim)
        )
      ),
    resolve,
    resolveAll: (decisions) =>
      Effect.forEach(decisions, (given) => {
        const copied = copy(given)
        // What is no object holds no reference, which is its result. A decision is checked by `resolve`.
        const { reference, ...decision } = { ...(Predicate.isObject(copied) ? copied : {}) } as typeof given
        return Effect.match(resolve(reference, decision), {
          onFailure: (error): ResolveResult => ({ _tag: "Failed", reference, error }),
          onSuccess: (transfer): ResolveResult => ({ _tag: "Resolved", transfer })
        })
      }),
    withdraw: (reference, withdrawal) =>
      of(
        "withdraw",
        reference,
        Effect.flatMap(Options.readDecision(`${service}.withdraw`, withdrawal, "withdrawal"), (read) =>
          Decide.withdraw(sender, reference, read)
        )
      ),
    acknowledge: (reference, acknowledgement) =>
      of(
        "acknowledge",
        reference,
        Effect.flatMap(Options.readDecision(`${service}.acknowledge`, acknowledgement, "acknowledgement"), (read) =>
          Decide.acknowledge(sender, reference, read)
        )
      ),
    awaitFinal: (reference, options) => of("awaitFinal", reference, Follow.awaitFinal(sender, reference, options)),
    applyWebhook: (given) => {
      // A program without types passes anything.
      const event = copy(given)
      const shown: unknown = Predicate.isObject(event) ? kind.notice(event as WebhookEvent) : null
      const notice = isNotice(shown) ? shown : undefined
      // An event about something else shows nothing.
      const problems = shown === undefined || notice !== undefined ? [] : [eventProblem]
      return Effect.andThen(
        refuse(`${service}.applyWebhook`, "none", problems),
        notice === undefined ? Effect.succeedNone : Follow.applyNotice(sender, notice)
      ).pipe(traced("applyWebhook", notice?.reference))
    }
  }
})
