/**
 * A program that hands transfers over in its own transactions, and carries them with a worker.
 *
 * Usage: `node worker.ts <file>`
 *
 * It can be killed or stopped at any moment, and sends itself a signal if its file names one. Each line of its input is
 * a webhook.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import {
  Palomma,
  type PalommaEndpoint,
  type PalommaInvalidInput,
  type PayinRequests,
  type PayoutRequests,
  type Transfer,
  type TransferJournalError,
  Webhooks
} from "@palomma-effect/client"
import { Durable, type DurableOptions, type SqliteFileInUse } from "@palomma-effect/durable"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { shiftClock } from "./clock.ts"
import { nameOf } from "./name.ts"
import * as Orders from "./orders.ts"
import { writeReport } from "./reports.ts"
import * as Witness from "./witness.ts"
import { withoutVersions } from "./withoutVersions.ts"
import { CurrentPace, intentOf, type Order, type Point, type WorkerJob } from "./workerJob.ts"

const job: WorkerJob = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"))
shiftClock(job.clockShift)

let left = job.signal?.times ?? 0
const reach = (point: Point): void => {
  if (point !== job.signal?.point || left === 0) return
  left -= 1
  if (left > 0) return
  const { signal } = job.signal
  writeReport({ is: "signalling", signal, point })
  process.kill(process.pid, signal)
}

const witnessed = Witness.fetch(
  () => `${job.life}.0`,
  writeReport,
  () => reach("the body is handed over")
)
const fetch: typeof globalThis.fetch = async (input, init) => {
  const isCreate = init?.method === "POST"
  if (isCreate) reach("claimed")
  const response = await witnessed(input, init)
  reach(isCreate ? "answered" : "looked up")
  return response
}

const onEnd = (transfer: Transfer) => {
  const { kind, reference, version } = transfer
  return Effect.andThen(
    job.wrong === "tells outside of the transaction"
      ? Effect.sync(() => writeReport({ is: "told", kind, reference, version }))
      : Orders.mark(transfer),
    Effect.sync(() => reach("between onEnd and COMMIT"))
  )
}

const options: DurableOptions = {
  sendTimeout: job.sendTimeout,
  lockExpiration: job.lockExpiration,
  pollInterval: "100 millis"
}

const durableOf = ({
  store,
  wrong
}: WorkerJob): Layer.Layer<
  Durable | SqlClient,
  TransferJournalError | PalommaInvalidInput | SqliteFileInUse | SqlError,
  PayoutRequests | PayinRequests | PalommaEndpoint
> => {
  if (store._tag === "SQLite") return Durable.layerSqlite({ filename: store.filename, wait: "1 minute", ...options })
  if (wrong !== "no claim") return Durable.layerPostgres({ url: store.url, ...options })
  const client = PgClient.layer({ url: Redacted.make(store.url), startupParameters: { TimeZone: "UTC" } })
  return Layer.provideMerge(Durable.layer(options), withoutVersions(client))
}

const handOver = Effect.fnUntraced(function* (order: Order) {
  const sql = yield* SqlClient
  const { intend } = yield* Durable
  const handedOver = Effect.andThen(
    intend(intentOf(order)),
    Effect.sync(() => reach("between intend and COMMIT"))
  )
  yield* job.wrong === "intends outside of the transaction"
    ? Effect.andThen(handedOver, Orders.add(order))
    : sql.withTransaction(Effect.andThen(Orders.add(order), handedOver))
  reach("handed over to the worker")
})

const handOverAll = Effect.gen(function* () {
  while (true) {
    const known = new Set((yield* Orders.all).map(nameOf))
    const missing = job.orders.filter((order) => !known.has(nameOf(order)))
    if (missing.length === 0) return
    // Another process may hand it over too, and a connection may be cut.
    yield* Effect.forEach(missing, (order) => Effect.ignoreCause(handOver(order)), { concurrency: 4, discard: true })
    yield* Effect.sleep("50 millis")
  }
})

const webhooks = Effect.gen(function* () {
  const lines = yield* Queue.unbounded<string>()
  createInterface({ input: process.stdin }).on("line", (line) => void Queue.offerUnsafe(lines, line))
  const durable = yield* Durable
  while (true) {
    const delivery: Parameters<typeof Webhooks.verify>[0] = JSON.parse(yield* Queue.take(lines))
    yield* Effect.ignore(Effect.flatMap(Webhooks.verify(delivery), durable.applyWebhook))
  }
})

const isOpen = ({ state }: Transfer): boolean => state === "intended" || state === "sending" || state === "unknown"

const until = Effect.fnUntraced(function* (is: (row: Transfer) => boolean) {
  const durable = yield* Durable
  while (true) {
    const rows = yield* Stream.runCollect(durable.list())
    if (rows.length === job.orders.length && rows.every(is)) return
    yield* Effect.sleep("500 millis")
  }
})

const program = Effect.gen(function* () {
  // A connection may be cut at any time.
  const mismatched = yield* Effect.retry(Orders.halves, { times: 100 })
  console.log("Paying")
  writeReport({ is: "orders", halves: mismatched })
  yield* Effect.forkChild(webhooks)
  yield* Effect.eventually(Effect.sandbox(handOverAll))
  if (!job.isLast) return yield* Effect.never
  yield* until((row) => !isOpen(row) && (row.state === "accepted" || row.toldAt !== undefined))
  writeReport({ is: "jobs", ...(yield* Orders.needs) })
  yield* until((row) => row.state !== "accepted" && !isOpen(row) && row.toldAt !== undefined)
})

const { apiKey, url } = job.endpoint
const services = Layer.merge(
  Durable.layerWorker({ concurrency: job.concurrency, onEnd }),
  Webhooks.layer({
    integrityKeys: [Redacted.make(job.integrityKey)]
  })
).pipe(
  Layer.provideMerge(durableOf(job)),
  Layer.provideMerge(Palomma.layerFetch({ apiKey: Redacted.make(apiKey), baseUrl: url, fetch }))
)

await Effect.runPromise(
  program.pipe(
    Effect.provide(Layer.merge(services, Logger.layer([]))),
    Effect.provideService(CurrentPace, { scale: 1e-4, sweepEvery: Duration.millis(job.sweepEvery) })
  )
)
process.stdin.destroy()
