/** Support for the tests of people and operators: a world of one transfer, and a person's decisions about it. */
import { assert, it } from "@effect/vitest"
import { Transfer, TransferClaim, type TransferInvalidState, type TransferOptions } from "@palomma-effect/client"
import {
  PayinRequestId,
  PayinRequestNotice,
  PayinRequestUpdated,
  PayinStatus,
  PayoutRequestId,
  PayoutRequestNotice,
  PayoutRequestUpdated,
  PayoutStatus,
  type WebhookEvent,
  WebhookId
} from "@palomma-effect/schema"
import { Fault, type SimulatorOptions } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import {
  amount,
  baseUrl,
  inTime,
  kinds,
  makeWorld,
  type HeldRecord,
  type Intent,
  type Kind,
  type StartOptions,
  type World
} from "./scenario.ts"

/** A test for each kind. */
export const both = <E>(name: string, test: (kind: Kind) => Effect.Effect<unknown, E, Scope.Scope>): void => {
  for (const [operation, kind] of kinds) one(`${operation}: ${name}`, () => test(kind))
}

/** A test with a silent log and separate metrics. */
export const one = <E>(name: string, test: () => Effect.Effect<unknown, E, Scope.Scope>): void => {
  it.effect(name, () =>
    test().pipe(Effect.provide(Logger.layer([])), Effect.provideService(Metric.MetricRegistry, new Map()))
  )
}

/** Payouts and debits, for tests of one of them. */
export const [payouts, payins] = kinds.map(([, kind]) => kind) as [Kind, Kind]

/** Options of a test's world. */
export interface SceneOptions extends TransferOptions {
  readonly simulator?: SimulatorOptions
}

/** A row that was written before the test begins. */
export type Written = Partial<Omit<Transfer, "payoutRequestId" | "payinRequestId">>

const claim = new TransferClaim({ id: "claim-1", length: 65_000, at: 0 })

// Written as `sending` first, so that the journal records when the row left it.
const write = Effect.fnUntraced(function* ({ account, journal: { service }, kind }: World, fields: Written) {
  const first = new Transfer({
    namespace: baseUrl,
    kind: kind.name,
    reference: "rent-2026-11",
    accountId: account,
    amount,
    state: "sending",
    version: 1,
    claim,
    claims: 1,
    evidence: [],
    notOurs: [],
    lookUps: 0,
    createdAt: 0,
    updatedAt: 0,
    ...fields,
    ...(fields.state === "sending" ? {} : { state: "sending" as const, version: 1, claim })
  })
  const inserted = Option.getOrThrow(yield* Effect.orDie(service.insert(first)))
  if (fields.state === "sending") return inserted
  const { claim: _, ...rest } = inserted
  const next = new Transfer({ ...rest, ...fields, version: 2 })
  return Option.getOrThrow(yield* Effect.orDie(service.replace(next)))
})

/** One transfer of a kind: a process's operations on it, Palomma's records of it, and the log lines about it. */
export const scene = Effect.fnUntraced(function* (kind: Kind, { simulator: how, ...transfers }: SceneOptions = {}) {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel === "Error") lines.push(String(message))
  })
  const world = yield* makeWorld(kind, { simulator: how })
  const { simulator } = world
  const start = (options: StartOptions = {}) => world.start({ transfers, ...options })
  const reference = "rent-2026-11"
  const intent = world.intent(reference)
  return {
    ...world,
    world,
    start,
    transfers: yield* start(),
    reference,
    intent,
    /** Runs an effect, and collects the lines that it logs as errors: the alarms. */
    logged: <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.provide(self, Logger.layer([logger])),
    alarms: lines,
    row: (of = reference) => world.row(of),
    /** Writes a row into the journal. Missing fields are those of a payment of 50,000 pesos whose claim has expired. */
    write: (fields: Written = {}) => write(world, fields),
    paid: (of = reference) => world.records(of),
    /** Makes a record in the dashboard, by default with the content of the transfer; `null` omits its reference. */
    add: ({ reference: of = reference, ...fields }: Added = {}): Effect.Effect<HeldRecord> => {
      const { accountId, amount } = intent
      return kind.addRecord(simulator, { accountId, amount, ...fields, ...(of === null ? {} : { reference: of }) })
    },
    setStatus: (id: string, status: string) => setStatus(world, id, status),
    /** How many requests of one operation, or of all, Palomma received. */
    count: (operation?: "create" | "list" | "get") => Effect.map(world.requests(operation), ({ length }) => length)
  }
})

/** Fields of a record that is made in the dashboard. */
export interface Added extends Partial<Omit<Intent, "reference">> {
  readonly reference?: string | null
  readonly status?: "approved" | "cancelled"
}

/** Gives a record another status, documented or not. */
const setStatus = ({ kind, simulator }: World, id: string, status: string): Effect.Effect<void> =>
  kind.name === "payout"
    ? Effect.asVoid(
        Effect.orDie(simulator.setPayoutStatus(id, { status: Schema.decodeUnknownSync(PayoutStatus)(status) }))
      )
    : Effect.asVoid(
        Effect.orDie(simulator.setPayinStatus(id, { status: Schema.decodeUnknownSync(PayinStatus)(status) }))
      )

/** A webhook event with an id, and optionally a reference. */
export const event = ({ name }: Kind, id: string, reference?: string): WebhookEvent => {
  const webhookId = WebhookId.make("01HWEBHOOK")
  const named = reference === undefined ? {} : { reference }
  return name === "payout"
    ? new PayoutRequestUpdated({
        webhookId,
        eventType: "payout-request.update",
        event: new PayoutRequestNotice({ id: PayoutRequestId.make(id), ...named })
      })
    : new PayinRequestUpdated({
        webhookId,
        eventType: "payin-request.update",
        event: new PayinRequestNotice({ id: PayinRequestId.make(id), ...named })
      })
}

/** A transfer in manual review: its request never arrived, and no proof of that exists. */
export const inDoubt = Effect.fnUntraced(function* (kind: Kind, options?: SceneOptions) {
  const all = yield* scene(kind, options)
  yield* all.fault("create", Fault.drop())
  const error = yield* Effect.flip(inTime(all.transfers.send(all.intent)))
  assert.strictEqual(error._tag, "TransferOutcomeUnknown")
  const { state, version } = yield* all.row()
  assert.strictEqual(state, "needsReview")
  return { ...all, version }
})

/**
 * A transfer in manual review that Palomma made: the response was lost, and no list shows it until the faults are
 * cleared.
 */
export const hidden = Effect.fnUntraced(function* (kind: Kind, options?: SceneOptions) {
  const all = yield* scene(kind, options)
  yield* all.fault("create", Fault.commitThenDrop)
  yield* all.fault("list", Fault.lag("1 day"), { rate: 1 })
  yield* Effect.flip(inTime(all.transfers.send(all.intent)))
  const { state, version } = yield* all.row()
  assert.strictEqual(state, "needsReview")
  const [made] = yield* all.paid()
  if (made === undefined) return yield* Effect.die(new Error("It was not made."))
  return { ...all, version, made }
})

/** A transfer that Palomma has, in progress. */
export const sent = Effect.fnUntraced(function* (kind: Kind, options?: SceneOptions) {
  const all = yield* scene(kind, options)
  const { recordId = "" } = yield* all.transfers.send(all.intent)
  return { ...all, recordId }
})

/** Runs everything that needs no time to pass. */
export const runReady: Effect.Effect<void> = Effect.promise(async () => {
  for (let n = 0; n < 5; n++) await new Promise<void>((done) => void setImmediate(done))
})

/** The author and the note of a person's decision. The version is added by each test. */
export const author = { by: "ana@example.com", note: "Palomma support, ticket 4711" }

/** The decision that a transfer was not paid. */
export const notPaid = (version: number, notOurs: ReadonlyArray<string> = []) =>
  ({ as: "not-paid", version, notOurs, ...author }) as const

/** The error of an operation that is refused for a reason. */
export const refusedFor = Effect.fnUntraced(function* <A, E extends { readonly _tag: string }>(
  self: Effect.Effect<A, E>,
  reason: TransferInvalidState["reason"]
) {
  const error = yield* Effect.flip(self)
  assert.strictEqual(error._tag, "TransferInvalidState")
  const refused = error as unknown as TransferInvalidState
  assert.strictEqual(refused.reason, reason)
  return refused
})

/** The value of a counter of a kind. */
export const counted = (name: string, kind: Kind): Effect.Effect<number> =>
  Effect.map(Metric.snapshot, (metrics) => {
    for (const { attributes, id, state } of metrics) {
      if (id === `palomma_transfers_${name}` && attributes?.["kind"] === kind.name && "count" in state) {
        return Number(state.count)
      }
    }
    return 0
  })
