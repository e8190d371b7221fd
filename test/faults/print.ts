/**
 * Prints the matrix: `npx -y pnpm@12.21.0 faults`. Ends with 1 if a row is not as it must be.
 *
 * `--runtime node-22`, `node-26`, `bun` or `deno` runs it there. `--pause 60` hands each body over so many milliseconds later, which
 * shows what that would prove. Then, and on Deno, the rows are judged by the laws alone.
 */
import * as Effect from "effect/Effect"
import { parseArgs } from "node:util"
import { controls } from "./controls.ts"
import { broken, isDescribed, judge, observe, type Row, runsHere, runtime, type Seen } from "./matrix.ts"
import { measureBomb } from "./memory.ts"
import { sections } from "./rows/index.ts"
import { runOn } from "./runtimes.ts"

const { values } = parseArgs({
  // `pnpm faults -- --pause 60` passes the dashes on.
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { runtime: { type: "string" }, pause: { type: "string", default: "0" } }
})
const pause = Number(values.pause)

const begin = performance.now()

const errorOf = ({ detail, error }: Seen): string =>
  error === "success" ? "-" : `${error.replace(/^Palomma/, "")} ${detail}`.trim()

const isCreate = ({ call = "create" }: Row): boolean => call === "create"

const cellsOf = (row: Row, seen: Seen): ReadonlyArray<string> => [
  row.fault,
  errorOf(seen),
  seen.outcome,
  seen.error === "success" ? "-" : seen.isSafeToResend ? "yes" : "no",
  isCreate(row) ? (seen.handedOver ? "yes" : "no") : "-",
  isCreate(row) ? String(seen.posts) : `${seen.gets} GET`,
  String(seen.payouts),
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

const print = (row: Row, seen: Seen) => {
  line(cellsOf(row, seen))
  const found = isDescribed && pause === 0 ? judge(row, seen) : broken(row, seen)
  for (const text of found) console.log(`    WRONG: ${text}`)
  count += 1
  if (found.length > 0) wrong += 1
  // What another client was given whole proves nothing, whatever is tried.
  if (!isCreate(row) || seen.error === "success" || seen.posts > 0 || row.client?.fetch !== undefined) return
  nothingArrived += 1
  if (seen.outcome !== "not-sent") unproven.push(row.fault)
}

const program = Effect.gen(function* () {
  line(["fault", "error", "outcome", "safe to resend", "handed over", "POSTs", "payouts", "code"])
  for (const { rows, title } of sections) {
    const here = rows.filter(runsHere)
    const seen = yield* Effect.forEach(here, (row) => observe(row, pause), { concurrency: 8 })
    if (here.length > 0) console.log(`\n${title}`)
    for (const [index, row] of here.entries()) {
      const one = seen[index]
      if (one !== undefined) print(row, one)
    }
  }

  console.log("\nA server that pays and drops the connection, and who calls it")
  for (const { ledger, name, paysTwice } of controls) {
    const { payouts } = yield* ledger
    const isAsMeant = payouts > 1 === paysTwice
    if (!isAsMeant) wrong += 1
    console.log(`${name}: ${payouts === 1 ? "1 payout" : `${payouts} payouts`}${isAsMeant ? "" : "  WRONG"}`)
  }

  const { risen } = yield* measureBomb
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  console.log(`
Handed over: whether the body left the library. POSTs are those that the server received whole, payouts those that it made; neither is
what the client believes.
(recorded): cannot be made on loopback, so fetch fails as it was seen to fail elsewhere.
421: Node's fetch itself sends the request again, unless its body is a stream; Palomma.layerFetch makes it one.
An answer of 200 kB that unpacks to 200 MB raised the memory by ${Math.round(risen / 1e6)} MB.

Of ${nothingArrived} faults after which the server had no whole create, ${nothingArrived - unproven.length} are proven not sent. Not proven:
${unproven.map((fault) => `  ${fault}`).join("\n")}

${runtime}${pause > 0 ? `, bodies ${pause} ms late` : ""}: ${count} faults in ${seconds} s, ${wrong === 0 ? "all as designed" : `${wrong} NOT as designed`}.`)
  if (wrong > 0) process.exitCode = 1
})

if (values.runtime !== undefined) {
  process.exitCode = runOn(values.runtime, import.meta.filename, ["--pause", values.pause])
} else await Effect.runPromise(program)
