import { Palomma } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { aPayoutTarget } from "../../support/payouts.ts"
import * as Lives from "./lives.ts"
import { faults } from "./round.ts"
import { verdict } from "./verdict.ts"

/** The same trouble for a program that does not know better. Gives the references that it paid twice. */
export const control = (how: "loop" | "retryTransient", seed: string) =>
  Effect.gen(function* () {
    const simulator = yield* PalommaSimulator
    const palomma = Palomma.layerFetch({ apiKey: Redacted.make(simulator.apiKey), baseUrl: simulator.url })
    const target = yield* aPayoutTarget.pipe(Effect.provide(palomma))
    const file = join(yield* Lives.directory, "references")
    writeFileSync(file, Array.from({ length: 40 }, (_, i) => `reference-${i}\n`).join(""))
    yield* simulator.fault({ operation: "payoutRequests.create", kind: faults, rate: 0.4 })
    const life: Lives.Program = {
      arguments: [join(import.meta.dirname, "naive.ts"), how, file, target],
      env: { PALOMMA_API_KEY: simulator.apiKey, PALOMMA_BASE_URL: simulator.url },
      begins: "Paying"
    }
    yield* Lives.kill(life, 2, 400, Effect.void)
    yield* Lives.runOnce(life)
    return verdict([], [], yield* simulator.ledger.payouts).paidTwice
  }).pipe(Effect.scoped, Effect.provide(layerServer({ seed })), Random.withSeed(seed))
