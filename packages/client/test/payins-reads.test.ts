/**
 * Reads of payins: the paths and queries, look-ups and waits of links, sources, requests, accounts and settlements.
 */
import { assert, describe, it } from "@effect/vitest"
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
  CustomerId,
  MerchantAccountId,
  PayinLink,
  PayinLinkId,
  PayinRequest,
  PayinRequestId,
  PayinSettlementId,
  PayinSourceId
} from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Answer, failure, type Request, runToEnd, stub } from "./support/stub.ts"

const customerId = CustomerId.make("01CUSTOMER")
const payinSourceId = PayinSourceId.make("01SOURCE")
const payinSettlementId = PayinSettlementId.make("01SETTLEMENT")
const merchantAccountId = MerchantAccountId.make("default")

const pathsOf = ({ requests }: { readonly requests: ReadonlyArray<Request> }) =>
  requests.map(({ method, url: { pathname, searchParams } }) => {
    const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join("&")
    return `${method} ${pathname.replace("/v0", "")}${query === "" ? "" : `?${query}`}`
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
      yield* Effect.flatten(runToEnd(call, palomma))
      assert.deepStrictEqual(pathsOf(palomma), [`GET ${url}`])
    })
  )

  it.effect("report every problem of a path and a query together", () =>
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
        PayinSettlements.use((s) => s.get(account, PayinSettlementId.make("."))),
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

  it.effect("requests the account's pages one after the other", () =>
    Effect.gen(function* () {
      const palomma = pages(["b", "c", null])
      const found = yield* Effect.flatten(runToEnd(all, palomma))
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

  it.effect("fails if the cursor of a page points back", () =>
    Effect.gen(function* () {
      const error = yield* failure(all, pages(["b", "c", "b"]))
      if (error._tag !== "PalommaInvalidResponse") return assert.fail(error._tag)
      assert.strictEqual(error.operation, "PayinSettlements.stream")
      assert.strictEqual(error.defect, "repeated-cursor")
    })
  )
})

describe("PayinSettlements.payins", () => {
  const payins = (id: PayinSettlementId) => PayinSettlements.use((s) => Stream.runCollect(s.payins(id)))

  it.effect("requests the links and the debits of the settlement, all pages of both", () =>
    Effect.gen(function* () {
      const palomma = stub((_, number) => ({
        json: { items: [{ id: `0${number}`, status: "approved" }], cursor: number === 1 || number === 3 ? "b" : null }
      }))
      const found = yield* Effect.flatten(runToEnd(payins(payinSettlementId), palomma))
      assert.deepStrictEqual(
        found.map((payin) => [String(payin.id), payin instanceof PayinLink, payin instanceof PayinRequest]),
        [
          ["01", true, false],
          ["02", true, false],
          ["03", false, true],
          ["04", false, true]
        ]
      )
      const query = "payinSettlementId=01SETTLEMENT&limit=100"
      assert.deepStrictEqual(pathsOf(palomma), [
        `GET /payinLinks?${query}`,
        `GET /payinLinks?${query}&cursor=b`,
        `GET /payinRequests?${query}`,
        `GET /payinRequests?${query}&cursor=b`
      ])
    })
  )

  it.effect.each([undefined, ""])("refuses the id %o, which would list the payins of all settlements", (id) =>
    Effect.gen(function* () {
      const palomma = stub({ json: { items: [], cursor: null } })
      // @ts-expect-error: a program without types can pass anything
      const error = yield* failure(payins(id), palomma)
      if (error._tag !== "PalommaInvalidInput") return assert.fail(error._tag)
      assert.deepStrictEqual(
        error.problems.map(({ field }) => field),
        ["payinSettlementId"]
      )
      assert.lengthOf(palomma.requests, 0)
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
  it.effect.each(finders)("of %s does not rely on Palomma's filter to be exact", ([path, find]) =>
    Effect.gen(function* () {
      const items = ["a", "ab", "A", "a"].map((reference, i) => ({ id: `0${i}`, status: "processing", reference }))
      const palomma = stub({ json: { items, cursor: null } })
      const found = yield* Effect.flatten(runToEnd(find, palomma))
      assert.deepStrictEqual(
        found.map(({ id }) => id),
        ["00", "03"]
      )
      assert.deepStrictEqual(pathsOf(palomma), [`GET /${path}?reference=a&limit=100`])
    })
  )
})

describe("a wait", () => {
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
        const record = yield* Effect.flatten(runToEnd<{ readonly status: unknown }, unknown>(wait, palomma))
        assert.strictEqual(record.status, end)
        assert.strictEqual(palomma.requests.length, statuses.length)
      })
    )

    it.effect(`${operation} times out if the status is unknown`, () =>
      Effect.gen(function* () {
        const palomma = stub({ json: { id: "01A", status: "unheard-of" } })
        const error = yield* failure<unknown, { readonly _tag: string; readonly message: string }>(wait, palomma)
        assert.strictEqual(error._tag, "PalommaStillPending")
        assert.include(error.message, operation)
        assert.include(error.message, "unheard-of")
      })
    )
  }

  it.effect("PayinSources.awaitActive fails if the source is cancelled, with the reason", () =>
    Effect.gen(function* () {
      const palomma = stub({ json: { id: "01A", status: "cancelled", statusMessage: "AUTHENTICATION_FAILED" } })
      const error = yield* failure(waits["PayinSources.awaitActive"].wait, palomma)
      assert.instanceOf(error, PayinSourceCancelled)
      assert.strictEqual(error.payinSourceId, "01A")
      assert.strictEqual(error.statusMessage, "AUTHENTICATION_FAILED")
      assert.match(error.message, /^Payin source 01A was cancelled and will never be active\. .+/)
      assert.strictEqual(palomma.requests.length, 1)
    })
  )
})
