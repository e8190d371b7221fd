/**
 * The options of a simulated Palomma, checked: a test that gives a wrong one is wrong itself, and dies of it.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SimulatorOptions } from "./service.ts"

const isTime = (value: Duration.Input): boolean => {
  // `Duration` reads what is no number as zero.
  if (typeof value === "number" && Number.isNaN(value)) return false
  const parsed = Duration.fromInput(value)
  return Option.isSome(parsed) && Duration.isGreaterThanOrEqualTo(parsed.value, Duration.zero)
}

/** Dies with a `TypeError` that names every option that is wrong. */
export const check = ({ faultRate, fee, settleAfter }: SimulatorOptions): Effect.Effect<void> => {
  const problems = [
    ...(settleAfter === undefined || isTime(settleAfter)
      ? []
      : ['settleAfter must be a duration, such as "5 seconds", not negative']),
    ...(fee === undefined || (Number.isSafeInteger(fee) && fee >= 0) ? [] : ["fee must be whole pesos, not negative"]),
    ...(faultRate === undefined || (Number.isFinite(faultRate) && faultRate >= 0 && faultRate <= 1)
      ? []
      : ["faultRate must be a number from 0 to 1"])
  ]
  return problems.length === 0 ? Effect.void : Effect.die(new TypeError(`PalommaSimulator: ${problems.join("; ")}`))
}
