// Prints what the library costs, as ratios to its peers: `bench [decode|validate|calls|loopback|bundle|webhooks|import ...]`.
import { parseArgs } from "node:util"
import { bundle } from "./bundle.ts"
import { calls, loopback } from "./calls.ts"
import { decode, validate } from "./decode.ts"
import { importing } from "./importing.ts"
import { type Effort, type Measured, type Table } from "./measure.ts"
import { webhooks } from "./webhooks.ts"

const parts: { readonly [name: string]: (effort: Effort) => Promise<ReadonlyArray<Table | string>> } = {
  decode,
  validate,
  calls,
  loopback,
  bundle,
  webhooks,
  import: importing
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    /** Over how many rounds the medians are taken. */
    rounds: { type: "string", default: "11" }
  }
})
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) throw new Error(`there is no ${unknown.join(", ")}: ${Object.keys(parts).join(", ")}`)

const effort: Effort = { rounds: Number(values.rounds), roundMillis: 150, warmUpMillis: 2_000 }

const amount = (micros: number): string =>
  micros < 10_000 ? `${micros.toPrecision(3)} us` : `${(micros / 1_000).toPrecision(3)} ms`

const row = ({ micros, name, quartiles, ratio }: Measured): string => {
  const [low, high] = quartiles
  return `${ratio.toFixed(2).padStart(8)}  ${name} (${low.toFixed(2)} to ${high.toFixed(2)}; ${amount(micros)})`
}

const goal = ({ goal, rows }: Table): string => {
  const found = rows.find(({ name }) => name === goal?.subject)
  if (goal === undefined || found === undefined) return ""
  return `\n          goal: at most ${goal.most}, ${found.ratio <= goal.most ? "reached" : "missed"}`
}

console.log("Ratios to the first line: median over the rounds, the middle half of them, and the median time.")
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  for (const table of await part(effort)) {
    console.log(
      typeof table === "string" ? `\n${table}` : `\n${table.title}\n${table.rows.map(row).join("\n")}${goal(table)}`
    )
  }
}
