/**
 * Why a person has to find out what became of a transfer.
 */
import type { Transfer } from "@palomma-effect/client"
import { nameOf } from "./name.ts"
import type { Said } from "./said.ts"

/** Why, in the order of a report. */
export const causes = [
  "its process was killed before the body was handed over",
  "its process was killed after that",
  "its answer was lost",
  "nothing was handed over and its process lived",
  "nothing that was seen explains it"
] as const

/** Why a person has to find out. */
export type Cause = (typeof causes)[number]

/** Those that must never be. */
export const avoidable: ReadonlyArray<Cause> = causes.slice(3)

const isOf =
  (row: Transfer) =>
  (line: Said): boolean =>
    nameOf(line) === nameOf(row)

/** What the lives of a program said of the last claim of a row tells why. */
export const causeOf = (row: Transfer, lives: ReadonlyArray<ReadonlyArray<Said>>): Cause => {
  for (const said of lives) {
    const lines = said.filter(isOf(row))
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

/** How often each cause was one. */
export const count = (found: ReadonlyArray<Cause>): ReadonlyArray<readonly [Cause, number]> =>
  causes.map((cause) => [cause, found.filter((one) => one === cause).length] as const)
