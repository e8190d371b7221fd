/**
 * What a file asks to be paid, checked by the schema that `Payouts.send` checks it by.
 */
import { PalommaEndpoint } from "@palomma-effect/client"
import { inputProblems, PayoutIntent } from "@palomma-effect/schema"
import { Data, Effect, Result, Schema } from "effect"
import { readFile } from "node:fs/promises"
import { type CsvRecord, parseCsv } from "./csv.ts"

/** The columns, in any order. */
export const columns = ["reference", "payoutTargetId", "amount"] as const

/** One line of the file. */
export interface Payment {
  readonly line: number
  readonly intent: PayoutIntent
}

/** What is wrong on a line. Holds no value of the file, nor a name of a column that the file made up. */
export interface Problem {
  readonly line: number
  readonly column?: string
  readonly rule: string
}

/** The file cannot be paid as it is. Nothing was sent. */
export class BadFile extends Data.TaggedError("BadFile")<{
  readonly file: string
  readonly problems: ReadonlyArray<Problem>
}> {
  override get message(): string {
    const lines = this.problems.map(
      ({ column, line, rule }) => `  line ${line}${column === undefined ? "" : `, ${column}`}: ${rule}`
    )
    return [`${this.file} has ${lines.length} problem(s), so that nothing was sent:`, ...lines].join("\n")
  }
}

// A file without a head has a payment there, which is not repeated.
const isHead = (names: ReadonlyArray<string>): boolean =>
  names.length === columns.length && columns.every((column) => names.includes(column))

// "50.000" and "50,000" are refused: whether that is fifty or fifty thousand is not ours to guess.
const amountProblem = (line: number): Problem => ({
  line,
  column: "amount",
  rule: "must be digits alone, such as 50000"
})

/** Reads all lines of a text, or everything that is wrong with it. */
export const paymentsOf = Effect.fnUntraced(function* (file: string, text: string) {
  const { rules } = yield* PalommaEndpoint
  // In a CSV file everything is text.
  const intent = Schema.toCodecStringTree(PayoutIntent.forMerchant(rules))
  const decode = Schema.decodeUnknownResult(intent, { errors: "all" })
  const [head, ...records] = parseCsv(text)
  const names = head?.fields ?? []
  if (!isHead(names)) {
    const rule = `must name the columns ${columns.join(", ")}, once each and no others`
    return yield* new BadFile({ file, problems: [{ line: head?.line ?? 1, rule }] })
  }
  const problems: Array<Problem> = records.length === 0 ? [{ line: 1, rule: "has nothing below it" }] : []
  const payments: Array<Payment> = []
  const lineOf = new Map<string, number>()

  const read = ({ fields, line }: CsvRecord) => {
    if (fields.length !== names.length) {
      problems.push({ line, rule: `has ${fields.length} fields instead of ${names.length}` })
      return
    }
    const values = Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ""]))
    const decoded = decode(values)
    // Two references that look alike are one debt.
    const debt = (values["reference"] ?? "").trim().normalize("NFKC")
    const earlier = lineOf.get(debt)
    if (earlier !== undefined) {
      const rule = `is that of line ${earlier} too: one payout is made per reference`
      problems.push({ line, column: "reference", rule })
    }
    lineOf.set(debt, line)
    const isPlain = /^\d+$/.test(values["amount"] ?? "")
    if (!isPlain) problems.push(amountProblem(line))
    if (Result.isSuccess(decoded)) payments.push({ line, intent: decoded.success })
    else {
      const others = inputProblems(decoded.failure.issue).filter(({ field }) => isPlain || field !== "amount")
      problems.push(...others.map(({ field, rule }) => ({ line, column: field, rule })))
    }
  }
  for (const record of records) read(record)
  return problems.length === 0 ? payments : yield* new BadFile({ file, problems })
})

/** The file cannot be read. */
export class NoFile extends Data.TaggedError("NoFile")<{ readonly message: string }> {}

/** Reads a file, or everything that is wrong with it. */
export const readPayments = Effect.fnUntraced(function* (file: string) {
  const text = yield* Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: () => new NoFile({ message: `${file} cannot be read.` })
  })
  return yield* paymentsOf(file, text)
})
