/**
 * Processes that crash and stop. Each life is a set of services over a journal and a Palomma that outlive it. It can be
 * killed, or stopped for a while, at any step: before or after a request, before or after a call of the journal. A dead
 * life does nothing more. The result of each call is compared with the facts.
 */
import {
  type AdoptError,
  type AdvanceOptions,
  type Advanced,
  type IntendError,
  Palomma,
  Payins,
  Payouts,
  Transfer,
  TransferJournal,
  type TransferError,
  TransferJournalError,
  type TransferKind,
  type TransferOperations
} from "@palomma-effect/client"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { isAdvanced, judgeAdvanced, judgeError, judgeResult } from "./judge.ts"
import type { CallTruth } from "./oracle.ts"
import { makeProcessClock, type ProcessClock } from "./processClock.ts"
import { CurrentCall } from "./wire.ts"
import { baseUrl, type Books, type Call, nameOf, truthOf, type World } from "./world.ts"

/** Where a life is killed: at its n-th step, before or after it. */
export interface Death {
  readonly step: number
  readonly side: "before" | "after"
}

/** A transfer that a life sends. */
export interface Intent {
  readonly kind: TransferKind
  readonly reference: string
  readonly amount: number
}

/** One life of a process. */
export interface Life {
  /** Sends or charges. */
  readonly send: (intent: Intent) => Effect.Effect<Transfer, TransferError>
  /** Adds a transfer that another program sent, or may have sent. */
  readonly adopt: (intent: Intent, recordId?: string) => Effect.Effect<Transfer, AdoptError>
  /** Gives a transfer to a worker. */
  readonly intend: (intent: Intent) => Effect.Effect<Transfer, IntendError>
  /** Does one step of a worker. */
  readonly carry: (
    intent: Intent,
    options?: AdvanceOptions
  ) => Effect.Effect<Advanced, Effect.Error<ReturnType<TransferOperations["carry"]>>>
  /** Makes another call of one transfer. */
  readonly call: <A, E>(
    operation: string,
    kind: TransferKind,
    reference: string,
    run: (operations: TransferOperations) => Effect.Effect<A, E>
  ) => Effect.Effect<A, E>
  readonly clock: ProcessClock
  /** How many steps it has taken. */
  readonly steps: () => number
  readonly isDead: () => boolean
  /** Kills it. */
  readonly kill: () => void
  /**
   * Stops it, now or after so many further steps, before or after the next one takes effect, as SIGSTOP does. Its
   * timers stop too.
   */
  readonly stop: (after?: number, side?: "before" | "after") => void
  /** Lets it continue, as SIGCONT does. */
  readonly resume: () => void
  /** Makes its journal fail after so many further steps: before or after the journal executes the call. */
  readonly breakJournal: (after: number, side: "before" | "after") => void
  /** Closes it: the results of requests in flight are written. */
  readonly close: Effect.Effect<void>
}

/** Options of a life. */
export interface LifeOptions {
  readonly death?: Death | undefined
  /** Lets other processes run: before and after every step. */
  readonly between?: ((step: string) => Effect.Effect<void>) | undefined
}

/** Begins a life. */
export const begin = Effect.fnUntraced(function* (world: World, options: LifeOptions = {}) {
  const { between = () => Effect.yieldNow, death } = options
  let steps = 0
  let dead = false
  let stopsIn = Number.POSITIVE_INFINITY
  let stopSide: "before" | "after" | undefined
  let journalFailure = { after: Number.POSITIVE_INFINITY, side: "before" }
  const running = Latch.makeUnsafe(true)
  const isRunning = Effect.suspend(() => (dead ? Effect.never : running.await))
  const clock = makeProcessClock(world.clock, isRunning)
  const work = new Map<string, number>()
  const workedOn = new Set<string>()
  const hasTrouble = () => Number.isFinite(stopsIn) || Number.isFinite(journalFailure.after)

  const step = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      if (dead) return Effect.never
      steps += 1
      const stopsHere = stopsIn-- === 0
      if (stopsHere && stopSide === "before") running.closeUnsafe()
      const stopsAfter = stopsHere && stopSide === "after"
      const dies = death?.step === steps
      if (dies && death.side === "before") {
        dead = true
        return Effect.never
      }
      // A step that had begun at the crash still takes effect, but its result is not used.
      return isRunning.pipe(
        Effect.andThen(between(`before ${name}`)),
        Effect.andThen(effect),
        Effect.onExit(() => {
          if (dies) dead = true
          // The life may have been resumed meanwhile.
          if (stopsAfter && stopSide === "after") running.closeUnsafe()
          return Effect.andThen(between(`after ${name}`), isRunning)
        })
      )
    })

  const isTroubled = () => {
    for (const name of workedOn) world.troubled.add(name)
  }

  const { journal } = world
  const written = <A>(name: string, effect: Effect.Effect<A>): Effect.Effect<A, TransferJournalError> =>
    Effect.suspend(() => {
      const fails = journalFailure.after-- === 0 ? journalFailure.side : undefined
      const failure = Effect.fail(new TransferJournalError({ operation: name, reason: "the disk is full" }))
      return step(name, fails === "before" ? failure : fails === "after" ? Effect.andThen(effect, failure) : effect)
    })

  // The first read of a send shows that this call does the work itself, as a step of a worker always does.
  const noted = (kind: TransferKind, reference: string) =>
    Effect.map(CurrentCall, (id) => {
      const call = id === undefined ? undefined : world.calls[id]
      if (call === undefined || call.isOwnWork || call.reference !== reference) return
      if (call.intent === undefined && call.operation !== "carry") return
      call.isOwnWork = true
      workedOn.add(nameOf(kind, reference))
      if (hasTrouble()) isTroubled()
      if (call.intent !== undefined) work.set(workName(kind, reference, call.intent.amount), call.id)
    })

  const mortal = Layer.mergeAll(
    Layer.succeed(TransferJournal, {
      isDurable: true,
      now: journal.now,
      find: (key) => Effect.andThen(noted(key.kind, key.reference), written("find", Effect.orDie(journal.find(key)))),
      findByRecordId: (namespace, kind, id) =>
        written("find by id", Effect.orDie(journal.findByRecordId(namespace, kind, id))),
      insert: (row) => written(`insert ${row.state}`, Effect.orDie(journal.insert(row))),
      replace: (row) => written(`write ${row.state}`, Effect.orDie(journal.replace(row))),
      list: (query) => written("list", Effect.orDie(journal.list(query)))
    }),
    Layer.succeed(HttpClient.HttpClient, world.wire.clientOf(clock.clock, step))
  )
  const scope = yield* Scope.make()
  const services = yield* Layer.buildWithScope(
    Layer.mergeAll(Payouts.layer(world.transfers), Payins.layer(world.transfers)).pipe(
      Layer.provide(Palomma.layer({ apiKey: Redacted.make("sim-key"), baseUrl })),
      Layer.provide(mortal),
      Layer.orDie
    ),
    scope
  ).pipe(Effect.provideService(Clock.Clock, clock.clock))
  const payouts = Context.get(services, Payouts)
  const payins = Context.get(services, Payins)

  const truthOfCall = (call: Call, books: Books): CallTruth => {
    const truth = truthOf(world, books, call.kind, call.reference)
    return {
      ...truth,
      maySend: call.intent !== undefined,
      intent: call.intent,
      own: truth.requests.filter((request) => request.call === call.workOf)
    }
  }

  const judged =
    <A, E>(call: Call) =>
    (exit: Exit.Exit<A, E>): Effect.Effect<void> =>
      Effect.map(world.books, (books) => {
        const joined = call.intent && work.get(workName(call.kind, call.reference, call.intent.amount))
        call.workOf = call.isOwnWork ? call.id : joined
        try {
          judgeExit(exit, truthOfCall(call, books))
        } catch (error) {
          world.broken.push(error)
        }
      })

  const made = <A, E>(
    operation: string,
    kind: TransferKind,
    reference: string,
    intent: Call["intent"],
    run: Effect.Effect<A, E>
  ): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      const id = world.calls.length
      const call: Call = { id, operation, kind, reference, intent, isOwnWork: false, workOf: undefined }
      world.calls.push(call)
      return run.pipe(
        Effect.provideService(CurrentCall, id),
        Effect.provideService(Clock.Clock, clock.clock),
        Effect.onExit(judged<A, E>(call))
      )
    })

  const life: Life = {
    send: ({ amount, kind, reference }) => {
      const accountId = world.accounts[kind]
      return made(
        "send",
        kind,
        reference,
        { accountId, amount },
        kind === "payout"
          ? payouts.send({ reference, amount, payoutTargetId: PayoutTargetId.make(accountId) })
          : payins.charge({ reference, amount, payinSourceId: PayinSourceId.make(accountId) })
      )
    },
    adopt: ({ amount, kind, reference }, recordId) => {
      const options = recordId === undefined ? {} : { recordId }
      const accountId = world.accounts[kind]
      const run =
        kind === "payout"
          ? payouts.adopt({ reference, amount, payoutTargetId: PayoutTargetId.make(accountId) }, options)
          : payins.adopt({ reference, amount, payinSourceId: PayinSourceId.make(accountId) }, options)
      return made("adopt", kind, reference, undefined, run)
    },
    intend: ({ amount, kind, reference }) => {
      const accountId = world.accounts[kind]
      const run =
        kind === "payout"
          ? payouts.intend({ reference, amount, payoutTargetId: PayoutTargetId.make(accountId) })
          : payins.intend({ reference, amount, payinSourceId: PayinSourceId.make(accountId) })
      return made("intend", kind, reference, undefined, run)
    },
    carry: ({ kind, reference }, options) =>
      made("carry", kind, reference, undefined, (kind === "payout" ? payouts : payins).carry(reference, options)),
    call: (operation, kind, reference, run) =>
      made(operation, kind, reference, undefined, run(kind === "payout" ? payouts : payins)),
    clock,
    steps: () => steps,
    isDead: () => dead,
    kill: () => {
      isTroubled()
      dead = true
    },
    stop: (after, side = "before") => {
      stopSide = side
      if (after === undefined) running.closeUnsafe()
      else stopsIn = after
      isTroubled()
    },
    resume: () => {
      stopsIn = Number.POSITIVE_INFINITY
      stopSide = undefined
      running.openUnsafe()
    },
    breakJournal: (after, side) => {
      journalFailure = { after, side }
      isTroubled()
    },
    close: Scope.close(scope, Exit.void)
  }
  return life
})

const workName = (kind: TransferKind, reference: string, amount: number): string => `${kind} ${reference} ${amount}`

const judgeExit = (exit: Exit.Exit<unknown, unknown>, truth: CallTruth): void => {
  if (Exit.isSuccess(exit)) {
    if (exit.value instanceof Transfer) judgeResult(exit.value, truth, "then")
    else if (isAdvanced(exit.value)) judgeAdvanced(exit.value, truth)
    return
  }
  for (const reason of exit.cause.reasons) {
    if (Cause.isFailReason(reason)) judgeError(reason.error, truth, "then")
    if (Cause.isDieReason(reason)) throw reason.defect
  }
}

/** Lets time pass until a fiber has ended, or its life has: at most an hour and a half. */
export const awaitEnd = (fiber: Fiber.Fiber<unknown, unknown>, life?: Life): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (let minute = 0; minute < 90 && fiber.pollUnsafe() === undefined && life?.isDead() !== true; minute++) {
      for (let i = 0; i < 50; i++) yield* Effect.yieldNow
      yield* TestClock.adjust("1 minute")
    }
  })
