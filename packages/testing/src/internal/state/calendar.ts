import * as DateTime from "effect/DateTime"
import { LocalDateTime } from "@palomma-effect/schema/LocalDateTime"
import { payinSettlementCycles } from "@palomma-effect/schema/PayinSettlement"

// Colombia keeps one time all year, five hours behind UTC. Palomma names no zone; its holidays are not known here.
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

const shown = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at + offset)).slice(0, 19)

/** What a clock in Colombia shows. */
export const localTime = (at: number): LocalDateTime => LocalDateTime.make(shown(at))

/** What a calendar in Colombia shows. */
export const localDate = (at: number): string => shown(at).slice(0, 10)

/** The last second of the day that is so many days after another. */
export const endOfDay = (at: number, daysLater: number): number => startOf(dayOf(at) + daysLater + 1) - 1000

/** The first second of the day. */
export const startOfDay = (at: number): number => startOf(dayOf(at))

/** When a clock in Colombia shows a time. */
export const instantOf = (local: LocalDateTime): number =>
  DateTime.toEpochMillis(DateTime.makeUnsafe(`${local}Z`)) - offset

/** When what was approved at some time is settled: so many business days later, in that day's first cycle that is not earlier. */
export const settledAt = (approvedAt: number, businessDays: number): number => {
  const cycle = payinSettlementCycles.find((start) => start >= hourOf(approvedAt)) ?? 20
  let date = dayOf(approvedAt)
  for (let left = businessDays; left > 0;) if (isBusinessDay(++date)) left--
  return startOf(date) + cycle * 3_600_000
}

/** The cycle that a settlement made at some time belongs to: the latest of the day, or the first before any. */
export const cycleOf = (at: number): number => payinSettlementCycles.findLast((start) => start <= hourOf(at)) ?? 11
