/**
 * Arbitraries of rows. They are a separate module, since the processes that tests start do not need them and start
 * faster without.
 */
import {
  type Transfer,
  TransferAlarm,
  TransferClaim,
  TransferResolution,
  transferStates
} from "@palomma-effect/client/Transfer"
import * as fc from "fast-check"
import { aRow } from "./rows.ts"

/** Valid texts of a transfer: well-formed, without control characters, in any script. */
const texts = (constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.string({ unit: "binary", minLength: 1, ...constraints }),
      fc.string({ unit: "grapheme", minLength: 1, ...constraints }),
      fc.constantFrom(`"`, `""`, "a", "A", "á", "a\u0301", "\u{1f600}", "\uffee", "%", "'")
    )
    .filter((text) => text.isWellFormed() && !/\p{Cc}/u.test(text))

const times = fc.integer({ min: 0, max: 8_640_000_000_000_000 })

const ids = fc.constantFrom("one", "two")

/** Any row, with few different references, so that rows conflict. */
export const anyRow: fc.Arbitrary<Transfer> = fc
  .record({
    namespace: fc.constantFrom("sandbox", "http://127.0.0.1:4010/v0"),
    kind: fc.constantFrom("payout" as const, "payin" as const),
    reference: texts({ maxLength: 2 }),
    accountId: texts(),
    amount: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    state: fc.constantFrom(...transferStates),
    version: fc.integer({ min: 1, max: 3 }),
    claims: fc.nat(),
    evidence: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 }),
    notOurs: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 }),
    lookUps: fc.nat()
  })
  .chain((core) =>
    fc
      .record(
        {
          merchantAccountId: texts(),
          claim: fc
            .record({ id: texts(), length: fc.integer({ min: 1, max: 600_000 }), at: times })
            .map((claim) => new TransferClaim(claim)),
          recordId: ids,
          amountCollected: fc.nat(),
          alarm: fc
            .record({
              kind: fc.constantFrom("duplicate" as const, "changed-final" as const, "differs" as const),
              records: fc.array(ids),
              at: times
            })
            .map((alarm) => new TransferAlarm(alarm)),
          resolution: fc
            .record({
              as: fc.constantFrom("paid" as const, "not-paid" as const),
              by: fc.string({ unit: "grapheme" }),
              note: fc.string({ unit: "grapheme" }),
              at: times
            })
            .map((resolution) => new TransferResolution(resolution)),
          lastError: fc.string({ unit: "grapheme" }),
          carriedBy: fc.constant("worker" as const),
          toldAt: times
        },
        { requiredKeys: [] }
      )
      .map((rest) => aRow(core.reference, { ...core, ...rest }))
  )
