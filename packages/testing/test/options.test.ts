import { assert, describe, it } from "@effect/vitest"
import {
  Fault,
  type FaultInjection,
  PalommaSimulator,
  WebhookFault,
  type WebhookFaultInjection
} from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

const defectOf = <R>(effect: Effect.Effect<unknown, unknown, R>) =>
  Effect.map(Effect.exit(effect), (exit): unknown => (Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined))

describe("options", () => {
  const time = 'processingTime must be a duration of 0 or more, such as "5 seconds"'
  const fee = "fee must be whole pesos, 0 or more"
  const share = "faultRate must be a number from 0 to 1"
  const balances = "balances must be whole pesos, 0 or more, by merchant account"
  const bounds = "limits.payout must be whole pesos, with atMost greater than above"
  const text = 'storeAs.reference must be a transformation of a text, such as "trim" or { cut: 16 }'
  const number = "storeAs.amount must be a transformation of a number, such as { add: -500 }"
  const extraNames =
    "payoutBanks, pseBanks, directDebitBanks, documentTypes, accountTypes, payinLinkMethods, payinSourceTypes, payoutTargetTypes"
  const wrong: ReadonlyArray<readonly [object, string]> = [
    ...["abc", -1, "-1 second", Number.NaN].map((processingTime) => [{ processingTime }, time] as const),
    ...[-1, 0.5, Number.NaN, "500"].map((value) => [{ fee: value }, fee] as const),
    ...[5, -0.1, 1.1, Number.NaN, "0.5"].map((faultRate) => [{ faultRate }, share] as const),
    ...["", "a b", "ñ", 5].map((apiKey) => [{ apiKey }, "apiKey must be printable ASCII without spaces"] as const),
    ...["", 5].map((integrityKey) => [{ integrityKey }, "integrityKey must be a non-empty text"] as const),
    [{ requireTargetVerification: "yes" }, "requireTargetVerification must be true or false"],
    ...[[], 5, { default: -1 }, { default: 0.5 }, { default: "1" }, { "": 1 }].map(
      (value) => [{ balances: value }, balances] as const
    ),
    ...["shop", [""], [5]].map(
      (gatewayAccounts) => [{ gatewayAccounts }, "gatewayAccounts must be a list of ids of merchant accounts"] as const
    ),
    [{ limits: 5 }, "limits must be an object with payout, payin, payinLink, payinLinkPse"],
    [{ limits: { payuot: {} } }, "limits.payuot is unknown: use payout, payin, payinLink, payinLinkPse"],
    [{ limits: { payout: 5 } }, "limits.payout must be an object with above and atMost"],
    [{ limits: { payout: { most: 5 } } }, "limits.payout.most is unknown: use above, atMost"],
    ...[{ above: -1 }, { atMost: 1_000 }, { above: 5_000_000 }, { atMost: "many" }, { atMost: 5_000.5 }].map(
      (payout) => [{ limits: { payout } }, bounds] as const
    ),
    [{ extra: [] }, `extra must be an object with ${extraNames}`],
    [{ extra: { payoutBanks: "nequi" } }, "extra.payoutBanks must be a list of non-empty texts"],
    [{ storeAs: "trim" }, "storeAs must be an object with reference, amount"],
    [{ storeAs: { status: "trim" } }, "storeAs.status is unknown: use reference, amount"],
    ...["shout", { cut: -1 }, { cut: 1.5 }, { replace: 5 }, { add: 5 }, { cut: 1, replace: "a" }].map(
      (reference) => [{ storeAs: { reference } }, text] as const
    ),
    ...["trim", { add: "5" }, { multiply: Number.NaN }].map((amount) => [{ storeAs: { amount } }, number] as const),
    ...[-1, 1.5, Number.POSITIVE_INFINITY].map(
      (maxRequestsKept) => [{ maxRequestsKept }, "maxRequestsKept must be a whole number, 0 or more"] as const
    ),
    [{ seed: Number.NaN }, "seed must be a text or a number"],
    [{ processingTime: "abc", fee: -1, faultRate: 5 }, `${time}; ${fee}; ${share}`]
  ]

  it.effect.each(wrong)("with wrong values are a defect that names them: %j", ([options, rules]) =>
    Effect.gen(function* () {
      for (const build of [Layer.build(PalommaSimulator.layer(options)), Layer.build(layerServer(options))]) {
        const defect = yield* defectOf<Scope.Scope>(build)
        assert.instanceOf(defect, TypeError)
        assert.strictEqual(String(defect), `TypeError: PalommaSimulator got invalid options. Correct this: ${rules}.`)
      }
    })
  )

  const wrongOfServer: ReadonlyArray<readonly [object, string]> = [
    ...[-1, 70_000, "80"].map((port) => [{ port }, "port must be a number from 0 to 65535"] as const),
    [{ host: "" }, "host must be an IP address or a host name"],
    [{ allowedHosts: "palomma" }, "allowedHosts must be a list of host names"],
    [{ fee: -1, webhookUrl: "nowhere" }, `${fee}; webhookUrl must be a URL that begins with http:// or https://`]
  ]

  it.effect.each(wrongOfServer)(
    "of the server with wrong values are a defect that names them: %j",
    ([options, rules]) =>
      Effect.gen(function* () {
        const defect = yield* defectOf<Scope.Scope>(Layer.build(layerServer(options)))
        assert.strictEqual(String(defect), `TypeError: PalommaSimulator got invalid options. Correct this: ${rules}.`)
      })
  )

  it.effect.each([
    {
      processingTime: 0,
      fee: 0,
      faultRate: 0,
      maxRequestsKept: 0,
      seed: 0,
      balances: {},
      gatewayAccounts: [],
      extra: {},
      storeAs: {}
    },
    {
      processingTime: "1 day",
      fee: 1_000,
      faultRate: 1,
      balances: { default: 0, other: 5 },
      gatewayAccounts: ["shop"],
      limits: { payout: { above: 0, atMost: 1 }, payin: {}, payinLink: undefined },
      extra: { payoutBanks: ["newbank"] },
      storeAs: { reference: { replace: "" }, amount: { multiply: 100 } },
      seed: "a"
    },
    { storeAs: { reference: { cut: 0 }, amount: { add: -500 } }, maxRequestsKept: 1_000_000 },
    { storeAs: { reference: "NFKC" } }
  ] as const)("with correct values are accepted: %j", (options) => Layer.build(PalommaSimulator.layer(options)))
})

describe("faults", () => {
  const kind = Fault.drop()
  const copies = "copies must be a whole number from 1 to 100"
  const wrong: ReadonlyArray<readonly [FaultInjection, string]> = [
    [{ kind, nth: 0 }, "nth must be a whole number from 1 to 1000000"],
    [{ kind, nth: 1e9 }, "nth must be a whole number from 1 to 1000000"],
    [{ kind, times: 1e9 }, "times must be a whole number from 1 to 1000000"],
    [{ kind, times: 0.5 }, "times must be a whole number from 1 to 1000000"],
    [{ kind, rate: 5 }, "rate must be a number from 0 to 1"],
    [{ kind: [] }, "kind must be a fault, or a list of 1 to 1000 faults"],
    [{ kind: Array.from({ length: 1_001 }, () => kind) }, "kind must be a fault, or a list of 1 to 1000 faults"],
    [{ kind: Fault.cut({ keep: 2 }) }, "keep must be a number from 0 to 1"],
    [{ kind: Fault.rewrite("id", 1, { item: -1 }) }, "item must be a whole number, 0 or more"],
    [
      { kind: Fault.all(Fault.repeatRecord, Fault.transform("reference", { cut: -1 })) },
      'as must be a transformation of a text, such as "trim" or { cut: 16 }, or of a number, such as { add: -500 }'
    ],
    [
      { kind: Fault.all(...Array.from({ length: 1_001 }, () => Fault.repeatRecord)) },
      "faults must be a list of at most 1000 faults"
    ]
  ]

  it.effect.each(wrong)("with invalid options are a defect: %#", ([injection, rule]) =>
    Effect.gen(function* () {
      const { fault } = yield* PalommaSimulator
      assert.strictEqual(
        String(yield* defectOf(fault(injection))),
        `TypeError: PalommaSimulator got an invalid fault. Correct this: ${rule}.`
      )
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  const wrongOfWebhooks: ReadonlyArray<readonly [WebhookFaultInjection, string]> = [
    [{ kind: WebhookFault.duplicate(1e9) }, copies],
    [{ kind: WebhookFault.duplicate(0) }, copies],
    [{ kind: [WebhookFault.lose, WebhookFault.duplicate(101)] }, copies],
    [{ kind: WebhookFault.reorder(0) }, "by must be a whole number from 1 to 1000"],
    [{ kind: WebhookFault.lose, rate: -1 }, "rate must be a number from 0 to 1"]
  ]

  it.effect.each(wrongOfWebhooks)("of webhooks with invalid options are a defect: %j", ([injection, rule]) =>
    Effect.gen(function* () {
      const { webhooks } = yield* PalommaSimulator
      assert.strictEqual(
        String(yield* defectOf(webhooks.fault(injection))),
        `TypeError: PalommaSimulator got an invalid fault. Correct this: ${rule}.`
      )
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )

  it.effect("can be added up to a thousand, and no more", () =>
    Effect.gen(function* () {
      const { clearFaults, fault, webhooks } = yield* PalommaSimulator
      const rule = "at most 1000 faults can be armed: clear some first"
      const full = `TypeError: PalommaSimulator got an invalid fault. Correct this: ${rule}.`
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
