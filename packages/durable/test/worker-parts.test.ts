/** The numbers of jobs and turns, case by case. */
import { assert, describe, it } from "@effect/vitest"
import { type Transfer, TransferAlarm, TransferClaim, transferStates } from "@palomma-effect/client/Transfer"
import * as Duration from "effect/Duration"
import { firstJob, idOf, Job, nextJob } from "../src/internal/worker/job.ts"
import {
  carryingJob,
  delayOf,
  endSearchOf,
  firstTurnOf,
  isOverdue,
  isOverdueLogged,
  isUntold,
  jobsAfterChange,
  tellingJob,
  toldDelayOf
} from "../src/internal/worker/times.ts"
import { aRow } from "./support/rows.ts"

const key = "0123456789abcdef0123456789abcdef"

const job = { key, kind: "payout", reference: "one", version: 3, turn: 4, nth: 5 } as const

const alarm = new TransferAlarm({ kind: "differs", records: ["01HB"], at: 0 })

const carried = (fields: Partial<Transfer>) => aRow("one", { carriedBy: "worker", ...fields })

const seconds = (delay: Duration.Duration | undefined): number | undefined =>
  delay === undefined ? undefined : Duration.toSeconds(delay)

describe("the id of a job", () => {
  it("differs in the version, in what the job does, in each repetition, and in the period", () => {
    const changes = [
      {},
      { period: 1 },
      { period: 2 },
      { tells: true as const },
      { version: 4 },
      { nth: 6 },
      { key: "k" }
    ]
    const ids = changes.map((fields) => idOf(new Job({ ...job, ...fields })))
    assert.strictEqual(new Set(ids).size, ids.length)
    assert.isTrue(ids.slice(0, -1).every((id) => id.startsWith(key) && id.length === ids[0]?.length))
  })

  it("has hexadecimal numbers of a fixed length, as the sweep searches them", () => {
    const id = idOf(new Job({ ...job, version: 31, nth: 255, period: 4_096, tells: true }))
    assert.strictEqual(id, `${key}000000001f1000000ff0000001000`)
  })

  it("does not differ in the turn or in the claim, of which a job of this version and number has only one", () => {
    assert.strictEqual(idOf(new Job({ ...job, turn: 9, claim: "c" })), idOf(new Job(job)))
  })

  it("is in the order of versions and repetitions as text", () => {
    const ids = [
      { version: 3, nth: 9 },
      { version: 3, nth: 10 },
      { version: 3, nth: 255 },
      { version: 10, nth: 0 },
      { version: 16, nth: 0 }
    ].map((fields) => idOf(new Job({ ...job, ...fields })))
    assert.deepStrictEqual(ids.slice().sort(), ids)
  })
})

describe("the job after another one", () => {
  it("has the next number if the version is the same, and keeps its period and what it does", () => {
    const before = new Job({ ...job, period: 7, tells: true, claim: "c" })
    assert.deepStrictEqual(
      nextJob(before, carried({ version: 3 }), 5),
      new Job({ ...job, turn: 5, nth: 6, period: 7, tells: true })
    )
  })

  it("has the number 1 if the version has changed, since the journal wrote the job with the number 0", () => {
    const row = carried({ version: 4 })
    const next = nextJob(new Job(job), row, 0, "c")
    assert.deepStrictEqual(next, new Job({ ...job, version: 4, turn: 0, nth: 1, claim: "c" }))
    assert.notStrictEqual(idOf(next), idOf(firstJob(row, key, 0, {})))
  })

  it("of the journal has the number 0, and a period only if a sweep writes it", () => {
    const row = carried({ version: 4 })
    assert.deepStrictEqual(firstJob(row, key, 2, {}), new Job({ ...job, version: 4, turn: 2, nth: 0 }))
    assert.deepStrictEqual(
      firstJob(row, key, 2, { period: 0, tells: true }),
      new Job({ ...job, version: 4, turn: 2, nth: 0, period: 0, tells: true })
    )
  })
})

describe("the first turn of a row", () => {
  it("follows from its failed attempts if it was not sent, and is at once after a decision", () => {
    const turns = [0, 1, 2, 7].map((claims) => firstTurnOf(carried({ claims, lastError: "no" })))
    // A request that failed before its claim counts too.
    assert.deepStrictEqual(turns, [1, 1, 2, 7])
    assert.strictEqual(firstTurnOf(carried({ claims: 7 })), 0)
  })

  it("follows from its look-ups if it is in doubt, and is the first one in all other states", () => {
    for (const state of transferStates) {
      if (state === "intended") continue
      const row = carried({ state, claims: 3, lookUps: 4, lastError: "no" })
      assert.strictEqual(firstTurnOf(row), state === "unknown" ? 4 : 0)
    }
  })
})

describe("the search of a transfer in doubt", () => {
  it("ends with the first complete look-up after 31 hours, and in any case a day later", () => {
    assert.deepStrictEqual(
      [0, 6, 7, 8, 30, 31, 32].map((turn) => endSearchOf(turn)),
      [undefined, undefined, "if-complete", "if-complete", "if-complete", "always", "always"]
    )
  })
})

describe("the delays", () => {
  it("before the program is told again", () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 100].map((turn) => seconds(toldDelayOf(turn)))
    assert.deepStrictEqual(delays, [0, 5, 30, 120, 600, 1_800, 1_800, 1_800])
  })

  it("of a transfer that was not sent exist only if it was handed to a worker", () => {
    assert.strictEqual(delayOf(aRow("one"), 0), undefined)
    const delays = [0, 1, 5, 6, 100].map((turn) => seconds(delayOf(carried({}), turn)))
    assert.deepStrictEqual(delays, [0, 5, 1_800, 1_800, 1_800])
  })

  it("of a transfer in doubt end with one hour, and of an accepted one with six", () => {
    const inDoubt = [0, 1, 7, 8, 9, 40].map((turn) => seconds(delayOf(aRow("one", { state: "unknown" }), turn)))
    assert.deepStrictEqual(inDoubt, [0, 15, 86_400, 3_600, 3_600, 3_600])
    const accepted = [0, 1, 4, 5, 40].map((turn) => seconds(delayOf(aRow("one", { state: "accepted" }), turn)))
    assert.deepStrictEqual(accepted, [60, 300, 21_600, 21_600, 21_600])
  })

  it("of a claim is its whole length, and the first job begins the wait at once", () => {
    const claim = new TransferClaim({ id: "c", length: 65_000, at: 0 })
    const row = aRow("one", { state: "sending", claim })
    assert.deepStrictEqual(
      [0, 1, 9].map((turn) => seconds(delayOf(row, turn))),
      [65, 65, 65]
    )
    assert.strictEqual(seconds(carryingJob(row, key, 1)?.delay), 0)
  })

  it("do not exist for transfers that have ended or wait for a person", () => {
    const states = transferStates.filter((state) => delayOf(carried({ state, claims: 1 }), 0) === undefined)
    assert.deepStrictEqual(states.slice().sort(), [
      "approved",
      "cancelled",
      "needsReview",
      "partial",
      "rejected",
      "withdrawn"
    ])
  })
})

describe("the jobs after a change", () => {
  const jobs = (row: Transfer) =>
    jobsAfterChange(row, key).map(({ delay, job }) => [job.tells === true, job.turn, seconds(delay)])

  it("carry a transfer on, and tell of an alarm, each by its own numbers", () => {
    assert.deepStrictEqual(jobs(carried({ state: "unknown", lookUps: 2, alarm })), [
      [false, 2, 60],
      [true, 0, 0]
    ])
    assert.deepStrictEqual(jobs(carried({ state: "accepted" })), [[false, 0, 60]])
    assert.deepStrictEqual(jobs(carried({ state: "accepted", alarm, toldAt: 1 })), [[false, 0, 60]])
    assert.deepStrictEqual(jobs(carried({ state: "approved" })), [[true, 0, 0]])
    assert.deepStrictEqual(jobs(carried({ state: "approved", toldAt: 1 })), [])
  })

  it("do not exist while a transfer is sent, or if it was not handed to a worker", () => {
    assert.deepStrictEqual(jobs(carried({ state: "sending", alarm })), [])
    assert.deepStrictEqual(jobs(aRow("one", { state: "accepted", alarm })), [])
  })

  it("of a sweep have its period", () => {
    assert.strictEqual(tellingJob(carried({ alarm }), key, 8).job.period, 8)
    assert.strictEqual(carryingJob(carried({}), key, 8)?.job.period, 8)
  })
})

describe("a transfer of which the program was not told", () => {
  it("has ended, was rejected, waits for a person, or has an alarm", () => {
    const untold = transferStates.filter((state) => isUntold(carried({ state })))
    assert.deepStrictEqual(untold.slice().sort(), [
      "approved",
      "cancelled",
      "needsReview",
      "partial",
      "rejected",
      "withdrawn"
    ])
    assert.isTrue(transferStates.every((state) => isUntold(carried({ state, alarm }))))
    assert.isFalse(transferStates.some((state) => isUntold(carried({ state, alarm, toldAt: 1 }))))
    assert.isFalse(transferStates.some((state) => isUntold(aRow("one", { state, alarm }))))
  })
})

describe("a transfer that has waited unusually long", () => {
  it("is logged in its first overdue turn, and then once a day", () => {
    const logged = (state: "intended" | "accepted" | "unknown") =>
      Array.from({ length: 110 }, (_, turn) => turn).filter((turn) => isOverdueLogged(carried({ state }), turn))
    assert.deepStrictEqual(logged("intended"), [6, 54, 102])
    assert.deepStrictEqual(logged("accepted").slice(0, 3), [15, 19, 23])
    assert.deepStrictEqual(logged("unknown"), [])
  })

  it("counts in each overdue turn", () => {
    const overdue = (state: "intended" | "accepted" | "unknown") =>
      [5, 6, 7, 14, 15, 16].filter((turn) => isOverdue(carried({ state }), turn))
    assert.deepStrictEqual(overdue("intended"), [6, 7, 14, 15, 16])
    assert.deepStrictEqual(overdue("accepted"), [15, 16])
    assert.deepStrictEqual(overdue("unknown"), [])
  })
})
