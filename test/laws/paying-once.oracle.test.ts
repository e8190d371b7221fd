/** The oracle itself: it catches each false statement, and accepts the true one beside it. */
import { assert, describe, it } from "@effect/vitest"
import {
  type Advanced,
  PalommaConnectionError,
  PalommaServerError,
  PalommaUnauthorized,
  SafeText,
  Transfer,
  TransferAlarm,
  TransferClaim,
  TransferConflict,
  TransferDuplicate,
  TransferEvidence,
  TransferInvalidState,
  TransferJournalError,
  TransferNotSent,
  TransferOutcomeUnknown,
  TransferRejected
} from "@palomma-effect/client"
import { judgeAdvanced, judgeError, judgeMoney, judgeResult, judgeRow, LawBroken } from "./support/judge.ts"
import type { CallTruth, LedgerRecord } from "./support/oracle.ts"
import type { MoneyRequest } from "./support/wire.ts"

const kind = "payout"
const reference = "rent"
const account = "01HPR57X6QR5ZRKEEKBSDBW4RA"
const amount = 1_234_567

const request = (fields: Partial<MoneyRequest> = {}): MoneyRequest => ({
  id: 0,
  kind,
  reference,
  accountId: account,
  amount,
  call: 0,
  isHandedOver: true,
  status: undefined,
  ...fields
})

const sent = request()
const kept = request({ isHandedOver: false })

const record = (fields: Partial<LedgerRecord> = {}): LedgerRecord => ({
  id: "PR1",
  reference,
  storedReference: reference,
  accountId: account,
  amount,
  amountCollected: undefined,
  statuses: ["processing"],
  createdAt: 0,
  request: sent,
  ...fields
})

const row = (fields: Partial<ConstructorParameters<typeof Transfer>[0]> = {}): Transfer =>
  new Transfer({
    namespace: "sandbox",
    kind,
    reference,
    accountId: account,
    amount,
    state: "accepted",
    version: 2,
    claims: 1,
    recordId: "PR1",
    evidence: [],
    notOurs: [],
    lookUps: 0,
    createdAt: 0,
    updatedAt: 0,
    ...fields
  })

const without = ({ recordId: _, ...rest }: Transfer, fields: Partial<Transfer>): Transfer =>
  new Transfer({ ...rest, ...fields })

const truth = (records: ReadonlyArray<LedgerRecord>, fields: Partial<CallTruth> = {}): CallTruth => {
  const own = fields.own ?? [sent]
  return {
    records: records.filter((one) => one.reference === reference),
    byId: new Map(records.map((one) => [one.id, one])),
    requests: own,
    row: undefined,
    restored: undefined,
    exceptions: { refusesAfterEffect: false, showsFalsely: false },
    isForWorker: false,
    byWorkers: [],
    told: [],
    maySend: true,
    intent: { accountId: account, amount },
    ...fields,
    own
  }
}

const paid = truth([record()])
const sentForNothing = truth([])
const keptHere = truth([], { own: [kept] })

const named = { kind, reference } as const
const operation = "PayoutRequests.create"
const reset = new PalommaConnectionError({ operation, outcome: "not-sent", reason: "connect" })
const nothingSeen = new TransferEvidence({ records: [], laterTransferShown: false })
const inDoubt = { ...named, state: "needsReview", version: 2, evidence: nothingSeen, lastError: "No answer." } as const
const reviewed = without(row(), { state: "needsReview" })

const [pr1, pr2, pr9] = [SafeText.id("PR1"), SafeText.id("PR2"), SafeText.id("PR9")]

type Judged = () => void

const error =
  (subject: unknown, about: CallTruth): Judged =>
  () =>
    judgeError(subject, about, "then")
const standing =
  (subject: Transfer, about: CallTruth): Judged =>
  () =>
    judgeRow(subject, about)
const result =
  (subject: Transfer, about: CallTruth): Judged =>
  () =>
    judgeResult(subject, about, "then")

const stepped =
  (subject: Advanced, about: CallTruth): Judged =>
  () =>
    judgeAdvanced(subject, about)

const unsent = without(row(), { state: "intended" })
const reviewing = without(row(), { state: "unknown" })
const forWorker = without(unsent, { carriedBy: "worker" })
const refusedRow = without(row(), { state: "rejected" })
const restored = { row: unsent, handedOver: 1 }
const withdrawn = without(row(), { state: "withdrawn" })
const told = row({ toldAt: 1 })
const part = { statuses: ["partial"], amountCollected: 1_000 }
const toldOfPart = row({ state: "partial", amountCollected: 1_000, toldAt: 1 })
const alarm = new TransferAlarm({ kind: "duplicate", records: ["PR2"], at: 0 })
const toldOfAlarm = row({ alarm, toldAt: 1 })
const duplicate = record({ id: "PR2", request: undefined })

const refused = new PalommaUnauthorized({ operation, outcome: "rejected", status: 401 })
const wentWrong = new PalommaServerError({ operation, outcome: "unknown", status: 500 })

const journalFailed = { operation: "replace", reason: "the disk is full" }

/** Each statement, with a case in which it is false and a case in which it is true. */
const cases: Readonly<Record<string, { readonly lie: Judged; readonly truth: Judged }>> = {
  "nothing was sent": {
    lie: error(new TransferNotSent({ ...named, cause: reset }), sentForNothing),
    truth: error(new TransferNotSent({ ...named, cause: reset }), keptHere)
  },
  "it was rejected, and had no effect": {
    lie: error(new TransferRejected({ ...named, cause: refused }), paid),
    truth: error(new TransferRejected({ ...named, cause: refused }), sentForNothing)
  },
  "it was rejected, by an error that is no rejection": {
    lie: error(new TransferRejected({ ...named, cause: wentWrong }), sentForNothing),
    truth: error(new TransferRejected({ ...named, cause: refused }), sentForNothing)
  },
  "this call, whose outcome is unknown, sent nothing": {
    lie: error(new TransferOutcomeUnknown({ ...inDoubt, sent: "no" }), truth([], { row: reviewed })),
    truth: error(new TransferOutcomeUnknown({ ...inDoubt, sent: "yes" }), truth([], { row: reviewed }))
  },
  "this call, whose outcome is unknown, sent it": {
    lie: error(new TransferOutcomeUnknown({ ...inDoubt, sent: "yes" }), truth([], { row: reviewed, own: [kept] })),
    truth: error(new TransferOutcomeUnknown({ ...inDoubt, sent: "no" }), truth([], { row: reviewed, own: [kept] }))
  },
  "its record is Palomma's record of another reference": {
    lie: error(
      new TransferOutcomeUnknown({ ...inDoubt, sent: "yes", recordId: pr9 }),
      truth([record({ id: "PR9", reference: "salary" })], { row: reviewed })
    ),
    truth: error(
      new TransferOutcomeUnknown({ ...inDoubt, sent: "yes", recordId: pr9 }),
      truth([record({ id: "PR9" })], { row: reviewed })
    )
  },
  "a record that does not exist may match": {
    lie: error(
      new TransferOutcomeUnknown({
        ...inDoubt,
        sent: "yes",
        evidence: new TransferEvidence({ records: [{ id: pr9, seenIn: "journal" }], laterTransferShown: false })
      }),
      truth([], { row: reviewed })
    ),
    truth: error(new TransferOutcomeUnknown({ ...inDoubt, sent: "yes" }), truth([], { row: reviewed }))
  },
  "its version is one that the row never had": {
    lie: error(new TransferOutcomeUnknown({ ...inDoubt, sent: "yes", version: 3 }), truth([], { row: reviewed })),
    truth: error(new TransferOutcomeUnknown({ ...inDoubt, sent: "yes" }), truth([], { row: reviewed }))
  },
  "the outcome is unknown, though the journal has it": {
    lie: error(new TransferOutcomeUnknown({ ...inDoubt, sent: "yes" }), truth([record()], { row: row() })),
    truth: error(
      new TransferOutcomeUnknown({ ...inDoubt, sent: "yes" }),
      truth([record()], { row: row({ version: 3 }) })
    )
  },
  "Palomma has other content": {
    lie: error(
      new TransferConflict({ ...named, found: "palomma", recordId: pr1 }),
      truth([record()], { own: [], row: reviewed })
    ),
    truth: error(
      new TransferConflict({ ...named, found: "palomma", recordId: pr1 }),
      truth([record({ amount: 1 })], { own: [], row: reviewed })
    )
  },
  "a conflict prevented the send": {
    lie: error(new TransferConflict({ ...named, found: "palomma", recordId: pr1 }), truth([record({ amount: 1 })])),
    truth: error(
      new TransferConflict({ ...named, found: "palomma", recordId: pr1 }),
      truth([record({ amount: 1 })], { own: [] })
    )
  },
  "the journal has other content": {
    lie: error(new TransferConflict({ ...named, found: "journal" }), truth([], { own: [], row: row() })),
    truth: error(
      new TransferConflict({ ...named, found: "journal" }),
      truth([], { own: [], row: row(), intent: { accountId: account, amount: 5 } })
    )
  },
  "there are two records": {
    lie: error(new TransferDuplicate({ ...named, records: [pr1, pr1] }), truth([record()], { row: row() })),
    truth: error(new TransferDuplicate({ ...named, records: [pr1, pr2] }), truth([record(), duplicate], { row: row() }))
  },
  "there are two records, one of which does not exist": {
    lie: error(new TransferDuplicate({ ...named, records: [pr1, pr2] }), truth([record()], { row: row() })),
    truth: error(new TransferDuplicate({ ...named, records: [pr1, pr2] }), truth([record(), duplicate], { row: row() }))
  },
  "the journal failed, and nothing was sent": {
    lie: error(new TransferJournalError({ ...journalFailed, sent: "no" }), paid),
    truth: error(new TransferJournalError({ ...journalFailed, sent: "yes" }), paid)
  },
  "the journal failed, and the request may have been sent": {
    lie: error(new TransferJournalError({ ...journalFailed, sent: "unknown" }), keptHere),
    truth: error(new TransferJournalError({ ...journalFailed, sent: "no" }), keptHere)
  },
  "its state does not permit the operation, and nothing was sent": {
    lie: error(
      new TransferInvalidState({ ...named, operation: "Payouts.send", reason: "wrong-state", records: [] }),
      truth([], { row: without(row(), { state: "withdrawn" }) })
    ),
    truth: error(
      new TransferInvalidState({ ...named, operation: "Payouts.send", reason: "wrong-state", records: [] }),
      truth([], { own: [], row: without(row(), { state: "withdrawn" }) })
    )
  },
  "use a new reference": {
    lie: error(new Error("Use a new reference."), paid),
    truth: error(new Error("Use a new reference."), truth([record({ statuses: ["processing", "cancelled"] })]))
  },
  "the amount, in an error": {
    lie: error(new Error("1.234.567 pesos were not sent"), keptHere),
    truth: error(new Error("it was not sent"), keptHere)
  },
  "the account, in an error": {
    lie: error(new Error(`${account} was not paid`), keptHere),
    truth: error(new Error("it was not sent"), keptHere)
  },
  "Palomma has it": { lie: result(row(), sentForNothing), truth: result(row(), paid) },
  "Palomma has it, with another amount": {
    lie: result(row(), truth([record({ amount: 1 })])),
    truth: result(row(), paid)
  },
  "another amount than requested was sent": {
    lie: result(row({ amount: 1 }), truth([record({ amount: 1 })])),
    truth: result(row(), paid)
  },
  "it is in progress at Palomma, as a result": {
    lie: result(without(row(), { state: "unknown" }), paid),
    truth: result(row(), paid)
  },
  "the row is not sent": {
    lie: standing(without(row(), { state: "intended" }), paid),
    truth: standing(without(row(), { state: "intended" }), keptHere)
  },
  "it was not sent before this claim, as a call returned the row": {
    lie: result(forWorker, truth([record()], { maySend: false, row: row() })),
    truth: result(forWorker, truth([record()], { maySend: false, row: row({ claims: 2 }) }))
  },
  "at most one body was sent for each claim, as a call returned the row": {
    lie: result(forWorker, truth([], { own: [sent, request({ id: 1 })], maySend: false, row: row() })),
    truth: result(forWorker, truth([], { own: [sent, request({ id: 1 })], maySend: false, row: row({ claims: 2 }) }))
  },
  "the restored row is not sent, though it was claimed since": {
    lie: standing(without(unsent, { claims: 2 }), truth([record()], { row: row({ claims: 2 }), restored })),
    truth: standing(unsent, truth([record()], { row: unsent, restored }))
  },
  "the restored row is not sent, though it was in doubt": {
    lie: standing(forWorker, truth([record()], { row: forWorker, restored: { row: reviewing, handedOver: 1 } })),
    truth: standing(forWorker, truth([record()], { row: forWorker, restored: { row: refusedRow, handedOver: 1 } }))
  },
  "the row is rejected": {
    lie: standing(without(row(), { state: "rejected" }), paid),
    truth: standing(without(row(), { state: "rejected" }), sentForNothing)
  },
  "the row is approved": {
    lie: standing(row({ state: "approved" }), paid),
    truth: standing(row({ state: "approved" }), truth([record({ statuses: ["processing", "approved"] })]))
  },
  "a part was collected": {
    lie: standing(
      row({ state: "partial", amountCollected: 900 }),
      truth([record({ statuses: ["partial"], amountCollected: 1_000 })])
    ),
    truth: standing(
      row({ state: "partial", amountCollected: 1_000 }),
      truth([record({ statuses: ["partial"], amountCollected: 1_000 })])
    )
  },
  "the row was withdrawn": {
    lie: standing(without(row(), { state: "withdrawn" }), paid),
    truth: standing(without(row(), { state: "withdrawn" }), keptHere)
  },
  "the row is being sent": {
    lie: standing(without(row(), { state: "sending" }), keptHere),
    truth: standing(
      without(row(), { state: "sending", claim: new TransferClaim({ id: "c", length: 1, at: 0 }) }),
      keptHere
    )
  },
  "the row has an alarm of a record of another reference": {
    lie: standing(row({ alarm: new TransferAlarm({ kind: "duplicate", records: ["PR2"], at: 0 }) }), paid),
    truth: standing(
      row({ alarm: new TransferAlarm({ kind: "duplicate", records: ["PR2"], at: 0 }) }),
      truth([record(), duplicate])
    )
  },
  "one claim is enough for two requests": {
    lie: standing(row(), truth([record()], { own: [sent, request({ id: 1 })] })),
    truth: standing(row({ claims: 2 }), truth([record()], { own: [sent, request({ id: 1 })] }))
  },
  "the program was told of this state": {
    lie: standing(told, truth([record()], { told: [row({ state: "cancelled" })] })),
    truth: standing(told, truth([record()], { told: [row()] }))
  },
  "the program was told of this amount": {
    lie: standing(toldOfPart, truth([record(part)], { told: [row({ state: "partial" })] })),
    truth: standing(toldOfPart, truth([record(part)], { told: [row({ state: "partial", amountCollected: 1_000 })] }))
  },
  "the program was told of this alarm": {
    lie: standing(toldOfAlarm, truth([record(), duplicate], { told: [row()] })),
    truth: standing(toldOfAlarm, truth([record(), duplicate], { told: [row({ alarm })] }))
  },
  "a worker sent what was given to it": {
    lie: () => judgeMoney(truth([record()], { byWorkers: [sent] })),
    truth: () => judgeMoney(truth([record()], { byWorkers: [sent], isForWorker: true }))
  },
  "the transfer waits for Palomma": {
    lie: stepped({ _tag: "Wait", reason: "in-doubt", transfer: row() }, paid),
    truth: stepped({ _tag: "Wait", reason: "in-progress", transfer: row() }, paid)
  },
  "the transfer has ended, as its row says": {
    lie: stepped({ _tag: "Ended", transfer: withdrawn }, truth([record()], { row: withdrawn })),
    truth: stepped({ _tag: "Ended", transfer: withdrawn }, truth([], { row: withdrawn }))
  },
  "one step started one request": {
    lie: stepped({ _tag: "Wait", reason: "not-sent", transfer: unsent }, truth([], { own: [kept, kept] })),
    truth: stepped({ _tag: "Wait", reason: "not-sent", transfer: unsent }, keptHere)
  },
  "a step sent nothing, for an error": {
    lie: stepped({ _tag: "Wait", reason: "not-sent", transfer: unsent, error: reset }, sentForNothing),
    truth: stepped({ _tag: "Wait", reason: "not-sent", transfer: unsent, error: reset }, keptHere)
  },
  "a step failed, and its outcome is unknown": {
    lie: stepped({ _tag: "Wait", reason: "in-doubt", transfer: reviewing, error: wentWrong }, sentForNothing),
    truth: stepped({ _tag: "Wait", reason: "in-doubt", transfer: reviewing }, sentForNothing)
  },
  "a step was rejected, and had no effect": {
    lie: stepped({ _tag: "Wait", reason: "not-sent", transfer: unsent, error: refused }, paid),
    truth: stepped({ _tag: "Wait", reason: "not-sent", transfer: unsent, error: refused }, sentForNothing)
  },
  "the money moved once": {
    lie: () => judgeMoney(truth([record(), record({ id: "PR2", request: request({ id: 1 }) })])),
    truth: () => judgeMoney(truth([record(), duplicate]))
  }
}

describe("the oracle", () => {
  for (const [subject, { lie, truth }] of Object.entries(cases)) {
    it(`catches the lie that ${subject}, and lets the truth pass`, () => {
      assert.throws(lie, LawBroken)
      truth()
    })
  }
})
