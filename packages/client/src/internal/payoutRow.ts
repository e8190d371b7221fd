/**
 * What a row of the journal becomes. Every change of a row is one of these.
 */
import { type PayoutRequest, PayoutStatus } from "@palomma-effect/schema"
import { PayoutRow, type PayoutState } from "../PayoutJournal.ts"
import type { PayoutIntent } from "../PayoutsService.ts"

/** Whether a row, or a payout in flight, is of the same target, amount and source account. */
export const isSameContent = (
  row: Pick<PayoutIntent, "payoutTargetId" | "amount" | "sourceMerchantAccountId">,
  intent: PayoutIntent
): boolean =>
  row.payoutTargetId === intent.payoutTargetId &&
  row.amount === intent.amount &&
  row.sourceMerchantAccountId === intent.sourceMerchantAccountId

const content = (intent: PayoutIntent) => ({
  reference: intent.reference,
  payoutTargetId: intent.payoutTargetId,
  amount: intent.amount,
  ...(intent.sourceMerchantAccountId === undefined ? {} : { sourceMerchantAccountId: intent.sourceMerchantAccountId })
})

// What is told of an earlier stage does not outlive it: only the count of claims and a person's word do.
const moved = (
  row: PayoutRow,
  now: number,
  change: { readonly state: PayoutState } & Partial<Omit<PayoutRow, "version" | "updatedAt">>
): PayoutRow =>
  new PayoutRow({
    environment: row.environment,
    ...content(row),
    claims: row.claims,
    ...(row.resolution === undefined ? {} : { resolution: row.resolution }),
    ...change,
    version: row.version + 1,
    updatedAt: now
  })

const claim = (row: PayoutRow) => (row.claimedAt === undefined ? {} : { claimedAt: row.claimedAt })

/** A new intent. */
export const intended = (environment: string, intent: PayoutIntent, now: number): PayoutRow =>
  new PayoutRow({ environment, ...content(intent), state: "intended", version: 1, claims: 0, updatedAt: now })

/** Claimed for sending, with the content of the intent at hand: nothing exists at Palomma yet. */
export const sending = (row: PayoutRow, intent: PayoutIntent, now: number, deadlineAt: number): PayoutRow =>
  moved({ ...row, ...content(intent) }, now, { state: "sending", claims: row.claims + 1, claimedAt: now, deadlineAt })

/** Proven not to have been sent. */
export const unsent = (row: PayoutRow, now: number, lastError: string): PayoutRow =>
  moved(row, now, { state: "intended", lastError })

/** Refused by Palomma. */
export const rejected = (row: PayoutRow, now: number, lastError: string): PayoutRow =>
  moved(row, now, { state: "rejected", ...claim(row), lastError })

/** It may have been sent. */
export const unknown = (row: PayoutRow, now: number, lastError: string): PayoutRow =>
  moved(row, now, { state: "unknown", ...claim(row), lastError })

/** Look-ups did not find it in time. */
export const needsAttention = (row: PayoutRow, now: number, lastError: string): PayoutRow =>
  moved(row, now, { state: "needsAttention", ...claim(row), lastError })

/** Found at Palomma, or made there just now. */
export const found = (row: PayoutRow, now: number, payout: PayoutRequest): PayoutRow =>
  moved(row, now, {
    state: PayoutStatus.match(payout.status, {
      processing: () => "accepted" as const,
      approved: () => "approved" as const,
      cancelled: () => "cancelled" as const,
      Unrecognized: () => "accepted" as const
    }),
    ...claim(row),
    payoutRequestId: payout.id
  })

/** Settled by a person. */
export const resolved = (
  row: PayoutRow,
  now: number,
  resolution: NonNullable<PayoutRow["resolution"]>,
  payoutRequestId: PayoutRow["payoutRequestId"]
): PayoutRow =>
  moved(row, now, {
    resolution,
    ...(payoutRequestId === undefined
      ? { state: "intended" as const }
      : { state: "accepted" as const, payoutRequestId })
  })
