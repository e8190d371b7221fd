/**
 * The command line of the example.
 */
import type { TransferDecision } from "@palomma-effect/client"
import { parseArgs } from "node:util"

export type Decision = TransferDecision

export type Command =
  | { readonly _tag: "Sample"; readonly file: string; readonly lines: number }
  | { readonly _tag: "Pay"; readonly file: string }
  | { readonly _tag: "Reconcile"; readonly file: string }
  | { readonly _tag: "Resolve"; readonly file: string; readonly reference: string; readonly decision: Decision }
  | { readonly _tag: "Help"; readonly text: string }

const help = `pay-from-csv: pays every line of a CSV file, once each

  sample <file> [lines]       registers invented accounts, and writes a file with payments to them
  pay <file>                  pays the file; you can stop or kill it, and run it again
  reconcile <file>            asks Palomma for the status of the payouts that are not final
  resolve <file> <reference>  records a decision about a payout in manual review:
    --paid <id>               it was paid, with this payout request
    --not-paid                it was not paid, so it may be sent again
    --version <number>        the version of the payout that you saw in the table
    --by <name> --note <text> who decided, and why

It needs a Palomma that keeps running between the commands: the sandbox, with PALOMMA_API_KEY, or a simulated one on this machine:

  npx --package=@palomma-effect/testing palomma-simulator --port 4010 --processing-time 5s
  npx -y pnpm@12.21.0 simulator --port 4010 --processing-time 5s    # instead, in a clone of the repository
  export PALOMMA_BASE_URL=http://127.0.0.1:4010/v0 PALOMMA_API_KEY=sim-key
  node examples/src/pay-from-csv.ts sample payouts.csv
  node examples/src/pay-from-csv.ts pay payouts.csv
`

const options = {
  paid: { type: "string" },
  "not-paid": { type: "boolean" },
  version: { type: "string" },
  by: { type: "string" },
  note: { type: "string" }
} as const

/** Reads the command line. An invalid one prints the help. */
export const readCommand = (args: ReadonlyArray<string>): Command => {
  const helpCommand: Command = { _tag: "Help", text: help }
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [command, first, second] = positionals
    if (command === "sample" && first !== undefined && /^\d{1,6}$/.test(second ?? "20")) {
      return { _tag: "Sample", file: first, lines: Number(second ?? 20) }
    }
    if (command === "pay" && first !== undefined) return { _tag: "Pay", file: first }
    if (command === "reconcile" && first !== undefined) return { _tag: "Reconcile", file: first }
    const { by, note, "not-paid": notPaid = false, paid } = values
    const version = Number(values.version)
    const isOne = notPaid !== (paid !== undefined && paid !== "")
    if (command === "resolve" && first !== undefined && second !== undefined && version >= 1 && by && note && isOne) {
      const decision: Decision =
        paid === undefined ? { as: "not-paid", version, by, note } : { as: "paid", recordId: paid, version, by, note }
      return { _tag: "Resolve", file: first, reference: second, decision }
    }
    return helpCommand
  } catch (error) {
    return { _tag: "Help", text: `${error instanceof Error ? error.message : String(error)}\n\n${help}` }
  }
}
