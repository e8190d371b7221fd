/**
 * Reads the payments of a file: every value is text, as in a form.
 */
import { PalommaEndpoint } from "@palomma-effect/client"
import { Form, inputProblems, type PayoutIntent } from "@palomma-effect/schema"
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

/** A problem of a line. It contains no value of the file and no unknown name of a column. */
export interface Problem {
  readonly line: number
  readonly column?: string
  readonly rule: string
}

/** The error of a file with problems. Nothing was sent. */
export class BadFile extends Data.TaggedError("BadFile")<{
  readonly file: string
  readonly problems: ReadonlyArray<Problem>
}> {
  override get message(): string {
    const lines = this.problems.map(
      ({ column, line, rule }) => `  line ${line}${column === undefined ? "" : `, ${column}`}: ${rule}`
    )
    return [`${this.file} has ${lines.length} problem(s). Nothing was sent:`, ...lines].join("\n")
  }
}

// The first line of a file without column names is a payment, which must not be printed.
const isHead = (names: ReadonlyArray<string>): boolean =>
  names.length === columns.length && columns.every((column) => names.includes(column))

/** Reads all lines of a text, or fails with all its problems. */
export const paymentsOf = Effect.fnUntraced(function* (file: string, text: string) {
  const { rules } = yield* PalommaEndpoint
  const decode = Schema.decodeUnknownResult(Form.payoutIntent({ rules }), { errors: "all" })
  const [head, ...records] = parseCsv(text)
  const names = head?.fields ?? []
  if (!isHead(names)) {
    const rule = `must name the columns ${columns.join(", ")}, once each and no others`
    return yield* new BadFile({ file, problems: [{ line: head?.line ?? 1, rule }] })
  }
  const problems: Array<Problem> = records.length === 0 ? [{ line: 1, rule: "is followed by no payment" }] : []
  const payments: Array<Payment> = []
  const lineOf = new Map<string, number>()

  const read = ({ fields, line }: CsvRecord) => {
    if (fields.length !== names.length) {
      problems.push({ line, rule: `has ${fields.length} fields instead of ${names.length}` })
      return
    }
    const values = Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ""]))
    const decoded = decode(values)
    // Two references that look the same are one debt.
    const debt = (values["reference"] ?? "").trim().normalize("NFKC")
    const earlier = lineOf.get(debt)
    if (earlier !== undefined) {
      const rule = `is also on line ${earlier}: only one payout is made per reference`
      problems.push({ line, column: "reference", rule })
    }
    lineOf.set(debt, line)
    if (Result.isSuccess(decoded)) payments.push({ line, intent: decoded.success })
    else
      problems.push(...inputProblems(decoded.failure.issue).map(({ field, rule }) => ({ line, column: field, rule })))
  }
  for (const record of records) read(record)
  return problems.length === 0 ? payments : yield* new BadFile({ file, problems })
})

/** The error of a file that cannot be read or written. */
export class NoFile extends Data.TaggedError("NoFile")<{ readonly message: string }> {}

/** Reads a file, or fails with all its problems. */
export const readPayments = Effect.fnUntraced(function* (file: string) {
  const text = yield* Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: () => new NoFile({ message: `${file} cannot be read.` })
  })
  return yield* paymentsOf(file, text)
})
