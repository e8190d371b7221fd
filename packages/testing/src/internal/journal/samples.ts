/**
 * Sample values of the fields of a row.
 */
import {
  type Transfer,
  TransferAlarm,
  TransferClaim,
  TransferDifference,
  TransferResolution,
  transferStates
} from "@palomma-effect/client/Transfer"

const maxLength = 200

/** References that `Payouts` and `Payins` accept. All are different, but a database may treat some as equal. */
export const references: ReadonlyArray<string> = [
  // A collation may ignore case and accents.
  "pago Pago PAGO pagó pagò pagö ano año i I ı İ ss ß ẞ o ø ae æ".split(" "),
  // Other Unicode normalization forms treat these characters as equal.
  "a a\u0327 ff ﬀ 1 ① １ A Ａ 2 ² ❤ ❤\ufe0f 👍 👍🏽 한 漢 نعم".split(" "),
  // A collation may skip blanks and punctuation.
  ["a b", "a  b", "a\u00a0b", "ab", "a-b", "a_b", "a.b", "a/b", "a//b", "../a"],
  // A query may interpret these characters.
  "% %% _ __ * ? $1 :a @a \\ \\\\ \\' ' '' \" \"\" ` -- /* ; {} [] <a> a's".split(" "),
  // A column may convert these to another type.
  `null NULL undefined true 0 00 -0 1.0 1e0 0x1 2024-01-01 "a"`.split(" "),
  // The maximum length, with one to four bytes per character. They differ only at the end.
  ["x", "ñ", "漢", "😀"].flatMap((letter) => [
    letter.repeat(maxLength),
    `${letter.repeat(maxLength - 1)}y`,
    letter.repeat(maxLength - 1)
  ])
].flat()

/** Ids of records. Palomma makes them, so a journal must not assume a format. */
export const ids: ReadonlyArray<string> = [
  "01JD0000000000000000000001",
  "01jd0000000000000000000001",
  "id",
  "Id",
  "ID",
  "íd",
  "1",
  "01",
  "null",
  `"id"`,
  "i'd",
  "a/b?c=d&e#f",
  "%",
  "😀",
  "x".repeat(400)
]

const times = [0, 1, 1_763_640_000_000, 8_640_000_000_000_000]

const texts = [
  "",
  " ",
  "one line",
  "two\nlines\tand a tab",
  "áéíóú ñ 漢 😀",
  `"quoted", 'quoted' \\ %`,
  "null",
  "x".repeat(5_000)
]

const claim = new TransferClaim({ id: "claim", length: 65_000, at: 1_763_640_000_000 })
const alarm = new TransferAlarm({ kind: "duplicate", records: ["one", "two"], at: 1_763_640_000_001 })
const differs = new TransferDifference({
  recordId: "other",
  accountId: "another",
  amount: 49_500.5,
  merchantAccountId: "default"
})
const resolution = new TransferResolution({
  as: "not-paid",
  by: "Ana María",
  note: "Palomma has no such payout",
  incomplete: true,
  at: 1_763_640_000_002
})

const optional = {
  merchantAccountId: "merchant",
  claim,
  recordId: "record",
  amountCollected: 40_000,
  differs,
  alarm,
  resolution,
  lastError: "No answer within 60s",
  carriedBy: "worker",
  toldAt: 1_763_640_000_003
} as const satisfies Partial<Transfer>

/** The optional fields of a row, except for `leftSendingAt`, which a journal sets. */
export const optionalFields = Object.keys(optional) as ReadonlyArray<keyof typeof optional>

/** A row with all optional fields. */
export const full: Partial<Transfer> = {
  ...optional,
  amount: 1_234_567,
  claims: 3,
  evidence: ["one", "two"],
  notOurs: ["three"],
  lookUps: 4
}

const lists: ReadonlyArray<ReadonlyArray<string>> = [
  [],
  ["one"],
  ["two", "one", "one"],
  ["", "a,b", `["a"]`, `"`, "\\", "null", "😀"],
  Array.from({ length: 200 }, (_, i) => `record-${i}`)
]

/** The fields of a row without its key: each field with each sample, each optional field alone, and all together. */
export const contents: ReadonlyArray<Partial<Transfer>> = [
  {},
  full,
  ...optionalFields.map((field): Partial<Transfer> => ({ [field]: optional[field] })),
  ...transferStates.map((state) => ({ state })),
  ...[1, 1_000, 999_999_999_999, Number.MAX_SAFE_INTEGER].flatMap((amount) => [
    { amount },
    { amountCollected: amount },
    { differs: new TransferDifference({ recordId: "other", amount }) }
  ]),
  { amountCollected: 0 },
  ...[0, 0.01].map((amount) => ({ differs: new TransferDifference({ recordId: "other", amount }) })),
  { differs: new TransferDifference({ recordId: "other" }) },
  { differs: new TransferDifference({ recordId: "other", accountId: "another" }) },
  { differs: new TransferDifference({ recordId: "other", merchantAccountId: "another" }) },
  ...ids.flatMap((id) => [{ accountId: id }, { merchantAccountId: id }, { recordId: id }]),
  ...[0, 1, 2_000_000_000].flatMap((count) => [{ claims: count }, { lookUps: count }]),
  ...times.flatMap((at) => [
    { claim: new TransferClaim({ ...claim, at }) },
    { alarm: new TransferAlarm({ ...alarm, at }) },
    { resolution: new TransferResolution({ ...resolution, at }) },
    { toldAt: at }
  ]),
  ...[0, 1, 600_000].map((length) => ({ claim: new TransferClaim({ ...claim, length }) })),
  ...lists.flatMap((records) => [
    { evidence: records },
    { notOurs: records },
    { alarm: new TransferAlarm({ ...alarm, records }) }
  ]),
  ...(["duplicate", "changed-final", "differs"] as const).map((kind) => ({
    alarm: new TransferAlarm({ ...alarm, kind })
  })),
  ...(["paid", "not-paid", "withdrawn", "acknowledged"] as const).map((as) => ({
    resolution: new TransferResolution({ as, by: "a", note: "b", at: 1 })
  })),
  { resolution: new TransferResolution({ ...resolution, incomplete: false }) },
  ...texts.flatMap((text) => [
    { lastError: text },
    { resolution: new TransferResolution({ ...resolution, by: text, note: text }) }
  ])
]
