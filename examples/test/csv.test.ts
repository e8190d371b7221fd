import { assert, describe, it } from "@effect/vitest"
import { Palomma } from "@palomma-effect/client"
import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
import { Effect, Layer, Redacted } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import { AccountType, DocumentType, PayoutBank } from "@palomma-effect/schema"
import * as fc from "fast-check"
import { parseCsv, toCsvLine } from "../src/pay-from-csv/csv.ts"
import { columns, type Payment, paymentsOf } from "../src/pay-from-csv/payments.ts"
import { sample } from "../src/pay-from-csv/sample.ts"

// Whoever only reads a file sends nothing.
const nobody = HttpClient.make((request) =>
  Effect.fail(
    new HttpClientError.HttpClientError({
      reason: new HttpClientError.TransportError({ request, description: "nothing should be sent" })
    })
  )
)
const palomma = Palomma.layer({ apiKey: Redacted.make("sim-key"), baseUrl: "http://127.0.0.1/v0" }).pipe(
  Layer.provide(Layer.succeed(HttpClient.HttpClient, nobody))
)

const read = (text: string) =>
  paymentsOf("payouts.csv", text).pipe(
    Effect.provide(palomma),
    Effect.catchTag("PalommaInvalidInput", (error) => Effect.die(error))
  )

type Line = Record<(typeof columns)[number], string>

const fileOf = (lines: ReadonlyArray<Line>): string =>
  [columns, ...lines.map((line) => columns.map((column) => line[column]))].map(toCsvLine).join("\n")

/** Lines that are right, each with a reference of its own: made of bodies that Palomma takes. */
const lines: fc.Arbitrary<ReadonlyArray<Line>> = fc
  .uniqueArray(
    fc
      .record({
        reference: Arbitraries.reference,
        customer: Arbitraries.createCustomer,
        target: Arbitraries.createPayoutTarget(),
        request: Arbitraries.createPayoutRequest()
      })
      .map(({ customer, reference, request, target: { bankAccount } }): Line => ({
        reference,
        name: customer.name,
        documentType: DocumentType.raw(customer.documentType),
        documentNumber: customer.documentNumber,
        email: customer.email,
        phoneNumber: customer.phoneNumber,
        bank: PayoutBank.raw(bankAccount.bank),
        accountType: AccountType.raw(bankAccount.accountType),
        accountNumber: bankAccount.accountNumber,
        amount: String(request.amount)
      })),
    { selector: ({ reference }) => reference.trim().normalize("NFKC"), minLength: 1, maxLength: 5 }
  )
  // A carriage return is how a line ends, not what a field holds.
  .filter((all) => all.every((line) => Object.values(line).every((value) => !value.includes("\r"))))

const flat = ({ amount, bankAccount, customer, reference }: Payment): Line => {
  const { reference: _, documentType, ...person } = customer
  return {
    reference,
    ...person,
    documentType: DocumentType.raw(documentType),
    bank: PayoutBank.raw(bankAccount.bank),
    accountType: AccountType.raw(bankAccount.accountType),
    accountNumber: bankAccount.accountNumber,
    amount: String(amount)
  }
}

const ofAFile = <A>(arbitrary: fc.Arbitrary<A>, check: (value: A) => Effect.Effect<void, unknown>) =>
  Effect.promise(() => fc.assert(fc.asyncProperty(arbitrary, (value) => Effect.runPromise(check(value)))))

describe("CSV", () => {
  it("is read as it was written", () => {
    const text = fc.string({ unit: fc.constantFrom("a", ",", ";", '"', "\n", " ", "ñ", "\u{1f600}") })
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (records) => {
        // The head says what separates: a comma, if no semicolon is in it.
        const all = [["a", "b", "c"], ...records]
        assert.deepStrictEqual(
          parseCsv(all.map(toCsvLine).join("\r\n")).map(({ fields }) => fields),
          all
        )
      })
    )
  })

  it("is read as a Colombian spreadsheet writes it", () => {
    assert.deepStrictEqual(parseCsv('\ufeffname;amount\r\n"Ana; María";5\r\n\r\n"O""Hara\nRuiz";6\r\nLuis;7\r\n'), [
      { line: 1, fields: ["name", "amount"] },
      { line: 2, fields: ["Ana; María", "5"] },
      { line: 4, fields: ['O"Hara\nRuiz', "6"] },
      { line: 6, fields: ["Luis", "7"] }
    ])
  })
})

describe("a file of payments", () => {
  it.effect("is taken if every line is one that Palomma would take", () =>
    ofAFile(lines, (all) =>
      Effect.map(read(fileOf(all)), (payments) => assert.deepStrictEqual(payments.map(flat), [...all]))
    )
  )

  const spoilt: Partial<Record<keyof Line, fc.Arbitrary<unknown>>> = {
    reference: fc.constantFrom("", "a\u0007b", "a\u0085"),
    name: fc.constant(""),
    documentType: fc.constantFrom("", "CC", "passport"),
    documentNumber: fc.constant(""),
    email: fc.constant(""),
    phoneNumber: fc.constant(""),
    bank: Arbitraries.invalidPayoutBank.filter((bank) => !/[\r\n]/.test(bank)),
    accountType: fc.constantFrom("", "Savings", "credit"),
    accountNumber: fc.constant(""),
    amount: fc.oneof(
      fc.constantFrom(
        "",
        "50.000",
        "50,000",
        "$50000",
        "5e4",
        "0x5000",
        " 50000",
        "-50000",
        "50000.5",
        "1000",
        "5000001",
        "NaN"
      ),
      fc.integer({ max: 1_000 }).map(String)
    )
  }

  for (const [column, values] of Object.entries(spoilt)) {
    it.effect(`is refused if one ${column} is not, with its line`, () =>
      ofAFile(fc.tuple(lines, values, fc.nat()), ([all, value, at]) =>
        Effect.gen(function* () {
          const wrong = at % all.length
          const error = yield* Effect.flip(
            read(fileOf(all.map((line, i) => (i === wrong ? { ...line, [column]: String(value) } : line))))
          )
          const breaks =
            all
              .slice(0, wrong)
              .flatMap((line) => Object.values(line))
              .join("")
              .split("\n").length - 1
          assert.deepStrictEqual(
            error.problems.map((problem) => [problem.line, problem.column]),
            [[wrong + 2 + breaks, column]]
          )
        })
      )
    )
  }

  it.effect("is refused if two references differ by nothing that a person sees", () =>
    Effect.gen(function* () {
      const [head = "", one = ""] = (yield* sample(1, "a")).split("\n")
      const error = yield* Effect.flip(read([head, one, one.replace(",", " ,")].join("\n")))
      assert.include(error.message, "line 3, reference: is that of line 2 too")
    })
  )

  it.effect("is refused with everything that is wrong with it, and none of what it holds", () =>
    Effect.gen(function* () {
      const right = (yield* sample(5, "a")).split("\n")
      const [head = "", one = "", two = "", three = "", four = ""] = right
      const text = [head, one, one, two.replace(/,\w+$/, ",soon"), `${three},`, four.replace(/,cc,\d+,/, ",CC,,")].join(
        "\n"
      )
      const error = yield* Effect.flip(read(text))
      assert.deepStrictEqual(error.message.split("\n"), [
        "payouts.csv has 5 problem(s), so that nothing was sent:",
        "  line 3, reference: is that of line 2 too: one payout is made per reference",
        "  line 4, amount: must be a whole number of pesos (never cents) above 1.000 and at most 5.000.000",
        "  line 5: has 11 fields instead of 10",
        `  line 6, documentType: ${error.problems[3]?.rule}`,
        "  line 6, documentNumber: must be a non-empty string"
      ])
    })
  )

  it.effect("is refused if its columns are not those that are needed", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read("reference,amount,amount,iban\na,1,2,3"))
      const said = error.problems.map(({ column, rule }) => `${column} ${rule}`)
      assert.include(said, "bank is a column that is missing")
      assert.include(said, "iban is a column that should not be there")
      assert.include(said, "amount is a column that should not be there")
      assert.lengthOf(said, 10)
      for (const text of ["", "\n\n", columns.join(",")]) {
        assert.isAbove((yield* Effect.flip(read(text))).problems.length, 0)
      }
    })
  )

  it.effect("is invented the same for the same seed, and right", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* sample(50, "x"), yield* sample(50, "x"))
      assert.notStrictEqual(yield* sample(50, "x"), yield* sample(50, "y"))
      assert.lengthOf(yield* read(yield* sample(1_000, "x")), 1_000)
    })
  )
})
