/**
 * References: Palomma must return them unchanged, so characters that may be changed on the way are refused.
 */
import { assert, describe, it } from "@effect/vitest"
import { Customers, PayoutRequests, PayoutTargets } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import { type Call, codes, isSent, listPayouts, payout, problemsOf } from "./support/inputs.ts"
import { call, creates } from "./support/operations.ts"
import { failure, runTest, stub } from "./support/stub.ts"

const rules = {
  "non-empty": "must be a non-empty string",
  "reference-characters": "must not contain line breaks, control characters, invisible characters or invalid Unicode",
  "reference-blank": "must not begin or end with a space",
  "reference-normalization": "must be normalized Unicode text (NFC): String.normalize() converts it",
  "reference-length": "must be at most 200 characters long"
} as const

describe("a reference of a create", () => {
  it.effect.each<readonly [reference: unknown, code: ReadonlyArray<keyof typeof rules>]>([
    ["", ["non-empty"]],
    ...[null, 5, {}, ["a"], true, Object("a"), Symbol("a")].map((reference) => [reference, ["non-empty"]] as const),
    // Control characters, format characters (zero-width, soft hyphen, direction, BOM, tags), lone surrogates.
    ...["a\u0000b", "a\nb", "a\r\nb", "a\tb", "a\u007fb", "a\u0085b", "\u001b[31m"].map(
      (text) => [text, ["reference-characters"]] as const
    ),
    ...["a\u200bb", "a\u200db", "a\u00adb", "a\u202eb", "a\u2066b", "a\u061cb", "a\ufeffb", "a\u{e0041}b"].map(
      (text) => [text, ["reference-characters"]] as const
    ),
    // The separators of lines and of paragraphs, which databases and logs treat as the end of a line.
    ...["a\u2028b", "a\u2029b"].map((text) => [text, ["reference-characters"]] as const),
    ...["\ud800", "a\udc00b", "\udc00\ud800"].map((text) => [text, ["reference-characters"]] as const),
    ...[" a", "a ", "\u00a0a", "a\u3000", "\u2003a", " "].map((text) => [text, ["reference-blank"]] as const),
    ["\n", ["reference-characters", "reference-blank"]],
    ["a\n", ["reference-characters", "reference-blank"]],
    ["e\u0301", ["reference-normalization"]],
    ["\u212b", ["reference-normalization"]],
    ["x".repeat(201), ["reference-length"]],
    ["😀".repeat(201), ["reference-length"]],
    [
      ` ${"e\u0301".repeat(200)}\u200b`,
      ["reference-characters", "reference-blank", "reference-normalization", "reference-length"]
    ]
  ])("is refused: %j", ([reference, expected]) =>
    Effect.forEach(creates, ({ body, group, name }) =>
      Effect.gen(function* () {
        const { outcome, problems } = yield* problemsOf(call(group, "create", { ...body, reference }))
        assert.deepStrictEqual(
          problems,
          expected.map((code) => ({ field: "reference", code, rule: rules[code] })),
          name
        )
        assert.strictEqual(outcome, "not-sent")
      })
    )
  )

  it.effect.each([
    "r-1",
    "a b",
    "ñandú",
    "50% & more?#=+/\\",
    "😀",
    "a\u0327",
    "👩🏽",
    "x".repeat(200),
    "😀".repeat(200),
    "null",
    "__proto__"
  ])("is sent unchanged: %j", (reference) =>
    Effect.gen(function* () {
      const palomma = stub({ status: 403 })
      yield* failure(payout({ reference }), palomma)
      assert.propertyVal(palomma.requests[0]?.body, "reference", reference)
    })
  )

  it.effect("may be absent, or undefined", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 403 })
      yield* failure(payout({ reference: undefined }), palomma)
      assert.deepStrictEqual(palomma.requests[0]?.body, { payoutTargetId: "01H", amount: 50_000 })
    })
  )

  it("is accepted exactly if no trimming, cutting, normalising or dropping changes it", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.string({ unit: "binary" }),
          fc.string({
            unit: fc.constantFrom("a", " ", "\u0301", "e", "\u200b", "\u2028", "\n", "\u00a0"),
            maxLength: 8
          }),
          fc.string({ unit: "grapheme-ascii", minLength: 190, maxLength: 210 })
        ),
        async (reference) => {
          const unchanged = reference
            .trim()
            .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "")
            .normalize("NFC")
          const isRight = reference !== "" && unchanged === reference && Array.from(reference).length <= 200
          assert.strictEqual(await runTest(isSent(payout({ reference }))), isRight)
        }
      ),
      { numRuns: 500 }
    ))
})

describe("a reference to look up", () => {
  const looks = (reference: unknown): ReadonlyArray<Call> => {
    const text = reference as string
    return [
      listPayouts({ reference }),
      PayoutRequests.use((payouts) => payouts.findByReference(text)),
      PayoutRequests.use((payouts) => Stream.runCollect(payouts.stream({ reference: text }))),
      PayoutTargets.use((targets) => targets.findByReference(text)),
      Customers.use((customers) => customers.findByReference(text))
    ]
  }

  it.effect.each([[""], [null], [5], [{}], [["a"]], [Symbol("a")]])(
    "is refused if it is not text, or empty: %s",
    ([reference]) =>
      Effect.forEach(looks(reference), (look) =>
        Effect.gen(function* () {
          const { operation, problems } = yield* problemsOf(look)
          const isText = typeof reference === "string" || !operation.endsWith(".findByReference")
          assert.deepStrictEqual(codes(problems), [isText ? "reference non-empty" : "reference text"])
        })
      )
  )

  it.effect.each(["\ud800", "a\udc00b"])("is refused if no URL can hold it: %j", (reference) =>
    Effect.forEach(looks(reference), (look) =>
      Effect.map(problemsOf(look), ({ problems }) => assert.deepStrictEqual(codes(problems), ["reference well-formed"]))
    )
  )

  it.effect("is refused by findByReference if it is undefined: every record would be listed", () =>
    Effect.forEach(
      ["payoutRequests", "payoutTargets", "payinLinks", "payinSources", "payinRequests", "customers"],
      (group) =>
        Effect.gen(function* () {
          for (const args of [[], [undefined]]) {
            const { codes } = yield* problemsOf(call(group, "findByReference", ...args))
            assert.deepStrictEqual(codes, ["reference text"], group)
          }
        })
    )
  )

  it.effect.each(["a\nb", "\u0000", " a ", "e\u0301", "a\u200bb", "x".repeat(5_000), "50% & more?#=+/\\", "😀", "a b"])(
    "is sent unchanged, because a record may have been made elsewhere: %j",
    (reference) =>
      Effect.forEach(looks(reference), (look) =>
        Effect.gen(function* () {
          const palomma = stub({ status: 403 })
          yield* failure(look, palomma)
          assert.strictEqual(palomma.requests[0]?.url.searchParams.get("reference"), reference)
        })
      )
  )
})
