/** Journals that violate a law of times. */
import { Transfer } from "@palomma-effect/client/Transfer"
import { ClassJournal } from "./ClassJournal.ts"
import { ageing, type Broken, leaving, replacing, timed } from "./parts.ts"

const times = {
  now: "has a clock in whole milliseconds that is never before a time that it wrote",
  inserted: "sets the times of a new row with its own clock",
  replaced: "keeps createdAt, and sets updatedAt with its own clock, when it replaces a row",
  left: "sets leftSendingAt with its own clock each time a row leaves sending",
  stays: "keeps leftSendingAt while a row does not leave sending",
  age: "lists rows by the time since their last change"
}

const isLeaving = (before: Transfer, row: Transfer) => before.state === "sending" && row.state !== "sending"

export const timing: ReadonlyArray<Broken> = [
  ["returns the time of a clock that is behind", times.now, timed((at) => at - 1_000)],
  ["returns a fraction of a millisecond", times.now, timed((at) => at + 0.5)],
  ["tells seconds", times.now, timed((at) => Math.floor(at / 1_000))],
  [
    "stores the caller's times of a new row",
    times.inserted,
    () =>
      new (class extends ClassJournal {
        protected override inserted(row: Transfer) {
          return row
        }
      })()
  ],
  [
    "treats a new row as one that left sending",
    times.inserted,
    () =>
      new (class extends ClassJournal {
        protected override inserted(row: Transfer, at: number) {
          return new Transfer({ ...super.inserted(row, at), leftSendingAt: at })
        }
      })()
  ],
  [
    "sets createdAt with each write",
    times.replaced,
    replacing((stored, _, __, at) => new Transfer({ ...stored, createdAt: at }))
  ],
  [
    "stores the caller's createdAt",
    times.replaced,
    replacing((stored, _, replacement) => new Transfer({ ...stored, createdAt: replacement.createdAt }))
  ],
  [
    "stores the caller's updatedAt",
    times.replaced,
    replacing((stored, _, replacement) => new Transfer({ ...stored, updatedAt: replacement.updatedAt }))
  ],
  [
    "keeps updatedAt",
    times.replaced,
    replacing((stored, before) => new Transfer({ ...stored, updatedAt: before.updatedAt }))
  ],
  ["does not set leftSendingAt", times.left, leaving((before) => before.leftSendingAt)],
  [
    "sets leftSendingAt once",
    times.left,
    leaving((before, row, at) => before.leftSendingAt ?? (isLeaving(before, row) ? at : undefined))
  ],
  ["stores the caller's leftSendingAt", times.left, leaving((_, row) => row.leftSendingAt)],
  [
    "sets leftSendingAt only if the outcome is unknown",
    times.left,
    leaving((before, row, at) => (isLeaving(before, row) && row.state === "unknown" ? at : before.leftSendingAt))
  ],
  [
    "sets leftSendingAt with each change",
    times.stays,
    leaving((_, row, at) => (row.state === "sending" ? undefined : at))
  ],
  [
    "forgets leftSendingAt with a new claim",
    times.stays,
    leaving((before, row, at) =>
      isLeaving(before, row) ? at : row.state === "sending" ? undefined : before.leftSendingAt
    )
  ],
  [
    "stores the caller's leftSendingAt of a row that stays",
    times.stays,
    leaving((before, row, at) => (isLeaving(before, row) ? at : row.leftSendingAt))
  ],
  ["lists rows of any age", times.age, ageing(() => true)],
  ["lists only younger rows", times.age, ageing((row, age, at) => at - row.updatedAt < age)],
  ["treats a row of that age as younger", times.age, ageing((row, age, at) => at - row.updatedAt > age + 1_000)],
  ["measures the age from the insert", times.age, ageing((row, age, at) => at - row.createdAt >= age)]
]
