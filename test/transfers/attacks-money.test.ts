/**
 * Cases that paid twice in the first version, by their real cause: restored journals, machines that sleep, servers that
 * store a changed reference.
 */
import { assert, describe, it } from "@effect/vitest"
import { TransferNotSent, TransferOutcomeUnknown } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { failure, has, inTime, type Kind, kinds, makeWorld, scenario, until } from "./support/scenario.ts"

const no = Fault.respond({ status: 400, body: { message: "No" } })

describe.each(kinds)("%s", (_, kind) => {
  describe("with a journal that was restored (A1)", () => {
    // A backup taken at one moment of a transfer, which was paid afterwards.
    const paidSince = Effect.fnUntraced(function* (kind: Kind, fault: Fault.Fault | undefined, times: number) {
      const world = yield* makeWorld(kind)
      const process = yield* world.start()
      if (fault !== undefined) {
        yield* world.fault("create", fault, { times })
        yield* failure(process.send(world.intent("a")))
      }
      const backup = yield* world.journal.backup
      const paid = yield* inTime(process.send(world.intent("a")))
      yield* world.journal.restore(backup)
      return { world, backup, paid }
    })

    for (const [what, fault, times, state] of [
      ["has no row of it", undefined, 0, undefined],
      ["has it as proven not sent", Fault.refuse, 3, "intended"],
      ["has it as refused", no, 1, "rejected"]
    ] as const) {
      for (const lookUpFirst of [true, false]) {
        // Without a row it is a new reference. With `lookUpFirst: false` a new reference is not looked up.
        if (state === undefined && !lookUpFirst) continue
        it.effect(`pays nothing if the backup ${what}, with lookUpFirst: ${lookUpFirst}`, () =>
          Effect.gen(function* () {
            const { backup, paid, world } = yield* paidSince(kind, fault, times)
            assert.strictEqual(backup[0]?.state, state)
            const process = yield* world.start({ transfers: { lookUpFirst } })
            const found = yield* inTime(process.send(world.intent("a")))
            has(found, { state: "accepted", recordId: paid.recordId })
            assert.strictEqual((yield* world.records("a")).length, 1)
          })
        )
      }
    }

    // The documentation of `lookUpFirst` warns of this case.
    it.effect("pays again with lookUpFirst: false if the backup has no row of it", () =>
      Effect.gen(function* () {
        const { world } = yield* paidSince(kind, undefined, 0)
        const process = yield* world.start({ transfers: { lookUpFirst: false } })
        yield* process.send(world.intent("a"))
        assert.strictEqual((yield* world.records("a")).length, 2)
      })
    )

    scenario(
      "pays nothing if the backup has it in doubt",
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", Fault.commitThenDrop)
        yield* world.fault("list", Fault.lag("1 minute"), { rate: 1 })
        yield* failure(process.send(world.intent("a")))
        const backup = yield* world.journal.backup
        assert.strictEqual(backup[0]?.state, "needsReview")
        yield* TestClock.adjust("10 minutes")
        const found = yield* inTime(process.send(world.intent("a")))
        yield* world.journal.restore(backup)
        has(yield* inTime((yield* world.start()).send(world.intent("a"))), { recordId: found.recordId })
        assert.strictEqual((yield* world.records("a")).length, 1)
      },
      { start: { transfers: { reconcileTimeout: "5 seconds" } } }
    )
  })

  describe("on a machine that sleeps (A3)", () => {
    it.effect("does not send after its deadline if the machine sleeps between two requests", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const machine = yield* world.machine()
        const process = yield* world.start({ machine })
        yield* world.fault("create", Fault.refuse)
        const fiber = yield* Effect.forkChild(Effect.flip(process.send(world.intent("a"))))
        // The first request could not connect. The next one waits for half a second of a clock that stands still.
        yield* until(() => process.steps.includes("replace intended"))
        machine.stop("sleep")
        yield* TestClock.adjust("535 seconds")
        machine.resume()
        const error = yield* inTime(Fiber.join(fiber))
        assert.instanceOf(error, TransferNotSent)
        assert.strictEqual(error.cause._tag, "TransferClaimEnded")
        assert.strictEqual(yield* world.creates, 0)
        has(yield* world.row("a"), { state: "intended", claims: 1 })
      })
    )

    it.effect("looks it up in the next call, and finds the record that another program made meanwhile", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const machine = yield* world.machine()
        const process = yield* world.start({ machine })
        yield* world.fault("create", Fault.refuse)
        const fiber = yield* Effect.forkChild(Effect.flip(process.send(world.intent("a"))))
        yield* until(() => process.steps.includes("replace intended"))
        machine.stop("sleep")
        const paid = yield* kind.addRecord(world.simulator, world.intent("a"))
        yield* TestClock.adjust("535 seconds")
        machine.resume()
        yield* inTime(Fiber.await(fiber))
        has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", recordId: paid.id })
        assert.strictEqual((yield* world.records("a")).length, 1)
      })
    )
  })

  // The cases that `resendAfter` paid twice in the first version.
  describe.each([
    ["lower-cases references", { reference: "lower-case" }, "Salary-2026-11-Ana"],
    ["upper-cases references", { reference: "upper-case" }, "salary-2026-11-ana"],
    ["cuts references", { reference: { cut: 20 } }, "salary-2026-11-ana-maria-rojas"],
    ["cuts references at a blank, and trims them", { reference: { cut: 19 } }, "salary-2026-11-ana maria rojas"],
    ["decomposes references", { reference: "NFD" }, "salario-2026-11-María"],
    ["replaces forms of characters in references", { reference: "NFKC" }, "salary-2026-11-ﬁnal"],
    ["decomposes forms of characters in references", { reference: "NFKD" }, "salario-2026-11-Maríaﬁn"],
    ["forgets references", { reference: "remove" }, "salary-2026-11-ana"]
  ] as const)("at a server that %s (A6)", (_, storeAs, reference) => {
    scenario(
      "accepts the response to its own request",
      kind,
      function* ({ process, world }) {
        const transfer = yield* process.send(world.intent(reference))
        const [record] = yield* world.records(reference)
        assert.notStrictEqual(record?.reference, reference)
        has(transfer, { state: "accepted", reference, recordId: record?.id, alarm: undefined })
      },
      { world: { simulator: { storeAs } } }
    )

    scenario(
      "never sends again if the look-up by reference finds nothing, and reports the record for manual review",
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", Fault.commitThenDrop)
        const error = yield* failure(process.send(world.intent(reference)))
        const [record] = yield* world.records(reference)
        assert.instanceOf(error, TransferOutcomeUnknown)
        has(error, { state: "needsReview", sent: "yes" })
        assert.deepStrictEqual(
          error.evidence.records.map(({ id, seenIn }) => [String(id), seenIn]),
          [[record?.id, "account-list"]]
        )
        assert.include(error.message, record?.id ?? "")
        for (let day = 0; day < 3; day++) {
          yield* TestClock.adjust("1 day")
          assert.instanceOf(yield* failure(process.send(world.intent(reference))), TransferOutcomeUnknown)
        }
        assert.strictEqual((yield* world.records(reference)).length, 1)
      },
      { world: { simulator: { storeAs } } }
    )

    scenario(
      "pays nothing if it was refused in the restored journal",
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", no)
        yield* failure(process.send(world.intent(reference)))
        const backup = yield* world.journal.backup
        yield* process.send(world.intent(reference))
        yield* world.journal.restore(backup)
        assert.instanceOf(yield* failure((yield* world.start()).send(world.intent(reference))), TransferOutcomeUnknown)
        assert.strictEqual((yield* world.records(reference)).length, 1)
      },
      { world: { simulator: { storeAs } } }
    )
  })
})
