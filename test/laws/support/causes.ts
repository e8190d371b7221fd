/** The transfers that need manual review, and why. */
import type { Transfer } from "@palomma-effect/client"
import * as fs from "node:fs"
import { LawBroken } from "./judge.ts"
import { nameOf, type World } from "./world.ts"

/** How many transfers needed manual review, by cause. */
export interface Causes {
  readonly counts: Map<string, number>
  /** How many transfers were started. */
  transfers: number
  readonly seen: WeakMap<World, Set<string>>
}

/** No causes yet. */
export const noCauses = (): Causes => ({ counts: new Map(), transfers: 0, seen: new WeakMap() })

const wasHandedOver = (world: World, row: Transfer): boolean =>
  world.wire.requests.some(
    ({ isHandedOver, kind, reference }) => isHandedOver && kind === row.kind && reference === row.reference
  )

const showsOther = ({ evidence, recordId }: Transfer): boolean => evidence.length > 0 || recordId !== undefined

const nothingSent = "nothing was sent, and its process did not stop"

const causeOf = (world: World, row: Transfer): string => {
  if (showsOther(row) && !wasHandedOver(world, row))
    return "nothing was sent, and Palomma shows a record that may match"
  if (world.restored !== undefined) return "the journal was restored"
  if (wasHandedOver(world, row)) {
    return showsOther(row)
      ? "it was sent, and Palomma shows it with other content"
      : "it was sent, and no response and no list showed it"
  }
  if (world.troubled.has(nameOf(row.kind, row.reference))) {
    return "nothing was sent, but its process or journal stopped or failed"
  }
  return nothingSent
}

const inReview = ({ journal }: World): ReadonlyArray<Transfer> =>
  journal.rows().filter(({ state }) => state === "needsReview")

/** Counts the transfers that newly need manual review. */
export const note = (causes: Causes, world: World): void => {
  const seen = causes.seen.get(world) ?? new Set<string>()
  causes.seen.set(world, seen)
  for (const row of inReview(world)) {
    const name = `${nameOf(row.kind, row.reference)} ${row.claims}`
    if (seen.has(name)) continue
    seen.add(name)
    const cause = causeOf(world, row)
    causes.counts.set(cause, (causes.counts.get(cause) ?? 0) + 1)
  }
}

/**
 * Fails if a transfer needs manual review or is in doubt although its body was not handed over and its process did not
 * stop.
 */
export const requireNoneNeeded = (world: World): void => {
  for (const row of world.journal.rows()) {
    const isInDoubt = row.state === "needsReview" || row.state === "unknown"
    if (isInDoubt && causeOf(world, row) === nothingSent) {
      throw new LawBroken(
        `${row.kind} "${row.reference}" is ${row.state}, though nothing of it was sent and its process did not stop: ${row.lastError ?? ""}`
      )
    }
  }
}

/** The transfers that needed manual review, one line for each cause. */
export const report = (title: string, { counts, transfers }: Causes): string =>
  [
    `${title}: ${transfers} transfers. Manual review was needed by:`,
    ...[...counts].sort(([, a], [, b]) => b - a).map(([cause, count]) => `  ${count} ${cause}`),
    ""
  ].join("\n")

/**
 * Prints a report if LAW_REPORT is set, and adds it to the summary of a CI run. A successful run prints nothing else.
 */
export const publish = (text: string): void => {
  const { GITHUB_STEP_SUMMARY, LAW_REPORT } = process.env
  if (LAW_REPORT !== undefined) process.stdout.write(text)
  if (GITHUB_STEP_SUMMARY !== undefined) fs.appendFileSync(GITHUB_STEP_SUMMARY, `\n\`\`\`text\n${text}\`\`\`\n`)
}
