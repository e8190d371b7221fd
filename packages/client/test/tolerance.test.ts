/**
 * Law 11, through the client: no inessential difference of an answer stops a call.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type Operation, operations } from "./support/operations.ts"
import { runToEnd, stub } from "./support/stub.ts"

const required: Record<string, ReadonlyArray<string>> = {
  customers: ["id"],
  merchantAccounts: ["id"],
  payinSettlements: ["id"],
  payoutRequests: ["id", "status", "payoutTargetId", "amount"]
}

const odd: ReadonlyArray<unknown> = [undefined, null, 7, "text", true, [], {}]

type Json = { readonly [name: string]: unknown }

// Every answer with one optional field missing, null, or of any JSON type. Nested records too.
const variants = (record: Json, needed: ReadonlyArray<string>): ReadonlyArray<Json> =>
  Object.entries(record)
    .filter(([name]) => !needed.includes(name))
    .flatMap(([name, value]) => [
      ...odd.map((other) => ({ ...record, [name]: other })),
      ...(typeof value === "object" && value !== null
        ? variants(value as Json, []).map((nested) => ({ ...record, [name]: nested }))
        : [])
    ])

const recordOf = ({ kind, success }: Operation): Json => {
  const answer = success as Json
  return kind === "list" ? ((answer["items"] as ReadonlyArray<Json>)[0] ?? {}) : answer
}

describe("an answer with one optional field", () => {
  it.effect.each(operations.map((operation) => [operation.name, operation] as const))(
    "missing, null or of any JSON type is a success of %s",
    ([, operation]) =>
      Effect.gen(function* () {
        const needed = [...(required[operation.group] ?? ["id", "status"]), "reference"]
        const all = variants(recordOf(operation), needed)
        assert.isAbove(all.length, 0)
        for (const record of all) {
          const json = operation.kind === "list" ? { items: [record], cursor: null } : record
          const exit = yield* runToEnd(operation.call, stub({ json }))
          assert.isTrue(Exit.isSuccess(exit), JSON.stringify(json))
        }
      })
  )
})
