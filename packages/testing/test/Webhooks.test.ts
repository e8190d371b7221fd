import { assert, describe, it } from "@effect/vitest"
import { Webhooks } from "@palomma-effect/client"
import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
import { PalommaSimulator, WebhookFault, WebhookSigner } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { customer, pay, post, target } from "./support.ts"

const merchant = Webhooks.layer({ integrityKeys: [Redacted.make("sim-integrity-key")] })
const inProcess = PalommaSimulator.layer({ seed: 1 })

const approvePayouts = (count: number) =>
  Effect.gen(function* () {
    const simulator = yield* PalommaSimulator
    const account = yield* target
    for (let i = 1; i <= count; i++) {
      const { json } = yield* pay(account, `r-${i}`)
      yield* simulator.setPayoutStatus(json.id, { status: "approved" })
    }
  })

const referenceOf = ({ body }: WebhookSigner.SignedWebhook): string => JSON.parse(body).event.reference

describe("webhooks", () => {
  it.effect("every change of a status is reported once, signed as Palomma signs, and creations are not reported", () =>
    Effect.gen(function* () {
      const { webhooks } = yield* PalommaSimulator
      yield* approvePayouts(2)
      const taken = yield* webhooks.take
      assert.deepStrictEqual(taken.map(referenceOf), ["r-1", "r-2"])
      const { verify } = yield* Webhooks
      for (const webhook of taken) assert.deepStrictEqual(yield* verify(webhook), webhook.event)
      assert.deepStrictEqual(yield* webhooks.take, [])
      assert.lengthOf(yield* webhooks.events, 2)
    }).pipe(Effect.provide([inProcess, merchant]))
  )

  it.effect("a redelivery repeats the event exactly", () =>
    Effect.gen(function* () {
      const { webhooks } = yield* PalommaSimulator
      yield* approvePayouts(1)
      const [first] = yield* webhooks.take
      yield* TestClock.adjust("1 hour")
      yield* webhooks.redeliver(first?.event.webhookId ?? "")
      assert.deepStrictEqual<unknown>(yield* webhooks.take, [first])
      assert.strictEqual(
        (yield* Effect.flip(webhooks.redeliver("01HPR"))).message,
        "The simulator has no webhook event 01HPR. Use an id or a URL that this simulator returned."
      )
    }).pipe(Effect.provide(inProcess))
  )

  const order = (name: string, fault: WebhookFault.WebhookFault, expected: ReadonlyArray<ReadonlyArray<string>>) =>
    it.effect(name, () =>
      Effect.gen(function* () {
        const { webhooks } = yield* PalommaSimulator
        yield* webhooks.fault({ eventType: "payout-request.update", nth: 2, kind: fault })
        yield* approvePayouts(3)
        assert.deepStrictEqual((yield* webhooks.take).map(referenceOf), expected[0])
        yield* TestClock.adjust("1 hour")
        assert.deepStrictEqual((yield* webhooks.take).map(referenceOf), expected[1])
      }).pipe(Effect.provide(inProcess))
    )
  order("one is lost", WebhookFault.lose, [["r-1", "r-3"], []])
  order("one arrives twice", WebhookFault.duplicate(), [["r-1", "r-2", "r-2", "r-3"], []])
  order("one arrives late", WebhookFault.delay("1 hour"), [["r-1", "r-3"], ["r-2"]])
  order("one arrives after the next one", WebhookFault.reorder(), [["r-1", "r-3", "r-2"], []])
  order("one waits for later ones that never occur", WebhookFault.reorder(2), [["r-1", "r-3"], []])

  it.effect("a delayed event arrives after the others, however late they are", () =>
    Effect.gen(function* () {
      const { setPayoutStatus, webhooks } = yield* PalommaSimulator
      yield* webhooks.fault({ kind: WebhookFault.reorder(2) })
      const account = yield* target
      for (const reference of ["r-1", "r-2", "r-3", "r-4"]) {
        const { json } = yield* pay(account, reference)
        yield* setPayoutStatus(json.id, { status: "approved" })
        yield* TestClock.adjust("1 minute")
      }
      assert.deepStrictEqual((yield* webhooks.take).map(referenceOf), ["r-2", "r-3", "r-1", "r-4"])
    }).pipe(Effect.provide(inProcess))
  )

  it.effect("one has an invalid signature", () =>
    Effect.gen(function* () {
      const { webhooks } = yield* PalommaSimulator
      const { verify } = yield* Webhooks
      yield* webhooks.fault({ kind: WebhookFault.badSignature })
      yield* approvePayouts(2)
      const [bad, good] = yield* webhooks.take
      if (bad === undefined || good === undefined) throw new Error("two were expected")
      assert.strictEqual((yield* Effect.flip(verify(bad))).reason, "signature-mismatch")
      assert.isTrue(Exit.isSuccess(yield* Effect.exit(verify(good))))
    }).pipe(Effect.provide([inProcess, merchant]))
  )

  it.effect("payout targets, sources, links, payins and settlements are reported as well", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const customerId = yield* customer
      const common = { customerId, redirectUrl: "https://example.com" }
      const source = (yield* post("/payinSources", { ...common, type: "bancolombiaToken" })).json.id
      yield* simulator.setPayinSourceStatus(source, { status: "active" })
      const payin = (yield* post("/payinRequests", { payinSourceId: source, amount: 20_000 })).json.id
      yield* simulator.setPayinStatus(payin, { status: "approved" })
      const link = (yield* post("/payinLinks", { ...common, type: "bancolombiaButton", amount: 20_000 })).json.id
      yield* simulator.setPayinLinkStatus(link, { status: "approved" })
      yield* simulator.settle("default")
      yield* simulator.setPayoutTargetStatus(yield* target, {
        status: "cancelled",
        statusMessage: "DOCUMENT_ACCOUNT_MISMATCH"
      })
      assert.deepStrictEqual(
        (yield* simulator.webhooks.events).map(({ eventType }) => eventType),
        [
          "payin-source.update",
          "payin-request.update",
          "payin-link.update",
          "payin-settlement.update",
          "payout-target.update"
        ]
      )
    }).pipe(Effect.provide(inProcess))
  )

  it.effect("every event is signed so that the client accepts it", () =>
    Effect.gen(function* () {
      const { verify } = yield* Webhooks
      const samples = fc.sample(Arbitraries.webhookEvent, { seed: 1, numRuns: 100 })
      yield* TestClock.setTime(1_800_000_000_000)
      for (const event of samples) {
        const webhook = WebhookSigner.sign(event, Redacted.make("sim-integrity-key"))
        assert.deepStrictEqual(yield* verify(webhook), event)
        assert.deepStrictEqual(
          JSON.parse(webhook.body),
          JSON.parse(Buffer.from(webhook.encodedData, "base64").toString("utf8"))
        )
      }
    }).pipe(
      Effect.provide(Webhooks.layer({ integrityKeys: [Redacted.make("sim-integrity-key")], tolerance: "5000 days" }))
    )
  )
})

// A merchant's server: it responds with the given statuses, then with 200.
const receiver = (statuses: Array<number>) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly bodies: Array<string>; readonly close: () => void }>((resume) => {
      const bodies: Array<string> = []
      const server = createServer((request, response) => {
        let body = ""
        request.on("data", (part: Buffer) => (body += part.toString()))
        request.on("end", () => {
          bodies.push(`${String(request.headers["x-signature"]).length} ${body}`)
          response.writeHead(statuses.shift() ?? 200).end()
        })
      })
      server.listen(0, "127.0.0.1", () =>
        resume(
          Effect.succeed({
            url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
            bodies,
            close: () => {
              server.close()
              server.closeAllConnections()
            }
          })
        )
      )
    }),
    ({ close }) => Effect.sync(close)
  )

const logTo = (lines: Array<string>) =>
  Logger.layer([Logger.make(({ message }) => lines.push([message].flat().join(" ")))])

const soon = (met: () => boolean) => Effect.yieldNow.pipe(Effect.repeat({ until: met }))

describe("webhooks over HTTP", () => {
  it.live("they are sent when they are due", () =>
    Effect.gen(function* () {
      const { bodies, url } = yield* receiver([])
      const simulator = layerServer({ webhookUrl: url, processingTime: "5 millis" })
      yield* Effect.gen(function* () {
        const { httpClient } = yield* PalommaSimulator
        const call = Effect.provide(
          Effect.flatMap(target, (id) => pay(id, "r-1")),
          Layer.succeed(HttpClient, httpClient)
        )
        yield* call
        yield* soon(() => bodies.length === 1)
        assert.match(`${bodies[0]}`, /^64 \{.*"status":"approved"/)
      }).pipe(Effect.provide(simulator))
    })
  )

  it.effect("an event that the merchant rejects is sent again unchanged", () =>
    Effect.gen(function* () {
      const { bodies, url } = yield* receiver([500, 302])
      const simulator = layerServer({ webhookUrl: url })
      yield* Effect.gen(function* () {
        const { httpClient } = yield* PalommaSimulator
        yield* Effect.provide(approvePayouts(1), Layer.succeed(HttpClient, httpClient))
        // The response to the merchant's server takes real time, so the clock advances in small steps until it arrives.
        const passed = (count: number) =>
          Effect.andThen(TestClock.adjust("1 second"), Effect.yieldNow).pipe(
            Effect.repeat({ until: () => bodies.length === count }),
            Effect.andThen(Clock.currentTimeMillis)
          )
        yield* soon(() => bodies.length === 1)
        const second = yield* passed(2)
        assert.isAtLeast(second, 60_000)
        assert.isAtLeast(yield* passed(3), second + 299_000)
        assert.strictEqual(new Set(bodies).size, 1)
        yield* TestClock.adjust("1 day")
        assert.lengthOf(bodies, 3)
      }).pipe(Effect.provide(simulator))
    })
  )

  it.effect("a failed delivery is reported with the reason and the next attempt, and a burst of them in one line", () =>
    Effect.gen(function* () {
      const { bodies, url } = yield* receiver([500, 500, 500, 500, 500, 500])
      const lines: Array<string> = []
      yield* Effect.gen(function* () {
        const { httpClient } = yield* PalommaSimulator
        yield* Effect.provide(approvePayouts(3), Layer.succeed(HttpClient, httpClient))
        yield* soon(() => bodies.length === 3)
        const failed = `The webhook for ${new URL(url).origin} was not accepted: the answer was 500 instead of 200.`
        assert.deepStrictEqual(lines, [`${failed} It is sent again in 1m.`])
        yield* Effect.andThen(TestClock.adjust("1 second"), Effect.yieldNow).pipe(
          Effect.repeat({ until: () => lines.length === 2 })
        )
        assert.deepStrictEqual(lines.slice(1), [
          `${failed} It is sent again in 5m. 2 more failed since the last report.`
        ])
      }).pipe(Effect.provide(layerServer({ webhookUrl: url }).pipe(Layer.provideMerge(logTo(lines)))))
    })
  )

  it.effect("a merchant that cannot be reached is reported without the path of its URL", () =>
    Effect.gen(function* () {
      const { close, url } = yield* receiver([])
      close()
      const lines: Array<string> = []
      yield* Effect.gen(function* () {
        const { httpClient } = yield* PalommaSimulator
        yield* Effect.provide(approvePayouts(1), Layer.succeed(HttpClient, httpClient))
        yield* soon(() => lines.length === 1)
        assert.deepStrictEqual(lines, [
          `The webhook for ${new URL(url).origin} was not accepted: no connection (ECONNREFUSED). It is sent again in 1m.`
        ])
        // The last of five attempts.
        yield* Effect.andThen(TestClock.adjust("1 minute"), Effect.yieldNow).pipe(
          Effect.repeat({ until: () => lines.length === 5 })
        )
        assert.match(`${lines[4]}`, /\(ECONNREFUSED\)\. It is not sent again\.$/)
      }).pipe(Effect.provide(layerServer({ webhookUrl: `${url}?token=secret` }).pipe(Layer.provideMerge(logTo(lines)))))
    })
  )
})
