/**
 * Prints the matrix: `npx -y pnpm@12.21.0 faults`. Ends with 1 if a row is not as it must be.
 */
import * as Effect from "effect/Effect"
import { controls } from "./controls.ts"
import { judge, observe, type Row, type Seen } from "./matrix.ts"
import { measureBomb } from "./memory.ts"
import { sections } from "./rows/index.ts"

const begin = performance.now()

const errorOf = ({ detail, error }: Seen): string =>
  error === "success" ? "-" : `${error.replace(/^Palomma/, "")} ${detail}`.trim()

const cellsOf = ({ call, fault }: Row, seen: Seen): ReadonlyArray<string> => [
  fault,
  errorOf(seen),
  seen.outcome,
  seen.error === "success" ? "-" : seen.isSafeToResend ? "yes" : "no",
  call === undefined ? (seen.handedOver ? "yes" : "no") : "-",
  call === undefined ? String(seen.posts) : `${seen.gets} GET`,
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

const program = Effect.gen(function* () {
  line(["fault", "error", "outcome", "safe to resend", "handed over", "POSTs", "payouts", "code"])
  for (const { rows, title } of sections) {
    const seen = yield* Effect.forEach(rows, observe, { concurrency: 8 })
    console.log(`\n${title}`)
    for (const [index, row] of rows.entries()) {
      const one = seen[index]
      if (one === undefined) continue
      line(cellsOf(row, one))
      const found = judge(row, one)
      for (const text of found) console.log(`    WRONG: ${text}`)
      count += 1
      if (found.length > 0) wrong += 1
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
POSTs are those that the server received whole, payouts those that it made; neither is what the client believes.
(recorded): cannot be made on loopback, so fetch fails as it was seen to fail elsewhere.
421: fetch itself sends the request again, unless its body is a stream; Palomma.layerFetch makes it one.
An answer of 200 kB that unpacks to 200 MB raised the memory by ${Math.round(risen / 1e6)} MB.

Node ${process.versions.node}: ${count} faults in ${seconds} s, ${wrong === 0 ? "all as designed" : `${wrong} NOT as designed`}.`)
  if (wrong > 0) process.exitCode = 1
})

await Effect.runPromise(program)
