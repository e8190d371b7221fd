/**
 * The state of one simulator: records, books, time and scheduled changes.
 */
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type * as Random from "effect/Random"
import { type Customer, CustomerDetails } from "@palomma-effect/schema/Customer"
import { MerchantAccountId, type WebhookId } from "@palomma-effect/schema/Id"
import { MerchantAccount } from "@palomma-effect/schema/MerchantAccount"
import { defaultMerchantRules, type MerchantRules } from "@palomma-effect/schema/MerchantRules"
import type { PayinLink } from "@palomma-effect/schema/PayinLink"
import type { PayinRequest } from "@palomma-effect/schema/PayinRequest"
import type { PayinSettlement } from "@palomma-effect/schema/PayinSettlement"
import type { PayinSource } from "@palomma-effect/schema/PayinSource"
import type { PayoutRequest } from "@palomma-effect/schema/PayoutRequest"
import type { PayoutTarget } from "@palomma-effect/schema/PayoutTarget"
import { Timestamp } from "@palomma-effect/schema/Timestamp"
import type { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import type { NumberTransformation, TextTransformation } from "../../Transformation.ts"
import { makeHeap } from "./heap.ts"
import { type Books, makeBooks } from "./books.ts"
import { makeTable, type Table, type View, viewOf } from "./table.ts"
import { transformNumber, transformText } from "./transform.ts"
import { ulid } from "./ulid.ts"

/** The options of the simulator, with their defaults applied. */
export interface Settings {
  readonly apiKey: string
  readonly integrityKey: string
  readonly processingTime: Duration.Duration | undefined
  readonly requireTargetVerification: boolean
  readonly fee: number
  readonly balances: Readonly<Record<string, number>>
  readonly gatewayAccounts: ReadonlyArray<string>
  readonly rules: MerchantRules
  readonly storeAs: StoreAs
}

/**
 * How values are transformed before they are stored: the reference of any record, and the amount of a payout or payin
 * request.
 *
 * @category options
 * @since 0.1.0
 */
export interface StoreAs {
  readonly reference?: TextTransformation | undefined
  readonly amount?: NumberTransformation | undefined
}

/** The default settings. */
export const defaultSettings: Settings = {
  apiKey: "sim-key",
  integrityKey: "sim-integrity-key",
  processingTime: undefined,
  requireTargetVerification: false,
  fee: 500,
  balances: { default: 1_000_000_000_000 },
  gatewayAccounts: [],
  rules: defaultMerchantRules,
  storeAs: {}
}

/** The fields that all webhook events have. */
export interface EventHead {
  readonly webhookId: WebhookId
  readonly timestamp: Timestamp
}

/** The state of one simulator. It never waits: every operation is one synchronous step at a given time. */
export interface World {
  readonly settings: Settings
  readonly random: Random.Random
  readonly books: Books
  readonly customers: Table<Customer>
  readonly payinLinks: Table<PayinLink>
  readonly payinSources: Table<PayinSource>
  readonly payinRequests: Table<PayinRequest>
  readonly payoutTargets: Table<PayoutTarget>
  readonly payoutRequests: Table<PayoutRequest>
  readonly merchantAccounts: View<MerchantAccount>
  readonly payinSettlements: Table<PayinSettlement>
  /** The settlement of each settled payin, by the id of the payin. */
  readonly settledIn: Map<string, string>
  /** The ids of the payouts whose money came back. */
  readonly returned: Set<string>
  /** The number of the request that created a record, by the id of the record. */
  readonly createdBy: Map<string, number>
  /** When each payin is due to be settled, by the id of the payin. */
  readonly settlementDue: Map<string, number>
  /** The times and accounts of the scheduled settlements. */
  readonly cyclesDue: Set<string>
  /** The origin of `authUrl` and `paymentUrl`. The server replaces it with its own. */
  origin: string
  /** Receives an event for each change that Palomma reports. The outbox replaces it. */
  report: (now: number, make: (head: EventHead) => WebhookEvent) => void
  /** Schedules a change. `advance` makes it once its time has passed. */
  readonly schedule: (at: number, change: (at: number) => void) => void
  /** Makes all changes that are due. */
  readonly advance: (now: number) => void
  /** When the next change is due. */
  readonly nextDue: () => number | undefined
  /** The number of scheduled changes, and of comparisons so far. */
  readonly scheduled: { readonly size: () => number; readonly steps: () => number }
}

/** Makes the state of a new simulator. It calls `changed` when a change is scheduled. */
export const makeWorld = (settings: Settings, random: Random.Random, now: number, changed: () => void): World => {
  const books = makeBooks()
  for (const [account, amount] of Object.entries(settings.balances)) {
    books.move({ at: now, from: "outside", to: `available:${account}`, amount, reason: "opening balance" })
  }
  const due = makeHeap<(at: number) => void>()
  const account = (id: string): MerchantAccount =>
    new MerchantAccount({
      id: MerchantAccountId.make(id),
      description: `Merchant account ${id}`,
      unsettledAmount: books.balance(`unsettled:${id}`),
      ...(settings.gatewayAccounts.includes(id)
        ? { type: "gateway", payinsEnabled: true, payoutsEnabled: false }
        : { type: "aggregator", availableBalance: books.balance(`available:${id}`) })
    })
  const accounts = [...new Set([...Object.keys(settings.balances), ...settings.gatewayAccounts])]
  return {
    settings,
    random,
    books,
    customers: makeTable<Customer>("customer", ["reference"]),
    payinLinks: makeTable<PayinLink>("payin link", ["reference", "customerId"], ["payinSettlementId"]),
    payinSources: makeTable<PayinSource>("payin source", ["reference", "customerId"]),
    payinRequests: makeTable<PayinRequest>(
      "payin request",
      ["reference", "customerId", "payinSourceId"],
      ["payinSettlementId", sentReferenceKey]
    ),
    payoutTargets: makeTable<PayoutTarget>("payout target", ["reference", "customerId"]),
    payoutRequests: makeTable<PayoutRequest>(
      "payout request",
      ["reference", "customerId", "payoutTargetId"],
      [sentReferenceKey]
    ),
    merchantAccounts: viewOf("merchant account", () => accounts.map(account)),
    payinSettlements: makeTable<PayinSettlement>("payin settlement", ["merchantAccountId"]),
    settledIn: new Map(),
    returned: new Set(),
    createdBy: new Map(),
    settlementDue: new Map(),
    cyclesDue: new Set(),
    origin: "http://localhost",
    report: () => {},
    schedule: (at, change) => {
      due.add(at, change)
      changed()
    },
    advance: (until) => {
      for (let next = due.take(until); next !== undefined; next = due.take(until)) next.item(next.key)
    },
    nextDue: due.next,
    scheduled: { size: due.size, steps: due.steps }
  }
}

/** The index of payout and payin requests by the reference that was sent, which may differ from the stored one. */
export const sentReferenceKey = "sentReference"

/** Transforms a reference as the option `storeAs` defines. */
export const storedReference = (world: World, reference: string | undefined): string | undefined => {
  const by = world.settings.storeAs.reference
  return reference === undefined || by === undefined ? reference : transformText(reference, by)
}

/** Transforms an amount as the option `storeAs` defines. */
export const storedAmount = (world: World, amount: number): number => {
  const by = world.settings.storeAs.amount
  return by === undefined ? amount : transformNumber(amount, by)
}

/** Makes a new id. */
export const nextId = (world: World, now: number): string => ulid(now, world.random)

/** Formats a time as Palomma does. */
export const timestamp = (now: number): Timestamp => Timestamp.make(DateTime.formatIso(DateTime.makeUnsafe(now)))

/** Removes the fields whose value is `undefined`. */
export const defined = <A extends object>(fields: A): { readonly [K in keyof A]: Exclude<A[K], undefined> } => {
  const copy = { ...fields } as { [K in keyof A]: Exclude<A[K], undefined> }
  for (const key of Object.keys(copy) as Array<keyof A>) if (copy[key] === undefined) delete copy[key]
  return copy
}

/** Makes the copy of a customer that other records contain. */
export const customerDetails = (customer: Customer): CustomerDetails => {
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...details } = customer
  return new CustomerDetails(details)
}
