/**
 * What is particular to collecting money; what holds for every operation is tested with all of them.
 */
import {
  MerchantAccounts,
  type Palomma,
  PayinLinks,
  PayinRequests,
  PayinSettlements,
  PayinSourceCancelled,
  PayinSources
} from "@palomma-effect/client"
import {
  type CreatePayinLink,
  type CreatePayinSource,
  CustomerId,
  LocalDateTime,
  MerchantAccountId,
  PayinLinkId,
  PayinRequestId,
  PayinSettlementId,
  PayinSourceId
} from "@palomma-effect/schema"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { inspect } from "node:util"
import { type Answer, failure, type Request, settle, stub } from "./support/stub.ts"

const customerId = CustomerId.make("01CUSTOMER")
const payinSourceId = PayinSourceId.make("01SOURCE")
const payinSettlementId = PayinSettlementId.make("01SETTLEMENT")
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
} as const satisfies Record<CreatePayinLink["type"], CreatePayinLink>

const createLink = (link: CreatePayinLink) => PayinLinks.use((payinLinks) => payinLinks.create(link))

describe("PayinLinks.create", () => {
  it.effect.each(Object.values(links))("sends a link of type $type as it was given", (link) =>
    Effect.gen(function* () {
      const palomma = created()
      const made = yield* Effect.flatten(settle(createLink(link), palomma))
      assert.strictEqual(made.id, "01NEW")
      assert.deepStrictEqual(pathsOf(palomma), ["POST /payinLinks"])
      // Card number and code are plain on the wire, and only there.
      const plain = { ...card, cardNumber: "4929111122223333", cvv: "9173" }
      assert.deepStrictEqual(bodyOf(palomma), link.type === "card" ? { ...link, card: plain } : link)
    })
  )

  it.effect("sends what may be given too, and leaves out what is undefined", () =>
    Effect.gen(function* () {
      const palomma = created()
      const given = {
        ...links.pse,
        reference: "invoice-1",
        expiration: LocalDateTime.make("2026-11-21T23:59:59"),
        targetMerchantAccountId: merchantAccountId
      }
      yield* settle(createLink({ ...given, description: undefined }), palomma)
      assert.deepStrictEqual(bodyOf(palomma), given)
    })
  )

  const amounts = Object.values(links).flatMap((link) => {
    const above = link.type === "pse" ? 1_000 : 1_500
    return [
      { link: { ...link, amount: above }, ok: false },
      { link: { ...link, amount: above + 1 }, ok: true },
      { link: { ...link, amount: 2_000_000 }, ok: true },
      { link: { ...link, amount: 2_000_001 }, ok: false },
      { link: { ...link, amount: 1_999.5 }, ok: false },
      { link: { ...link, amount: 300_000 }, limits: { payinLink: 300_000 }, ok: true },
      { link: { ...link, amount: 300_001 }, limits: { payinLink: 300_000 }, ok: false },
      { link: { ...link, amount: 2_000_001 }, limits: { payinLink: 9_000_000 }, ok: true },
      { link: { ...link, amount: 2_000_001 }, limits: { payin: 9_000_000, payout: 9_000_000 }, ok: false }
    ].map(
      (row): { readonly link: CreatePayinLink; readonly limits?: Palomma.Options["limits"]; readonly ok: boolean } =>
        row
    )
  })
  it.effect.each(amounts)("of type $link.type over $link.amount pesos, limits $limits: $ok", ({ limits, link, ok }) =>
    Effect.gen(function* () {
      const palomma = created()
      if (ok) {
        yield* Effect.flatten(settle(createLink(link), palomma, { limits }))
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
    ["no ways to pay", { ...links.general, availableTypes: [] }, ["availableTypes"]],
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
  it.effect.each(mistakes)("refuses %s, without a word of a card", ([, link, fields]) =>
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
  it.effect.each(sources)("sends a source of type $type as it was given", (source) =>
    Effect.gen(function* () {
      const palomma = created()
      yield* Effect.flatten(
        settle(
          PayinSources.use((payinSources) => payinSources.create(source)),
          palomma
        )
      )
      assert.deepStrictEqual(pathsOf(palomma), ["POST /payinSources"])
      assert.deepStrictEqual(bodyOf(palomma), source)
    })
  )

  it.effect("refuses a bank that cannot be debited, though it can be paid", () =>
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
  const amounts = [
    { amount: 1_000, ok: false },
    { amount: 1_001, ok: true },
    { amount: 2_000_000, ok: true },
    { amount: 2_000_001, ok: false },
    { amount: 50_001, limits: { payin: 50_000 }, ok: false },
    { amount: 2_000_001, limits: { payin: 9_000_000 }, ok: true },
    { amount: 2_000_001, limits: { payinLink: 9_000_000 }, ok: false }
  ]
  it.effect.each(amounts)("of $amount pesos, limits $limits: $ok", ({ amount, limits, ok }) =>
    Effect.gen(function* () {
      const palomma = created({ status: "processing" })
      const body = { payinSourceId, amount, reference: "fee-1", targetMerchantAccountId: merchantAccountId }
      const call = PayinRequests.use((payinRequests) => payinRequests.create(body))
      if (ok) {
        yield* Effect.flatten(settle(call, palomma, { limits }))
        assert.deepStrictEqual(pathsOf(palomma), ["POST /payinRequests"])
        return assert.deepStrictEqual(bodyOf(palomma), body)
      }
      assert.strictEqual((yield* failure(call, palomma, { limits }))._tag, "PalommaInvalidInput")
      assert.strictEqual(palomma.posts(), 0)
    })
  )
})

describe("reads", () => {
  const filters = { reference: "ñ & más", customerId, limit: 7, cursor: "c/1+" }
  const tail = "limit=7&cursor=c/1+"
  const page: Answer = { json: { items: [], cursor: null } }
  const reads: ReadonlyArray<readonly [string, Answer, Effect.Effect<unknown, unknown, Palomma.Services>]> = [
    [
      "/payinLinks/01LINK",
      { json: { id: "01LINK", status: "approved" } },
      PayinLinks.use((s) => s.get(PayinLinkId.make("01LINK")))
    ],
    ["/payinLinks", page, PayinLinks.use((s) => s.list())],
    [
      `/payinLinks?reference=ñ & más&customerId=01CUSTOMER&payinSettlementId=01SETTLEMENT&${tail}`,
      page,
      PayinLinks.use((s) => s.list({ ...filters, payinSettlementId }))
    ],
    [
      "/payinSources/01SOURCE",
      { json: { id: "01SOURCE", status: "active" } },
      PayinSources.use((s) => s.get(payinSourceId))
    ],
    ["/payinSources", page, PayinSources.use((s) => s.list())],
    [`/payinSources?reference=ñ & más&customerId=01CUSTOMER&${tail}`, page, PayinSources.use((s) => s.list(filters))],
    [
      "/payinRequests/01PAYIN",
      { json: { id: "01PAYIN", status: "partial" } },
      PayinRequests.use((s) => s.get(PayinRequestId.make("01PAYIN")))
    ],
    ["/payinRequests", page, PayinRequests.use((s) => s.list())],
    [
      `/payinRequests?reference=ñ & más&customerId=01CUSTOMER&payinSourceId=01SOURCE&payinSettlementId=01SETTLEMENT&${tail}`,
      page,
      PayinRequests.use((s) => s.list({ ...filters, payinSourceId, payinSettlementId }))
    ],
    ["/merchantAccounts/default", { json: { id: "default" } }, MerchantAccounts.use((s) => s.get(merchantAccountId))],
    ["/merchantAccounts", page, MerchantAccounts.use((s) => s.list())],
    ["/merchantAccounts?limit=7", page, MerchantAccounts.use((s) => s.list({ limit: 7 }))],
    [
      "/merchantAccounts/default/settlements/01SETTLEMENT",
      { json: { id: "01SETTLEMENT" } },
      PayinSettlements.use((s) => s.get(merchantAccountId, payinSettlementId))
    ],
    ["/merchantAccounts/default/settlements", page, PayinSettlements.use((s) => s.list(merchantAccountId))],
    [
      "/merchantAccounts/default/settlements?limit=7",
      page,
      PayinSettlements.use((s) => s.list(merchantAccountId, { limit: 7 }))
    ]
  ]
  it.effect.each(reads)("GET %s", ([url, answer, call]) =>
    Effect.gen(function* () {
      const palomma = stub(answer)
      yield* Effect.flatten(settle(call, palomma))
      assert.deepStrictEqual(pathsOf(palomma), [`GET ${url}`])
    })
  )

  it.effect("lists every problem of a path and a query together", () =>
    Effect.gen(function* () {
      const palomma = stub(page)
      const account = MerchantAccountId.make("..")
      const error = yield* failure(
        PayinSettlements.use((s) => s.list(account, { limit: 101 })),
        palomma
      )
      if (error._tag !== "PalommaInvalidInput") return assert.fail(error._tag)
      assert.deepStrictEqual(
        error.problems.map(({ field }) => field),
        ["merchantAccountId", "limit"]
      )
      assert.strictEqual(error.outcome, "none")
      const both = yield* failure(
        PayinSettlements.use((s) => s.get(account, PayinSettlementId.make("a/b"))),
        palomma
      )
      if (both._tag !== "PalommaInvalidInput") return assert.fail(both._tag)
      assert.deepStrictEqual(
        both.problems.map(({ field }) => field),
        ["merchantAccountId", "payinSettlementId"]
      )
      const streamed = yield* failure(
        PayinSettlements.use((s) => Stream.runDrain(s.stream(account))),
        palomma
      )
      assert.strictEqual(streamed._tag, "PalommaInvalidInput")
      assert.strictEqual(palomma.requests.length, 0)
    })
  )
})

describe("PayinSettlements.stream", () => {
  const pages = (cursors: ReadonlyArray<string | null>) =>
    stub((_, number) => ({ json: { items: [{ id: `0${number}` }], cursor: cursors[number - 1] ?? null } }))
  const all = PayinSettlements.use((s) => Stream.runCollect(s.stream(merchantAccountId)))

  it.effect("asks for the account's pages one after the other", () =>
    Effect.gen(function* () {
      const palomma = pages(["b", "c", null])
      const found = yield* Effect.flatten(settle(all, palomma))
      assert.deepStrictEqual(
        found.map(({ id }) => String(id)),
        ["01", "02", "03"]
      )
      assert.deepStrictEqual(
        pathsOf(palomma),
        ["", "&cursor=b", "&cursor=c"].map((rest) => `GET /merchantAccounts/default/settlements?limit=100${rest}`)
      )
    })
  )

  it.effect("fails where a page points back", () =>
    Effect.gen(function* () {
      const error = yield* failure(all, pages(["b", "c", "b"]))
      if (error._tag !== "PalommaInvalidResponse") return assert.fail(error._tag)
      assert.strictEqual(error.operation, "PayinSettlements.stream")
      assert.strictEqual(error.defect, "repeated-cursor")
    })
  )
})

describe("findByReference", () => {
  const finders: ReadonlyArray<
    readonly [string, Effect.Effect<ReadonlyArray<{ readonly id: string }>, unknown, Palomma.Services>]
  > = [
    ["payinLinks", PayinLinks.use((s) => s.findByReference("a"))],
    ["payinSources", PayinSources.use((s) => s.findByReference("a"))],
    ["payinRequests", PayinRequests.use((s) => s.findByReference("a"))]
  ]
  it.effect.each(finders)("of %s does not trust Palomma's filter to be exact", ([path, find]) =>
    Effect.gen(function* () {
      const items = ["a", "ab", "A", "a"].map((reference, i) => ({ id: `0${i}`, status: "processing", reference }))
      const palomma = stub({ json: { items, cursor: null } })
      const found = yield* Effect.flatten(settle(find, palomma))
      assert.deepStrictEqual(
        found.map(({ id }) => id),
        ["00", "03"]
      )
      assert.deepStrictEqual(pathsOf(palomma), [`GET /${path}?reference=a&limit=100`])
    })
  )
})

describe("waiting", () => {
  const waits = {
    "PayinLinks.awaitFinal": {
      wait: PayinLinks.use((s) => s.awaitFinal(PayinLinkId.make("01A"))),
      pending: ["pending", "processing", "refunding"],
      ends: ["approved", "cancelled"]
    },
    "PayinRequests.awaitFinal": {
      wait: PayinRequests.use((s) => s.awaitFinal(PayinRequestId.make("01A"))),
      pending: ["processing", "pending", "refunding"],
      ends: ["approved", "partial", "cancelled"]
    },
    "PayinSources.awaitActive": {
      wait: PayinSources.use((s) => s.awaitActive(PayinSourceId.make("01A"))),
      pending: ["pending", "processing", "expired"],
      ends: ["active"]
    }
  } as const
  for (const [operation, { ends, pending, wait }] of Object.entries(waits)) {
    it.effect.each([...ends])(`${operation} ends with %s, and not before`, (end) =>
      Effect.gen(function* () {
        const statuses = [...pending, end]
        const palomma = stub((_, number) => ({ json: { id: "01A", status: statuses[number - 1] } }))
        const record: { readonly status: string } = yield* Effect.flatten(
          settle<{ readonly status: string }, unknown>(wait, palomma)
        )
        assert.strictEqual(record.status, end)
        assert.strictEqual(palomma.requests.length, statuses.length)
      })
    )

    it.effect(`${operation} gives up on a status that nobody knows`, () =>
      Effect.gen(function* () {
        const palomma = stub({ json: { id: "01A", status: "unheard-of" } })
        const error = yield* failure<unknown, { readonly _tag: string; readonly message: string }>(wait, palomma)
        assert.strictEqual(error._tag, "PalommaStillPending")
        assert.include(error.message, operation)
        assert.include(error.message, "unheard-of")
      })
    )
  }

  it.effect("PayinSources.awaitActive fails where the source is cancelled, and says why", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: { id: "01A", status: "cancelled", statusMessage: "AUTHENTICATION_FAILED" } })
      const error = yield* failure(waits["PayinSources.awaitActive"].wait, palomma)
      assert.instanceOf(error, PayinSourceCancelled)
      assert.strictEqual(error.payinSourceId, "01A")
      assert.strictEqual(error.statusMessage, "AUTHENTICATION_FAILED")
      assert.match(error.message, /^Payin source 01A was cancelled\. .+/)
      assert.strictEqual(palomma.requests.length, 1)
    })
  )
})
