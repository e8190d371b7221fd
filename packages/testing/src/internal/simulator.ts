import { merchantRules } from "@palomma-effect/schema/MerchantRules"
import type { PayinSettlement } from "@palomma-effect/schema/PayinSettlement"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { common, type Fault } from "../Fault.ts"
import type { WebhookFault } from "../WebhookFault.ts"
import { makeAdditions } from "./additions.ts"
import { slotOf } from "./http/answerFaults.ts"
import { type Exchange, makeExchange } from "./http/exchange.ts"
import { injectionProblems, webhookInjectionProblems } from "./faults/limits.ts"
import { type Injection, makeFaults, type WebhookInjection } from "./faults/armed.ts"
import { makeHttpClient } from "./http/inProcess.ts"
import type { Place } from "./state/books.ts"
import { basePath } from "./operations.ts"
import { makeOutbox, type Outbox, signed } from "./webhooks/outbox.ts"
import { type Ledger, RecordNotFound, type SimulatorOptions, type SimulatorService } from "./service.ts"
import type { Table } from "./state/table.ts"
import * as Transitions from "./state/transitions.ts"
import { visit } from "./state/visits.ts"
import { dieOf, type Problems, unless } from "./checks.ts"
import { simulatorProblems } from "./options.ts"
import { defaultSettings, makeWorld, sentReferenceKey, type Settings, type World } from "./state/world.ts"

/** A simulated Palomma with everything that its doors need. */
export interface Simulator {
  readonly world: World
  readonly outbox: Outbox
  readonly exchange: Exchange["exchange"]
  readonly service: SimulatorService
  /** Arms a fault, or says what is wrong with it. */
  readonly arm: (injection: Injection) => Problems
  /** Arms a fault of webhooks, or says what is wrong with it. */
  readonly armWebhooks: (injection: WebhookInjection) => Problems
  /** How many faults are armed, those of webhooks too. */
  readonly armed: () => number
}

const settingsOf = (options: SimulatorOptions): Settings => ({
  apiKey: options.apiKey ?? defaultSettings.apiKey,
  integrityKey: options.integrityKey ?? defaultSettings.integrityKey,
  processingTime: options.processingTime === undefined ? undefined : Duration.fromInputUnsafe(options.processingTime),
  requireTargetVerification: options.requireTargetVerification ?? defaultSettings.requireTargetVerification,
  fee: options.fee ?? defaultSettings.fee,
  balances: { ...defaultSettings.balances, ...options.balances },
  gateways: options.gateways ?? defaultSettings.gateways,
  rules: merchantRules(options),
  stores: options.stores ?? defaultSettings.stores
})

/** Makes a simulated Palomma. `changed` hears whenever something may have become due. */
export const makeSimulator = Effect.fnUntraced(function* (options: SimulatorOptions, changed: () => void = () => {}) {
  yield* dieOf(simulatorProblems(options))
  const random =
    options.seed === undefined ? yield* Random.Random : yield* Random.Random.pipe(Random.withSeed(options.seed))
  const world = makeWorld(settingsOf(options), random, yield* Clock.currentTimeMillis, changed)
  const faults = makeFaults<Fault, Injection>(random, slotOf)
  const webhookFaults = makeFaults<WebhookFault, WebhookInjection>(random)
  if (options.faultRate !== undefined) faults.arm({ rate: options.faultRate, kind: common })
  const outbox = makeOutbox(world, webhookFaults, changed)
  const { exchange, received } = yield* makeExchange(world, faults, options.keptRequests ?? 10_000)

  // What is read shows what the clock has brought about until now.
  const now = Effect.map(Clock.currentTimeMillis, (millis) => {
    world.advance(millis)
    return millis
  })
  const seen = <A>(look: () => A): Effect.Effect<A> => Effect.map(now, look)

  const change =
    <A extends { readonly id: string }, StatusChange>(
      table: Table<A>,
      how: (world: World, record: A, change: StatusChange, at: number) => A
    ) =>
    (id: string, change: StatusChange): Effect.Effect<A, RecordNotFound> =>
      Effect.flatMap(now, (at) => {
        const record = table.get(id)
        return record === undefined
          ? Effect.fail(new RecordNotFound({ kind: table.noun, id }))
          : Effect.sync(() => how(world, record, change, at))
      })

  const having = <A extends { readonly id: string }>(table: Table<A>, key: string, value: string) =>
    seen(() => Array.from(table.rows(-1, [[key, value]]), ({ record }) => record))

  const ledger: Ledger = {
    requests: (filter) =>
      seen(() =>
        received().filter((request) => filter?.operation === undefined || request.operation === filter.operation)
      ),
    payouts: seen(world.payoutRequests.all),
    payoutsByReference: (reference) => having(world.payoutRequests, sentReferenceKey, reference),
    payoutsByTarget: (payoutTargetId) => having(world.payoutRequests, "payoutTargetId", payoutTargetId),
    payins: seen(world.payinRequests.all),
    payinsByReference: (reference) => having(world.payinRequests, sentReferenceKey, reference),
    payinsBySource: (payinSourceId) => having(world.payinRequests, "payinSourceId", payinSourceId),
    createdBy: (id) => seen(() => world.createdBy.get(id)),
    movements: seen(world.books.movements),
    balance: (place) => seen(() => world.books.balance(place)),
    totalPaid: seen(() => world.books.balance("recipients"))
  }

  const arm = (injection: Injection): Problems => {
    const problems = injectionProblems(injection, faults.size())
    if (problems.length === 0) faults.arm(injection)
    return problems
  }
  const armWebhooks = (injection: WebhookInjection): Problems => {
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
    ...makeAdditions(world, now),
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
    verify: (id) => setPayoutTargetStatus(id, { status: "active" }),
    visit: (url) =>
      Effect.flatMap(now, (at) => {
        const back = URL.canParse(url) ? visit(world, new URL(url), at) : undefined
        return back === undefined ? Effect.fail(new RecordNotFound({ kind: "page", id: url })) : Effect.succeed(back)
      }),
    setBalance: (id, amount) =>
      Effect.map(Effect.andThen(dieOf(unless(Number.isFinite(amount), "a balance must be a number")), now), (at) => {
        const place: Place = `available:${id}`
        const more = amount - world.books.balance(place)
        world.books.move(
          more >= 0
            ? { at, from: "outside", to: place, amount: more, reason: "set by hand" }
            : { at, from: place, to: "outside", amount: -more, reason: "set by hand" }
        )
      }),
    fault: (injection) => Effect.suspend(() => dieOf(arm(injection))),
    clearFaults: Effect.sync(() => {
      faults.clear()
      webhookFaults.clear()
    }),
    webhooks: {
      events: seen(outbox.events),
      take: Effect.map(now, (at) => outbox.take(at).map(signed)),
      redeliver: (webhookId) =>
        Effect.flatMap(now, (at) =>
          outbox.redeliver(webhookId, at)
            ? Effect.void
            : Effect.fail(new RecordNotFound({ kind: "webhook event", id: webhookId }))
        ),
      fault: (injection) => Effect.suspend(() => dieOf(armWebhooks(injection)))
    }
  }
  const armed = () => faults.size() + webhookFaults.size()
  const simulator: Simulator = { world, outbox, exchange, service, arm, armWebhooks, armed }
  return simulator
})
