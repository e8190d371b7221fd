/**
 * The state machine of a transfer as a page shows it: a table and a diagram, made by running the steps that they print.
 */
import { Transfer, TransferAlarm, type TransferState, transferStates } from "../../../src/Transfer.ts"
import type { Event } from "../../../src/internal/transfer/event.ts"
import type { TransferRecord } from "../../../src/internal/transfer/record.ts"
import { step } from "../../../src/internal/transfer/transition.ts"
import { type Arrow, arrows, hasTrace } from "./reach.ts"
import { at, claim, content, otherContent, own, record, row } from "./samples.ts"

export const begin = "<!-- table: begin -->"
export const end = "<!-- table: end -->"

const ends: ReadonlyArray<TransferState> = ["approved", "partial", "cancelled"]

// Rows of each state, without a trace of a record at Palomma and with one.
const held = { recordId: "1" }
const plain = {
  intended: [row({ state: "intended" })],
  rejected: [row({ state: "rejected" })],
  sending: [row({ state: "sending", claim }), row({ state: "sending", claim, evidence: ["3"] })],
  unknown: [row({ state: "unknown", claim }), row({ state: "unknown", claim, ...held })],
  needsReview: ["", "1"].flatMap((recordId) =>
    [[], ["3"]].map((evidence) => row({ state: "needsReview", claim, evidence, ...(recordId === "" ? {} : held) }))
  ),
  accepted: [row({ state: "accepted", ...held })],
  end: ends.map((state) => row({ state, ...held })),
  withdrawn: [row({ state: "withdrawn" })]
}
const columns = [
  ["`intended`", plain.intended],
  ["`rejected`", plain.rejected],
  ["`sending`", plain.sending],
  ["`unknown`", plain.unknown],
  ["`needsReview`", plain.needsReview],
  ["`accepted`", plain.accepted],
  ["a final status", plain.end],
  ["`withdrawn`", plain.withdrawn]
] as const

interface Line {
  readonly text: string
  readonly event: (row: Transfer) => Event
  /** Whether it can happen to a row at all. */
  readonly of?: (row: Transfer) => boolean
}

const id = ({ recordId }: Transfer): string => recordId ?? "1"
const isEnd = ({ state }: Transfer): boolean => ends.includes(state)
const error = "what went wrong"
const decision = { by: "ana", note: "asked", notOurs: [] }
const seen = (row: Transfer, fields: Partial<TransferRecord>): Event => ({
  _tag: "seen",
  record: record(id(row), fields)
})
const otherEnd = ({ state }: Transfer): { readonly status: TransferRecord["status"] } => ({
  status: state === "cancelled" ? "approved" : "cancelled"
})
const sameEnd = ({ state }: Transfer): { readonly status: TransferRecord["status"] } => ({
  status: state === "partial" || state === "cancelled" ? state : "approved"
})

const lines: ReadonlyArray<Line> = [
  {
    text: "A process claims it, to send it",
    event: ({ version }) => ({ _tag: "claimed", claim: { id: "claim-9", length: 65_000 }, version, content })
  },
  {
    text: "`intend` gives it to a worker",
    event: ({ version }) => ({ _tag: "carried", version, content })
  },
  {
    text: "`adopt` claims it, then its answer is lost",
    event: () => ({ _tag: "adopted", claim: { id: "claim-9" } })
  },
  { text: "Its request is proven not to have been sent", event: () => ({ _tag: "notSent", claim: own, error }) },
  { text: "Palomma rejected its request", event: () => ({ _tag: "rejected", claim: own, error }) },
  {
    text: "Palomma answered its request with other content",
    event: (row) => ({ _tag: "answered", claim: own, record: record(id(row), otherContent) })
  },
  { text: "The answer was lost", event: () => ({ _tag: "answerLost", claim: own, error }) },
  {
    text: "The answer was lost, but its id was read",
    event: (row) => ({ _tag: "answerLost", claim: own, recordId: id(row), error })
  },
  { text: "Its claim expired", event: () => ({ _tag: "expired", claim: own }) },
  { text: "Palomma shows it, not final", event: (row) => seen(row, {}) },
  { text: "Palomma shows it, with a final status", event: (row) => seen(row, sameEnd(row)) },
  { text: "Palomma shows another final status than before", of: isEnd, event: (row) => seen(row, otherEnd(row)) },
  { text: "Palomma shows it with other content", event: (row) => seen(row, otherContent) },
  {
    text: "Palomma shows a second record of it",
    of: ({ recordId }) => recordId !== undefined,
    event: () => ({ _tag: "seen", record: record("2") })
  },
  {
    text: "Palomma shows a record that may be the transfer",
    event: () => ({ _tag: "seen", record: record("2", { reference: undefined }) })
  },
  {
    text: "The time to find it is over",
    event: ({ version }) => ({ _tag: "absent", version, error })
  },
  {
    text: "A person decides: not paid",
    event: ({ recordId, version }) => ({
      _tag: "resolvedNotPaid",
      version,
      incomplete: false,
      ...decision,
      notOurs: recordId === undefined ? [] : [recordId]
    })
  },
  {
    text: "A person decides: paid, this record",
    event: (row) => ({ _tag: "resolvedPaid", version: row.version, record: record(id(row)), ...decision })
  },
  {
    text: "A person withdraws it",
    event: ({ recordId, version }) => ({
      _tag: "withdrawn",
      version,
      ...decision,
      notOurs: recordId === undefined ? [] : [recordId]
    })
  },
  {
    text: "The program is told, with `markTold`",
    event: ({ version }) => ({ _tag: "told", version })
  },
  {
    text: "A person acknowledges the alarm",
    event: (row) => ({
      _tag: "acknowledged",
      version: row.version,
      record: record(id(row), row.state === "accepted" ? { status: "approved" } : otherEnd(row)),
      ...decision
    })
  }
]

// A withdrawn row with an alarm also has the record that raised it.
const withAlarm = (row: Transfer): Transfer =>
  new Transfer({
    ...row,
    ...(row.state === "withdrawn" ? held : {}),
    alarm: new TransferAlarm({ kind: "changed-final", records: ["1"], at })
  })

const nothing = "–"

const outcome = (before: Transfer, event: Event): string => {
  const result = step(before, event, at)
  if (result._tag !== "Changed") return result._tag === "Same" ? nothing : "refused"
  const { row } = result
  const isShown = event._tag === "acknowledged" && event.record?.status === row.state
  const news = [
    ...(row.state === before.state
      ? []
      : [isShown ? "present status" : isEnd(row) ? "final status" : `\`${row.state}\``]),
    ...(row.alarm === undefined ? [] : ["alarm"]),
    ...(before.alarm !== undefined && row.alarm === undefined ? ["alarm closed"] : [])
  ]
  return news.length === 0 ? "recorded" : news.join(", ")
}

const cell = ({ event, of = () => true, text }: Line, rows: ReadonlyArray<Transfer>): string => {
  const outcomes = (some: ReadonlyArray<Transfer>): ReadonlyArray<string> => [
    ...new Set(
      some
        .filter(of)
        .map((row) => (event(row)._tag === "acknowledged" ? withAlarm(row) : row))
        .map((row) => outcome(row, event(row)))
    )
  ]
  const all = outcomes(rows)
  if (all.length < 2) return all[0] ?? ""
  // A trace that the row has already changes nothing.
  if (all.every((one) => one === nothing || one === "recorded")) return "recorded"
  const without = outcomes(rows.filter((row) => !hasTrace(row)))
  const traced = outcomes(rows.filter(hasTrace))
  if (without.length > 1 || traced.length > 1) throw new Error(`"${text}" is too much for one cell: ${all.join()}`)
  return `${without.join()}; traced: ${traced.join()}`
}

const markdown = (head: ReadonlyArray<string>, body: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((line) => line[i]?.length ?? 0)))
  const written = (line: ReadonlyArray<string>) =>
    `| ${line.map((text, i) => text.padEnd(widths[i] ?? 0)).join(" | ")} |`
  return [written(head), written(widths.map((width) => "-".repeat(width))), ...body.map(written)].join("\n")
}

/** Returns the table: the result of each event in each state. States with equal results share a column. */
export const table = (): string => {
  const merged = new Map<string, ReadonlyArray<string>>()
  for (const [name, rows] of columns) {
    const cells = lines.map((line) => cell(line, rows))
    const same = [...merged].find(([, others]) => others.join("|") === cells.join("|"))?.[0]
    if (same !== undefined) merged.delete(same)
    merged.set(same === undefined ? name : `${same}, ${name}`, cells)
  }
  const all = [...merged]
  return markdown(
    ["what happens", ...all.map(([name]) => name)],
    lines.map(({ text }, i) => [text, ...all.map(([, cells]) => cells[i] ?? "")])
  )
}

const nodeOf = (state: TransferState): string => (ends.includes(state) ? "ended" : state)

interface Label {
  readonly text: string
  readonly by: ReadonlyArray<Event["_tag"]>
  readonly from?: ReadonlyArray<string>
  readonly to?: ReadonlyArray<string>
}

// The labels of the arrows, in the order in which a transfer passes them.
const labels: ReadonlyArray<Label> = [
  { text: "claimed", by: ["claimed"] },
  { text: "adopted", by: ["adopted"] },
  { text: "given to a worker", by: ["carried"] },
  { text: "not sent", by: ["notSent"] },
  { text: "rejected by Palomma", by: ["rejected"] },
  { text: "answered", by: ["answered"], from: ["sending"], to: ["accepted"] },
  { text: "answered with other content", by: ["answered"], to: ["needsReview"] },
  { text: "answer lost or claim expired", by: ["answerLost", "expired"], from: ["sending"] },
  { text: "late answer with an id", by: ["answerLost"], from: ["intended", "rejected"] },
  { text: "similar or different record", by: ["seen"], to: ["needsReview"] },
  { text: "final status", by: ["seen"], from: ["accepted"], to: ["ended"] },
  { text: "not found in time", by: ["absent", "gaveUp"] },
  { text: "person: not paid", by: ["resolvedNotPaid"] },
  { text: "withdrawn", by: ["withdrawn"] }
]

// The text below the diagram describes these changes, since they would be an arrow from almost every state.
const isDescribed = ({ by, from, to }: Arrow): boolean => {
  if (by === "acknowledged") return true
  const isOpen = !ends.includes(from) && from !== "withdrawn"
  return isOpen && (to === "accepted" || ends.includes(to)) && ["answered", "seen", "resolvedPaid"].includes(by)
}

const labelOf = (arrow: Arrow): Label | undefined =>
  labels.find(
    ({ by, from, to }) =>
      by.includes(arrow.by) && (from?.includes(nodeOf(arrow.from)) ?? true) && (to?.includes(nodeOf(arrow.to)) ?? true)
  )

/** Returns the diagram: each possible change of state, except those that the text below it describes. */
export const diagram = (): string => {
  const drawn = new Map<string, Set<string>>()
  const place = ({ from, to }: Arrow): number => 100 * transferStates.indexOf(from) + transferStates.indexOf(to)
  for (const arrow of arrows().toSorted((a, b) => place(a) - place(b))) {
    const label = labelOf(arrow)
    if (label === undefined && !isDescribed(arrow))
      throw new Error(`the diagram has no arrow for ${JSON.stringify(arrow)}`)
    if (label === undefined) continue
    const name = `${nodeOf(arrow.from)} --> ${nodeOf(arrow.to)}`
    drawn.set(name, (drawn.get(name) ?? new Set()).add(arrow.isTraced ? `${label.text} (traced)` : label.text))
  }
  const order = labels.flatMap(({ text }) => [text, `${text} (traced)`])
  return [
    "```mermaid",
    "stateDiagram-v2",
    '  state "approved, partial or cancelled" as ended',
    "  [*] --> intended",
    ...[...drawn].map(([name, texts]) => `  ${name}: ${order.filter((text) => texts.has(text)).join(" / ")}`),
    "```"
  ].join("\n")
}

/** Returns the generated part of the page. */
export const printed = (): string =>
  [
    diagram(),
    "",
    "From every state except a final status and `withdrawn`, a record that is the same payment changes the state to",
    "`accepted` or to the final status that the record shows. A final status or `withdrawn` changes only when a person",
    "acknowledges an alarm: the transfer then takes the present status at Palomma.",
    "",
    table(),
    "",
    "- `–`: nothing changes. _recorded_: the row keeps the id, and its state. _traced_: the row has an id of a record that",
    "  is or may be the transfer.",
    "- _Its_ request, answer and claim belong to the present claim of the row. Of an earlier claim, only a record or an id",
    "  counts.",
    "- A claim, `markTold`, a decision of a person and the end of the time to find the transfer count only if the row has",
    "  not changed since it was read.",
    "- `intend` with other content is refused in every state. A new state, a new alarm or another collected amount ends",
    "  what `markTold` recorded."
  ].join("\n")

/** Replaces the generated part of a page. */
export const withTable = (page: string, print: () => string = printed): string => {
  const [before = "", ...behind] = page.split(begin)
  const [, after, ...more] = (behind[0] ?? "").split(end)
  if (behind.length !== 1 || after === undefined || more.length > 0 || before.includes(end)) {
    throw new Error(`the page needs one ${begin} and one ${end} behind it`)
  }
  return `${before}${begin}\n\n${print()}\n\n${end}${after}`
}
