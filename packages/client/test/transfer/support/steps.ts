/**
 * Makes steps that are known to change the row.
 */
import { assert } from "@effect/vitest"
import type { Transfer } from "../../../src/Transfer.ts"
import type { Event } from "../../../src/internal/transfer/event.ts"
import { step } from "../../../src/internal/transfer/transition.ts"
import { at, events } from "./samples.ts"

/** The row after an event that changes it. */
export const after = (row: Transfer, event: Event): Transfer => {
  const result = step(row, event, at)
  return result._tag === "Changed" ? result.row : assert.fail(`${event._tag} at ${row.state}: ${result._tag}`)
}

/** The row after a sample event that changes it. */
export const afterSample = (row: Transfer, name: keyof typeof events): Transfer => after(row, events[name](row))

/** The row after all of these events, including those that change nothing. */
export const afterAll = (row: Transfer, happened: ReadonlyArray<Event>): Transfer =>
  happened.reduce((before, event) => {
    const result = step(before, event, at)
    return result._tag === "Changed" ? result.row : before
  }, row)

/** Asserts that a row is the next version of another one, with exactly these fields changed. */
export const assertChanged = (
  result: Transfer,
  before: Transfer,
  fields: { readonly [name: string]: unknown }
): void => {
  const expected: Record<string, unknown> = { ...before, version: before.version + 1, ...fields }
  for (const name of Object.keys(fields)) if (fields[name] === undefined) delete expected[name]
  assert.deepStrictEqual<Record<string, unknown>>({ ...result }, expected)
}
