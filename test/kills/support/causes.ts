/** Why a transfer needs manual review. */
import type { Transfer } from "@palomma-effect/client"
import { nameOf } from "./name.ts"
import type { Report } from "./reports.ts"

/** The causes, in the order of a report. */
export const causes = [
  "its process was killed before the body was handed over",
  "its process was killed after that",
  "its response was lost",
  "nothing was handed over and its process did not stop",
  "no observation explains it"
] as const

/** A cause of manual review. */
export type Cause = (typeof causes)[number]

/** Causes that must never occur. */
export const avoidable: ReadonlyArray<Cause> = causes.slice(3)

const isOf =
  (row: Transfer) =>
  (line: Report): boolean =>
    "reference" in line && nameOf(line) === nameOf(row)

/** The cause, from what the lives of a program reported of a row's last claim. */
export const causeOf = (row: Transfer, lives: ReadonlyArray<ReadonlyArray<Report>>): Cause => {
  for (const reports of lives) {
    const lines = reports.filter(isOf(row))
    const begin = lines.findIndex((line) => line.is === "claiming" && line.claim === row.claim?.id)
    if (begin < 0) continue
    const rest = lines.slice(begin + 1)
    const result = rest.findIndex((line) => line.is === "result")
    const ofClaim = result < 0 ? rest : rest.slice(0, result)
    const isHandedOver = ofClaim.some((line) => line.is === "handedOver")
    if (result < 0) return isHandedOver ? causes[1] : causes[0]
    return isHandedOver ? causes[2] : causes[3]
  }
  return causes[4]
}

/** The number of occurrences of each cause. */
export const count = (found: ReadonlyArray<Cause>): ReadonlyArray<readonly [Cause, number]> =>
  causes.map((cause) => [cause, found.filter((one) => one === cause).length] as const)
