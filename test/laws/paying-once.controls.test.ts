/** Controls: the oracle must catch programs and journals that are known to pay twice. Otherwise it proves nothing. */
import { assert, describe, it } from "@effect/vitest"
import { Palomma, PayinRequests, PayoutRequests, type TransferKind } from "@palomma-effect/client"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import { type Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { noCauses } from "./support/causes.ts"
import { commands } from "./support/commands.ts"
import { createFaults } from "./support/faults.ts"
import type { JournalDefects } from "./support/journal.ts"
import { LawBroken } from "./support/judge.ts"
import { runCommands, settings } from "./support/model.ts"
import { baseUrl, check, kinds, makeWorld, operationsOf, type World } from "./support/world.ts"

const intent = { reference: "rent", amount: 1_234_567 }

const thrice = Schedule.recurs(3)

/** Typical programs without a journal, over the client of a process. */
const programs: Readonly<
  Record<string, (kind: TransferKind, world: World, client: HttpClient.HttpClient) => Effect.Effect<unknown, unknown>>
> = {
  "a retry loop around the bare create": (kind, { accounts }, client) =>
    Effect.gen(function* () {
      if (kind === "payout") {
        const payoutTargetId = PayoutTargetId.make(accounts.payout)
        return yield* (yield* PayoutRequests).create({ ...intent, payoutTargetId })
      }
      return yield* (yield* PayinRequests).create({ ...intent, payinSourceId: PayinSourceId.make(accounts.payin) })
    }).pipe(
      Effect.retry(thrice),
      Effect.provide(
        Palomma.layer({ apiKey: Redacted.make("sim-key"), baseUrl }).pipe(
          Layer.provide(Layer.succeed(HttpClient.HttpClient, client)),
          Layer.orDie
        )
      )
    ),
  // With the library's own create it does nothing twice: a body is handed over once.
  "HttpClient.retryTransient around a plain request": (kind, { accounts }, client) => {
    const path = kind === "payout" ? "payoutRequests" : "payinRequests"
    const account = kind === "payout" ? { payoutTargetId: accounts.payout } : { payinSourceId: accounts.payin }
    return HttpClientRequest.post(`${baseUrl}/${path}`).pipe(
      HttpClientRequest.bearerToken("sim-key"),
      HttpClientRequest.bodyJsonUnsafe({ ...intent, ...account }),
      HttpClient.retryTransient(client, { times: 3 }).execute,
      Effect.flatMap(({ text }) => text),
      Effect.timeout("1 minute")
    )
  }
}

const isCaught = Effect.fnUntraced(function* (
  kind: TransferKind,
  fault: Fault.Fault,
  program: (typeof programs)[string]
) {
  const world = yield* makeWorld()
  yield* world.simulator.fault({ operation: operationsOf[kind].create, kind: fault })
  const client = world.wire.clientOf(world.clock, (_, effect) => effect)
  const fiber = yield* Effect.forkDetach(Effect.exit(program(kind, world, client)))
  yield* TestClock.adjust("10 minutes")
  assert.isDefined(fiber.pollUnsafe(), "the program never ended")
  const exit = yield* Effect.exit(check(world))
  return Exit.isFailure(exit) && Cause.squash(exit.cause) instanceof LawBroken
})

describe("the controls", () => {
  for (const kind of kinds) {
    for (const [name, program] of Object.entries(programs)) {
      it.effect(`${name} is caught ${kind === "payout" ? "paying" : "debiting"} twice`, () =>
        Effect.gen(function* () {
          const caught: Array<string> = []
          for (const [name, fault] of Object.entries(createFaults(kind))) {
            const simulated = PalommaSimulator.layer({ seed: 1 })
            if (yield* Effect.provide(isCaught(kind, fault, program), simulated)) caught.push(name)
          }
          // Each of these takes effect and then fails, so the program cannot tell whether it took effect.
          assert.includeMembers(caught, ["dropped after the effect", "closed after the effect", "503 after the effect"])
          assert.notInclude(caught, "refused")
        })
      )
    }
  }

  const defects: Readonly<Record<string, JournalDefects>> = {
    "whose compare-and-set always succeeds": { writesAlways: true },
    "that is read from a replica that lags behind": { readsCopy: true }
  }

  for (const [name, journal] of Object.entries(defects)) {
    it(`a journal ${name} is caught`, async () => {
      const property = fc.asyncProperty(
        settings,
        fc.commands(commands, { maxCommands: 50, size: "max" }),
        (setting, steps) => runCommands(setting, steps, noCauses(), { journal })
      )
      // It stops at the first run that catches the defect: 100 runs on average, so 5,000 fail by chance never.
      const { errorInstance, failed } = await fc.check(property, { numRuns: 5_000, endOnFailure: true })
      assert.isTrue(failed, "5,000 random runs did not catch it")
      if (journal.writesAlways === true) assert.instanceOf(errorInstance, LawBroken)
    }, 3_600_000)
  }
})
