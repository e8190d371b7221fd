/**
 * What a file asks to be paid, checked by the same schemas that the requests to Palomma are checked by.
 */
import { PalommaEndpoint } from "@palomma-effect/client"
import {
  CreateCustomer,
  CreatePayoutRequest,
  CreatePayoutTargetBankAccount,
  CustomerId,
  inputProblems,
  PayoutTargetId
} from "@palomma-effect/schema"
import { Data, Effect, Result, Schema } from "effect"
import { readFile } from "node:fs/promises"
import { type CsvRecord, parseCsv } from "./csv.ts"

/** The columns, in any order. */
export const columns = [
  "reference",
  "name",
  "documentType",
  "documentNumber",
  "email",
  "phoneNumber",
  "bank",
  "accountType",
  "accountNumber",
  "amount"
] as const

type Line = Record<(typeof columns)[number], string>

/** One line of the file. */
export interface Payment {
  readonly line: number
  /** Your own name for what is owed: it is paid once, however often the file is run. */
  readonly reference: string
  readonly amount: number
  readonly customer: CreateCustomer
  readonly bankAccount: CreatePayoutTargetBankAccount["bankAccount"]
}

/** What is wrong on a line. Holds no value of the file. */
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

type Checked = Omit<Payment, "line">

// Ids that are not known before something is sent stand in for themselves.
const check = (
  line: Line,
  payout: Schema.Codec<CreatePayoutRequest>,
  problem: (column: string, rule: string) => void
) => {
  const decode = <A>(schema: Schema.Codec<A>, value: unknown): A | undefined => {
    const decoded = Schema.decodeUnknownResult(schema, { errors: "all" })(value)
    if (Result.isSuccess(decoded)) return decoded.success
    for (const { field, rule } of inputProblems(decoded.failure.issue)) {
      problem(field.split(".").at(-1) ?? "line", rule)
    }
    return undefined
  }
  const { accountNumber, accountType, amount, bank, reference, ...person } = line
  const customer = decode(Schema.toType(CreateCustomer), person)
  const target = decode(Schema.toType(CreatePayoutTargetBankAccount), {
    customerId: CustomerId.make("later"),
    redirectUrl: "later",
    type: "bankAccount",
    bankAccount: { bank, accountType, accountNumber }
  })
  const request = decode(payout, {
    payoutTargetId: PayoutTargetId.make("later"),
    // "50.000" and "50,000" are left as they are, and refused: whether that is fifty or fifty thousand is not ours to guess.
    amount: /^\d+$/.test(amount) ? Number(amount) : amount,
    reference
  })
  return customer === undefined || target === undefined || request === undefined
    ? undefined
    : ({ reference, amount: request.amount, customer, bankAccount: target.bankAccount } satisfies Checked)
}

const missingColumns = (head: CsvRecord | undefined): ReadonlyArray<Problem> => {
  const line = head?.line ?? 1
  const given = head?.fields ?? []
  const problem = (column: string, rule: string): Problem => ({ line, column, rule })
  return [
    ...columns.filter((name) => !given.includes(name)).map((name) => problem(name, "is a column that is missing")),
    ...given
      .filter((name, i) => !columns.some((known) => known === name) || given.indexOf(name) !== i)
      .map((name) => problem(name, "is a column that should not be there"))
  ]
}

/** Reads all lines of a text, or everything that is wrong with it. */
export const paymentsOf = Effect.fnUntraced(function* (file: string, text: string) {
  const { rules: merchant } = yield* PalommaEndpoint
  const payout = Schema.toType(CreatePayoutRequest.forMerchant(merchant))
  const [head, ...records] = parseCsv(text)
  const problems = [...missingColumns(head)]
  const payments: Array<Payment> = []
  const lineOf = new Map<string, number>()
  if (problems.length === 0) {
    const names = head?.fields ?? []
    for (const { fields, line } of records) {
      if (fields.length !== names.length) {
        problems.push({ line, rule: `has ${fields.length} fields instead of ${names.length}` })
        continue
      }
      const values = Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ""])) as Line
      const checked = check(values, payout, (column, rule) => problems.push({ line, column, rule }))
      // Spaces that came along when a cell was copied do not make another debt of it.
      const debt = values.reference.trim().normalize("NFKC")
      const earlier = lineOf.get(debt)
      if (earlier !== undefined) {
        problems.push({
          line,
          column: "reference",
          rule: `is that of line ${earlier} too: one payout is made per reference`
        })
      }
      lineOf.set(debt, line)
      if (checked !== undefined) payments.push({ line, ...checked })
    }
    if (records.length === 0) problems.push({ line: 1, rule: "has nothing below it" })
  }
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
