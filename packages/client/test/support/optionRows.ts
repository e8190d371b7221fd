/**
 * The contract of codes for the options of a layer: what is invalid, and how it is reported. VALUE is never repeated.
 */
import { RateLimit } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"

const wiped = Redacted.make("VALUE")
Redacted.wipeUnsafe(wiped)

const hole: Array<unknown> = ["VALUE"]
hole.length = 2

export const throwing = (): never => {
  throw new Error("VALUE")
}

export const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

export const untruthful = new Proxy(
  {},
  { ownKeys: throwing, get: throwing, getOwnPropertyDescriptor: throwing, has: throwing }
)

const notDurations = [
  "abc",
  "VALUE",
  "",
  "5",
  "5s",
  "Infinity",
  "-1 second",
  -1,
  -0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  true,
  {},
  [],
  [1],
  ["1", "2"],
  [Number.NaN, 0],
  { seconds: "5" },
  { second: 5 },
  { seconds: Number.NaN },
  { seconds: undefined },
  new Date(5),
  Symbol("VALUE"),
  () => 5,
  "25 hours",
  "1 week",
  Duration.infinity,
  10n ** 30n
]
// A timer and the wall clock count milliseconds: a shorter duration would be zero.
const tooShort = [0, "0 seconds", Duration.zero, "1 nano", "1 micros", "999 micros", 0.999, 999_999n, [0, 999_999]]
const notPositive = [...notDurations, ...tooShort]
const notAttempts = [0, -1, 1.5, 21, 1e9, Number.NaN, Number.POSITIVE_INFINITY, "3", null, 3n]

// One check reads every option of a kind. One option gets all values. The others show that they have the check.
const few = ["VALUE", null, -1, "25 hours"]
const fewNotPositive = [...few, 0, "999 micros"]

const retryRows = ["reads", "creates"].flatMap((kind): ReadonlyArray<readonly [object, ReadonlyArray<string>]> => [
  ...["attemptTimeout", "timeout"].flatMap((name) =>
    (kind === "reads" && name === "timeout" ? notPositive : fewNotPositive).map(
      (value) => [{ retry: { [kind]: { [name]: value } } }, [`retry.${kind}.${name} duration`]] as const
    )
  ),
  ...["initialBackoff", "maxBackoff"].flatMap((name) =>
    (kind === "reads" && name === "maxBackoff" ? notDurations : few).map(
      (value) => [{ retry: { [kind]: { [name]: value } } }, [`retry.${kind}.${name} duration`]] as const
    )
  ),
  ...(kind === "reads" ? notAttempts : [0, 21]).map(
    (maxAttempts) => [{ retry: { [kind]: { maxAttempts } } }, [`retry.${kind}.maxAttempts whole-number`]] as const
  ),
  [{ retry: { [kind]: { attempts: 3 } } }, [`retry.${kind}.attempts unknown-field`]],
  [{ retry: { [kind]: null } }, [`retry.${kind} object`]]
])

const limitRows = ["payout", "payin", "payinLink", "payinLinkPse"].flatMap(
  (name): ReadonlyArray<readonly [object, ReadonlyArray<string>]> => [
    ...(name === "payout" ? [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "1", null] : [-1, 2 ** 53]).map(
      (above) => [{ limits: { [name]: { above, atMost: 5_000_000 } } }, [`limits.${name}.above whole-number`]] as const
    ),
    ...(name === "payout"
      ? [0, -5, 1_500.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "5000000", null, 1_000]
      : [1_000, 2 ** 53]
    ).map((atMost) => [{ limits: { [name]: { atMost } } }, [`limits.${name}.atMost whole-number`]] as const),
    // The lower bound is excluded and the upper one is not, so with equal bounds no amount would be valid.
    [{ limits: { [name]: { above: 7_000, atMost: 7_000 } } }, [`limits.${name}.atMost whole-number`]],
    [{ limits: { [name]: { above: 6_000_000, atMost: 7_000 } } }, [`limits.${name}.atMost whole-number`]],
    // A missing bound has its default. With that, too, some amount must remain valid.
    ...[5_000_000, 10_000_000].map(
      (above) => [{ limits: { [name]: { above } } }, [`limits.${name}.above whole-number`]] as const
    ),
    [{ limits: { [name]: { min: 1 } } }, [`limits.${name}.min unknown-field`]],
    [{ limits: { [name]: 5_000_000 } }, [`limits.${name} object`]],
    [{ limits: { [name]: [1, 2] } }, [`limits.${name} object`]]
  ]
)

const extraRows = [
  "payoutBanks",
  "pseBanks",
  "directDebitBanks",
  "documentTypes",
  "accountTypes",
  "payinLinkMethods",
  "payinSourceTypes",
  "payoutTargetTypes"
].flatMap((name): ReadonlyArray<readonly [object, ReadonlyArray<string>]> => [
  ...(name === "payoutBanks" ? ["VALUE", 5, null, {}, new Set(["VALUE"]), { length: 1, 0: "VALUE" }] : ["VALUE"]).map(
    (list) => [{ extra: { [name]: list } }, [`extra.${name} list`]] as const
  ),
  ...(name === "payoutBanks"
    ? [5, null, undefined, "", " ", "VALUE VALUE", "VALUE\n", "\u0000", "VALUE\u200b", "x".repeat(101), ["VALUE"], {}]
    : [""]
  ).map((value) => [{ extra: { [name]: ["right", value] } }, [`extra.${name}.1 word`]] as const)
])

/** Options beside a valid key, and the codes of their problems. */
export const optionRows: ReadonlyArray<readonly [options: object, expected: ReadonlyArray<string>]> = [
  ...["VALUE", undefined, null, 5, {}, ["VALUE"], Redacted.make(5), Redacted.make(null), wiped].map(
    (apiKey) => [{ apiKey }, ["apiKey secret"]] as const
  ),
  ...["", " ", "VALUE VALUE", "VALUÉ", "VALUE\u0000", "\ud83d\ude00", "VALUE\r\nx-injected: 1"].map(
    (text) => [{ apiKey: Redacted.make(text) }, ["apiKey secret"]] as const
  ),
  ...["VALUE\n", "\tVALUE"].map((text) => [{ apiKey: Redacted.make(text) }, ["apiKey secret-blank"]] as const),
  ...["VALUE", "Sandbox", "production ", "toString", "__proto__", null, 5, {}, ["sandbox"]].map(
    (environment) => [{ environment }, ["environment environment"]] as const
  ),
  [{ environment: "production", baseUrl: "https://gateway.example" }, ["environment environment-or-base-url"]],
  [{ baseUrl: "http://VALUE.example" }, ["baseUrl base-url"]],
  [{ baseUrl: "https://VALUE.example:22" }, ["baseUrl blocked-port"]],
  [{ baseUrl: "https://VALUE.palomma.com" }, ["baseUrl palomma-path"]],
  ...["VALUE", 5, null, [], true].map((limits) => [{ limits }, ["limits object"]] as const),
  [{ limits: { payuot: { atMost: 5 } } }, ["limits.payuot unknown-field"]],
  [{ limits: { "3001234567": { atMost: 5 } } }, ["limits.? unknown-field"]],
  ...limitRows,
  ...["VALUE", 5, null, []].map((extra) => [{ extra }, ["extra object"]] as const),
  [{ extra: { banks: ["VALUE"] } }, ["extra.banks unknown-field"]],
  ...extraRows,
  [{ extra: { payoutBanks: hole } }, ["extra.payoutBanks.1 word"]],
  [{ extra: { payoutBanks: Array.from({ length: 100_000 }) } }, ["extra.payoutBanks list"]],
  ...["VALUE", 5, null, []].map((retry) => [{ retry }, ["retry object"]] as const),
  [{ retry: { writes: {} } }, ["retry.writes unknown-field"]],
  ...retryRows,
  ...[{ limit: 10, window: "1 second" }, 10, null, "VALUE", {}, { "~palomma-effect/RateLimit": true }].map(
    (rateLimit) => [{ rateLimit }, ["rateLimit rate-limit"]] as const
  ),
  ...[0, -1, 1.5, Number.NaN, "10", 1_000_001, null, undefined].map(
    (limit) =>
      [
        { rateLimit: RateLimit.make({ limit: limit as number, window: "1 second" }) },
        ["rateLimit.limit whole-number"]
      ] as const
  ),
  ...[...fewNotPositive, undefined].map(
    (window) =>
      [
        { rateLimit: RateLimit.make({ limit: 1, window: window as "1 second" }) },
        ["rateLimit.window duration"]
      ] as const
  ),
  [
    { rateLimit: RateLimit.make({ limit: 1, windw: "VALUE" } as never) },
    ["rateLimit.windw unknown-field", "rateLimit.window duration"]
  ],
  [
    { rateLimit: RateLimit.make({ limit: 1, window: 1, key: "", store: {} } as never) },
    ["rateLimit.store store", "rateLimit.key non-empty"]
  ],
  [{ rateLimit: RateLimit.make(undefined as never) }, ["rateLimit object"]],
  [
    {
      rateLimit: RateLimit.make({
        get limit() {
          return throwing()
        },
        window: 1
      })
    },
    ["rateLimit.limit unreadable"]
  ],
  ...[
    "429",
    200,
    204,
    299,
    600,
    99.5,
    403.5,
    -403,
    0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    undefined,
    [429]
  ].map((status) => [{ rejectedStatuses: [403, status] }, ["rejectedStatuses.1 status"]] as const),
  ...[403, "403", null, {}, new Set([403])].map(
    (rejectedStatuses) => [{ rejectedStatuses }, ["rejectedStatuses list"]] as const
  ),
  [
    { rejectedStatuses: hole.slice(1).concat(hole.slice(1)) },
    ["rejectedStatuses.0 status", "rejectedStatuses.1 status"]
  ],
  [{ refusals: [403] }, ["refusals unknown-field"]],
  [{ apikey: "VALUE" }, ["apikey unknown-field"]],
  [{ fetch: () => {} }, ["fetch unknown-field"]],
  [{ VALUE_1: 1 }, ["? unknown-field"]],
  // A thrown value is not repeated, and the other problems are reported with it.
  ...["apiKey", "environment", "baseUrl", "limits", "extra", "retry", "rateLimit", "rejectedStatuses"].map(
    (name) =>
      [
        {
          get [name]() {
            return throwing()
          },
          xyz: 1
        },
        ["xyz unknown-field", `${name} unreadable`]
      ] as const
  ),
  [
    {
      limits: {
        payout: {
          get atMost() {
            return throwing()
          },
          above: -1
        }
      }
    },
    ["limits.payout.atMost unreadable", "limits.payout.above whole-number"]
  ],
  [
    {
      extra: {
        get pseBanks() {
          return throwing()
        }
      }
    },
    ["extra.pseBanks unreadable"]
  ],
  [{ extra: { pseBanks: Object.defineProperty(["VALUE"], 0, { get: throwing }) } }, ["extra.pseBanks unreadable"]],
  [
    {
      retry: {
        reads: {
          get timeout() {
            return throwing()
          }
        }
      }
    },
    ["retry.reads.timeout unreadable"]
  ],
  [{ retry: revoked() }, ["retry unreadable"]],
  [{ retry: untruthful }, ["retry unreadable"]],
  [{ rejectedStatuses: new Proxy([], { get: throwing }) }, ["rejectedStatuses unreadable"]]
]
