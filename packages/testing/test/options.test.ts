import { assert, describe, it } from "@effect/vitest"
import { Fault, type Injection, PalommaSimulator, WebhookFault, type WebhookInjection } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

const defectOf = <R>(effect: Effect.Effect<unknown, unknown, R>) =>
  Effect.map(Effect.exit(effect), (exit): unknown => (Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined))

describe("options", () => {
  const time = 'processingTime must be a duration, such as "5 seconds", not negative'
  const fee = "fee must be whole pesos, not negative"
  const share = "faultRate must be a number from 0 to 1"
  const balances = "balances must be whole pesos by merchant account, not negative"
  const bounds = "limits.payout must be whole pesos, and atMost greater than above"
  const text = 'stores.reference must be what becomes of a text, such as "trim" or { cut: 16 }'
  const number = "stores.amount must be what becomes of a number, such as { add: -500 }"
  const wrong: ReadonlyArray<readonly [object, string]> = [
    ...["abc", -1, "-1 second", Number.NaN].map((processingTime) => [{ processingTime }, time] as const),
    ...[-1, 0.5, Number.NaN, "500"].map((value) => [{ fee: value }, fee] as const),
    ...[5, -0.1, 1.1, Number.NaN, "0.5"].map((faultRate) => [{ faultRate }, share] as const),
    ...["", "a b", "ñ", 5].map((apiKey) => [{ apiKey }, "apiKey must be printable ASCII without spaces"] as const),
    ...["", 5].map((integrityKey) => [{ integrityKey }, "integrityKey must be a text"] as const),
    [{ requireTargetVerification: "yes" }, "requireTargetVerification must be true or false"],
    ...[[], 5, { default: -1 }, { default: 0.5 }, { default: "1" }, { "": 1 }].map(
      (value) => [{ balances: value }, balances] as const
    ),
    ...["shop", [""], [5]].map((gateways) => [{ gateways }, "gateways must be a list of merchant accounts"] as const),
    [{ limits: 5 }, "limits must hold bounds by their names"],
    [{ limits: { payuot: {} } }, "limits has no payuot: it has payout, payin, payinLink, payinLinkPse"],
    [{ limits: { payout: 5 } }, "limits.payout must hold above and atMost"],
    [{ limits: { payout: { most: 5 } } }, "limits.payout has no most: it has above, atMost"],
    ...[{ above: -1 }, { atMost: 1_000 }, { above: 5_000_000 }, { atMost: "many" }, { atMost: 5_000.5 }].map(
      (payout) => [{ limits: { payout } }, bounds] as const
    ),
    [{ extra: [] }, "extra must hold lists by their names"],
    [{ extra: { payoutBanks: "nequi" } }, "extra.payoutBanks must be a list of texts"],
    [{ stores: "trim" }, "stores must hold reference or amount"],
    [{ stores: { status: "trim" } }, "stores has no status: it has reference, amount"],
    ...["shout", { cut: -1 }, { cut: 1.5 }, { replace: 5 }, { add: 5 }, { cut: 1, replace: "a" }].map(
      (reference) => [{ stores: { reference } }, text] as const
    ),
    ...["trim", { add: "5" }, { multiply: Number.NaN }].map((amount) => [{ stores: { amount } }, number] as const),
    ...[-1, 1.5, Number.POSITIVE_INFINITY].map(
      (keptRequests) => [{ keptRequests }, "keptRequests must be a whole number, not negative"] as const
    ),
    [{ seed: Number.NaN }, "seed must be a text or a number"],
    [{ processingTime: "abc", fee: -1, faultRate: 5 }, `${time}; ${fee}; ${share}`]
  ]

  it.effect.each(wrong)("with wrong values are a defect that names them: %j", ([options, rules]) =>
    Effect.gen(function* () {
      for (const build of [Layer.build(PalommaSimulator.layer(options)), Layer.build(layerServer(options))]) {
        const defect = yield* defectOf<Scope.Scope>(build)
        assert.instanceOf(defect, TypeError)
        assert.strictEqual(String(defect), `TypeError: PalommaSimulator: ${rules}`)
      }
    })
  )

  const wrongOfServer: ReadonlyArray<readonly [object, string]> = [
    ...[-1, 70_000, "80"].map((port) => [{ port }, "port must be a number from 0 to 65535"] as const),
    [{ host: "" }, "host must be an address or a name"],
    [{ allowedHosts: "palomma" }, "allowedHosts must be a list of names"],
    [{ fee: -1, webhookUrl: "nowhere" }, `${fee}; webhookUrl must be a URL`]
  ]

  it.effect.each(wrongOfServer)(
    "of the server with wrong values are a defect that names them: %j",
    ([options, rules]) =>
      Effect.gen(function* () {
        const defect = yield* defectOf<Scope.Scope>(Layer.build(layerServer(options)))
        assert.strictEqual(String(defect), `TypeError: PalommaSimulator: ${rules}`)
      })
  )

  it.effect.each([
    {
      processingTime: 0,
      fee: 0,
      faultRate: 0,
      keptRequests: 0,
      seed: 0,
      balances: {},
      gateways: [],
      extra: {},
      stores: {}
    },
    {
      processingTime: "1 day",
      fee: 1_000,
      faultRate: 1,
      balances: { default: 0, other: 5 },
      gateways: ["shop"],
      limits: { payout: { above: 0, atMost: 1 }, payin: {}, payinLink: undefined },
      extra: { payoutBanks: ["newbank"] },
      stores: { reference: { replace: "" }, amount: { multiply: 100 } },
      seed: "a"
    },
    { stores: { reference: { cut: 0 }, amount: { add: -500 } }, keptRequests: 1_000_000 },
    { stores: { reference: "NFKC" } }
  ] as const)("with correct values are accepted: %j", (options) => Layer.build(PalommaSimulator.layer(options)))
})

describe("faults", () => {
  const kind = Fault.drop()
  const copies = "copies must be a whole number from 1 to 100"
  const wrong: ReadonlyArray<readonly [Injection, string]> = [
    [{ kind, nth: 0 }, "nth must be a whole number from 1 to 1000000"],
    [{ kind, nth: 1e9 }, "nth must be a whole number from 1 to 1000000"],
    [{ kind, times: 1e9 }, "times must be a whole number from 1 to 1000000"],
    [{ kind, times: 0.5 }, "times must be a whole number from 1 to 1000000"],
    [{ kind, rate: 5 }, "rate must be a number from 0 to 1"],
    [{ kind: [] }, "kind must be a fault, or a list of 1 to 1000 faults"],
    [{ kind: Array.from({ length: 1_001 }, () => kind) }, "kind must be a fault, or a list of 1 to 1000 faults"],
    [{ kind: Fault.cut({ keep: 2 }) }, "keep must be a number from 0 to 1"],
    [{ kind: Fault.rewrite("id", 1, { item: -1 }) }, "item must be a whole number, not negative"],
    [
      { kind: Fault.together(Fault.repeatRecord, Fault.transform("reference", { cut: -1 })) },
      'a transformation must be one of a text, such as "trim" or { cut: 16 }, or of a number, such as { add: -500 }'
    ],
    [
      { kind: Fault.together(...Array.from({ length: 1_001 }, () => Fault.repeatRecord)) },
      "no more than 1000 faults can strike together"
    ]
  ]

  it.effect.each(wrong)("with invalid options are a defect: %#", ([injection, rule]) =>
    Effect.gen(function* () {
      const { fault } = yield* PalommaSimulator
      assert.strictEqual(String(yield* defectOf(fault(injection))), `TypeError: PalommaSimulator: ${rule}`)
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  const wrongOfWebhooks: ReadonlyArray<readonly [WebhookInjection, string]> = [
    [{ kind: WebhookFault.duplicate(1e9) }, copies],
    [{ kind: WebhookFault.duplicate(0) }, copies],
    [{ kind: [WebhookFault.lose, WebhookFault.duplicate(101)] }, copies],
    [{ kind: WebhookFault.overtaken(0) }, "by must be a whole number from 1 to 1000"],
    [{ kind: WebhookFault.lose, rate: -1 }, "rate must be a number from 0 to 1"]
  ]

  it.effect.each(wrongOfWebhooks)("of webhooks with invalid options are a defect: %j", ([injection, rule]) =>
    Effect.gen(function* () {
      const { webhooks } = yield* PalommaSimulator
      assert.strictEqual(String(yield* defectOf(webhooks.fault(injection))), `TypeError: PalommaSimulator: ${rule}`)
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect("can be added up to a thousand, and no more", () =>
    Effect.gen(function* () {
      const { clearFaults, fault, webhooks } = yield* PalommaSimulator
      const full = "TypeError: PalommaSimulator: no more than 1000 faults can be armed"
      for (let i = 0; i < 1_000; i++) {
        yield* fault({ kind, nth: 1_000_000 })
        yield* webhooks.fault({ kind: WebhookFault.duplicate(100) })
      }
      assert.strictEqual(String(yield* defectOf(fault({ kind }))), full)
      assert.strictEqual(String(yield* defectOf(webhooks.fault({ kind: WebhookFault.lose }))), full)
      yield* clearFaults
      yield* fault({ kind })
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})

describe("amounts of controls", () => {
  it.effect("must be numbers", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const amount = Number.NaN
      assert.include(String(yield* defectOf(simulator.setBalance("default", amount))), "a balance must be a number")
      for (const add of [
        simulator.addPayoutRequest({ amount }),
        simulator.addPayinRequest({ amount }),
        simulator.addPayinRequest({ amountCollected: amount })
      ]) {
        assert.include(String(yield* defectOf(add)), "an amount must be a number")
      }
      assert.deepStrictEqual(yield* simulator.ledger.payouts, [])
      assert.deepStrictEqual(yield* simulator.ledger.payins, [])
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})
