/**
 * Inputs of programs without types: one that throws, changes or has another form is refused, and is not repeated.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as fc from "fast-check"
import { type Call, codes } from "./support/inputs.ts"
import { call, creates, operations, reads, sampleOf } from "./support/operations.ts"
import { runToEnd, stub } from "./support/stub.ts"

const throwing = (): never => {
  throw new Error("VALUE")
}

const revoked = (target: object) => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

const getter = (body: object, field: string): object =>
  Object.defineProperty({ ...body }, field, { get: throwing, enumerable: true })

/** Inputs that are partly or completely unreadable. */
const unreadable = (body: object): ReadonlyArray<unknown> => [
  ...Object.keys(body).map((field) => getter(body, field)),
  getter(body, "surplus"),
  revoked(body),
  new Proxy(body, { get: throwing }),
  new Proxy(body, { ownKeys: throwing }),
  new Proxy(body, { getOwnPropertyDescriptor: throwing }),
  new Proxy({ ...body, surplus: 1 }, { ownKeys: throwing, get: throwing, has: throwing, getPrototypeOf: throwing })
]

/** The error of a call that is refused before anything is sent. It holds nothing of the input. */
const refused = (name: string, call: Call, allowed?: (sent: ReadonlyArray<unknown>) => boolean) =>
  Effect.gen(function* () {
    const palomma = stub({ status: 403 })
    const exit = yield* runToEnd(call, palomma)
    assert.isFalse(Exit.hasDies(exit), `${name}: ${inspect(exit)}`)
    const error = yield* Effect.flip(exit)
    for (const text of [error.message, String(error), JSON.stringify(error), inspect(error, { depth: 20 })]) {
      assert.notInclude(text, "VALUE")
      assert.notInclude(text, "987654321")
    }
    if (error._tag !== "PalommaInvalidInput") {
      assert.isTrue(allowed?.(palomma.requests) ?? false, `${name}: a request left`)
      return []
    }
    assert.strictEqual(palomma.requests.length, 0)
    return codes(error.problems)
  })

describe("an input that cannot be read", () => {
  it.effect("is refused as the body of a create", () =>
    Effect.forEach(creates, ({ body = {}, group, name }) =>
      Effect.forEach(unreadable(body), (input) =>
        Effect.gen(function* () {
          const found = yield* refused(name, call(group, "create", input), () => !("surplus" in (input as object)))
          if (found.length > 0) assert.deepStrictEqual(found, [" unreadable"], name)
        })
      )
    )
  )

  it.effect("is refused as a part of a body", () =>
    Effect.forEach(creates, ({ body = {}, group, name }) =>
      Effect.forEach(
        Object.entries(body).filter(([, part]) => typeof part === "object"),
        ([field, part]) =>
          Effect.forEach(
            [getter(part as object, "x"), revoked({}), new Proxy(part as object, { get: throwing })],
            (wrong) =>
              Effect.map(refused(name, call(group, "create", { ...body, [field]: wrong })), (found) =>
                assert.isNotEmpty(found, name)
              )
          )
      )
    )
  )

  it.effect("is refused as the options of a create", () =>
    Effect.forEach(creates, ({ body = {}, group, name }) =>
      Effect.forEach(
        [
          [getter({}, "undocumented"), "options.undocumented unreadable"],
          [revoked({}), "options unreadable"],
          [new Proxy({}, { ownKeys: throwing }), "options unreadable"],
          [{ undocumented: getter({}, "x") }, "undocumented unreadable"],
          [{ undocumented: { x: getter({}, "y") } }, "undocumented unreadable"],
          [{ undocumented: { x: revoked([]) } }, "undocumented unreadable"],
          [{ undocumented: revoked({}) }, "undocumented unreadable"],
          [{ undocumentd: { x: 1 } }, "options.undocumentd unknown-field"],
          [null, "options object"],
          ["VALUE", "options object"],
          [[], "options object"]
        ] as const,
        ([options, expected]) =>
          Effect.map(refused(name, call(group, "create", body, options)), (found) =>
            assert.deepStrictEqual(found, [expected], name)
          )
      )
    )
  )

  it.effect("is refused as a query of a list, of a stream and of methods that read one", () =>
    Effect.forEach([...new Set(operations.map(({ group }) => group))], (group) =>
      Effect.gen(function* () {
        const { parents = [], query } = sampleOf(group)
        for (const method of ["list", "stream"]) {
          for (const field of ["limit", "cursor", ...Object.keys(query), "surplus"]) {
            yield* refused(`${group} ${method} ${field}`, call(group, method, ...parents, getter(query, field)))
          }
          for (const wrong of [revoked({}), new Proxy({}, { ownKeys: throwing }), null, "VALUE", 5, []]) {
            yield* refused(`${group} ${method}`, call(group, method, ...parents, wrong))
          }
          for (const wrong of [
            { limit: null },
            { limit: 0 },
            { limit: "VALUE" },
            { cursor: "" },
            { cursor: null },
            { cursor: 5 }
          ]) {
            const found = yield* refused(`${group} ${method}`, call(group, method, ...parents, wrong))
            assert.strictEqual(found.length, 1, `${group} ${method} ${inspect(wrong)}`)
          }
        }
      })
    )
  )

  it.effect("is refused as an id or a reference", () =>
    Effect.forEach(reads, ({ group, kind, name }) =>
      Effect.forEach(
        [new Proxy({}, { get: throwing }), revoked({}), { toString: throwing }, { [Symbol.toPrimitive]: throwing }],
        (id) => {
          const { parents = [] } = sampleOf(group)
          if (kind === "get") return refused(name, call(group, "get", ...parents, id))
          return name.endsWith("findByReference") ? refused(name, call(group, "findByReference", id)) : Effect.void
        }
      )
    )
  )

  it.effect("is refused as the options of a wait", () =>
    Effect.forEach(
      [
        ["payoutRequests", "awaitFinal"],
        ["payinRequests", "awaitFinal"],
        ["payinLinks", "awaitFinal"],
        ["payoutTargets", "awaitActive"],
        ["payinSources", "awaitActive"]
      ] as const,
      ([group, method]) =>
        Effect.forEach(
          [
            [getter({}, "timeout"), "timeout unreadable"],
            [getter({}, "initialBackoff"), "initialBackoff unreadable"],
            [getter({}, "maxBackoff"), "maxBackoff unreadable"],
            [revoked({}), " unreadable"],
            [null, " object"],
            ["VALUE", " object"],
            [{ timeout: "VALUE" }, "timeout duration"],
            [{ timeout: "25 days" }, "timeout duration"],
            [{ timeout: 0 }, "timeout duration"],
            [{ maxBackoff: Number.NaN }, "maxBackoff duration"],
            [{ initialBackoff: -1 }, "initialBackoff duration"],
            [{ deadline: 1 }, "deadline unknown-field"]
          ] as const,
          ([options, expected]) =>
            Effect.map(refused(`${group} ${method}`, call(group, method, "01H", options)), (found) =>
              assert.deepStrictEqual(found, [expected])
            )
        )
    )
  )
})

describe("a query that changes while it is read", () => {
  it.effect("is read once: every page is requested with the checked values", () =>
    Effect.gen(function* () {
      let times = 0
      const query = {
        get reference() {
          times += 1
          return times === 1 ? "first" : "later"
        }
      }
      const palomma = stub((_, number) => ({ json: { items: [], cursor: number < 3 ? `c${number}` : null } }))
      yield* runToEnd(call("payoutRequests", "stream", query), palomma)
      assert.deepStrictEqual(
        palomma.requests.map(({ url }) => url.searchParams.get("reference")),
        ["first", "first", "first"]
      )
    })
  )
})

describe("a message about any invalid input", () => {
  // Values that a formatter might repeat. Each contains VALUE.
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
  const spots = creates.flatMap(({ body = {}, group, name }) =>
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

  it.effect.each(spots)("does not repeat it: %s", ([name, group, bodyOf]) =>
    Effect.forEach(fc.sample(value, { numRuns: 30, seed: 1 }), (wrong) =>
      refused(name, call(group, "create", bodyOf(wrong)), () => true)
    )
  )
})
