/**
 * Prints the matrix: `npx -y pnpm@12.21.0 faults`. The exit code is 1 if a row has an unexpected result.
 *
 * `--runtime node-22`, `node-26`, `bun` or `deno` runs it on that runtime. `--pause 60` hands each body over so many
 * milliseconds later, which shows what a later hand-over would prove. With a pause, and on Deno, only the laws are
 * checked.
 */
import * as Effect from "effect/Effect"
import { parseArgs } from "node:util"
import { controls } from "./controls.ts"
import { isDescribed, runsHere, runtime } from "./client.ts"
import { broken, judge, observe, type Row, type Seen } from "./matrix.ts"
import { measureBomb } from "./memory.ts"
import { isCreate, sections } from "./rows/index.ts"
import { runOn } from "../runtimes/runOn.ts"
import { brokenTransfer, judgeTransfer, kinds, observeTransfer, type SeenTransfer } from "./transfers.ts"

const { values } = parseArgs({
  // `pnpm faults -- --pause 60` passes the dashes on.
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { runtime: { type: "string" }, pause: { type: "string", default: "0" } }
})
const pause = Number(values.pause)

const begin = performance.now()

const errorOf = ({ detail, error }: Seen): string =>
  error === "success" ? "-" : `${error.replace(/^Palomma/, "")} ${detail}`.trim()

// The results of a payout and a debit that are sent once. They are nearly always the same.
const transferOf = (seen: ReadonlyArray<SeenTransfer>): string =>
  [
    ...new Set(
      seen.map(({ sent, state, tag }) =>
        [tag.replace(/^Transfer/, ""), state, sent === undefined ? "" : `sent: ${sent}`].join(" ").trim()
      )
    )
  ].join(" / ")

const cellsOf = (row: Row, seen: Seen, transfers: ReadonlyArray<SeenTransfer>): ReadonlyArray<string> => [
  row.fault,
  errorOf(seen),
  seen.outcome,
  seen.error === "success" ? "-" : seen.isSafeToResend ? "yes" : "no",
  isCreate(row) ? (seen.handedOver ? "yes" : "no") : "-",
  isCreate(row) ? String(seen.posts) : `${seen.gets} GET`,
  String(seen.payouts),
  transfers.length === 0 ? "-" : transferOf(transfers),
  seen.code ?? ""
]

const longestFault = Math.max(...sections.flatMap(({ rows }) => rows.map(({ fault }) => fault.length)))
const widths = [
  longestFault,
  "InvalidResponse wrong-shape".length,
  "not-sent".length,
  "safe to resend".length,
  "handed over".length,
  5,
  7,
  "OutcomeUnknown needsReview sent: unknown".length,
  0
]

const line = (cells: ReadonlyArray<string>) =>
  console.log(
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd()
  )

let count = 0
let wrong = 0
let nothingArrived = 0
const unproven: Array<string> = []

let transferCount = 0
let falseProofs = 0
let people = 0
let needless = 0

const judgeAll = (row: Row, seen: ReadonlyArray<SeenTransfer>): ReadonlyArray<string> =>
  seen.flatMap((one, i) => {
    transferCount += 1
    if (one.sent === "no" && one.posts + one.made > 0) falseProofs += 1
    if (one.state === "needsReview") people += 1
    if (one.state === "needsReview" && !one.handedOver) needless += 1
    const found = isDescribed ? judgeTransfer(row, one) : brokenTransfer(row, one)
    return found.map((text) => `${kinds[i] ?? ""}: ${text}`)
  })

const print = (row: Row, seen: Seen, transfers: ReadonlyArray<SeenTransfer>) => {
  line(cellsOf(row, seen, transfers))
  const own = isDescribed && pause === 0 ? judge(row, seen) : broken(row, seen)
  const found = [...own, ...judgeAll(row, transfers)]
  for (const text of found) console.log(`    WRONG: ${text}`)
  count += 1
  if (found.length > 0) wrong += 1
  // A custom client that got the complete body proves nothing.
  if (!isCreate(row) || seen.error === "success" || seen.posts > 0 || row.client?.fetch !== undefined) return
  nothingArrived += 1
  if (seen.outcome !== "not-sent") unproven.push(row.fault)
}

const program = Effect.gen(function* () {
  line(["fault", "error", "outcome", "safe to resend", "handed over", "POSTs", "payouts", "as a transfer", "code"])
  for (const { rows, title } of sections) {
    const here = rows.filter(runsHere)
    const seen = yield* Effect.forEach(here, (row) => observe(row, pause), { concurrency: 8 })
    const transfers = yield* Effect.forEach(
      here,
      (row) => (isCreate(row) ? Effect.forEach(kinds, (kind) => observeTransfer(row, kind)) : Effect.succeed([])),
      { concurrency: 8 }
    )
    if (here.length > 0) console.log(`\n${title}`)
    for (const [index, row] of here.entries()) {
      const one = seen[index]
      if (one !== undefined) print(row, one, transfers[index] ?? [])
    }
  }

  console.log("\nA server that pays and drops the connection, by client")
  for (const { ledger, name, paysTwice } of controls) {
    const { payouts } = yield* ledger
    const isAsMeant = payouts > 1 === paysTwice
    if (!isAsMeant) wrong += 1
    console.log(`${name}: ${payouts === 1 ? "1 payout" : `${payouts} payouts`}${isAsMeant ? "" : "  WRONG"}`)
  }

  const { risen } = yield* measureBomb
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  console.log(`
As a transfer: the results of Payouts.send and Payins.charge, the state of the row, and the reported \`sent\`. The look-up after a create
that broke goes to a correct server. Of ${transferCount} transfers ${falseProofs} are reported as not sent though the server had them, and
${people} need manual review, ${needless} of them though nothing was handed over.
Handed over: whether the library handed over the body. POSTs are those that the server received completely, payouts those that it
made. Both are counted by the server.
(recorded): cannot be made on loopback, so fetch fails as observed elsewhere.
421: Node's fetch itself repeats the request, unless its body is a stream; Palomma.layerFetch makes it one.
A response of 200 kB that decompresses to 200 MB increased the memory by ${Math.round(risen / 1e6)} MB.

Of ${nothingArrived} faults after which the server had no complete create, ${nothingArrived - unproven.length} are proven not sent. Not proven:
${unproven.map((fault) => `  ${fault}`).join("\n")}

${runtime}${pause > 0 ? `, bodies ${pause} ms late` : ""}: ${count} faults in ${seconds} s, ${wrong === 0 ? "all as expected" : `${wrong} NOT as expected`}.`)
  if (wrong + falseProofs + needless > 0) process.exitCode = 1
})

if (values.runtime !== undefined) {
  process.exitCode = runOn(values.runtime, import.meta.filename, ["--pause", values.pause])
} else await Effect.runPromise(program)
