/**
 * Law 7, for models: a marked value is masked when it is printed, and stays in data.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  Card,
  CreateCustomer,
  CreatePayinLink,
  CreatePayinSource,
  CreatePayoutTarget,
  Customer,
  PayinLink,
  PayinRequest,
  PayinSource,
  PayoutRequest,
  PayoutTarget,
  Sensitive,
  WebhookEvent
} from "@palomma-effect/schema"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Formatter from "effect/Formatter"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"

const secrets = {
  name: "SENTINEL Perez",
  documentNumber: "SENTINEL-1037551022",
  email: "SENTINEL@gmail.com",
  phoneNumber: "SENTINEL3013111111"
}
const customer = { reference: "ref-9", documentType: "cc", ...secrets }
const record = { id: "x1", status: "active", customerDetails: customer }
const event = (eventType: string, payload: unknown): unknown => ({
  webhookId: "w1",
  timestamp: "2025-11-04T12:00:00.000Z",
  eventType,
  event: payload
})

const models: Record<string, object> = {
  Customer: Schema.decodeUnknownSync(Customer)({ id: "x1", ...customer }),
  PayinLink: Schema.decodeUnknownSync(PayinLink)(record),
  PayinSource: Schema.decodeUnknownSync(PayinSource)(record),
  PayinRequest: Schema.decodeUnknownSync(PayinRequest)(record),
  PayoutTarget: Schema.decodeUnknownSync(PayoutTarget)(record),
  PayoutRequest: Schema.decodeUnknownSync(PayoutRequest)({ ...record, payoutTargetId: "t", amount: 100_000 }),
  "an event about a payout request": Schema.decodeUnknownSync(WebhookEvent)(
    event("payout-request.update", { ...record, payoutTargetId: "t", amount: 100_000 })
  ),
  "an event of an unknown kind": Schema.decodeUnknownSync(WebhookEvent)(event("x1.create", { deep: [customer] }))
}

const logged = (value: unknown): Effect.Effect<string> =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const keep = <A>(logger: Logger.Logger<unknown, A>): Logger.Logger<unknown, void> =>
      Logger.map(logger, (line) => {
        lines.push(typeof line === "string" ? line : inspect(line, { depth: 20 }))
      })
    const loggers = [Logger.formatLogFmt, Logger.formatJson, Logger.formatSimple, Logger.formatStructured].map(
      (logger) => keep<unknown>(logger)
    )
    const sink = (...args: ReadonlyArray<unknown>): void => {
      lines.push(args.map((arg) => (typeof arg === "string" ? arg : inspect(arg, { depth: 20 }))).join(" "))
    }
    yield* Effect.logInfo(value).pipe(
      Effect.annotateLogs("model", value),
      Effect.provide(Logger.layer([...loggers, Logger.consolePretty({ colors: false })])),
      Effect.provideService(Console.Console, { ...console, log: sink, group: sink, groupCollapsed: sink })
    )
    assert.isAtLeast(lines.length, 5)
    return lines.join("\n")
  })

describe.each(Object.entries(models))("%s", (_, model) => {
  const printers: Record<string, (value: unknown) => string> = {
    inspect: (value) => inspect(value, { depth: 20, showHidden: true }),
    "inspect in a list": (value) => inspect([{ value }], { depth: 20 }),
    String: (value) => String(value),
    "String of a list": (value) => String([value]),
    Formatter: (value) => Formatter.format({ value }),
    "Formatter, as JSON": (value) => Formatter.formatJson({ value })
  }

  it.each(Object.entries(printers))("is masked by %s", (_, show) => {
    const text = show(model)
    assert.include(text, "x1")
    assert.include(text, Sensitive.masked)
    assert.notInclude(text, "SENTINEL")
  })

  it.effect("is masked by every log format", () =>
    Effect.gen(function* () {
      const text = yield* logged(model)
      assert.include(text, "x1")
      assert.include(text, Sensitive.masked)
      assert.notInclude(text, "SENTINEL")
    })
  )

  it("is complete as data", () => {
    for (const secret of Object.values(secrets)) assert.include(JSON.stringify(model), secret)
  })
})

describe("a marked property", () => {
  const model = Schema.decodeUnknownSync(Customer)({ id: "x1", ...customer })

  it("is the plain value", () => {
    assert.strictEqual(model.email, "SENTINEL@gmail.com")
    assert.strictEqual(Object.assign({}, model).documentNumber, "SENTINEL-1037551022")
    assert.deepStrictEqual<object>(Schema.encodeSync(Customer)(model), { id: "x1", ...customer })
  })

  it("that is absent is not printed", () => {
    const bare = new Customer({ id: Customer.fields.id.make("x1") })
    assert.notInclude(inspect(bare), "redacted")
    assert.notInclude(Formatter.format(bare), "redacted")
  })
})

describe("a mark", () => {
  it("works inside a union and in every container", () => {
    class Nested extends Schema.Class<Nested>("Nested")({
      secret: Schema.NullOr(Sensitive.mark(Schema.String)),
      open: Schema.String
    }) {
      static {
        Sensitive.maskIn(this)
      }
    }
    const nested = new Nested({ secret: "SENTINEL", open: "shown" })
    assert.strictEqual(inspect(nested), "Nested { secret: '<redacted>', open: 'shown' }")
    assert.strictEqual(Formatter.format(nested), '{"secret":"<redacted>","open":"shown"}')
    assert.deepStrictEqual(Sensitive.values(Schema.NullOr(Nested), nested), ["SENTINEL"])
    assert.deepStrictEqual(Sensitive.values(Schema.NullOr(Nested), null), [])
  })
})

const link = { customerId: "c", redirectUrl: "https://merchant.example", amount: 2_000 }
const aCard = Schema.decodeUnknownSync(Card)({
  cardNumber: "4111111111111111",
  expirationMonth: "12",
  expirationYear: "2030",
  cvv: "987"
})

describe("a card", () => {
  it("prints neither its number nor its security code, also with JSON.stringify", () => {
    for (const text of [inspect(aCard), JSON.stringify(aCard.cvv), JSON.stringify(aCard), Formatter.format(aCard)]) {
      assert.notMatch(text, /4111|987/)
    }
  })

  it("is plain text in the request", () => {
    const body = Schema.encodeUnknownSync(CreatePayinLink)({ ...link, type: "card", card: aCard })
    assert.include(JSON.stringify(body), `"cardNumber":"4111111111111111"`)
    assert.include(JSON.stringify(body), `"cvv":"987"`)
  })

  it("is invalid with a plain or malformed number, and the message contains the rule and not the number", () => {
    const encode = Schema.encodeUnknownSync(CreatePayinLink)
    for (const cardNumber of [
      "4111111111111111",
      Redacted.make("4111"),
      Redacted.make("4111 1111 1111 1111"),
      Redacted.make(4111)
    ]) {
      const body = { ...link, type: "card", card: Object.assign({}, aCard, { cardNumber }) }
      assert.throws(
        () => encode(body),
        /must be 13 to 19 digits, wrapped with Redacted.make\n {2}at \["card"\]\["cardNumber"\]/
      )
    }
    const decode = Schema.decodeUnknownSync(Card)
    assert.throws(
      () => decode({ ...Schema.encodeSync(Card)(aCard), cvv: "12345" }),
      /^must be 3 or 4 digits\n {2}at \["cvv"\]$/
    )
  })
})

describe("the marked values of a body", () => {
  it.each<[string, Schema.Top, unknown, ReadonlyArray<string>]>([
    ["customer", CreateCustomer, customer, Object.values(secrets)],
    [
      "payout target",
      CreatePayoutTarget,
      { type: "bankAccount", bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" } },
      ["3013111111"]
    ],
    ["Nequi link", CreatePayinLink, { ...link, type: "nequiButton", phoneNumber: "301" }, ["301"]],
    ["card link", CreatePayinLink, { ...link, type: "card", card: aCard }, ["4111111111111111", "987"]],
    ["Nequi source", CreatePayinSource, { type: "nequiToken", phoneNumber: "302" }, ["302"]],
    ["bank source", CreatePayinSource, { type: "bankAccount", bankAccount: { accountNumber: "00123" } }, ["00123"]],
    ["model", PayoutTarget, models["PayoutTarget"], Object.values(secrets)],
    ["malformed body", CreatePayoutTarget, { bankAccount: null }, []],
    ["body that is none", CreatePayoutTarget, "text", []]
  ])("are found in a %s", (_, schema, value, expected) => {
    assert.deepStrictEqual([...new Set(Sensitive.values(schema, value))].sort(), [...expected].sort())
  })
})
