/**
 * Puts a simulator together: world, faults, handlers, webhooks and controls.
 */
import { merchantRules } from "@palomma-effect/schema/MerchantRules"
import type { PayinSettlement } from "@palomma-effect/schema/PayinSettlement"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { common, type Fault } from "../Fault.ts"
import type { WebhookFault } from "../WebhookFault.ts"
import { makeRecordControls } from "./addRecords.ts"
import { slotOf } from "./http/answerFaults.ts"
import { type Exchange, makeExchange } from "./http/exchange.ts"
import { injectionProblems, webhookInjectionProblems } from "./faults/limits.ts"
import { type FaultInjection, makeFaults, type WebhookFaultInjection } from "./faults/armed.ts"
import { makeHttpClient } from "./http/inProcess.ts"
import type { LedgerAccount } from "./state/books.ts"
import { basePath } from "./operations.ts"
import { makeOutbox, type Outbox, signed } from "./webhooks/outbox.ts"
import type { Ledger } from "./service/Ledger.ts"
import { RecordNotFound } from "./service/RecordNotFound.ts"
import type { SimulatorOptions } from "./service/SimulatorOptions.ts"
import type { SimulatorService } from "./service/SimulatorService.ts"
import type { Table } from "./state/table.ts"
import * as Transitions from "./state/transitions.ts"
import { visit } from "./state/visits.ts"
import { dieIfAny, type Problems, problemUnless } from "./checks.ts"
import { simulatorProblems } from "./options.ts"
import { defaultSettings, makeWorld, sentReferenceKey, type Settings, type World } from "./state/world.ts"

/** The simulator, with what its transports (in process and server) need. */
export interface Simulator {
  readonly world: World
  readonly outbox: Outbox
  readonly exchange: Exchange["exchange"]
  readonly service: SimulatorService
  /** Arms a fault. Returns the problems of an invalid fault, which is not armed. */
  readonly arm: (injection: FaultInjection) => Problems
  /** Arms a fault of webhooks. Returns the problems of an invalid fault, which is not armed. */
  readonly armWebhooks: (injection: WebhookFaultInjection) => Problems
  /** The number of armed faults, including those of webhooks. */
  readonly armed: () => number
}

const settingsOf = (options: SimulatorOptions): Settings => ({
  apiKey: options.apiKey ?? defaultSettings.apiKey,
  integrityKey: options.integrityKey ?? defaultSettings.integrityKey,
  processingTime: options.processingTime === undefined ? undefined : Duration.fromInputUnsafe(options.processingTime),
  requireTargetVerification: options.requireTargetVerification ?? defaultSettings.requireTargetVerification,
  fee: options.fee ?? defaultSettings.fee,
  balances: { ...defaultSettings.balances, ...options.balances },
  gatewayAccounts: options.gatewayAccounts ?? defaultSettings.gatewayAccounts,
  rules: merchantRules(options),
  storeAs: options.storeAs ?? defaultSettings.storeAs
})

/** Makes a simulator. It calls `changed` when a scheduled change or a webhook is added. */
export const makeSimulator = Effect.fnUntraced(function* (options: SimulatorOptions, changed: () => void = () => {}) {
  yield* dieIfAny("options", simulatorProblems(options))
  const random =
    options.seed === undefined ? yield* Random.Random : yield* Random.Random.pipe(Random.withSeed(options.seed))
  const world = makeWorld(settingsOf(options), random, yield* Clock.currentTimeMillis, changed)
  const faults = makeFaults<Fault, FaultInjection>(random, slotOf)
  const webhookFaults = makeFaults<WebhookFault, WebhookFaultInjection>(random)
  if (options.faultRate !== undefined) faults.arm({ rate: options.faultRate, kind: common })
  const outbox = makeOutbox(world, webhookFaults, changed)
  const { exchange, received } = yield* makeExchange(world, faults, options.maxRequestsKept ?? 10_000)

  // Everything that is due happens before a control reads or changes a record.
  const now = Effect.map(Clock.currentTimeMillis, (millis) => {
    world.advance(millis)
    return millis
  })
  const read = <A>(get: () => A): Effect.Effect<A> => Effect.map(now, get)

  const change =
    <A extends { readonly id: string }, StatusChange>(
      table: Table<A>,
      transition: (world: World, record: A, change: StatusChange, at: number) => A
    ) =>
    (id: string, change: StatusChange): Effect.Effect<A, RecordNotFound> =>
      Effect.flatMap(now, (at) => {
        const record = table.get(id)
        return record === undefined
          ? Effect.fail(new RecordNotFound({ kind: table.noun, id }))
          : Effect.sync(() => transition(world, record, change, at))
      })

  const recordsWith = <A extends { readonly id: string }>(table: Table<A>, key: string, value: string) =>
    read(() => Array.from(table.rows(-1, [[key, value]]), ({ record }) => record))

  const ledger: Ledger = {
    requests: read(received),
    requestsByOperation: (operation) => read(() => received().filter((request) => request.operation === operation)),
    payouts: read(world.payoutRequests.all),
    payoutsByReference: (reference) => recordsWith(world.payoutRequests, sentReferenceKey, reference),
    payoutsByTarget: (payoutTargetId) => recordsWith(world.payoutRequests, "payoutTargetId", payoutTargetId),
    payins: read(world.payinRequests.all),
    payinsByReference: (reference) => recordsWith(world.payinRequests, sentReferenceKey, reference),
    payinsBySource: (payinSourceId) => recordsWith(world.payinRequests, "payinSourceId", payinSourceId),
    createdBy: (id) => read(() => world.createdBy.get(id)),
    movements: read(world.books.movements),
    balance: (account) => read(() => world.books.balance(account)),
    totalPaid: read(() => world.books.balance("recipients"))
  }

  const arm = (injection: FaultInjection): Problems => {
    const problems = injectionProblems(injection, faults.size())
    if (problems.length === 0) faults.arm(injection)
    return problems
  }
  const armWebhooks = (injection: WebhookFaultInjection): Problems => {
    const problems = webhookInjectionProblems(injection, webhookFaults.size())
    if (problems.length === 0) webhookFaults.arm(injection)
    return problems
  }

  const returnPayout = change(world.payoutRequests, Transitions.returnPayout)
  const setPayoutTargetStatus = change(world.payoutTargets, Transitions.setPayoutTargetStatus)

  const service: SimulatorService = {
    url: `${world.origin}${basePath}`,
    apiKey: world.settings.apiKey,
    integrityKey: world.settings.integrityKey,
    httpClient: makeHttpClient(exchange),
    ledger,
    ...makeRecordControls(world, now),
    setPayoutStatus: change(world.payoutRequests, Transitions.setPayoutStatus),
    returnPayout: (id, { status = "cancelled", statusMessage } = {}) => returnPayout(id, { status, statusMessage }),
    setPayoutTargetStatus,
    setPayinLinkStatus: change(world.payinLinks, Transitions.setPayinLinkStatus),
    setPayinSourceStatus: change(world.payinSources, Transitions.setPayinSourceStatus),
    setPayinStatus: change(world.payinRequests, Transitions.setPayinStatus),
    settle: (account) =>
      Effect.flatMap(now, (at): Effect.Effect<PayinSettlement | undefined, RecordNotFound> =>
        world.merchantAccounts.get(account) === undefined
          ? Effect.fail(new RecordNotFound({ kind: world.merchantAccounts.noun, id: account }))
          : Effect.sync(() => Transitions.settle(world, account, Number.POSITIVE_INFINITY, at))
      ),
    verifyPayoutTarget: (id) => setPayoutTargetStatus(id, { status: "active" }),
    visit: (url) =>
      Effect.flatMap(now, (at) => {
        const redirectUrl = URL.canParse(url) ? visit(world, new URL(url), at) : undefined
        return redirectUrl === undefined
          ? Effect.fail(new RecordNotFound({ kind: "page", id: url }))
          : Effect.succeed(redirectUrl)
      }),
    setBalance: (id, amount) =>
      Effect.gen(function* () {
        yield* dieIfAny("amount", problemUnless(Number.isFinite(amount), "a balance must be a number"))
        const at = yield* now
        const account: LedgerAccount = `available:${id}`
        const difference = amount - world.books.balance(account)
        world.books.move(
          difference >= 0
            ? { at, from: "outside", to: account, amount: difference, reason: "setBalance" }
            : { at, from: account, to: "outside", amount: -difference, reason: "setBalance" }
        )
      }),
    fault: (injection) => Effect.suspend(() => dieIfAny("fault", arm(injection))),
    armedFaults: Effect.sync(faults.armed),
    clearFaults: Effect.sync(() => {
      faults.clear()
      webhookFaults.clear()
    }),
    webhooks: {
      events: read(outbox.events),
      take: Effect.map(now, (at) => outbox.take(at).map(signed)),
      redeliver: (webhookId) =>
        Effect.flatMap(now, (at) =>
          outbox.redeliver(webhookId, at)
            ? Effect.void
            : Effect.fail(new RecordNotFound({ kind: "webhook event", id: webhookId }))
        ),
      fault: (injection) => Effect.suspend(() => dieIfAny("fault", armWebhooks(injection))),
      armedFaults: Effect.sync(webhookFaults.armed)
    }
  }
  const armed = () => faults.size() + webhookFaults.size()
  const simulator: Simulator = { world, outbox, exchange, service, arm, armWebhooks, armed }
  return simulator
})
