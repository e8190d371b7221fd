import { assert, describe, it } from "@effect/vitest"
import { PalommaApi, UnauthorizedBody } from "@palomma-effect/schema"
import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
import { type Operation, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as fc from "fast-check"
import { customer, get, nequi, post, target } from "./support.ts"

const operations: Array<string> = []
// The schemas of an operation's responses by status, from the contract.
const answers = new Map<string, Schema.Codec<unknown>>()
for (const group of Object.values(PalommaApi.groups)) {
  for (const endpoint of Object.values<HttpApiEndpoint.Top>(group.endpoints)) {
    const name = `${group.identifier}.${endpoint.identifier}`
    operations.push(name)
    for (const schema of endpoint.success) answers.set(`${name} 200`, schema as Schema.Codec<unknown>)
    for (const schema of [...endpoint.error, UnauthorizedBody]) {
      const status = SchemaAST.resolveAt<number>("httpApiStatus")(schema.ast)
      answers.set(`${name} ${status}`, schema as Schema.Codec<unknown>)
    }
  }
}

const json = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

describe("conformance", () => {
  it("finds the contract's own schemas", () => {
    const found = [...answers.keys()]
    const required = operations.flatMap((name) => [200, 401, 500].map((status) => `${name} ${status}`))
    assert.includeMembers(found, required)
    assert.deepStrictEqual(
      found.filter((key) => !/ (?:200|400|401|404|500)$/.test(key)),
      []
    )
  })

  it.effect("every response matches the contract in all fields, and a body is accepted exactly if it is valid", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const seen = new Map<string, number>()
      const check = (operation: Operation, { status, text }: { readonly status: number; readonly text: string }) => {
        const key = `${operation} ${status}`
        const schema = answers.get(key)
        if (schema === undefined) throw new Error(`${key} is not in the contract: ${text}`)
        Schema.decodeUnknownSync(schema, { onExcessProperty: "error" })(JSON.parse(text))
        seen.set(key, (seen.get(key) ?? 0) + 1)
      }

      const customerId = yield* customer
      const payoutTargetId = yield* target
      const source = yield* post("/payinSources", {
        customerId,
        redirectUrl: "https://e.co",
        type: "bancolombiaToken"
      })
      const payinSourceId = source.json.id
      yield* simulator.setPayinSourceStatus(payinSourceId, { status: "active" })
      // The ids in a body exist here, and only Bancolombia's accounts accept partial debits.
      const known = {
        customerId,
        payoutTargetId,
        payinSourceId,
        sourceMerchantAccountId: "default",
        targetMerchantAccountId: "default"
      }
      const placed = (body: object): object => {
        const own = Object.fromEntries(Object.entries(known).filter(([key]) => key in body))
        return { ...body, ...own, ...("expiration" in body ? { expiration: "1970-01-02T00:00:00" } : {}) }
      }

      const create = (
        operation: Operation,
        path: string,
        valid: fc.Arbitrary<object>,
        invalid: fc.Arbitrary<Arbitraries.InvalidValue>
      ) =>
        Effect.gen(function* () {
          for (const body of fc.sample(valid, { seed: 1, numRuns: 60 })) {
            const answer = yield* post(path, placed(body))
            assert.deepStrictEqual([json(body), answer.status, answer.text], [json(body), 200, answer.text])
            check(operation, answer)
          }
          for (const { value } of fc.sample(invalid, { seed: 1, numRuns: 120 })) {
            if (json(value) === undefined) continue
            const answer = yield* post(path, value)
            assert.deepStrictEqual([json(value), answer.status], [json(value), 400])
            check(operation, answer)
          }
        })
      yield* create("customers.create", "/customers", Arbitraries.createCustomer, Arbitraries.invalidCreateCustomer)
      yield* create(
        "payoutTargets.create",
        "/payoutTargets",
        Arbitraries.createPayoutTarget(),
        Arbitraries.invalidCreatePayoutTarget
      )
      yield* create(
        "payoutRequests.create",
        "/payoutRequests",
        Arbitraries.createPayoutRequest(),
        Arbitraries.invalidCreatePayoutRequest()
      )
      const sources = Arbitraries.createPayinSource.map((body) =>
        body.type === "bankAccount" && body.bankAccount.bank !== "bancolombia"
          ? Object.assign({}, body, { partialPayinsEnabled: false })
          : body
      )
      yield* create("payinSources.create", "/payinSources", sources, Arbitraries.invalidCreatePayinSource)
      yield* create(
        "payinRequests.create",
        "/payinRequests",
        Arbitraries.createPayinRequest(),
        Arbitraries.invalidCreatePayinRequest()
      )
      const links = Arbitraries.createPayinLink().map((body) =>
        body.type === "card"
          ? Object.assign({}, body, {
              card: { cardNumber: "4111111111111111", expirationMonth: "12", expirationYear: "2030", cvv: "123" }
            })
          : body
      )
      yield* create("payinLinks.create", "/payinLinks", links, Arbitraries.invalidCreatePayinLink())

      // Every status, including undocumented ones.
      const ids = (path: string) =>
        Effect.map(get(`${path}?limit=100`), ({ json: page }) => page.items.map(({ id }) => id))
      const statusesOf = <S>(arbitrary: fc.Arbitrary<S>) => fc.sample(arbitrary, { seed: 1, numRuns: 100 })
      const mix = <S, A, E, R>(
        path: string,
        arbitrary: fc.Arbitrary<S>,
        set: (id: string, change: { readonly status: S }) => Effect.Effect<A, E, R>
      ) =>
        Effect.flatMap(ids(path), (found) =>
          Effect.forEach(statusesOf(arbitrary), (status, i) => set(found[i % found.length] ?? "", { status }))
        )
      yield* mix("/payoutRequests", Arbitraries.payoutStatus, simulator.setPayoutStatus)
      yield* mix("/payinRequests", Arbitraries.payinStatus, simulator.setPayinStatus)
      yield* mix("/payinLinks", Arbitraries.payinLinkStatus, simulator.setPayinLinkStatus)
      yield* mix("/payinSources", Arbitraries.payinSourceStatus, simulator.setPayinSourceStatus)
      yield* mix("/payoutTargets", Arbitraries.payoutTargetStatus, simulator.setPayoutTargetStatus)
      yield* simulator.settle("default")

      for (const group of Object.values(PalommaApi.groups)) {
        const path =
          group.identifier === "payinSettlements" ? "/merchantAccounts/default/settlements" : `/${group.identifier}`
        const name = (verb: string) => `${group.identifier}.${verb}` as Operation
        const page = yield* get(`${path}?limit=100`)
        check(name("list"), page)
        check(name("list"), yield* get(path, "wrong"))
        for (const { id } of page.json.items) check(name("get"), yield* get(`${path}/${id}`))
        check(name("get"), yield* get(`${path}/01HPR`))
        check(name("get"), yield* get(`${path}/${"0".repeat(200)}`))
        check(name("get"), yield* get(`${path}/01HPR`, "wrong"))
        if ("create" in group.endpoints) check(name("create"), yield* post(path, { bank: nequi }, "wrong"))
      }

      // Each value that a URL can contain may be an id, so that no `get` is rejected.
      const missing = [...answers.keys()].filter((key) => !seen.has(key) && !/ 500$|\.get 400$/.test(key))
      assert.deepStrictEqual(
        missing,
        [],
        "responses that this test does not request from the simulator: add a request for each"
      )
    }).pipe(Effect.provide(PalommaSimulator.layer({ seed: 1, processingTime: undefined })))
  )
})
