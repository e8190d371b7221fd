/**
 * Whether a record that Palomma shows is a transfer of the journal: the one function that all other code uses.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { TransferDifference } from "../../src/Transfer.ts"
import {
  agrees,
  answerLikeness,
  isSameContent,
  isSimilarReference,
  type Likeness,
  likeness
} from "../../src/internal/transfer/samePayment.ts"
import { anyRecord, anyRow } from "./support/arbitraries.ts"
import { content, otherContent, record, row } from "./support/samples.ts"

const merchant = { ...content, merchantAccountId: "account-M" }

describe("agrees", () => {
  const accounts = [undefined, "account-A", "account-B"]
  const amounts = [undefined, 50_000, 50_001]
  const merchants = [undefined, "account-M", "account-N"]
  const records = accounts.flatMap((accountId) =>
    amounts.flatMap((amount) => merchants.map((merchantAccountId) => ({ accountId, amount, merchantAccountId })))
  )

  it.each(records)("ignores absent fields: %j", (fields) => {
    const isOne = fields.accountId !== "account-B" && fields.amount !== 50_001
    // A merchant account counts only if the transfer names one.
    assert.strictEqual(agrees(content, record("1", fields)), isOne)
    assert.strictEqual(agrees(merchant, record("1", fields)), isOne && fields.merchantAccountId !== "account-N")
  })
})

describe("isSameContent", () => {
  it.each([
    [content, true],
    [{ ...content, merchantAccountId: undefined }, true],
    [{ ...content, accountId: "account-B" }, false],
    [{ ...content, amount: 50_001 }, false],
    [merchant, false]
  ])("compares account, amount and merchant account: %j", (other, is) => {
    assert.strictEqual(isSameContent(content, other), is)
    assert.strictEqual(isSameContent(other, content), is)
  })
})

// The likeness of a record, by its reference, its content and its id.
const bare = row({ state: "unknown" })
const known = row({ state: "unknown", recordId: "1" })
const not1 = row({ state: "unknown", notOurs: ["1"] })
const accepted = row({
  state: "accepted",
  recordId: "1",
  differs: new TransferDifference({ recordId: "1", ...otherContent })
})

const refs = { ours: bare.reference, cut: bare.reference.slice(0, 16), out: undefined, other: "order-7" }
const contents = { same: content, other: otherContent, out: { accountId: undefined, amount: undefined } }

type Case = readonly [ref: keyof typeof refs, shows: keyof typeof contents, is: ReadonlyArray<Likeness>]

describe("likeness", () => {
  // For the records 1 and 2: of a row without a record, with the record 1, and with 1 ruled out.
  const table: ReadonlyArray<Case> = [
    ["ours", "same", ["same", "same", "same", "same", "other", "same"]],
    ["ours", "other", ["differs", "differs", "differs", "differs", "other", "differs"]],
    ["ours", "out", ["same", "same", "same", "same", "other", "same"]],
    ["cut", "same", ["similar", "similar", "same", "similar", "other", "similar"]],
    ["cut", "other", ["other", "other", "differs", "other", "other", "other"]],
    ["cut", "out", ["similar", "similar", "same", "similar", "other", "similar"]],
    ["out", "same", ["similar", "similar", "same", "similar", "other", "similar"]],
    ["out", "other", ["other", "other", "differs", "other", "other", "other"]],
    ["out", "out", ["similar", "similar", "same", "similar", "other", "similar"]],
    ["other", "same", ["other", "other", "same", "other", "other", "other"]],
    ["other", "other", ["other", "other", "differs", "other", "other", "other"]],
    ["other", "out", ["other", "other", "same", "other", "other", "other"]]
  ]
  const likenesses = (fields: Parameters<typeof record>[1]) =>
    [bare, known, not1].flatMap((one) => [likeness(one, record("1", fields)), likeness(one, record("2", fields))])

  it.each(table)("with the reference %s and %s content", (ref, shows, is) => {
    assert.deepStrictEqual(likenesses({ reference: refs[ref], ...contents[shows] }), is)
  })

  // A record that cannot be read may be any that fits its readable part: neither certainly the transfer nor another.
  const unreadable: ReadonlyArray<Case> = [
    ["ours", "same", ["similar", "similar", "similar", "similar", "other", "similar"]],
    ["ours", "other", ["similar", "similar", "similar", "similar", "other", "similar"]],
    ["cut", "same", ["similar", "similar", "similar", "similar", "other", "similar"]],
    ["cut", "other", ["other", "other", "similar", "other", "other", "other"]],
    ["out", "out", ["similar", "similar", "similar", "similar", "other", "similar"]],
    ["out", "other", ["other", "other", "similar", "other", "other", "other"]],
    ["other", "same", ["other", "other", "similar", "other", "other", "other"]]
  ]

  it.each(unreadable)("of an unreadable record, with the reference %s and %s content", (ref, shows, is) => {
    assert.deepStrictEqual(likenesses({ isReadable: false, reference: refs[ref], ...contents[shows] }), is)
  })
})

describe("answerLikeness", () => {
  const table: ReadonlyArray<Case> = [
    ["ours", "same", ["same", "same", "other"]],
    ["ours", "other", ["differs", "differs", "other"]],
    ["ours", "out", ["same", "same", "other"]],
    ["cut", "same", ["same", "same", "other"]],
    ["cut", "other", ["differs", "differs", "other"]],
    ["out", "same", ["same", "same", "other"]],
    ["out", "out", ["same", "same", "other"]],
    ["out", "other", ["differs", "differs", "other"]],
    ["other", "same", ["differs", "differs", "other"]],
    ["other", "other", ["differs", "differs", "other"]]
  ]

  it.each(table)("with the reference %s and %s content", (ref, shows, is) => {
    const answer = record("1", { reference: refs[ref], ...contents[shows] })
    assert.deepStrictEqual(
      [bare, known, not1].map((one) => answerLikeness(one, answer)),
      is
    )
  })
})

describe("a difference that a person accepted", () => {
  it("makes its record the transfer, in lists and in answers", () => {
    assert.strictEqual(likeness(accepted, record("1", otherContent)), "same")
    assert.strictEqual(answerLikeness(accepted, record("1", otherContent)), "same")
  })

  it.each([
    ["another record", record("2", otherContent)],
    ["another amount", record("1", { ...otherContent, amount: 60_001 })],
    ["another account", record("1", { ...otherContent, accountId: "account-B" })],
    ["a merchant account", record("1", { ...otherContent, merchantAccountId: "account-N" })],
    ["a record that no longer has an account", record("1", { ...otherContent, accountId: undefined })]
  ])("does not apply to %s", (_, found) => {
    const both = [row({ ...accepted, merchantAccountId: "account-M" }), accepted]
    for (const one of both) assert.strictEqual(likeness(one, found), "differs")
    assert.strictEqual(answerLikeness(accepted, found), "differs")
  })

  it("is empty for a record that agrees", () => {
    assert.strictEqual(likeness(accepted, record("1")), "same")
    assert.strictEqual(likeness(accepted, record("2")), "same")
  })

  it("does not count after the record is ruled out", () => {
    const both = row({ ...accepted, notOurs: ["1"] })
    assert.strictEqual(likeness(both, record("1", otherContent)), "other")
    assert.strictEqual(answerLikeness(both, record("1", otherContent)), "other")
  })
})

describe("any row and record", () => {
  const holds = (check: (is: Likeness, answer: Likeness, row_: Parameters<typeof likeness>[0], found: Shown) => void) =>
    fc.assert(
      fc.property(anyRow, anyRecord, (one, found) =>
        check(likeness(one, found), answerLikeness(one, found), one, found)
      ),
      { numRuns: 3_000 }
    )
  type Shown = Parameters<typeof likeness>[1]

  it("are the same payment only with the same content, or an accepted difference", () =>
    holds((is, answer, one, found) => {
      if (is !== "same" && answer !== "same") return
      const { differs } = one
      const isAccepted = differs?.recordId === found.id && differs.amount === found.amount
      assert.isTrue(agrees(one, found) || isAccepted)
    }))

  it("are the same in a list only with our reference or our record, and if it could be read", () =>
    holds((is, _, one, found) => {
      if (is !== "same") return
      assert.isTrue(found.isReadable && (found.reference === one.reference || found.id === one.recordId))
    }))

  it("differ only with our reference or our record", () =>
    holds((is, _, one, found) => {
      if (is !== "differs") return
      assert.isFalse(agrees(one, found))
      assert.isTrue(found.reference === one.reference || found.id === one.recordId)
    }))

  it("are unrelated if the record was ruled out", () =>
    holds((is, answer, one, found) => {
      if (one.notOurs.includes(found.id)) assert.deepStrictEqual([is, answer], ["other", "other"])
    }))

  it("are never unrelated with the same content and a similar reference", () =>
    holds((is, answer, one, found) => {
      if (one.notOurs.includes(found.id)) return
      if (agrees(one, found) && isSimilarReference(found.reference, one.reference)) {
        assert.notStrictEqual(is, "other")
        assert.strictEqual(answer, "same")
      }
    }))

  it("are never similar in an answer, which is to our own request", () =>
    holds((_, answer) => assert.notStrictEqual(answer, "similar")))
})
