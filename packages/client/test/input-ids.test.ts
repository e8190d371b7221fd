/**
 * Ids in paths: percent-encoded, one segment each, whatever they are.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { getPayout, problemsOf } from "./support/inputs.ts"
import { call, reads, sampleOf } from "./support/operations.ts"
import { failure, runTest, stub } from "./support/stub.ts"

const base = "https://sandbox.api.palomma.com/v0/payoutRequests"

describe("an id in a path", () => {
  it.effect.each([".", "..", "\ud800", "a\udc00b"])("is refused if it cannot be one segment of a URL: %j", (id) =>
    Effect.gen(function* () {
      const { outcome, problems } = yield* problemsOf(getPayout(id))
      assert.deepStrictEqual(problems, [
        {
          field: "payoutRequestId",
          code: "path-segment",
          rule: "must be one URL path segment: well-formed text that is neither . nor .."
        }
      ])
      assert.strictEqual(outcome, "none")
    })
  )

  it.effect.each([[undefined], [null], [5], [{}], [[]], [["01H"]], [Object("01H")], [""], [true], [Symbol("01H")]])(
    "is refused if it is no text, or empty: %s",
    ([id]) =>
      Effect.gen(function* () {
        const { codes } = yield* problemsOf(getPayout(id))
        assert.deepStrictEqual(codes, ["payoutRequestId non-empty"])
      })
  )

  it.effect.each([
    ["01HZXJ4ABCDEFGHJKMNPQRSTVW", "01HZXJ4ABCDEFGHJKMNPQRSTVW"],
    ["default", "default"],
    ["...", "..."],
    ["a..b", "a..b"],
    ["a.b_c~d-E9", "a.b_c~d-E9"],
    ["/", "%2F"],
    ["a/b", "a%2Fb"],
    ["../payoutTargets/01H", "..%2FpayoutTargets%2F01H"],
    ["..\\a", "..%5Ca"],
    ["%2e%2e", "%252e%252e"],
    ["01H?x=1", "01H%3Fx%3D1"],
    ["01H#x", "01H%23x"],
    ["01H;x:y@z", "01H%3Bx%3Ay%40z"],
    [" 01H ", "%2001H%20"],
    ["01H\r\n", "01H%0D%0A"],
    ["\u0000", "%00"],
    ["ñ", "%C3%B1"],
    ["😀", "%F0%9F%98%80"],
    ["..\u200b", "..%E2%80%8B"]
  ])("is percent-encoded: %j", ([id, segment]) =>
    Effect.gen(function* () {
      const palomma = stub({ status: 403 })
      yield* failure(getPayout(id), palomma)
      assert.deepStrictEqual(
        palomma.requests.map(({ url }) => url.href),
        [`${base}/${segment}`]
      )
    })
  )

  it.effect("is checked by every get there is, and so are those before it", () =>
    Effect.forEach(
      reads.filter(({ kind }) => kind === "get"),
      ({ group, name }) =>
        Effect.forEach([".", "..", "", "\ud800", 5], (id) =>
          Effect.gen(function* () {
            const { parents = [] } = sampleOf(group)
            const own = yield* problemsOf(call(group, "get", ...parents, id))
            assert.strictEqual(own.problems.length, 1, name)
            for (const _ of parents) {
              const both = yield* problemsOf(call(group, "get", id, id))
              assert.strictEqual(both.problems.length, 2, name)
              yield* problemsOf(call(group, "list", id))
              yield* problemsOf(call(group, "stream", id))
            }
          })
        )
    )
  )

  it("is never anything but one segment, from which it can be read back, whatever it is", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string({ unit: "grapheme" }),
          fc.webPath(),
          fc.string({ unit: fc.constantFrom(...".%/\\2eEfF?#:@ ~-_aZ\ud800".split("")) })
        ),
        async (id) => {
          const palomma = stub({ status: 404, json: {} })
          const error = await runTest(failure(getPayout(id), palomma))
          const isSegment = id !== "" && id !== "." && id !== ".." && id.isWellFormed()
          assert.strictEqual(error._tag, isSegment ? "PalommaNotFound" : "PalommaInvalidInput")
          assert.strictEqual(palomma.requests.length, isSegment ? 1 : 0)
          for (const { url } of palomma.requests) {
            const segments = url.href.slice(base.length + 1).split(/[/?#]/)
            assert.isTrue(url.href.startsWith(`${base}/`))
            assert.deepStrictEqual(segments.map(decodeURIComponent), [id])
          }
        }
      ),
      { numRuns: 500 }
    ))
})
