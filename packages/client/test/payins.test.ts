/**
 * The particulars of collecting money. What all operations share is tested with all of them.
 */
import { type Palomma, PayinLinks, PayinRequests, PayinSources } from "@palomma-effect/client"
import {
  type CreatePayinLink,
  type CreatePayinSource,
  CustomerId,
  LocalDateTime,
  MerchantAccountId,
  type PayinLinkType,
  PayinSourceId
} from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import { failure, type Request, runToEnd, stub } from "./support/stub.ts"

const customerId = CustomerId.make("01CUSTOMER")
const payinSourceId = PayinSourceId.make("01SOURCE")
const merchantAccountId = MerchantAccountId.make("default")

const to = { customerId, redirectUrl: "https://shop.example/back" }
const card = {
  cardNumber: Redacted.make("4929111122223333"),
  expirationMonth: "01",
  expirationYear: "2031",
  cvv: Redacted.make("9173")
}

const created = (record: object = {}) => stub({ json: { id: "01NEW", status: "pending", ...record } })
const bodyOf = ({ requests }: { readonly requests: ReadonlyArray<Request> }): unknown => requests[0]?.body
const pathsOf = ({ requests }: { readonly requests: ReadonlyArray<Request> }) =>
  requests.map(({ method, url: { pathname, searchParams } }) => {
    const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join("&")
    return `${method} ${pathname.replace("/v0", "")}${query === "" ? "" : `?${query}`}`
  })

const links = {
  general: { ...to, type: "general", amount: 1_501, availableTypes: ["pse", "nequiButton"] },
  pse: { ...to, type: "pse", amount: 1_001, bank: "bancolombia" },
  bancolombiaButton: { ...to, type: "bancolombiaButton", amount: 1_501 },
  nequiButton: { ...to, type: "nequiButton", amount: 1_501, phoneNumber: "3013111111" },
  card: { ...to, type: "card", amount: 1_501, card },
  bancolombiaCollect: { ...to, type: "bancolombiaCollect", amount: 1_501 }
} as const satisfies Record<Extract<PayinLinkType, string>, CreatePayinLink>

const createLink = (link: CreatePayinLink) => PayinLinks.use((payinLinks) => payinLinks.create(link))

describe("PayinLinks.create", () => {
  it.effect.each(Object.values(links))("sends a link of type $type unchanged", (link) =>
    Effect.gen(function* () {
      const palomma = created()
      const made = yield* Effect.flatten(runToEnd(createLink(link), palomma))
      assert.strictEqual(made.id, "01NEW")
      assert.deepStrictEqual(pathsOf(palomma), ["POST /payinLinks"])
      // Card number and code are plain text in the request, and nowhere else.
      const plain = { ...card, cardNumber: "4929111122223333", cvv: "9173" }
      assert.deepStrictEqual(bodyOf(palomma), link.type === "card" ? { ...link, card: plain } : link)
    })
  )

  it.effect("sends optional fields, and omits fields that are undefined", () =>
    Effect.gen(function* () {
      const palomma = created()
      const input = {
        ...links.pse,
        reference: "invoice-1",
        expiration: LocalDateTime.make("2026-11-21T23:59:59"),
        targetMerchantAccountId: merchantAccountId
      }
      yield* runToEnd(createLink({ ...input, description: undefined }), palomma)
      assert.deepStrictEqual(bodyOf(palomma), input)
    })
  )

  interface Amount {
    readonly link: CreatePayinLink
    readonly limits?: Palomma.PalommaOptions["limits"]
    readonly ok: boolean
  }

  const amounts = Object.values(links).flatMap((link): ReadonlyArray<Amount> => {
    const [name, other, above] =
      link.type === "pse"
        ? (["payinLinkPse", "payinLink", 1_000] as const)
        : (["payinLink", "payinLinkPse", 1_500] as const)
    const atMost = (most: number) => ({ [name]: { atMost: most } })
    return [
      { link: { ...link, amount: above }, ok: false },
      { link: { ...link, amount: above + 1 }, ok: true },
      { link: { ...link, amount: 2_000_000 }, ok: true },
      { link: { ...link, amount: 2_000_001 }, ok: false },
      { link: { ...link, amount: 1_999.5 }, ok: false },
      { link: { ...link, amount: 300_000 }, limits: atMost(300_000), ok: true },
      { link: { ...link, amount: 300_001 }, limits: atMost(300_000), ok: false },
      { link: { ...link, amount: 2_000_001 }, limits: atMost(9_000_000), ok: true },
      { link: { ...link, amount: 501 }, limits: { [name]: { above: 500 } }, ok: true },
      { link: { ...link, amount: 500 }, limits: { [name]: { above: 500 } }, ok: false },
      { link: { ...link, amount: 501 }, limits: { [other]: { above: 500 } }, ok: false },
      { link: { ...link, amount: 2_000_001 }, limits: { payin: { atMost: 9_000_000 } }, ok: false }
    ]
  })
  it.effect.each(amounts)("of type $link.type over $link.amount pesos, limits $limits: $ok", ({ limits, link, ok }) =>
    Effect.gen(function* () {
      const palomma = created()
      if (ok) {
        yield* Effect.flatten(runToEnd(createLink(link), palomma, { limits }))
        return assert.strictEqual(palomma.posts(), 1)
      }
      const error = yield* failure(createLink(link), palomma, { limits })
      assert.strictEqual(palomma.posts(), 0)
      if (error._tag !== "PalommaInvalidInput") return assert.fail(error._tag)
      assert.strictEqual(error.outcome, "not-sent")
      assert.deepStrictEqual(
        error.problems.map(({ field }) => field),
        ["amount"]
      )
    })
  )

  const mistakes: ReadonlyArray<readonly [string, object, ReadonlyArray<string>]> = [
    ["no type", { ...to, amount: 5_000 }, [""]],
    ["an unknown type", { ...to, amount: 5_000, type: "cash" }, [""]],
    ["no payment methods", { ...links.general, availableTypes: [] }, ["availableTypes"]],
    ["a misspelt bank", { ...links.pse, bank: "bancolombi" }, ["bank"]],
    ["a field of another type", { ...links.bancolombiaButton, bank: "bancolombia" }, ["bank"]],
    [
      "a card in plain text",
      { ...links.card, card: { ...card, cardNumber: "4929111122223333", cvv: "9173" } },
      ["card.cardNumber", "card.cvv"]
    ],
    [
      "a card number that is too long",
      { ...links.card, card: { ...card, cardNumber: Redacted.make("4929111122223333000000") } },
      ["card.cardNumber"]
    ],
    ["many mistakes", { ...links.pse, amount: 1, bank: "x", redirectUrl: "" }, ["redirectUrl", "amount", "bank"]]
  ]
  it.effect.each(mistakes)("refuses %s, and the error shows nothing of a card", ([, link, fields]) =>
    Effect.gen(function* () {
      const palomma = created()
      const error = yield* failure(createLink(link as CreatePayinLink), palomma)
      assert.strictEqual(palomma.posts(), 0)
      if (error._tag !== "PalommaInvalidInput") return assert.fail(error._tag)
      assert.sameMembers(
        error.problems.map(({ field }) => field),
        [...fields]
      )
      assert.notMatch(inspect(error, { depth: 10 }) + error.message + JSON.stringify(error), /4929111122223333|9173/)
    })
  )

  it.effect("does not repeat a card that Palomma repeats", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 400, json: { message: "card 4929111122223333 with code 9173 was refused" } })
      const error = yield* failure(createLink(links.card), palomma)
      assert.strictEqual(error._tag, "PalommaBadRequest")
      assert.include(error.message, "was refused")
      assert.notMatch(inspect(error, { depth: 10 }) + error.message + JSON.stringify(error), /4929111122223333|9173/)
    })
  )
})

describe("PayinSources.create", () => {
  const sources: ReadonlyArray<CreatePayinSource> = [
    {
      ...to,
      type: "bankAccount",
      bankAccount: { bank: "bancolombia", accountType: "savings", accountNumber: "00012345678" },
      partialPayinsEnabled: true
    },
    { ...to, type: "bancolombiaToken", reference: "source-1", description: "monthly fee" },
    { ...to, type: "nequiToken", phoneNumber: "3013111111" }
  ]
  it.effect.each(sources)("sends a source of type $type unchanged", (source) =>
    Effect.gen(function* () {
      const palomma = created()
      yield* Effect.flatten(
        runToEnd(
          PayinSources.use((payinSources) => payinSources.create(source)),
          palomma
        )
      )
      assert.deepStrictEqual(pathsOf(palomma), ["POST /payinSources"])
      assert.deepStrictEqual(bodyOf(palomma), source)
    })
  )

  it.effect("refuses a bank that accepts payouts but cannot be debited", () =>
    Effect.gen(function* () {
      const palomma = created()
      const bankAccount = { bank: "movii", accountType: "savings", accountNumber: "1" }
      const source = { ...to, type: "bankAccount", bankAccount } as CreatePayinSource
      const error = yield* failure(
        PayinSources.use((payinSources) => payinSources.create(source)),
        palomma
      )
      if (error._tag !== "PalommaInvalidInput") return assert.fail(error._tag)
      assert.deepStrictEqual(
        error.problems.map(({ field }) => field),
        ["bankAccount.bank"]
      )
    })
  )
})

describe("PayinRequests.create", () => {
  const amounts: ReadonlyArray<{
    readonly amount: number
    readonly limits?: Palomma.PalommaOptions["limits"]
    readonly ok: boolean
  }> = [
    { amount: 1_000, ok: false },
    { amount: 501, limits: { payin: { above: 500 } }, ok: true },
    { amount: 1_001, ok: true },
    { amount: 2_000_000, ok: true },
    { amount: 2_000_001, ok: false },
    { amount: 50_001, limits: { payin: { atMost: 50_000 } }, ok: false },
    { amount: 2_000_001, limits: { payin: { atMost: 9_000_000 } }, ok: true },
    { amount: 2_000_001, limits: { payinLink: { atMost: 9_000_000 } }, ok: false }
  ]
  it.effect.each(amounts)("of $amount pesos, limits $limits: $ok", ({ amount, limits, ok }) =>
    Effect.gen(function* () {
      const palomma = created({ status: "processing" })
      const body = { payinSourceId, amount, reference: "fee-1", targetMerchantAccountId: merchantAccountId }
      const call = PayinRequests.use((payinRequests) => payinRequests.create(body))
      if (ok) {
        yield* Effect.flatten(runToEnd(call, palomma, { limits }))
        assert.deepStrictEqual(pathsOf(palomma), ["POST /payinRequests"])
        return assert.deepStrictEqual(bodyOf(palomma), body)
      }
      assert.strictEqual((yield* failure(call, palomma, { limits }))._tag, "PalommaInvalidInput")
      assert.strictEqual(palomma.posts(), 0)
    })
  )
})
