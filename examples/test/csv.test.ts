import { assert, describe, it } from "@effect/vitest"
import { Palomma } from "@palomma-effect/client"
import type { PayoutIntent } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
import { Effect, Layer, Redacted } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import * as fc from "fast-check"
import { parseCsv, toCsvLine } from "../src/pay-from-csv/csv.ts"
import { columns, paymentsOf } from "../src/pay-from-csv/payments.ts"
import { sample } from "../src/pay-from-csv/sample.ts"

// Reading a file sends nothing.
const noServer = HttpClient.make((request) =>
  Effect.fail(
    new HttpClientError.HttpClientError({
      reason: new HttpClientError.TransportError({ request, description: "nothing should be sent" })
    })
  )
)
const palomma = Palomma.layer({ apiKey: Redacted.make("sim-key"), baseUrl: "http://127.0.0.1/v0" }).pipe(
  Layer.provide(Layer.succeed(HttpClient.HttpClient, noServer))
)

const read = (text: string) =>
  paymentsOf("payouts.csv", text).pipe(
    Effect.provide(palomma),
    Effect.catchTag("PalommaInvalidInput", (error) => Effect.die(error))
  )

type Line = Record<(typeof columns)[number], string>

const fileOf = (lines: ReadonlyArray<Line>): string =>
  [columns, ...lines.map((line) => columns.map((column) => line[column]))].map(toCsvLine).join("\n")

/** Valid lines with different references, made from valid bodies. */
const lines: fc.Arbitrary<ReadonlyArray<Line>> = fc
  .uniqueArray(
    fc
      .record({ reference: Arbitraries.reference, request: Arbitraries.createPayoutRequest() })
      .map(({ reference, request }): Line => ({
        reference,
        payoutTargetId: request.payoutTargetId,
        amount: String(request.amount)
      })),
    { selector: ({ reference }) => reference.trim().normalize("NFKC"), minLength: 1, maxLength: 5 }
  )
  // A carriage return is a line end, and never part of a field.
  .filter((all) => all.every((line) => Object.values(line).every((value) => !value.includes("\r"))))

const flat = ({ amount, payoutTargetId, reference }: PayoutIntent): Line => ({
  reference,
  payoutTargetId,
  amount: String(amount)
})

const ofAFile = <A>(arbitrary: fc.Arbitrary<A>, check: (value: A) => Effect.Effect<void, unknown>) =>
  Effect.promise(() => fc.assert(fc.asyncProperty(arbitrary, (value) => Effect.runPromise(check(value)))))

describe("CSV", () => {
  it("is read as it was written", () => {
    const text = fc.string({ unit: fc.constantFrom("a", ",", ";", '"', "\n", " ", "ñ", "\u{1f600}") })
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (records) => {
        // The first line determines the separator: a comma, if it contains no semicolon.
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
  it.effect("is valid if every line is valid", () =>
    ofAFile(lines, (all) =>
      Effect.map(read(fileOf(all)), (payments) =>
        assert.deepStrictEqual(
          payments.map(({ intent }) => flat(intent)),
          [...all]
        )
      )
    )
  )

  const spoilt: Partial<Record<keyof Line, fc.Arbitrary<unknown>>> = {
    reference: fc.constantFrom("", " ", "a\u0007b", "a\u0085b"),
    payoutTargetId: fc.constant(""),
    amount: fc.oneof(
      fc.constantFrom(
        "",
        "50.00",
        "5000.000",
        "50,00",
        "US$50000",
        "50000\n60000",
        "5e4",
        "0x5000",
        "+50000",
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
    it.effect(`is invalid if one ${column} is invalid, with its line`, () =>
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

  const head = columns.join(",")

  it.effect("is read as a Colombian spreadsheet writes it", () =>
    Effect.gen(function* () {
      const payments = yield* read(
        `\ufeffamount;reference;payoutTargetId\r\n$ 50.000 ; a1 ;t-1\r\n"1.423.500,00";a2;t-1`
      )
      assert.deepStrictEqual(
        payments.map(({ intent }) => flat(intent)),
        [
          { reference: "a1", payoutTargetId: "t-1", amount: "50000" },
          { reference: "a2", payoutTargetId: "t-1", amount: "1423500" }
        ]
      )
    })
  )

  it.effect("is invalid if two references look the same to a person", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read([head, "a1,t-1,50000", "\uff41\uff11,t-1,50000"].join("\n")))
      assert.include(error.message, "line 3, reference: is also on line 2")
    })
  )

  it.effect("is rejected with all its problems and none of its values", () =>
    Effect.gen(function* () {
      const text = [head, "a,t-1,50000", "a,t-1,50000", "b,t-1,soon", "c,t-1,50000,3013111111", " ,,900"].join("\n")
      const error = yield* Effect.flip(read(text))
      assert.deepStrictEqual(error.message.split("\n"), [
        "payouts.csv has 6 problem(s). Nothing was sent:",
        "  line 3, reference: is also on line 2: only one payout is made per reference",
        "  line 4, amount: must be an amount in whole pesos, without cents, such as 50000 or 50.000",
        "  line 5: has 4 fields instead of 3",
        "  line 6, payoutTargetId: is missing",
        "  line 6, amount: must be a whole number of pesos (never cents) above 1.000 and at most 5.000.000",
        "  line 6, reference: is missing"
      ])
    })
  )

  const heads = [
    "",
    "\n\n",
    "reference,amount\na,1",
    "reference,payoutTargetId,amount,amount\na,b,1,2",
    "reference,payoutTargetId,iban\na,b,c"
  ]
  for (const text of heads) {
    it.effect(`is invalid if its first line does not name the columns: ${JSON.stringify(text)}`, () =>
      Effect.gen(function* () {
        const { problems } = yield* Effect.flip(read(text))
        assert.deepStrictEqual(
          problems.map(({ rule }) => rule),
          ["must name the columns reference, payoutTargetId, amount, once each and no others"]
        )
      })
    )
  }

  it.effect("without a line of columns prints no personal data of its first line", () =>
    Effect.gen(function* () {
      const person = ["nomina-1", "Ana Rojas", "cc", "1020304050", "ana@example.com", "3013111111", "nequi", "50000"]
      const { message } = yield* Effect.flip(read(`${person.join(",")}\n${person.join(",")}`))
      for (const value of person) assert.notInclude(message, value)
    })
  )

  it.effect("is invalid if it has no payments", () =>
    Effect.gen(function* () {
      assert.include((yield* Effect.flip(read(head))).message, "line 1: is followed by no payment")
    })
  )

  it.effect("is generated with valid lines and a different account on each", () =>
    Effect.gen(function* () {
      const payments = yield* read(yield* sample(50, "x").pipe(Effect.provide(PalommaSimulator.layer())))
      assert.strictEqual(new Set(payments.map(({ intent }) => intent.payoutTargetId)).size, 50)
    })
  )
})
