/** The steps of a worker that saw an earlier version of the transfer. */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { both, scene } from "./support/people.ts"
import { has } from "./support/scenario.ts"

describe("a step that names the version of the row", () => {
  const rows = [
    ["sends nothing", "not-sent", { state: "intended", carriedBy: "worker" }],
    ["looks nothing up", "in-doubt", { state: "unknown", carriedBy: "worker" }],
    ["reads no record", "in-progress", { state: "accepted", recordId: "record-1", carriedBy: "worker" }]
  ] as const

  for (const [what, reason, fields] of rows) {
    both(`${what} if the row has another version (${reason})`, (kind) =>
      Effect.gen(function* () {
        const { count, reference, row, transfers, write } = yield* scene(kind)
        const { version } = yield* write(fields)
        for (const other of [version - 1, version + 1].filter((n) => n > 0)) {
          for (const step of [transfers.carry, transfers.advance]) {
            has(yield* step(reference, { version: other, endSearch: "always" }), { _tag: "Wait", reason })
          }
        }
        assert.strictEqual((yield* row()).version, version)
        for (const operation of ["create", "list", "get"] as const) assert.strictEqual(yield* count(operation), 0)
      })
    )
  }

  both("does not end a claim if the row has another version, and ends it if the version is the same", (kind) =>
    Effect.gen(function* () {
      const { reference, row, transfers, write } = yield* scene(kind)
      const claim = { id: "claim-7", length: 65_000, at: 0 }
      const { version } = yield* write({ state: "sending", claims: 1, claim })
      yield* transfers.carry(reference, { lostClaim: claim.id, version: version + 1 })
      has(yield* row(), { state: "sending", version })
      yield* transfers.carry(reference, { lostClaim: claim.id, version })
      has(yield* row(), { state: "unknown", version: version + 1 })
    })
  )

  both("sends if the row has this version", (kind) =>
    Effect.gen(function* () {
      const { count, reference, transfers, write } = yield* scene(kind)
      const { version } = yield* write({ state: "intended", carriedBy: "worker" })
      has((yield* transfers.carry(reference, { version })).transfer, { state: "accepted" })
      assert.strictEqual(yield* count("create"), 1)
    })
  )

  both("is refused with a version that no row can have", (kind) =>
    Effect.gen(function* () {
      const { reference, transfers, write } = yield* scene(kind)
      yield* write({ state: "unknown" })
      for (const version of [0, 1.5, Number.NaN]) {
        const error = yield* Effect.flip(transfers.carry(reference, { version }))
        assert.strictEqual(error._tag, "PalommaInvalidInput")
      }
    })
  )
})
