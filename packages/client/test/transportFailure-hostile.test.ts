/**
 * Error trees that try to break their reader: they get a verdict, and prove nothing.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { transportFailure } from "../src/internal/http/transportFailure.ts"
import { wrapped } from "./support/failures.ts"

const refusedFields = { code: "ECONNREFUSED", syscall: "connect" }

const cyclic = (): object => {
  const a: Record<string, unknown> = { ...refusedFields }
  a["cause"] = { cause: a, reason: a }
  return a
}

const ownMember = (): object => {
  const a: Record<string, unknown> = {}
  a["errors"] = [a]
  return a
}

const ringOfAggregates = (): object => {
  const a: Record<string, unknown> = {}
  const b = { errors: [a, refusedFields] }
  a["errors"] = [b, refusedFields]
  return a
}

const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

const growing = (key: string): object => ({
  get [key]() {
    const below = growing(key)
    return key === "errors" ? [below] : below
  }
})

const deep = (depth: number, bottom: object): object => {
  let node = bottom
  for (let i = 0; i < depth; i++) node = { cause: node }
  return node
}

const wide = (depth: number): object => {
  let node: object = { ...refusedFields }
  for (let i = 0; i < depth; i++) node = { errors: [node, node, node] }
  return node
}

// Without a limit on what is read, some of these would never get a verdict.
describe("a tree that tries to break its reader", () => {
  it.each([
    ["is its own cause", cyclic, true],
    ["is its own member", ownMember, false],
    ["is a ring of aggregates", ringOfAggregates, false],
    ["is a revoked proxy", () => revoked({}), false],
    ["has a revoked proxy as its cause", () => ({ cause: revoked({}) }), false],
    ["has a revoked proxy as its members", () => ({ ...refusedFields, errors: revoked([]) }), false],
    ["has a revoked proxy among its members", () => ({ errors: [refusedFields, revoked({})] }), false],
    [
      "has members whose length throws",
      () => ({
        errors: new Proxy([], {
          get: () => {
            throw new Error("no")
          }
        })
      }),
      false
    ],
    [
      "has a trillion members",
      () => ({ errors: new Proxy([refusedFields], { get: (_, key) => (key === "length" ? 1e12 : refusedFields) }) }),
      false
    ],
    [
      "has a hole among its members",
      () => ({ errors: Object.assign(Array.from({ length: 2 }), { 0: refusedFields }) }),
      false
    ],
    ["has causes that grow while they are read", () => growing("cause"), false],
    ["has reasons that grow while they are read", () => growing("reason"), false],
    ["has members that grow while they are read", () => growing("errors"), false],
    ["has its proof 500 causes deep", () => deep(500, refusedFields), true],
    ["has its proof 100,000 causes deep", () => deep(100_000, refusedFields), false],
    ["is an aggregate of three aggregates each, 40 levels deep", () => wide(40), false],
    [
      "is a proxy with the system call of a proof",
      () => new Proxy({}, { get: (_, key) => (key === "syscall" ? "connect" : undefined) }),
      true
    ]
  ] as ReadonlyArray<readonly [string, () => object, boolean]>)("%s", (_, make, isNotSent) => {
    assert.strictEqual(transportFailure(make()).isNotSent, isNotSent)
  })

  it.effect("becomes an error of the call and not a defect", () =>
    Effect.forEach([ownMember(), revoked({}), growing("cause"), wide(40)], (cause) =>
      Effect.sync(() => assert.strictEqual(transportFailure(wrapped(cause)).reason, "other"))
    )
  )
})
