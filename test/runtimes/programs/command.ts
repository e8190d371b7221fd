/**
 * The program for Node, Bun and Deno: `command.ts <base URL of a simulator> <folder>`. It moves money with a journal in
 * memory, then with a journal in a SQLite file, which it opens a second time.
 */
import { Payins, Payouts, TransferJournal } from "@palomma-effect/client"
import { SqliteTransferJournal } from "@palomma-effect/durable"
import { Effect, Option } from "effect"
import { join } from "node:path"
import { moveMoney, overHttp, palomma, services } from "./transfers.ts"

const [baseUrl = "", folder = ""] = process.argv.slice(2)
const controls = overHttp(baseUrl)
const sqlite = services(SqliteTransferJournal.layer({ filename: join(folder, "transfers.db") }))

const program = Effect.gen(function* () {
  const { report } = yield* moveMoney("memory", controls).pipe(Effect.provide(services(TransferJournal.layerMemory)))
  const first = yield* moveMoney("sqlite", controls).pipe(Effect.provide(sqlite))
  const ids = [first.payout.recordId, first.debit.recordId].join()
  // The layer of the first run is closed, as after a restart. The file still has both, and the same references must not
  // move money again.
  const again = yield* Effect.gen(function* () {
    const payouts = yield* Payouts
    const payins = yield* Payins
    const kept = [yield* payouts.find("sqlite-payout"), yield* payins.find("sqlite-debit")].flatMap(Option.toArray)
    const payout = yield* payouts.send({ reference: "sqlite-payout", payoutTargetId: first.target, amount: 50_000 })
    const debit = yield* payins.charge({ reference: "sqlite-debit", payinSourceId: first.source, amount: 20_000 })
    return { kept, sent: [payout, debit] }
  }).pipe(Effect.provide(sqlite))
  const isKept =
    Object.values(first.report).every((text) => text === "done") &&
    [...again.kept, ...again.sent].every(({ state }) => state === "approved") &&
    [again.kept, again.sent].every((transfers) => transfers.map(({ recordId }) => recordId).join() === ids)
  return { ...report, journal: isKept ? "done" : JSON.stringify({ first: first.report, again }) }
})

// No `await` here, since a CommonJS module cannot have it. A failure ends the process with an exit code.
void Effect.runPromise(program.pipe(Effect.provide(palomma(baseUrl)))).then((report) =>
  console.log(JSON.stringify(report))
)
