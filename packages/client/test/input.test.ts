/**
 * What is refused before anything is sent: every problem named with its field and what would be right, and no value repeated.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  Customers,
  type InputProblem,
  type Palomma,
  type PalommaError,
  PayoutRequests,
  type PayoutRequestQuery,
  PayoutTargets
} from "@palomma-effect/client"
import {
  type CreateCustomer,
  type CreatePayoutRequest,
  type CreatePayoutTarget,
  type PayoutRequestId
} from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import { call, operations, sampleOf } from "./support/operations.ts"
import { failure, settle, stub } from "./support/stub.ts"

type Call = Effect.Effect<unknown, PalommaError, Palomma.Services>

const problemsOf = (call: Call, options?: Parameters<typeof failure>[2]) =>
  Effect.gen(function* () {
    const palomma = stub({ status: 500 })
    const error = yield* failure(call, palomma, options)
    assert.strictEqual(error._tag, "PalommaInvalidInput")
    assert.strictEqual(palomma.requests.length, 0, "a request left")
    assert.isFalse(error.isSafeToResend)
    const problems: ReadonlyArray<InputProblem> = error._tag === "PalommaInvalidInput" ? error.problems : []
    for (const { field, rule } of problems) assert.include(error.message, field === "" ? rule : `${field}: ${rule}`)
    assert.match(error.message, /nothing was sent/)
    return { problems, message: error.message, outcome: error.outcome }
  })

const isSent = (call: Call, options?: Parameters<typeof failure>[2]) =>
  Effect.gen(function* () {
    const palomma = stub({ status: 500 })
    yield* failure(call, palomma, options)
    return palomma.requests.length > 0
  })

// Callers without types pass anything.
const payout = (fields: Record<string, unknown>) =>
  PayoutRequests.use((payouts) => {
    const body: unknown = { payoutTargetId: "01H", amount: 50_000, reference: "r-1", ...fields }
    return payouts.create(body as CreatePayoutRequest)
  })

const target = (fields: Record<string, unknown>, account: Record<string, unknown> = {}) =>
  PayoutTargets.use((targets) => {
    const bankAccount = { bank: "nequi", accountType: "savings", accountNumber: "3001234567", ...account }
    const body: unknown = {
      customerId: "01H",
      redirectUrl: "https://x.example",
      type: "bankAccount",
      bankAccount,
      ...fields
    }
    return targets.create(body as CreatePayoutTarget)
  })

const customer = (fields: Record<string, unknown>) =>
  Customers.use((customers) => {
    const body: unknown = {
      name: "Ana",
      documentType: "cc",
      documentNumber: "1",
      email: "a@b.co",
      phoneNumber: "3",
      ...fields
    }
    return customers.create(body as CreateCustomer)
  })

const getPayout = (id: unknown) => PayoutRequests.use((payouts) => payouts.get(id as PayoutRequestId))
const listPayouts = (query: object) => PayoutRequests.use((payouts) => payouts.list(query as PayoutRequestQuery))

const atMost = (limit: string) => `must be a whole number of pesos (never cents) above 1.000 and at most ${limit}`

describe("the amount of a payout", () => {
  it.effect.each([
    1_000,
    999.99,
    900,
    1,
    0,
    -0,
    -1,
    -50_000,
    5_000_001,
    50_000_000,
    1e21,
    1_000.5,
    50_000.01,
    0.1 + 0.2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.MIN_VALUE,
    Number.MAX_VALUE,
    2 ** 53,
    "50000",
    "50.000",
    "$ 50.000",
    "",
    " ",
    null,
    true,
    [50_000],
    { value: 50_000 },
    50_000n,
    Object(50_000),
    new Date(50_000)
  ])("is refused where it is %s", (amount) =>
    Effect.gen(function* () {
      const { outcome, problems } = yield* problemsOf(payout({ amount }))
      assert.deepStrictEqual(problems, [{ field: "amount", rule: atMost("5.000.000") }])
      assert.strictEqual(outcome, "not-sent")
    })
  )

  it.effect.each([1_001, 50_000, 4_999_999, 5_000_000])("is sent where it is %s", (amount) =>
    Effect.map(isSent(payout({ amount })), (sent) => assert.isTrue(sent))
  )

  it.effect("is refused where it is missing", () =>
    Effect.gen(function* () {
      const body: unknown = { payoutTargetId: "01H" }
      const { problems } = yield* problemsOf(
        PayoutRequests.use((payouts) => payouts.create(body as CreatePayoutRequest))
      )
      assert.deepStrictEqual(problems, [{ field: "amount", rule: "is missing" }])
    })
  )

  it.effect("is measured by the merchant's own limit", () =>
    Effect.gen(function* () {
      const options = { limits: { payout: 20_000_000 } }
      assert.isTrue(yield* isSent(payout({ amount: 20_000_000 }), options))
      const { problems } = yield* problemsOf(payout({ amount: 20_000_001 }), options)
      assert.deepStrictEqual(problems, [{ field: "amount", rule: atMost("20.000.000") }])
      const lower = yield* problemsOf(payout({ amount: 10_001 }), { limits: { payout: 10_000 } })
      assert.deepStrictEqual(lower.problems, [{ field: "amount", rule: atMost("10.000") }])
    })
  )
})

describe("the bank of a payout target", () => {
  it.effect.each([
    ["bancolombi", "bancolombia"],
    ["Bancolombia", "bancolombia"],
    ["bancolombia ", "bancolombia"],
    ["bancolombai", "bancolombia"],
    ["NEQUI", "nequi"],
    ["davi plata", "daviplata"],
    ["itaú", "itau"],
    ["banco de bogotá", "bancodebogota"]
  ])("is refused where it is %j, and %s is suggested", ([bank, suggested]) =>
    Effect.gen(function* () {
      const { message, problems } = yield* problemsOf(target({}, { bank }))
      assert.deepStrictEqual(problems, [
        { field: "bankAccount.bank", rule: `must be a bank that Palomma pays out to; did you mean "${suggested}"?` }
      ])
      assert.include(message, `did you mean "${suggested}"?`)
    })
  )

  it.effect.each(["qqqqqqqq", "the bank", "\u0000", "1007", "x".repeat(100_000)])(
    "is refused where it is like no other, and the list is named: %j",
    (bank) =>
      Effect.gen(function* () {
        const { problems } = yield* problemsOf(target({}, { bank }))
        assert.deepStrictEqual(problems, [
          { field: "bankAccount.bank", rule: "must be a bank that Palomma pays out to: PayoutBank.values lists them" }
        ])
      })
  )

  it.effect.each([null, 1007, {}, [], true, Object("nequi")])("is refused where it is no text: %j", (bank) =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(target({}, { bank }))
      assert.deepStrictEqual(
        problems.map(({ field }) => field),
        ["bankAccount.bank"]
      )
    })
  )

  it.effect("may be one that Palomma opened for this merchant", () =>
    Effect.gen(function* () {
      const options = { extraPayoutBanks: ["bancodelfuturo"] }
      assert.isTrue(yield* isSent(target({}, { bank: "bancodelfuturo" }), options))
      assert.isTrue(yield* isSent(target({}, { bank: "nequi" }), options))
      yield* problemsOf(target({}, { bank: "bancodelfuturo" }))
      yield* problemsOf(target({}, { bank: "bancodelpasado" }), options)
    })
  )
})

describe("an id in a path", () => {
  const rule = "must be one URL path segment: 1 to 128 of A-Z a-z 0-9 . _ ~ -, and neither . nor .."

  it.effect.each([
    ".",
    "..",
    "/",
    "a/b",
    "../payoutTargets/01H",
    "..\\a",
    "%2e%2e",
    "%2E",
    "a%2fb",
    "01H?x=1",
    "01H#x",
    "01H;x",
    "01H:x",
    " 01H",
    "01H ",
    "01H\n",
    "\t",
    "\r\n",
    "\u0000",
    "a\u200bb",
    "ñ",
    "ａ",
    "😀",
    "\ud800",
    "a".repeat(129),
    "a".repeat(1_000_000)
  ])("is refused where it is %j", (id) =>
    Effect.gen(function* () {
      const { outcome, problems } = yield* problemsOf(getPayout(id))
      assert.deepStrictEqual(problems, [{ field: "payoutRequestId", rule }])
      assert.strictEqual(outcome, "none")
    })
  )

  it.effect.each([undefined, null, 5, {}, [], ["01H"], Object("01H"), "", true])("is refused where it is %j", (id) =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(getPayout(id))
      assert.deepStrictEqual([...new Set(problems.map(({ field }) => field))], ["payoutRequestId"])
    })
  )

  it.effect.each([
    "default",
    "01HZXJ4ABCDEFGHJKMNPQRSTVW",
    "a",
    "...",
    "a..b",
    "-",
    "~",
    "a.b_c~d-E9",
    "a".repeat(128)
  ])("is sent as it is where it is %j", (id) =>
    Effect.gen(function* () {
      const palomma = stub({ status: 500 })
      yield* failure(getPayout(id), palomma)
      assert.strictEqual(palomma.requests[0]?.url.href, `https://sandbox.api.palomma.com/v0/payoutRequests/${id}`)
    })
  )

  it.effect("is checked by every get there is", () =>
    Effect.forEach(
      operations.filter(({ kind }) => kind === "get"),
      ({ group }) =>
        Effect.forEach(["..", "", "a/b"], (id) =>
          Effect.gen(function* () {
            const { parents = [] } = sampleOf(group)
            yield* problemsOf(call(group, "get", ...parents, id))
            yield* Effect.forEach(parents, () => problemsOf(call(group, "get", id, "01H")))
          })
        )
    )
  )

  it.effect("is never anything but one segment, whatever was given", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.oneof(
            fc.string({ unit: "binary" }),
            fc.webPath(),
            fc.string({ unit: fc.constantFrom(...".%/\\2eEfF?#:@ ~-_aZ".split("")) })
          ),
          async (id) => {
            const palomma = stub({ status: 404 })
            const { TestClock } = await import("effect/testing")
            await Effect.runPromise(
              settle(getPayout(id), palomma).pipe(Effect.scoped, Effect.provide(TestClock.layer()))
            )
            for (const { url } of palomma.requests) {
              assert.strictEqual(url.href, `https://sandbox.api.palomma.com/v0/payoutRequests/${id}`)
              assert.strictEqual(url.pathname.split("/").length, 4)
            }
          }
        ),
        { numRuns: 500 }
      )
    )
  )
})

describe("an id in a body or a filter", () => {
  it.effect.each(["payoutTargetId", "sourceMerchantAccountId"])("is refused where it is empty: %s", (field) =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(payout({ [field]: "" }))
      assert.deepStrictEqual(problems, [{ field, rule: "must be a non-empty string" }])
    })
  )

  it.effect("is refused where it is empty in a filter", () =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(listPayouts({ customerId: "", payoutTargetId: "" }))
      assert.deepStrictEqual(problems, [
        { field: "customerId", rule: "must be a non-empty string" },
        { field: "payoutTargetId", rule: "must be a non-empty string" }
      ])
    })
  )
})

describe("a reference", () => {
  const bad = ["", "a\u0000b", "a\nb", "a\r\nb", "\t", "\u007f", "a\u0085b", "\ud800", "a\udc00b", "\u001b[31m"]

  it.effect.each(bad)("is refused in a body where it is %j", (reference) =>
    Effect.gen(function* () {
      for (const create of [payout, target, customer]) {
        const { problems } = yield* problemsOf(create({ reference }))
        assert.deepStrictEqual(
          problems.map(({ field }) => field),
          ["reference"]
        )
        assert.match(problems[0]?.rule ?? "", /^must be (text without control characters|a non-empty string)$/)
      }
    })
  )

  it.effect.each(bad)("is refused in a filter where it is %j", (reference) =>
    Effect.gen(function* () {
      const looking = [
        listPayouts({ reference }),
        PayoutRequests.use((payouts) => payouts.findByReference(reference)),
        PayoutRequests.use((payouts) => Stream.runCollect(payouts.stream({ reference }))),
        PayoutTargets.use((targets) => targets.findByReference(reference)),
        Customers.use((customers) => customers.findByReference(reference))
      ]
      for (const look of looking) {
        const { problems } = yield* problemsOf(look)
        assert.deepStrictEqual(
          problems.map(({ field }) => field),
          ["reference"]
        )
      }
    })
  )

  it.effect.each([null, 5, {}, ["a"]])("is refused where it is no text: %j", (reference) =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(payout({ reference }))
      assert.deepStrictEqual(
        problems.map(({ field }) => field),
        ["reference"]
      )
    })
  )

  it.effect.each(["r-1", "a b", "ñandú", "50% & more?#=+/\\", "😀", "x".repeat(5_000)])(
    "comes through a query as it is: %j",
    (reference) =>
      Effect.gen(function* () {
        const palomma = stub({ status: 400 })
        yield* failure(listPayouts({ reference }), palomma)
        assert.strictEqual(palomma.requests[0]?.url.searchParams.get("reference"), reference)
      })
  )
})

describe("a query", () => {
  it.effect.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "20", null, 1e9])(
    "is refused where its limit is %s",
    (limit) =>
      Effect.gen(function* () {
        const { outcome, problems } = yield* problemsOf(listPayouts({ limit }))
        assert.deepStrictEqual(problems, [{ field: "limit", rule: "must be a whole number from 1 to 100" }])
        assert.strictEqual(outcome, "none")
      })
  )

  it.effect.each(["", null, 5])("is refused where its cursor is %j", (cursor) =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(listPayouts({ cursor }))
      assert.deepStrictEqual(problems, [{ field: "cursor", rule: "must be the cursor of a page" }])
    })
  )

  it.effect("is refused where it has a filter that is none: a misspelt one would list everything", () =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(listPayouts({ refrence: "r-1" }))
      assert.deepStrictEqual(problems, [{ field: "refrence", rule: "is not a field of this request" }])
    })
  )

  it.effect("leaves out what is given as undefined", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 400 })
      yield* failure(
        listPayouts({ reference: undefined, limit: undefined, cursor: undefined, customerId: undefined }),
        palomma
      )
      assert.strictEqual(palomma.requests[0]?.url.search, "")
    })
  )
})

describe("a body", () => {
  it.effect("has all of its problems told at once", () =>
    Effect.gen(function* () {
      const { message, problems } = yield* problemsOf(
        target(
          { customerId: "", redirectUrl: "", type: "card", reference: "a\nb", colour: "red" },
          {
            bank: "bancolombi",
            accountType: "current",
            accountNumber: ""
          }
        )
      )
      assert.deepStrictEqual(problems.map(({ field }) => field).sort(), [
        "bankAccount.accountNumber",
        "bankAccount.accountType",
        "bankAccount.bank",
        "colour",
        "customerId",
        "redirectUrl",
        "reference",
        "type"
      ])
      assert.include(message, "bankAccount.accountType: must be one of: savings, checking")
      assert.include(message, "colour: is not a field of this request")
    })
  )

  it.effect("has everything that is missing told at once", () =>
    Effect.gen(function* () {
      const { problems } = yield* problemsOf(Customers.use((customers) => customers.create({} as CreateCustomer)))
      assert.deepStrictEqual(problems.map(({ field, rule }) => `${field} ${rule}`).sort(), [
        "documentNumber is missing",
        "documentType is missing",
        "email is missing",
        "name is missing",
        "phoneNumber is missing"
      ])
    })
  )

  it.effect.each([undefined, null, "body", 5, [], [{}], true, () => ({}), new Map()])(
    "is refused as a whole where it is %s",
    (body) =>
      Effect.forEach(
        operations.filter(({ kind }) => kind === "create"),
        ({ group }) =>
          Effect.gen(function* () {
            const { outcome, problems } = yield* problemsOf(call(group, "create", body))
            assert.isAbove(problems.length, 0)
            assert.strictEqual(outcome, "not-sent")
          })
      )
  )

  it.effect("may be an instance of a class, or have no prototype", () =>
    Effect.gen(function* () {
      class Payout {
        readonly payoutTargetId = "01H"
        readonly amount = 50_000
      }
      const bare: unknown = Object.assign(Object.create(null) as object, new Payout())
      for (const body of [new Payout() as unknown, bare, Object.freeze(new Payout())]) {
        assert.isTrue(yield* isSent(PayoutRequests.use((payouts) => payouts.create(body as CreatePayoutRequest))))
      }
    })
  )
})

describe("whatever is wrong", () => {
  // Values that a formatter might repeat, each of which says VALUE.
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      "VALUE",
      "VALUE\n",
      "VALUE".repeat(1_000),
      ["VALUE"],
      { a: "VALUE" },
      Symbol("VALUE"),
      new Error("VALUE")
    ),
    fc.constantFrom<unknown>(987_654_321.5, -987_654_321, 987_654_321n),
    fc.constantFrom<unknown>(null, "", true, [], {})
  )
  const spots = operations
    .filter(({ kind }) => kind === "create")
    .flatMap(({ body = {}, group, name }) =>
      Object.entries(body).flatMap(([field, part]): Array<readonly [string, string, (value: unknown) => object]> => [
        [`${name} ${field}`, group, (value) => ({ ...body, [field]: value })],
        ...(typeof part === "object" && part !== null && !Array.isArray(part)
          ? Object.keys(part).map(
              (inner) =>
                [
                  `${name} ${field}.${inner}`,
                  group,
                  (value: unknown) => ({ ...body, [field]: { ...part, [inner]: value } })
                ] as const
            )
          : [])
      ])
    )

  it.effect.each(spots)("no message repeats it: %s", ([, group, bodyOf]) =>
    Effect.gen(function* () {
      const { inspect } = yield* Effect.promise(() => import("node:util"))
      for (const wrong of fc.sample(value, { numRuns: 30, seed: 1 })) {
        const palomma = stub({ status: 403 })
        const exit = yield* settle(call(group, "create", bodyOf(wrong)), palomma)
        assert.isTrue(Exit.isFailure(exit) && !Exit.hasDies(exit))
        const error = yield* Effect.flip(exit)
        if (error._tag !== "PalommaInvalidInput") continue
        assert.strictEqual(palomma.requests.length, 0)
        for (const text of [error.message, String(error), JSON.stringify(error), inspect(error, { depth: 20 })]) {
          assert.notInclude(text, "VALUE")
          assert.notInclude(text, "987654321")
        }
      }
    })
  )
})
