/**
 * Tables of expected steps, written as text and parsed into one expectation per cell.
 *
 * - `=`: the row is unchanged. Before other marks, its state is.
 * - `refused`, or `refused record` with the reason.
 * - the name of a state: the row has this state now.
 * - `#1`: its record becomes 1. `#-`: it has no record any more.
 * - `+ev`: the record of the event is evidence now. `-ev`: no evidence is left.
 * - `written`: another field of the row changed.
 * - `differs!` and the like: an alarm of that kind holds the record of the event. `-alarm`: the alarm is removed.
 *
 * Everything else is unchanged.
 */
import { assert } from "@effect/vitest"
import type { Transfer } from "../../../src/Transfer.ts"
import type { Step } from "../../../src/internal/transfer/change.ts"
import type { Event } from "../../../src/internal/transfer/event.ts"
import { step } from "../../../src/internal/transfer/transition.ts"
import { at, events, isEvent, isRow, rows } from "./samples.ts"

export interface Cell {
  readonly event: keyof typeof events
  readonly row: keyof typeof rows
  readonly expected: string
}

const split = (line: string): ReadonlyArray<string> =>
  line
    .split("|")
    .map((part) => part.trim())
    .filter((_, i, all) => i > 0 && i < all.length - 1)

const named = <Name extends string>(is: (name: string) => name is Name, name: string): Name => {
  if (!is(name)) throw new Error(`there is no sample of the name "${name}"`)
  return name
}

/** Parses a table: its first line names the rows, and each other line an event and its results. */
export const read = (table: string): ReadonlyArray<Cell> => {
  const [head = "", ...lines] = table.trim().split("\n")
  const columns = split(head)
    .slice(1)
    .map((name) => named(isRow, name))
  return lines.flatMap((line) => {
    const [event = "", ...cells] = split(line)
    assert.strictEqual(cells.length, columns.length, `the cells of "${event}"`)
    return columns.map((row, i) => ({ event: named(isEvent, event), row, expected: cells[i] ?? "" }))
  })
}

const idOf = (event: Event): string | undefined =>
  "record" in event ? event.record?.id : "recordId" in event ? event.recordId : undefined

const facts = ({ alarm, evidence, recordId, state }: Transfer) => ({ state, recordId, evidence, alarm: alarm?.kind })

const isMark = (mark: string): boolean => /^(#.|[+-]ev|-alarm|[a-z-]+!)$/.test(mark)

const expectedFacts = (before: Transfer, event: Event, marks: ReadonlyArray<string>): ReturnType<typeof facts> => {
  const id = idOf(event)
  const expected = facts(before)
  for (const mark of marks) {
    if (mark === "=" || mark === "written") continue
    if (!isMark(mark)) expected.state = mark as Transfer["state"]
    else if (mark.startsWith("#")) expected.recordId = mark === "#-" ? undefined : mark.slice(1)
    else if (mark === "-ev") expected.evidence = []
    else if (mark === "+ev") expected.evidence = [...new Set([...before.evidence, id ?? "no record"])]
    else if (mark === "-alarm") expected.alarm = undefined
    else expected.alarm = mark.slice(0, -1) as NonNullable<Transfer["alarm"]>["kind"]
  }
  return expected
}

const assertAlarm = (before: Transfer, after: Transfer, event: Event, isRaised: boolean, what: string): void => {
  if (isRaised) {
    assert.include(after.alarm?.records ?? [], idOf(event), what)
    assert.includeMembers([...(after.alarm?.records ?? [])], [...(before.alarm?.records ?? [])], what)
    assert.notDeepEqual(after.alarm, before.alarm, what)
    assert.strictEqual(after.alarm?.at, before.alarm?.at ?? at, what)
  } else if (after.alarm !== undefined) assert.deepStrictEqual(after.alarm, before.alarm, what)
}

/** Makes the step of a cell, and compares it with the expectation. */
export const check = ({ event: eventName, expected, row: rowName }: Cell): void => {
  const before: Transfer = rows[rowName]
  const event: Event = events[eventName](before)
  const what = `${eventName} | ${rowName} | ${expected}`
  const result: Step = step(before, event, at)
  const [first = "", ...rest] = expected.split(/\s+/)
  if (first === "refused") {
    assert.strictEqual(result._tag, "Refused", what)
    if (result._tag === "Refused" && rest.length > 0) assert.strictEqual(result.reason, rest.join(" "), what)
    return
  }
  if (expected === "=") return assert.deepStrictEqual(result, { _tag: "Same" }, what)
  const row = result._tag === "Changed" ? result.row : assert.fail(`${what}: ${result._tag}`)
  const marks = [first, ...rest]
  assert.deepStrictEqual(facts(row), expectedFacts(before, event, marks), what)
  assertAlarm(
    before,
    row,
    event,
    marks.some((mark) => mark.endsWith("!")),
    what
  )
  assert.strictEqual(row.version, before.version + 1, what)
}
