/**
 * Assumptions about journals. Each is shown to be needed: money moves twice exactly under these faults, and once with
 * one fault fewer.
 */
import { assert, describe } from "@effect/vitest"
import {
  Palomma,
  Transfer,
  TransferJournal,
  type TransferJournalService,
  type TransferOptions
} from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import { both, scene, runReady } from "./support/people.ts"
import { makeJournal } from "./support/journals.ts"
import { baseUrl, failure, has, inTime, type Kind } from "./support/scenario.ts"

const late = (by: "2 seconds" | "10 minutes") => Fault.slow(by, { takesEffect: "after" })

describe("assumption: after a backup is restored, Palomma's list shows all earlier payments", () => {
  // A backup from before the transfer had a row, or from after it was refused once.
  const paidSince = Effect.fnUntraced(function* (kind: Kind, wasRefused: boolean) {
    const all = yield* scene(kind)
    if (wasRefused) {
      yield* all.fault("create", Fault.respond({ status: 400, body: { message: "No" } }))
      yield* failure(all.transfers.send(all.intent))
      assert.strictEqual((yield* all.row()).state, "rejected")
    }
    const backup = yield* all.journal.backup
    has(yield* all.transfers.send(all.intent), { state: "accepted" })
    yield* all.transfers.close
    return { ...all, backup }
  })

  for (const wasRefused of [false, true]) {
    const of = wasRefused ? "refused before the backup" : "new since the backup"

    both(`it is paid twice if a backup is restored and the list lags behind (${of})`, (kind) =>
      Effect.gen(function* () {
        const { backup, fault, intent, journal, paid, start } = yield* paidSince(kind, wasRefused)
        yield* journal.restore(backup)
        yield* fault("list", Fault.lag("1 hour"), { rate: 1 })
        has(yield* inTime((yield* start()).send(intent)), { state: "accepted" })
        assert.strictEqual((yield* paid()).length, 2)
      })
    )

    both(`it is paid once if the list has caught up when a backup is restored (${of})`, (kind) =>
      Effect.gen(function* () {
        const { backup, fault, intent, journal, paid, start } = yield* paidSince(kind, wasRefused)
        yield* TestClock.adjust("1 hour")
        yield* journal.restore(backup)
        yield* fault("list", Fault.lag("1 hour"), { rate: 1 })
        has(yield* inTime((yield* start()).send(intent)), { state: "accepted" })
        assert.strictEqual((yield* paid()).length, 1)
      })
    )

    both(`it is paid once if the list lags behind and no backup is restored (${of})`, (kind) =>
      Effect.gen(function* () {
        const { fault, intent, paid, start } = yield* paidSince(kind, wasRefused)
        yield* fault("list", Fault.lag("1 hour"), { rate: 1 })
        has(yield* inTime((yield* start()).send(intent)), { state: "accepted" })
        assert.strictEqual((yield* paid()).length, 1)
      })
    )
  }
})

describe("assumption: no request is in flight when a backup is restored", () => {
  // A process that has ended while its request is still in flight.
  const underWay = Effect.fnUntraced(function* (kind: Kind, fault: Fault.Fault) {
    const all = yield* scene(kind)
    yield* all.write({ state: "rejected" })
    const backup = yield* all.journal.backup
    yield* all.fault("create", fault)
    yield* failure(all.transfers.send(all.intent))
    yield* all.transfers.close
    return { ...all, backup, restarted: yield* all.start() }
  })

  both("it is paid twice if an old request arrives after a backup was restored", (kind) =>
    Effect.gen(function* () {
      const { backup, intent, journal, paid, restarted } = yield* underWay(kind, late("10 minutes"))
      yield* journal.restore(backup)
      has(yield* inTime(restarted.send(intent)), { state: "accepted" })
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual((yield* paid()).length, 2)
    })
  )

  both("it is paid once if the backup is restored after the quiet time", (kind) =>
    Effect.gen(function* () {
      const { backup, intent, journal, paid, restarted } = yield* underWay(kind, late("10 minutes"))
      yield* TestClock.adjust("20 minutes")
      yield* journal.restore(backup)
      has(yield* inTime(restarted.send(intent)), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("it is paid once if the old request never arrives", (kind) =>
    Effect.gen(function* () {
      const { backup, intent, journal, paid, restarted } = yield* underWay(kind, Fault.drop())
      yield* journal.restore(backup)
      has(yield* inTime(restarted.send(intent)), { state: "accepted" })
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("it is paid once if no backup is restored", (kind) =>
    Effect.gen(function* () {
      const { intent, paid, restarted } = yield* underWay(kind, late("10 minutes"))
      has(yield* failure(restarted.send(intent)), { _tag: "TransferOutcomeUnknown" })
      yield* TestClock.adjust("10 minutes")
      has(yield* inTime(restarted.send(intent)), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("assumption: no program runs while a backup is restored", () => {
  // An ordinary request: it takes two seconds.
  const running = Effect.fnUntraced(function* (kind: Kind) {
    const all = yield* scene(kind)
    yield* all.write({ state: "rejected" })
    const backup = yield* all.journal.backup
    yield* all.fault("create", late("2 seconds"))
    const sending = yield* Effect.forkChild(Effect.exit(all.transfers.send(all.intent)))
    yield* runReady
    assert.strictEqual((yield* all.row()).state, "sending")
    return { ...all, backup, sending, other: yield* all.start() }
  })

  both("it is paid twice if a backup is restored while one program runs", (kind) =>
    Effect.gen(function* () {
      const { backup, intent, journal, other, paid, row, sending } = yield* running(kind)
      yield* journal.restore(backup)
      has(yield* other.send(intent), { state: "accepted" })
      yield* TestClock.adjust("2 seconds")
      yield* inTime(Fiber.join(sending))
      assert.strictEqual((yield* paid()).length, 2)
      // The first program detects the duplicate when it gets its response.
      assert.strictEqual((yield* row()).alarm?.kind, "duplicate")
    })
  )

  both("it is paid once if the program is stopped first", (kind) =>
    Effect.gen(function* () {
      const { backup, intent, journal, other, paid, transfers } = yield* running(kind)
      yield* inTime(transfers.close)
      yield* journal.restore(backup)
      has(yield* other.send(intent), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("it is paid once if no backup is restored", (kind) =>
    Effect.gen(function* () {
      const { intent, other, paid } = yield* running(kind)
      has(yield* inTime(other.send(intent)), { state: "accepted" })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )

  both("a body that is not handed over yet is withheld when a backup is restored", (kind) =>
    Effect.gen(function* () {
      const { intent, journal, paid, start, transfers, write } = yield* scene(kind)
      yield* write({ state: "rejected" })
      const backup = yield* journal.backup
      const slow = yield* start({
        request: (method, send) => (method === "POST" ? Effect.delay(send, "2 seconds") : send)
      })
      const sending = yield* Effect.forkChild(Effect.exit(slow.send(intent)))
      yield* runReady
      yield* journal.restore(backup)
      has(yield* transfers.send(intent), { state: "accepted" })
      yield* inTime(Fiber.join(sending))
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

const journalOf = Effect.map(makeJournal(true), ({ service }) => service)

const over = (
  kind: Kind,
  services: Context.Context<Palomma.Services>,
  journal: TransferJournalService,
  options: TransferOptions = {}
) => kind.make(options).pipe(Effect.provide(services), Effect.provideService(TransferJournal, journal))

const aPalomma = (kind: Kind, apiKey: string) =>
  Effect.gen(function* () {
    const context = yield* Layer.build(PalommaSimulator.layer({ seed: apiKey, apiKey }))
    const simulator = Context.get(context, PalommaSimulator)
    return { simulator, context, accountId: yield* kind.addAccount(simulator) }
  })

describe("assumption: two merchants have two namespaces", () => {
  const intentOf = ({ accountId }: { readonly accountId: string }) => ({ reference: "rent", accountId, amount: 50_000 })

  both(
    "the second merchant gets the first one's record if both share a namespace, and Palomma has no record of its own",
    (kind) =>
      Effect.gen(function* () {
        const journal = yield* journalOf
        const [one, two] = yield* Effect.all([aPalomma(kind, "one"), aPalomma(kind, "two")])
        const sent = yield* (yield* over(kind, one.context, journal)).send(intentOf(one))
        // Both name the same account, amount and reference.
        const found = yield* (yield* over(kind, two.context, journal)).send(intentOf(one))
        assert.deepStrictEqual(found, sent)
        assert.strictEqual((yield* kind.byReference(one.simulator, "rent")).length, 1)
        assert.strictEqual((yield* kind.byReference(two.simulator, "rent")).length, 0)
      })
  )

  both("the second merchant is refused if both share a namespace and its account differs", (kind) =>
    Effect.gen(function* () {
      const journal = yield* journalOf
      const [one, two] = yield* Effect.all([aPalomma(kind, "one"), aPalomma(kind, "two")])
      yield* (yield* over(kind, one.context, journal)).send(intentOf(one))
      const error = yield* Effect.flip((yield* over(kind, two.context, journal)).send(intentOf({ accountId: "other" })))
      has(error, { _tag: "TransferConflict", found: "journal" })
      assert.strictEqual((yield* kind.byReference(two.simulator, "rent")).length, 0)
    })
  )

  both("each merchant pays its own transfer once if each has a namespace", (kind) =>
    Effect.gen(function* () {
      const journal = yield* journalOf
      for (const apiKey of ["one", "two"]) {
        const palomma = yield* aPalomma(kind, apiKey)
        const transfers = yield* over(kind, palomma.context, journal, { namespace: apiKey })
        for (let n = 0; n < 2; n++) yield* transfers.send(intentOf(palomma))
        assert.strictEqual((yield* kind.byReference(palomma.simulator, "rent")).length, 1)
      }
    })
  )
})

describe("assumption: one Palomma account uses one journal", () => {
  const twoJournals = Effect.fnUntraced(function* (kind: Kind) {
    const all = yield* scene(kind)
    const elsewhere = yield* all.start({ transfers: { namespace: `${baseUrl}/by-another-name` } })
    return { ...all, elsewhere }
  })

  both("it is paid twice by two journals, or by one journal under two namespaces, at the same moment", (kind) =>
    Effect.gen(function* () {
      const { elsewhere, fault, intent, paid, transfers } = yield* twoJournals(kind)
      yield* fault("create", Fault.slow("2 seconds", { takesEffect: "after" }), { times: 2 })
      const both = Effect.all([transfers.send(intent), elsewhere.send(intent)], { concurrency: 2 })
      yield* inTime(Effect.exit(both))
      assert.strictEqual((yield* paid()).length, 2)
    })
  )

  both("it is paid once if one runs after the other, since each looks it up first", (kind) =>
    Effect.gen(function* () {
      const { elsewhere, intent, paid, transfers } = yield* twoJournals(kind)
      const first = yield* transfers.send(intent)
      has(yield* elsewhere.send(intent), { recordId: first.recordId })
      assert.strictEqual((yield* paid()).length, 1)
    })
  )
})

describe("assumption: the journal's compare-and-set is atomic", () => {
  // A store that reads the version and then writes the row, even if the row has changed in between.
  const careless = (journal: TransferJournalService): TransferJournalService => {
    let claims = 0
    return {
      ...journal,
      replace: Effect.fnUntraced(function* (row) {
        const before = Option.getOrThrow(yield* journal.find(row))
        if (before.version !== row.version - 1) return Option.none()
        if (row.state === "sending") yield* Effect.sleep(Duration.seconds((claims += 1)))
        const { version } = Option.getOrThrow(yield* journal.find(row))
        return yield* journal.replace(new Transfer({ ...row, version: version + 1 }))
      })
    }
  }

  for (const [name, wrap, times] of [
    ["twice if a row can change between the comparison and the write", careless, 2],
    ["once if it cannot", (journal: TransferJournalService) => journal, 1]
  ] as const) {
    both(`it is paid ${name}`, (kind) =>
      Effect.gen(function* () {
        const { intent, journal, paid, simulator, write } = yield* scene(kind)
        yield* write({ state: "rejected" })
        const shared = wrap(journal.service)
        const palomma = yield* Layer.build(
          Palomma.layer({ apiKey: Redacted.make(simulator.apiKey), baseUrl }).pipe(
            Layer.provide(Layer.succeed(HttpClient.HttpClient, simulator.httpClient))
          )
        )
        const [one, other] = [yield* over(kind, palomma, shared), yield* over(kind, palomma, shared)]
        yield* inTime(Effect.all([Effect.exit(one.send(intent)), Effect.exit(other.send(intent))], { concurrency: 2 }))
        assert.strictEqual((yield* paid()).length, times)
      })
    )
  }
})
