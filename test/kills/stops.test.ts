// Laws 6 and 10, with stopped processes: SIGSTOP between the claim and the first byte, and SIGCONT after another
// process has moved the money. Each point once, and twice in CI. `STOPS=10 npx -y pnpm@12.21.0 kills` sets the number.
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as Semaphore from "effect/Semaphore"
import * as Lives from "./support/lives.ts"
import { nameOf } from "./support/name.ts"
import * as Postgres from "./support/postgres.ts"
import { stop, type Stopped, type StoppedJob, type StopPoint, stopPoints } from "./support/stops.ts"
import { falseReports } from "./support/truth.ts"

const repetitions = Number(process.env["STOPS"] ?? ((process.env["CI"] ?? "") === "" ? 1 : 2))

type Case = Pick<StoppedJob, "point" | "clocks" | "kind">

const bothClocks = ["running", "paused"] as const
const bothKinds = ["payout", "payin"] as const

const cases: ReadonlyArray<Case> = stopPoints.flatMap((point) =>
  bothClocks.flatMap((clocks) => bothKinds.map((kind) => ({ point, clocks, kind })))
)

// No process can detect this case, as the documentation states: a person's "not paid" is true only at the moment of the
// decision.
const isException = ({ clocks, point }: Pick<Case, "point" | "clocks">): boolean =>
  point === "once the body is handed over" || (point === "after the fence has read the row" && clocks === "paused")

const playAll = Effect.gen(function* () {
  const simulator = yield* PalommaSimulator
  const cache = yield* Lives.directory
  const url = yield* Postgres.schema
  // A process that starts slowly has less time left to reach the point.
  const starts = yield* Semaphore.make(2)
  const all = Array.from({ length: repetitions }, (_, n) => cases.map((one) => ({ ...one, n }))).flat()
  return yield* Effect.forEach(
    all,
    Effect.fnUntraced(function* ({ n, ...one }, i) {
      const { id } = yield* one.kind === "payout" ? simulator.addPayoutTarget() : simulator.addPayinSource()
      const stopped = yield* stop(
        {
          ...one,
          life: `stopped-${i}`,
          store: { _tag: "PostgreSQL", url },
          line: { reference: `stop-${i}`, accountId: id, amount: 50_000 + n }
        },
        cache,
        starts.withPermits(1)
      )
      return { ...one, stopped }
    }),
    { concurrency: 50 }
  )
}).pipe(
  Effect.scoped,
  Effect.provide(layerServer({ balances: { default: 1e12 } })),
  Effect.provideService(References.MinimumLogLevel, "None")
)

const movedBy = ({ facts, row }: Stopped) => facts.made.filter((made) => nameOf(made) === nameOf(row))

// Windows has no signal that stops a process.
const cannotStop = process.platform === "win32"
if (cannotStop) console.log("Windows has no SIGSTOP: the tests of stopped processes are skipped.")

describe.skipIf(cannotStop || !Postgres.isThere)(
  "a process that is stopped while it moves money, until a person and another process have moved it",
  () => {
    let played: ReadonlyArray<Case & { readonly stopped: Stopped }> = []
    // Most of the time is spent waiting for claims to expire, so all cases wait concurrently.
    beforeAll(
      async () => {
        played = await Effect.runPromise(playAll)
      },
      600_000 + repetitions * 600_000
    )

    const of = (point: StopPoint, clocks: Case["clocks"]) =>
      played.filter((one) => one.point === point && one.clocks === clocks).map(({ stopped }) => stopped)

    for (const point of stopPoints) {
      for (const clocks of bothClocks) {
        const machine = clocks === "running" ? "" : ", on a machine whose clocks stopped with it"
        if (isException({ point, clocks })) {
          it(`${point}${machine}, moves it a second time, as documented, and raises the alarm`, () => {
            const all = of(point, clocks)
            assert.lengthOf(all, repetitions * 2)
            for (const stopped of all) {
              const { code, errors, facts, row, reports } = stopped
              assert.strictEqual(code, 0, errors)
              assert.lengthOf(movedBy(stopped), 2)
              assert.strictEqual(row.alarm?.kind, "duplicate")
              assert.deepStrictEqual(
                reports.filter((line) => line.is === "result").map(({ tag }) => tag),
                ["TransferDuplicate"]
              )
              assert.deepStrictEqual(falseReports(reports, facts), [])
            }
          })
          continue
        }
        it(`${point}${machine}, hands nothing over, and reports the truth`, () => {
          const all = of(point, clocks)
          assert.lengthOf(all, repetitions * 2)
          for (const stopped of all) {
            const { code, errors, facts, moved, row, reports } = stopped
            assert.strictEqual(code, 0, errors)
            assert.deepStrictEqual(
              movedBy(stopped).map(({ id }) => id),
              [moved.recordId]
            )
            assert.notInclude(
              reports.map(({ is }) => is),
              "handedOver"
            )
            assert.strictEqual(row.state, "accepted")
            assert.isUndefined(row.alarm)
            const results = reports.filter((line) => line.is === "result")
            assert.lengthOf(results, 1)
            for (const { tag } of results) assert.include(["Accepted", "TransferNotSent"], tag)
            assert.deepStrictEqual(falseReports(reports, facts), [])
          }
        })
      }
    }

    it("is stopped at every point", () => {
      const twice = played.filter(({ stopped }) => movedBy(stopped).length > 1)
      const wrongly = twice.filter((one) => !isException(one))
      console.log(
        `SIGSTOP: ${played.length} processes at ${stopPoints.length} points; ${wrongly.length} paid or debited twice. ` +
          `Of ${played.filter(isException).length} that no process can know of, ${twice.length - wrongly.length} did, all with an alarm`
      )
      assert.deepStrictEqual([...new Set(played.map(({ point }) => point))], [...stopPoints])
    })
  }
)
