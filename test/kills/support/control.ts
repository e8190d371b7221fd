import type { TransferKind } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { facts } from "./facts.ts"
import * as Lives from "./lives.ts"
import { faults } from "./round.ts"
import { verdict } from "./verdict.ts"

/** The number of transfers of each kind in the program's input. */
export const asked = 30

/** A naive program. */
export type Naive = "loop" | "retryTransient"

/** The same faults for a naive program. Returns how many of each kind it made more than once. */
const play = (how: Naive, seed: string) =>
  Effect.gen(function* () {
    const simulator = yield* PalommaSimulator
    const target = yield* simulator.addPayoutTarget()
    const source = yield* simulator.addPayinSource()
    const file = join(yield* Lives.directory, "references")
    writeFileSync(file, Array.from({ length: asked }, (_, i) => `reference-${i}\n`).join(""))
    yield* simulator.fault({
      operation: ["payoutRequests.create", "payinRequests.create"],
      kind: faults,
      rate: 0.4
    })
    const program: Lives.Program = {
      arguments: [join(import.meta.dirname, "naive.ts"), how, file, target.id, source.id],
      env: { PALOMMA_API_KEY: simulator.apiKey, PALOMMA_BASE_URL: simulator.url }
    }
    yield* Lives.run(program, yield* Lives.after(400))
    yield* Lives.run(program, yield* Lives.after(400))
    yield* Lives.run(program)
    const { movedTwice } = verdict([], [], (yield* facts).made)
    const of = (kind: TransferKind) => movedTwice.filter((name) => name.startsWith(`${kind} `)).length
    return { payouts: of("payout"), debits: of("payin") }
  }).pipe(Effect.scoped, Effect.provide(layerServer({ seed })), Random.withSeed(seed))

/** How many of each kind a naive program made more than once. A single round may by chance have none of one kind. */
export const control = Effect.fnUntraced(function* (how: Naive, seed: string) {
  const moved = { rounds: 0, payouts: 0, debits: 0 }
  for (; moved.rounds < 10 && (moved.payouts === 0 || moved.debits === 0); moved.rounds++) {
    const { payouts, debits } = yield* play(how, `${seed}-${moved.rounds}`)
    moved.payouts += payouts
    moved.debits += debits
  }
  return moved
})
