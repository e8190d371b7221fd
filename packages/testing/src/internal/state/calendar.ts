/**
 * Colombian dates, business days and settlement times.
 */
import * as DateTime from "effect/DateTime"
import { LocalDateTime } from "@palomma-effect/schema/LocalDateTime"
import { payinSettlementCycles } from "@palomma-effect/schema/PayinSettlement"

// Colombia is five hours behind UTC all year. Palomma documents no time zone. Holidays are not considered.
const offset = -5 * 3_600_000
const day = 86_400_000

const dayOf = (at: number): number => Math.floor((at + offset) / day)

const startOf = (date: number): number => date * day - offset

const hourOf = (at: number): number => (at - startOf(dayOf(at))) / 3_600_000

// 1970-01-01 was a Thursday.
const isBusinessDay = (date: number): boolean => {
  const weekday = (((date + 4) % 7) + 7) % 7
  return weekday !== 0 && weekday !== 6
}

const localIso = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at + offset)).slice(0, 19)

/** Returns the local date and time in Colombia. */
export const localTime = (at: number): LocalDateTime => LocalDateTime.make(localIso(at))

/** Returns the local date in Colombia. */
export const localDate = (at: number): string => localIso(at).slice(0, 10)

/** Returns the last second of the day that is `daysLater` days after a time. */
export const endOfDay = (at: number, daysLater: number): number => startOf(dayOf(at) + daysLater + 1) - 1000

/** Returns the first second of the day. */
export const startOfDay = (at: number): number => startOf(dayOf(at))

/** Converts a local date and time in Colombia to milliseconds since the epoch. */
export const instantOf = (local: LocalDateTime): number =>
  DateTime.toEpochMillis(DateTime.makeUnsafe(`${local}Z`)) - offset

/**
 * Returns when a payin is settled: after this number of business days, in the first cycle that is not earlier in the
 * day than its approval.
 */
export const settledAt = (approvedAt: number, businessDays: number): number => {
  const cycle = payinSettlementCycles.find((start) => start >= hourOf(approvedAt)) ?? 20
  let date = dayOf(approvedAt)
  for (let left = businessDays; left > 0;) if (isBusinessDay(++date)) left--
  return startOf(date) + cycle * 3_600_000
}

/** Returns the cycle of a settlement: the latest one of the day so far, or the first one if there was none yet. */
export const cycleOf = (at: number): number => payinSettlementCycles.findLast((start) => start <= hourOf(at)) ?? 11
