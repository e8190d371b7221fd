/**
 * How much of an error tree is read, and where.
 */
import { assert, describe, it } from "@effect/vitest"
import { transportFailure } from "../src/internal/http/transportFailure.ts"

const refused = { code: "ECONNREFUSED", syscall: "connect" }

/** A chain of errors, each the cause of the one before. Each proves that nothing was sent. */
const chain = (length: number, end: unknown): object => {
  let tree: object = { ...refused, cause: end, reason: end }
  for (let i = 1; i < length; i++) tree = { ...refused, cause: tree }
  return tree
}

describe("a tree of errors", () => {
  it("is read to its thousandth error", () => {
    assert.isTrue(transportFailure(chain(1_000, null)).isNotSent)
    assert.isTrue(transportFailure(chain(1_000, undefined)).isNotSent)
  })

  it("proves nothing if it is larger, because the unread part may prove the opposite", () => {
    assert.isFalse(transportFailure(chain(1_001, null)).isNotSent)
  })

  it("is read in its reasons too, where Effect keeps the failures of a cause", () => {
    const failure = transportFailure({ ...refused, reason: { code: "ECONNRESET", syscall: "read" } })
    assert.deepStrictEqual(failure, { reason: "reset", code: "ECONNRESET", isNotSent: false })
  })

  it("reports nothing if it holds nothing known", () => {
    for (const nothing of [undefined, null, "ECONNREFUSED", 5, {}, { cause: null }, { code: 7 }]) {
      assert.deepStrictEqual(transportFailure(nothing), { reason: "other", code: undefined, isNotSent: false })
    }
  })
})

describe("a code", () => {
  it.each(["MY_ERR_SSL_FAILED", "MY_ERR_TLS_FAILED", "MY_EPROTO", "EPROTOX"])(
    "%s that only contains the name of another one is not treated as that one",
    (code) => {
      assert.deepStrictEqual(transportFailure({ code }), { reason: "other", code, isNotSent: false })
    }
  )
})
