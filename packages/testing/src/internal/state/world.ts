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

/** How a simulated Palomma behaves. */
export interface Settings {
  readonly apiKey: string
  readonly integrityKey: string
  readonly processingTime: Duration.Duration | undefined
  readonly requireTargetVerification: boolean
  readonly fee: number
  readonly balances: Readonly<Record<string, number>>
  readonly gateways: ReadonlyArray<string>
  readonly rules: MerchantRules
  readonly stores: Stores
}

/**
 * What becomes of a record's reference and of the amount of a payout or payin request when they are stored.
 *
 * @category options
 * @since 0.1.0
 */
export interface Stores {
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
  gateways: [],
  rules: defaultMerchantRules,
  stores: {}
}

/** What every webhook event begins with. */
export interface EventHead {
  readonly webhookId: WebhookId
  readonly timestamp: Timestamp
}

/** Everything one simulated Palomma knows. Nothing here waits: an operation is one synchronous step at a given time. */
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
  /** The settlement that a payin was handed over with, by the payin's id. */
  readonly settledIn: Map<string, string>
  /** The payouts whose money came back, by their ids. */
  readonly returned: Set<string>
  /** The number of the request that made a record, by the record's id. */
  readonly createdBy: Map<string, number>
  /** When a payin is due to be settled, by the payin's id. */
  readonly settlementDue: Map<string, number>
  /** The accounts and times for which a settlement is scheduled. */
  readonly cyclesDue: Set<string>
  /** Where a person is sent to verify something; the server puts its own address here. */
  origin: string
  /** Hears of every change that Palomma reports. */
  report: (now: number, make: (head: EventHead) => WebhookEvent) => void
  /** Does something at a later time, once the clock is found to have passed it. */
  readonly schedule: (at: number, what: (at: number) => void) => void
  /** Does whatever is due. */
  readonly advance: (now: number) => void
  /** When the next thing is due. */
  readonly nextDue: () => number | undefined
  /** How many things are scheduled, and how many comparisons it has taken so far. */
  readonly scheduled: { readonly size: () => number; readonly steps: () => number }
}

/** Makes a simulated Palomma in which nothing has happened yet. `changed` hears of what is scheduled. */
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
      ...(settings.gateways.includes(id)
        ? { type: "gateway", payinsEnabled: true, payoutsEnabled: false }
        : { type: "aggregator", availableBalance: books.balance(`available:${id}`) })
    })
  const accounts = [...new Set([...Object.keys(settings.balances), ...settings.gateways])]
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
    schedule: (at, what) => {
      due.add(at, what)
      changed()
    },
    advance: (until) => {
      for (let next = due.take(until); next !== undefined; next = due.take(until)) next.item(next.key)
    },
    nextDue: due.next,
    scheduled: { size: due.size, steps: due.steps }
  }
}

/** What a payout or payin request is filed under: the reference that its request held, whatever was stored. */
export const sentReferenceKey = "sentReference"

/** A reference as it is stored. */
export const storedReference = (world: World, reference: string | undefined): string | undefined => {
  const how = world.settings.stores.reference
  return reference === undefined || how === undefined ? reference : transformText(reference, how)
}

/** An amount as it is stored. */
export const storedAmount = (world: World, amount: number): number => {
  const how = world.settings.stores.amount
  return how === undefined ? amount : transformNumber(amount, how)
}

/** A fresh id. */
export const nextId = (world: World, now: number): string => ulid(now, world.random)

/** A time as Palomma writes it. */
export const timestamp = (now: number): Timestamp => Timestamp.make(DateTime.formatIso(DateTime.makeUnsafe(now)))

/** A record's fields without those that are `undefined`. */
export const given = <A extends object>(fields: A): { readonly [K in keyof A]: Exclude<A[K], undefined> } => {
  const copy = { ...fields } as { [K in keyof A]: Exclude<A[K], undefined> }
  for (const key of Object.keys(copy) as Array<keyof A>) if (copy[key] === undefined) delete copy[key]
  return copy
}

/** The copy of a customer that other records carry. */
export const customerDetails = (customer: Customer): CustomerDetails => {
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...details } = customer
  return new CustomerDetails(details)
}
