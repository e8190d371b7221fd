// Runs the command as an operator does, against a simulated Palomma on a port.
import { assert, describe, it } from "@effect/vitest"
import { Palomma } from "@palomma-effect/client"
import { Durable, type DurableIntent } from "@palomma-effect/durable"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Effect, Layer, Redacted } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { databases } from "./support/database.ts"

const program = join(import.meta.dirname, "../src/transfers.ts")

type Variables = Readonly<Record<string, string>>

const start = (simulator: PalommaSimulator["Service"], variables: Variables, args: ReadonlyArray<string>) => {
  const { DATABASE_URL: _database, PALOMMA_ENVIRONMENT: _environment, ...rest } = process.env
  const { apiKey: PALOMMA_API_KEY, url: PALOMMA_BASE_URL } = simulator
  const env = { ...rest, ...variables, NO_COLOR: "1", FORCE_COLOR: undefined, PALOMMA_API_KEY, PALOMMA_BASE_URL }
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], { env })
}

const ended = async (child: ChildProcess) => {
  let output = ""
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk))
  const [code] = await once(child, "close")
  return { code, output: output.replace(/ +/g, " ") }
}

const durable = (simulator: PalommaSimulator["Service"], { DATABASE_URL: url, TRANSFERS_DATABASE = "" }: Variables) =>
  (url === undefined ? Durable.layerSqlite({ filename: TRANSFERS_DATABASE }) : Durable.layerPostgres({ url })).pipe(
    Layer.provide(Palomma.layerFetch({ apiKey: Redacted.make(simulator.apiKey), baseUrl: simulator.url }))
  )

describe.each(databases("TRANSFERS_DATABASE"))("the command over %s", (_, database) => {
  it.live("lists what was handed over, pays it, and records the decision of a person", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const variables = yield* database
      const run = (...args: ReadonlyArray<string>) => Effect.promise(() => ended(start(simulator, variables, args)))
      const { id } = yield* simulator.addPayoutTarget()
      const payout: DurableIntent = { kind: "payout", reference: "refund-4711", payoutTargetId: id, amount: 50_000 }
      // Something that may be the payout is at Palomma, so a person has to decide.
      const similar = yield* simulator.addPayoutRequest({
        reference: "refund-4711",
        payoutTargetId: id,
        amount: 49_500
      })
      yield* Durable.use(({ intend }) => intend(payout)).pipe(Effect.provide(durable(simulator, variables)))
      assert.include((yield* run("list")).output, "✓ payout refund-4711 intended, $ 50.000 COP, version 1")

      const worker = start(simulator, variables, ["work"])
      yield* Effect.promise(async () => {
        for await (const line of createInterface({ input: worker.stdout })) {
          if (line.includes('Payout "refund-4711": in doubt, and waits for a decision of a person.')) break
        }
        const stopped = ended(worker)
        worker.kill()
        await stopped
      })

      const { output } = yield* run("list", "--state", "needsReview")
      const [, version = ""] = /version (\d+)/.exec(output) ?? []
      const decision = ["resolve", "payout", "refund-4711", "--version", version, "--by", "ana", "--note", "a fee"]
      const both = yield* run(...decision, "--not-paid", "--paid", similar.id)
      assert.strictEqual(both.code, 1)
      assert.include(both.output, "Decide one of --not-paid and --paid <id>.")
      const paid = yield* run(...decision, "--paid", similar.id)
      assert.include(paid.output, "the record has another account, amount")
      const withFee = yield* run(...decision, "--paid", similar.id, "--amount", "49500")
      assert.include(withFee.output, "✓ payout refund-4711 accepted")
    }).pipe(Effect.scoped, Effect.provide(layerServer()))
  )
})
