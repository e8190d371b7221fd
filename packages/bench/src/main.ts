// Prints the cost of the library as ratios to its peers:
// `bench [decode|validate|calls|loopback|bundle|webhooks|import|durable ...]`.
import { parseArgs } from "node:util"
import { bundle } from "./bundle.ts"
import { calls, loopback } from "./calls.ts"
import { decode, validate } from "./decode.ts"
import { importing } from "./importing.ts"
import { durable } from "./durable/main.ts"
import { type Comparison, defaultEffort, type Effort, type Measured, type Table } from "./measure.ts"
import { webhooks } from "./webhooks.ts"

const parts: { readonly [name: string]: (effort: Effort) => Promise<ReadonlyArray<Table | string>> } = {
  decode,
  validate,
  calls,
  loopback,
  bundle,
  webhooks,
  import: importing,
  durable
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    /** The number of rounds of the medians. */
    rounds: { type: "string", default: String(defaultEffort.rounds) }
  }
})
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) throw new Error(`there is no ${unknown.join(", ")}: ${Object.keys(parts).join(", ")}`)

const effort: Effort = { ...defaultEffort, rounds: Number(values.rounds) }

const amount = (micros: number): string =>
  micros < 10_000 ? `${micros.toPrecision(3)} us` : `${(micros / 1_000).toPrecision(3)} ms`

const cell = ({ micros, quartiles, ratio }: Comparison): string => {
  const [low, high] = quartiles
  return (
    `${ratio.toFixed(2).padStart(6)} (${low.toFixed(2)}-${high.toFixed(2)})`.padEnd(20) + amount(micros).padStart(10)
  )
}

const row = ({ clock, name, processor }: Measured): string => `${cell(processor)}  |${cell(clock)}   ${name}`

const goal = ({ goal, rows }: Table): string => {
  const found = rows.find(({ name }) => name === goal?.subject)
  if (goal === undefined || found === undefined) return ""
  return `\n  goal for ${goal.subject}: at most ${goal.most}, ${found.processor.ratio <= goal.most ? "reached" : "missed"}`
}

console.log(`Ratios to the first line of each table, their first and third quartile, and the time of one: processor | wall clock.
What the goals are about is the processor's time.`)
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  for (const table of await part(effort)) {
    console.log(
      typeof table === "string" ? `\n${table}` : `\n${table.title}\n${table.rows.map(row).join("\n")}${goal(table)}`
    )
  }
}
