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
import type { Place } from "./books.ts"
import { nextId, timestamp, type World } from "./world.ts"

/**
 * How something ends.
 *
 * @category options
 * @since 0.1.0
 */
export interface StatusChange<Status> {
  readonly status: Status
  /** Why it was cancelled; `ERROR` by default. Left out of anything that was not. */
  readonly statusMessage?: StatusMessage | undefined
}

/**
 * How a payin request ends.
 *
 * @category options
 * @since 0.1.0
 */
export interface PayinStatusChange extends StatusChange<PayinStatus> {
  /** What was debited, in pesos. Default: the whole amount, and half of it if it ends as `partial`. */
  readonly amountCollected?: number | undefined
}

/** The fields of a record with another status. */
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

/** Gives a payout target another status. */
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

/** Gives a payin source another status. */
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

interface Places {
  readonly amount: Place
  readonly fee: Place
}

const drawnOn = (payout: PayoutRequest): Places => {
  const account: Place = `available:${payout.sourceMerchantAccountId ?? "default"}`
  return { amount: account, fee: account }
}

// Where the money of a payout is while it has a status; under a status that is not documented it is on its way, unless it came back.
const placesOf = (payout: PayoutRequest, isReturned: boolean): Places =>
  isReturned
    ? drawnOn(payout)
    : PayoutStatus.match(payout.status, {
        processing: (): Places => ({ amount: "transit", fee: "transit" }),
        approved: (): Places => ({ amount: "recipients", fee: "fees" }),
        cancelled: () => drawnOn(payout),
        Unrecognized: (): Places => ({ amount: "transit", fee: "transit" })
      })

/** Writes a payout down, new or changed, and moves its money to where its status says. */
export const putPayout = (world: World, payout: PayoutRequest, now: number, isReturned = false): void => {
  const before = world.payoutRequests.get(payout.id)
  const from = before === undefined ? drawnOn(payout) : placesOf(before, world.returned.has(payout.id))
  const to = placesOf(payout, isReturned)
  world.payoutRequests.put(payout, now)
  if (isReturned) world.returned.add(payout.id)
  else world.returned.delete(payout.id)
  world.books.move({ at: now, from: from.amount, to: to.amount, amount: payout.amount, reason: payout.id })
  world.books.move({ at: now, from: from.fee, to: to.fee, amount: payout.fee ?? 0, reason: payout.id })
}

/** Gives a payout another status and moves its money accordingly. */
export const setPayoutStatus = (
  world: World,
  payout: PayoutRequest,
  change: StatusChange<PayoutStatus>,
  now: number
): PayoutRequest => {
  return changePayout(world, payout, change, false, now)
}

/** Lets the money of a payout come back, under `cancelled` or a status that is not documented. */
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

const isGateway = (world: World, account: string): boolean => world.settings.gateways.includes(account)

const settledPlace = (world: World, account: string): Place =>
  isGateway(world, account) ? "withdrawn" : `available:${account}`

const accountOf = (payin: Payin): string => payin.targetMerchantAccountId ?? "default"

// What was collected is in the merchant's account, settled or not; a payin that is taken back gives it back from there.
const collect = (world: World, before: Payin, after: Payin, businessDays: number, now: number): void => {
  const account = accountOf(after)
  const to: Place = world.settledIn.has(after.id) ? settledPlace(world, account) : `unsettled:${account}`
  const more = (after.amountCollected ?? 0) - (before.amountCollected ?? 0)
  world.books.move(
    more >= 0
      ? { at: now, from: "payers", to, amount: more, reason: after.id }
      : { at: now, from: to, to: "payers", amount: -more, reason: after.id }
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

// One settlement takes all payins of an account that are due by then, so one is enough.
const scheduleCycle = (world: World, account: string, due: number): void => {
  const cycle = `${due} ${account}`
  if (world.cyclesDue.has(cycle)) return
  world.cyclesDue.add(cycle)
  world.schedule(due, (at) => {
    world.cyclesDue.delete(cycle)
    settle(world, account, at, at)
  })
}

/** Gives a payin link another status and moves its money accordingly. */
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

/** Gives a payin request another status and moves its money accordingly. */
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

/** Hands over what an account collected and was due by some time. Makes no settlement if there is nothing to hand over. */
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
      table.file(payin.id, "payinSettlementId", settlement.id)
  }
  world.payinSettlements.put(settlement, now)
  const from: Place = `unsettled:${account}`
  world.books.move({ at: now, from, to: "fees", amount: totalFees, reason: settlement.id })
  world.books.move({
    at: now,
    from,
    to: settledPlace(world, account),
    amount: totalAmountCollected - totalFees,
    reason: settlement.id
  })
  world.report(
    now,
    (head) => new PayinSettlementUpdated({ ...head, eventType: "payin-settlement.update", event: settlement })
  )
  return settlement
}
