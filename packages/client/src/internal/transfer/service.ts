/**
 * Makes the services `Payouts` and `Payins` from the parts that both share.
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
import { namespaceOf, type TransferOptions } from "../../TransferOptions.ts"
import type { AdoptError, IntendError, ReconcileResult, ResolveResult, TransferResult } from "../../TransferResult.ts"
import type { AdoptOptions, TransferAllOptions, TransferOperations } from "../../TransferService.ts"
import { copy, invalidInput, refuse } from "../options/checks.ts"
import * as Validate from "../resource/validate.ts"
import { adopt } from "./adopt.ts"
import type { TransferApi } from "./api.ts"
import { carry } from "./carry.ts"
import * as Decide from "./decide.ts"
import * as Follow from "./follow.ts"
import { intend, markTold } from "./intend.ts"
import { type SharedPause, makeSharedPause, sendAll } from "./many.ts"
import * as Options from "./options.ts"
import { isSameContent } from "./samePayment.ts"
import { send, type SendError } from "./send.ts"
import type { Intent, Sender } from "./sender.ts"
import * as Store from "./store.ts"

/** The differences between payouts and debits. `KindIntent` is `PayoutIntent` or `PayinIntent`. */
export interface KindSpec<KindIntent> {
  readonly api: TransferApi
  /** The name of the operation that sends a transfer. */
  readonly verb: "send" | "charge"
  /** The schema of an intent, with the limits and banks of the merchant. */
  readonly schema: Schema.Codec<KindIntent, unknown>
  /** Converts an intent to the shape that both kinds share. */
  readonly toIntent: (intent: KindIntent) => Intent
  /** Returns the notice of an event about a record of this kind, or `undefined` for another event. */
  readonly noticeOf: (event: WebhookEvent) => Follow.Notice | undefined
}

/** The operations of both services, before `send` and `charge` get their names. */
export interface Transfers<KindIntent> extends TransferOperations {
  readonly adopt: (intent: KindIntent, options?: AdoptOptions) => Effect.Effect<Transfer, AdoptError>
  readonly intend: (intent: KindIntent) => Effect.Effect<Transfer, IntendError>
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

const eventProblem: InputProblem = { field: "", code: "object", rule: "must be an event as Webhooks returns it" }

const isNotice = (notice: unknown): notice is Follow.Notice =>
  Predicate.hasProperty(notice, "id") &&
  typeof notice.id === "string" &&
  notice.id !== "" &&
  (!Predicate.hasProperty(notice, "reference") || ["string", "undefined"].includes(typeof notice.reference))

// Runs one transfer per reference at a time. It runs in a fiber of the layer, so that it continues if the caller is
// interrupted. A second call with the same content waits for the same result.
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
      // The outcome of the first call decides whether other content may be sent.
      return Effect.andThen(Effect.exit(Deferred.await(current.done)), join(intent))
    })

  return join
}

const makeSender = Effect.fnUntraced(function* (api: TransferApi, options: TransferOptions, pause: SharedPause) {
  const namespace = namespaceOf(yield* PalommaEndpoint, options)
  const sendTimeout = Duration.fromInputUnsafe(options.sendTimeout ?? "60 seconds")
  const store = Store.make(yield* TransferJournal, namespace, api.kind, sendTimeout)
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
    onRateLimited: pause.extend,
    firstSeen: new Map()
  }
  return sender
})

/** The states in which Palomma may know more than the journal. */
const unfinishedStates = ["sending", "unknown", "needsReview", "accepted"] as const

/** Makes the operations of a kind. Transfers run in fibers of the scope, so closing the scope waits for them. */
export const make = Effect.fnUntraced(function* <KindIntent extends object>(
  spec: KindSpec<KindIntent>,
  input: TransferOptions
): Effect.fn.Return<Transfers<KindIntent>, PalommaInvalidInput, TransferJournal | PalommaEndpoint | Scope.Scope> {
  const { api, verb } = spec
  const { service } = api
  const options = yield* Options.read(`${service}.layer`, input)
  const pause = makeSharedPause()
  const sender = yield* makeSender(api, options, pause)
  const check = Validate.of(spec.schema)
  const join = makeJoin(yield* Effect.scope, (intent) => send(sender, intent))

  // A span has the reference only if the option `traceReferences` is true.
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
    // Validates now, so that later changes of the caller's object have no effect.
    const checked = check(intent)
    return Effect.suspend((): Effect.Effect<Transfer, TransferError> =>
      Result.isFailure(checked)
        ? Effect.fail(invalidInput(`${service}.${verb}`, "not-sent", checked.failure))
        : join(spec.toIntent(checked.success))
    ).pipe(traced(verb, Result.isSuccess(checked) ? spec.toIntent(checked.success).reference : undefined))
  }

  const adoptOne: Transfers<KindIntent>["adopt"] = (intent, adoptOptions = {}) => {
    const checked = check(intent)
    if (Result.isFailure(checked)) return Effect.fail(invalidInput(`${service}.adopt`, "none", checked.failure))
    const read = spec.toIntent(checked.success)
    return Effect.flatMap(Options.readAdopt(`${service}.adopt`, adoptOptions), ({ recordId }) =>
      adopt(sender, read, recordId)
    ).pipe(traced("adopt", read.reference))
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
    adopt: adoptOne,
    intend: (intent) => {
      const checked = check(intent)
      if (Result.isFailure(checked)) return Effect.fail(invalidInput(`${service}.intend`, "not-sent", checked.failure))
      const read = spec.toIntent(checked.success)
      return intend(sender, read).pipe(traced("intend", read.reference))
    },
    find: (reference) => of("find", reference, sender.store.find(reference)),
    list,
    reconcile,
    reconcileAll: (reconcileOptions = {}) =>
      Stream.unwrap(
        Effect.map(
          Options.readReconcileAll(`${service}.reconcileAll`, reconcileOptions),
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
    advance: (reference, advanceOptions = {}) =>
      of(
        "advance",
        reference,
        Effect.flatMap(Options.readAdvance(`${service}.advance`, advanceOptions), (read) =>
          Follow.advance(sender, reference, read)
        )
      ),
    carry: (reference, carryOptions = {}) =>
      of(
        "carry",
        reference,
        Effect.flatMap(Options.readAdvance(`${service}.carry`, carryOptions), (read) =>
          carry(sender, reference, read, pause.left)
        )
      ),
    markTold: (reference, version) =>
      of(
        "markTold",
        reference,
        Effect.andThen(
          refuse(`${service}.markTold`, "none", Options.version(version, true)),
          markTold(sender, reference, version)
        )
      ),
    resolve,
    resolveAll: (decisions) =>
      Effect.forEach(decisions, (entry) => {
        const copied = copy(entry)
        // Without types, an entry may be anything. An invalid one fails the checks of `resolve`, which is its result.
        const { reference, ...decision } = { ...(Predicate.isObject(copied) ? copied : {}) } as typeof entry
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
    applyWebhook: (input) => {
      // A program without types may pass anything, so the result is checked too.
      const event = copy(input)
      const candidate: unknown = Predicate.isObject(event) ? spec.noticeOf(event as WebhookEvent) : null
      const notice = isNotice(candidate) ? candidate : undefined
      // An event of another kind is valid, and has no notice.
      const problems = candidate === undefined || notice !== undefined ? [] : [eventProblem]
      return Effect.andThen(
        refuse(`${service}.applyWebhook`, "none", problems),
        notice === undefined ? Effect.succeedNone : Follow.applyNotice(sender, notice)
      ).pipe(traced("applyWebhook", notice?.reference))
    }
  }
})
