/**
 * The command line of the example.
 */
import type { Resolution } from "@palomma-effect/client"
import { PayoutRequestId } from "@palomma-effect/schema"
import { parseArgs } from "node:util"

export type Command =
  | { readonly _tag: "Sample"; readonly lines: number; readonly seed: string }
  | { readonly _tag: "Pay"; readonly file: string }
  | { readonly _tag: "Resolve"; readonly file: string; readonly reference: string; readonly resolution: Resolution }
  | { readonly _tag: "Help"; readonly text: string }

const help = `pay-from-csv: pays everybody in a CSV file, once each

  sample [lines] [seed]       writes an invented file to the standard output
  pay <file>                  pays it; stop it, kill it, and run it again
  resolve <file> <reference>  writes down what Palomma says of a payout that needs a person:
    --paid <id>               it was made, under this payout request
    --not-paid                it does not exist, so that it may be sent
    --by <name> --note <text> who says so, and why

It talks to a simulated Palomma that ends with it, or to the one at PALOMMA_BASE_URL with PALOMMA_API_KEY: the sandbox, or one that
goes on without it:

  node packages/testing/src/bin.ts --port 4010 --settle-after 5s
  PALOMMA_BASE_URL=http://127.0.0.1:4010/v0 PALOMMA_API_KEY=sim-key node examples/src/pay-from-csv.ts pay payouts.csv
`

const options = {
  paid: { type: "string" },
  "not-paid": { type: "boolean" },
  by: { type: "string" },
  note: { type: "string" }
} as const

/** Reads the command line; whatever cannot be followed asks for help. */
export const readCommand = (args: ReadonlyArray<string>): Command => {
  const asked: Command = { _tag: "Help", text: help }
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [command, first, second] = positionals
    if (command === "sample" && /^\d{1,6}$/.test(first ?? "1000")) {
      return { _tag: "Sample", lines: Number(first ?? 1_000), seed: second ?? "palomma" }
    }
    if (command === "pay" && first !== undefined) return { _tag: "Pay", file: first }
    const { by, note, "not-paid": notPaid = false, paid } = values
    const isOne = notPaid !== (paid !== undefined && paid !== "")
    if (command === "resolve" && first !== undefined && second !== undefined && by && note && isOne) {
      const resolution: Resolution =
        paid === undefined
          ? { as: "not-paid", by, note }
          : { as: "paid", payoutRequestId: PayoutRequestId.make(paid), by, note }
      return { _tag: "Resolve", file: first, reference: second, resolution }
    }
    return asked
  } catch (error) {
    return { _tag: "Help", text: `${error instanceof Error ? error.message : String(error)}\n\n${help}` }
  }
}
