import { PayoutResolution, PayoutRow, type PayoutState } from "@palomma-effect/client"
import { MerchantAccountId, PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema"
import * as fc from "fast-check"

export const environment = "sandbox"

export const aRow = (reference: string, more: Partial<PayoutRow> = {}): PayoutRow =>
  new PayoutRow({
    environment,
    reference,
    payoutTargetId: PayoutTargetId.make("01JDTARGET"),
    amount: 50_000,
    state: "intended",
    version: 1,
    claims: 0,
    updatedAt: 1_763_640_000_000,
    ...more
  })

/** The next version of a row. */
export const next = (row: PayoutRow, more: Partial<PayoutRow> = {}): PayoutRow =>
  new PayoutRow({ ...row, version: row.version + 1, updatedAt: row.updatedAt + 1, ...more })

const states: ReadonlyArray<PayoutState> = [
  "intended",
  "sending",
  "unknown",
  "needsAttention",
  "rejected",
  "accepted",
  "approved",
  "cancelled"
]

/** Texts that `Payouts` lets through: well-formed, without control characters, of any script. */
export const texts = (constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.string({ unit: "binary", minLength: 1, ...constraints }),
      fc.string({ unit: "grapheme", minLength: 1, ...constraints }),
      fc.constantFrom(
        "o'hara",
        `"quoted"`,
        "; DROP TABLE palomma_payouts --",
        "%",
        "_",
        "a ",
        " a",
        "a",
        "A",
        "á",
        "a\u0301",
        "\u{1f600}",
        "\uffee"
      )
    )
    .filter((text) => text.isWellFormed() && !/\p{Cc}/u.test(text))

const times = fc.integer({ min: 0, max: 8_640_000_000_000_000 })

/** Any row, of few references so that they meet. */
export const rows = (references: fc.Arbitrary<string>): fc.Arbitrary<PayoutRow> =>
  fc
    .record({
      environment: fc.constantFrom("sandbox", "production", "http://127.0.0.1:4010/v0"),
      reference: references,
      payoutTargetId: texts().map((id) => PayoutTargetId.make(id)),
      amount: fc.integer({ min: 1_001, max: 9_000_000_000_000 }),
      state: fc.constantFrom(...states),
      version: fc.integer({ min: 1, max: 3 }),
      claims: fc.nat(),
      updatedAt: times
    })
    .chain((core) =>
      fc
        .record(
          {
            sourceMerchantAccountId: texts().map((id) => MerchantAccountId.make(id)),
            claimedAt: times,
            deadlineAt: times,
            payoutRequestId: fc.constantFrom("one", "two").map((id) => PayoutRequestId.make(id)),
            lastError: fc.string({ unit: "grapheme" }),
            resolution: fc
              .record({
                as: fc.constantFrom("paid" as const, "not-paid" as const),
                by: fc.string({ unit: "grapheme" }),
                note: fc.string({ unit: "grapheme" }),
                at: times
              })
              .map((resolution) => new PayoutResolution(resolution))
          },
          { requiredKeys: [] }
        )
        .map((rest) => new PayoutRow({ ...core, ...rest }))
    )
