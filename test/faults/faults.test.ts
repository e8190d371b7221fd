/**
 * The fault matrix: the library's result for every fault between it and Palomma, over real sockets.
 *
 * `npx -y pnpm@12.21.0 faults` prints it.
 */
import { Palomma, PayoutRequests } from "@palomma-effect/client"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { EventEmitter, once } from "node:events"
import { createServer } from "node:net"
import { controls } from "./controls.ts"
import { closedPort, start, turns } from "./fault-server.ts"
import { judge, observe, optionsOf, payout, running } from "./matrix.ts"
import { measureBomb } from "./memory.ts"
import { isCreate, sections } from "./rows/index.ts"
import { judgeTransfer, kinds, observeTransfer } from "./transfers.ts"

const resources = () =>
  process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Connect|Worker|MessagePort/.test(name))

const before = resources()

describe.concurrent.each(sections)("$title", ({ rows }) => {
  for (const row of rows) {
    it.live(row.fault, () =>
      Effect.gen(function* () {
        const seen = yield* observe(row)
        assert.deepStrictEqual(judge(row, seen), [], JSON.stringify(seen))
      })
    )
  }
})

describe.concurrent.each(sections.filter(({ rows }) => rows.some(isCreate)))(
  "$title, for a payout and a debit that are sent once",
  ({ rows }) => {
    for (const row of rows.filter(isCreate)) {
      it.live(row.fault, () =>
        Effect.gen(function* () {
          const seen = yield* Effect.forEach(kinds, (kind) => observeTransfer(row, kind), { concurrency: 2 })
          assert.deepStrictEqual(
            seen.map((one) => judgeTransfer(row, one)),
            [[], []],
            JSON.stringify(seen)
          )
        })
      )
    }
  }
)

describe("A caller that is interrupted", () => {
  it.live("closes the connection immediately, which does not undo the payout", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const events = new EventEmitter()
        const received = once(events, "received")
        const closed = once(events, "closed")
        const { baseUrl, ledger } = yield* running(() =>
          start({
            received: ({ carryOut, wire }) => {
              carryOut()
              wire.once("close", () => events.emit("closed"))
              events.emit("received")
            }
          })
        )
        const fiber = yield* PayoutRequests.use((payoutRequests) => payoutRequests.create(payout)).pipe(
          Effect.provide(Palomma.layerFetch(optionsOf(baseUrl))),
          Effect.forkChild
        )
        yield* Effect.promise(() => received)
        const exit = yield* Fiber.interrupt(fiber).pipe(Effect.andThen(Fiber.await(fiber)))
        yield* Effect.promise(() => closed)
        assert.isTrue(Exit.hasInterrupts(exit))
        assert.deepInclude(ledger, { posts: 1, payouts: 1 })
      })
    )
  )
})

describe("A server that pays and drops the connection", () => {
  for (const { ledger, name, paysTwice } of controls) {
    it.live(paysTwice ? `catches ${name} paying twice` : `${name} pays once`, () =>
      Effect.map(ledger, ({ payouts, posts }) => {
        assert.strictEqual(payouts, posts)
        if (paysTwice) assert.isAbove(payouts, 1)
        else assert.strictEqual(payouts, 1)
      })
    )
  }
})

describe("A small response that decompresses to a large one", () => {
  it.live("is rejected before it fills the memory", () =>
    Effect.map(measureBomb, ({ risen, seen }) => {
      assert.strictEqual(seen.detail, "too-large")
      // It would be 200 MB as bytes, and the same again as text.
      assert.isBelow(risen, 50_000_000)
    })
  )
})

describe("The suite", () => {
  it("has more than sixty faults, each with a unique name", () => {
    const names = sections.flatMap(({ rows }) => rows.map(({ fault }) => fault))
    assert.isAbove(names.length, 60)
    assert.deepStrictEqual([...new Set(names)], names)
  })

  it("has closed ports that no other program can get until the row is over", async () => {
    const { baseUrl, close } = await closedPort()
    const other = createServer().listen(Number(new URL(baseUrl).port), "127.0.0.1")
    const refusal = await once(other, "listening").catch((error: unknown) => error)
    assert.propertyVal(refusal, "code", "EADDRINUSE")
    other.close()
    await close()
  })

  it("leaves no socket and no thread open", async () => {
    // A closed socket disappears a few rounds of the event loop later.
    for (let patience = 0; patience < 1_000 && resources().length > before.length; patience++) await turns()
    assert.deepStrictEqual(resources().length, before.length, resources().join())
  })
})
