/**
 * Changes of the status of a record, and the movements of money that follow from them.
 */
import { PayinLink, type PayinLinkStatus } from "@palomma-effect/schema/PayinLink"
import { PayinRequest, PayinStatus } from "@palomma-effect/schema/PayinRequest"
import { MerchantAccountId, PayinSettlementId } from "@palomma-effect/schema/Id"
import { PayinSettlement } from "@palomma-effect/schema/PayinSettlement"
import { PayinSource, type PayinSourceStatus } from "@palomma-effect/schema/PayinSource"
import { PayoutRequest, PayoutStatus } from "@palomma-effect/schema/PayoutRequest"
import { PayoutTarget, type PayoutTargetStatus } from "@palomma-effect/schema/PayoutTarget"
import type { StatusMessage } from "@palomma-effect/schema/StatusMessage"
import {
  PayinLinkUpdated,
  PayinRequestUpdated,
  PayinSettlementUpdated,
  PayinSourceUpdated,
  PayoutRequestUpdated,
  PayoutTargetUpdated
} from "@palomma-effect/schema/WebhookEvent"
import { cycleOf, localDate, settledAt } from "./calendar.ts"
import type { LedgerAccount } from "./books.ts"
import { nextId, timestamp, type World } from "./world.ts"

/**
 * A new status of a record.
 *
 * @category options
 * @since 0.1.0
 */
export interface StatusChange<Status> {
  readonly status: Status
  /** Why it was cancelled. Default: `ERROR`. Ignored for any other status. */
  readonly statusMessage?: StatusMessage | undefined
}

/**
 * A new status of a payin request.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayinStatusChange extends StatusChange<PayinStatus> {
  /**
   * The amount that was debited, in pesos. Default: half of the amount for `partial`, and 0 for a status that Palomma
   * does not document. Ignored for any other status: `approved` is the full amount, `processing` and `cancelled` are 0.
   */
  readonly amountCollected?: number | undefined
}

/** Returns the fields of a record with a new status. */
export const withStatus = <A extends { readonly statusMessage?: StatusMessage }, Status>(
  record: A,
  change: StatusChange<Status>,
  now: number
) => {
  const { statusMessage: _before, ...rest } = record
  return {
    ...rest,
    status: change.status,
    ...(change.status === "cancelled" ? { statusMessage: change.statusMessage ?? ("ERROR" as const) } : {}),
    updatedAt: timestamp(now)
  }
}

/** Changes the status of a payout target. */
export const setPayoutTargetStatus = (
  world: World,
  target: PayoutTarget,
  change: StatusChange<PayoutTargetStatus>,
  now: number
): PayoutTarget => {
  const changed = new PayoutTarget(withStatus(target, change, now))
  world.payoutTargets.put(changed, now)
  world.report(now, (head) => new PayoutTargetUpdated({ ...head, eventType: "payout-target.update", event: changed }))
  return changed
}

/** Changes the status of a payin source. */
export const setPayinSourceStatus = (
  world: World,
  source: PayinSource,
  change: StatusChange<PayinSourceStatus>,
  now: number
): PayinSource => {
  const changed = new PayinSource(withStatus(source, change, now))
  world.payinSources.put(changed, now)
  world.report(now, (head) => new PayinSourceUpdated({ ...head, eventType: "payin-source.update", event: changed }))
  return changed
}

/** The ledger accounts that have the money of a payout. */
interface PayoutAccounts {
  readonly amount: LedgerAccount
  readonly fee: LedgerAccount
}

const payingAccounts = (payout: PayoutRequest): PayoutAccounts => {
  const account: LedgerAccount = `available:${payout.sourceMerchantAccountId ?? "default"}`
  return { amount: account, fee: account }
}

// The money of a payout whose status is not documented counts as in transit.
const accountsOf = (payout: PayoutRequest, isReturned: boolean): PayoutAccounts =>
  isReturned
    ? payingAccounts(payout)
    : PayoutStatus.match(payout.status, {
        processing: (): PayoutAccounts => ({ amount: "transit", fee: "transit" }),
        approved: (): PayoutAccounts => ({ amount: "recipients", fee: "fees" }),
        cancelled: () => payingAccounts(payout),
        Unrecognized: (): PayoutAccounts => ({ amount: "transit", fee: "transit" })
      })

/** Stores a new or changed payout, and moves its money to the accounts of its status. */
export const putPayout = (world: World, payout: PayoutRequest, now: number, isReturned = false): void => {
  const before = world.payoutRequests.get(payout.id)
  const from = before === undefined ? payingAccounts(payout) : accountsOf(before, world.returned.has(payout.id))
  const to = accountsOf(payout, isReturned)
  world.payoutRequests.put(payout, now)
  if (isReturned) world.returned.add(payout.id)
  else world.returned.delete(payout.id)
  world.books.move({ at: now, from: from.amount, to: to.amount, amount: payout.amount, reason: payout.id })
  world.books.move({ at: now, from: from.fee, to: to.fee, amount: payout.fee ?? 0, reason: payout.id })
}

/** Changes the status of a payout and moves its money. */
export const setPayoutStatus = (
  world: World,
  payout: PayoutRequest,
  change: StatusChange<PayoutStatus>,
  now: number
): PayoutRequest => changePayout(world, payout, change, false, now)

/** Returns the money of a payout to the merchant account, with the status `cancelled` or one that is not documented. */
export const returnPayout = (
  world: World,
  payout: PayoutRequest,
  change: StatusChange<PayoutStatus>,
  now: number
): PayoutRequest => changePayout(world, payout, change, true, now)

const changePayout = (
  world: World,
  payout: PayoutRequest,
  change: StatusChange<PayoutStatus>,
  isReturned: boolean,
  now: number
): PayoutRequest => {
  const changed = new PayoutRequest({
    ...withStatus(payout, change, now),
    amountSent: isReturned || change.status === "cancelled" ? 0 : payout.amount
  })
  putPayout(world, changed, now, isReturned)
  world.report(now, (head) => new PayoutRequestUpdated({ ...head, eventType: "payout-request.update", event: changed }))
  return changed
}

/** A payin of either kind. */
type Payin = PayinLink | PayinRequest

const isGateway = (world: World, account: string): boolean => world.settings.gatewayAccounts.includes(account)

const settledAccount = (world: World, account: string): LedgerAccount =>
  isGateway(world, account) ? "merchant-bank" : `available:${account}`

const accountOf = (payin: Payin): string => payin.targetMerchantAccountId ?? "default"

// If the collected amount decreases, the money goes back to the payers, even after its settlement.
const collect = (world: World, before: Payin, after: Payin, businessDays: number, now: number): void => {
  const account = accountOf(after)
  const to: LedgerAccount = world.settledIn.has(after.id) ? settledAccount(world, account) : `unsettled:${account}`
  const difference = (after.amountCollected ?? 0) - (before.amountCollected ?? 0)
  world.books.move(
    difference >= 0
      ? { at: now, from: "payers", to, amount: difference, reason: after.id }
      : { at: now, from: to, to: "payers", amount: -difference, reason: after.id }
  )
  if (world.settledIn.has(after.id)) return
  if ((after.amountCollected ?? 0) === 0) {
    world.settlementDue.delete(after.id)
  } else if (!world.settlementDue.has(after.id)) {
    const due = settledAt(now, businessDays)
    world.settlementDue.set(after.id, due)
    scheduleCycle(world, account, due)
  }
}

// One settlement includes all payins of an account that are due, so one is scheduled for each time and account.
const scheduleCycle = (world: World, account: string, due: number): void => {
  const cycle = `${due} ${account}`
  if (world.cyclesDue.has(cycle)) return
  world.cyclesDue.add(cycle)
  world.schedule(due, (at) => {
    world.cyclesDue.delete(cycle)
    settle(world, account, at, at)
  })
}

/** Changes the status of a payin link and moves its money. */
export const setPayinLinkStatus = (
  world: World,
  link: PayinLink,
  change: StatusChange<PayinLinkStatus>,
  now: number
): PayinLink => {
  const changed = new PayinLink({
    ...withStatus(link, change, now),
    amountCollected: change.status === "approved" ? (link.amount ?? 0) : 0
  })
  world.payinLinks.put(changed, now)
  collect(world, link, changed, changed.type === "bancolombiaCollect" ? 2 : 1, now)
  world.report(now, (head) => new PayinLinkUpdated({ ...head, eventType: "payin-link.update", event: changed }))
  return changed
}

/** Changes the status of a payin request and moves its money. */
export const setPayinStatus = (
  world: World,
  payin: PayinRequest,
  change: PayinStatusChange,
  now: number
): PayinRequest => {
  const amount = payin.amount ?? 0
  const changed = new PayinRequest({
    ...withStatus(payin, change, now),
    amountCollected: PayinStatus.match(change.status, {
      processing: () => 0,
      approved: () => amount,
      partial: () => change.amountCollected ?? Math.floor(amount / 2),
      cancelled: () => 0,
      Unrecognized: () => change.amountCollected ?? 0
    })
  })
  world.payinRequests.put(changed, now)
  collect(world, payin, changed, 1, now)
  world.report(now, (head) => new PayinRequestUpdated({ ...head, eventType: "payin-request.update", event: changed }))
  return changed
}

/** Settles the payins of a merchant account that are due by a time. Returns `undefined` if there are none. */
export const settle = (world: World, account: string, dueBy: number, now: number): PayinSettlement | undefined => {
  const payins: Array<Payin> = []
  for (const [id, due] of world.settlementDue) {
    const payin = world.payinLinks.get(id) ?? world.payinRequests.get(id)
    if (payin !== undefined && due <= dueBy && accountOf(payin) === account) payins.push(payin)
  }
  if (payins.length === 0) return undefined
  const totalAmountCollected = payins.reduce((sum, payin) => sum + (payin.amountCollected ?? 0), 0)
  const totalFees = payins.reduce((sum, payin) => sum + (payin.fee ?? 0), 0)
  const settlement = new PayinSettlement({
    id: PayinSettlementId.make(nextId(world, now)),
    merchantAccountId: MerchantAccountId.make(account),
    totalAmountCollected,
    totalFees,
    numberOfPayins: payins.length,
    payinSettlementDate: localDate(now),
    payinSettlementCycle: cycleOf(now),
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  for (const payin of payins) {
    world.settlementDue.delete(payin.id)
    world.settledIn.set(payin.id, settlement.id)
    for (const table of [world.payinLinks, world.payinRequests])
      table.addToIndex(payin.id, "payinSettlementId", settlement.id)
  }
  world.payinSettlements.put(settlement, now)
  const from: LedgerAccount = `unsettled:${account}`
  world.books.move({ at: now, from, to: "fees", amount: totalFees, reason: settlement.id })
  world.books.move({
    at: now,
    from,
    to: settledAccount(world, account),
    amount: totalAmountCollected - totalFees,
    reason: settlement.id
  })
  world.report(
    now,
    (head) => new PayinSettlementUpdated({ ...head, eventType: "payin-settlement.update", event: settlement })
  )
  return settlement
}
