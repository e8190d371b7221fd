/**
 * Law 10 as code: what each result, error and row of a transfer states about the money, and how it is verified with
 * Palomma's own records and the requests on the wire. Nothing here calls the library.
 */
import type { Transfer, TransferError, TransferState } from "@palomma-effect/client"
import type { MoneyRequest } from "./wire.ts"

/** A record in Palomma's own books. */
export interface LedgerRecord {
  readonly id: string
  /** The reference as it was sent, in any form that it is stored in. */
  readonly reference: string | undefined
  readonly storedReference: string | undefined
  readonly accountId: string
  /** Whole pesos, as stored. */
  readonly amount: number
  readonly amountCollected: number | undefined
  /** Every status that it has had, the current one last. */
  readonly statuses: ReadonlyArray<string>
  readonly createdAt: number
  /** The request that made it. Undefined if it was made in the dashboard. */
  readonly request: MoneyRequest | undefined
}

/** Configured faults that make a true statement false. Each is an exception that the documentation names. */
export interface Exceptions {
  /** Palomma rejects a request that it has executed. */
  readonly refusesAfterEffect: boolean
  /** Palomma shows records with other content than it stores. */
  readonly showsFalsely: boolean
}

/** The facts about one reference of one kind. */
export interface Truth {
  /** The records of the reference. */
  readonly records: ReadonlyArray<LedgerRecord>
  /** Every record of that kind by its id. */
  readonly byId: ReadonlyMap<string, LedgerRecord>
  /** The requests of the reference, of every process. */
  readonly requests: ReadonlyArray<MoneyRequest>
  /** The current row of the journal. */
  readonly row: Transfer | undefined
  /**
   * The row as a backup restored it, and how many bodies were handed over by then. Undefined if the journal was not
   * restored.
   */
  readonly restored: { readonly row: Transfer | undefined; readonly handedOver: number } | undefined
  readonly exceptions: Exceptions
  /** Whether a program gave the reference to a worker, and the requests of workers. */
  readonly isForWorker: boolean
  readonly byWorkers: ReadonlyArray<MoneyRequest>
  /** The rows that the program was told of. */
  readonly told: ReadonlyArray<Transfer>
}

/** The facts about one call. */
export interface CallTruth extends Truth {
  /** Whether it is `send` or `charge`. Of the other calls, only `carry` sends. */
  readonly maySend: boolean
  readonly intent: { readonly accountId: string; readonly amount: number } | undefined
  /** The requests of this call. */
  readonly own: ReadonlyArray<MoneyRequest>
}

/** A statement about the money, and whether it is true. */
export interface Statement<Subject, About = Truth> {
  readonly says: string
  readonly isTrue: (subject: Subject, truth: About) => boolean
  /** Whether it only has to be true at that moment. */
  readonly onlyThen?: boolean
}

const nothingLeft = ({ own }: CallTruth): boolean => own.every(({ isHandedOver }) => !isHandedOver)
/** Whether one body of this call left the process. */
export const oneLeft = ({ own }: CallTruth): boolean => own.filter(({ isHandedOver }) => isHandedOver).length === 1
/** The records that requests of this call made. */
export const madeByThisCall = ({ own, records }: CallTruth): ReadonlyArray<LedgerRecord> =>
  records.filter(({ request }) => request !== undefined && own.includes(request))
/** The records of a reference that requests of this library made. */
export const ourRecords = ({ records }: Truth): ReadonlyArray<LedgerRecord> =>
  records.filter(({ request }) => request !== undefined)

const isOfReference = ({ records }: Truth, id: string): boolean => records.some((record) => record.id === id)
const exists = ({ byId }: Truth, id: string): boolean => id.startsWith("unreadable:") || byId.has(id)

/** This call sent nothing. */
export const nothingWasSent: Statement<unknown, CallTruth> = {
  says: "No request of this call left the process, and no record was made by it.",
  isTrue: (_, truth) => nothingLeft(truth) && madeByThisCall(truth).length === 0
}

const saysWhetherSent: Statement<{ readonly sent: "no" | "yes" | "unknown" }, CallTruth> = {
  says: "Its `sent` field is true for this call; these clients can always tell.",
  isTrue: ({ sent }, truth) => (sent === "no" ? nothingLeft(truth) : sent === "yes" ? oneLeft(truth) : false)
}

const namesItsRecord: Statement<{ readonly recordId?: string }, CallTruth> = {
  says: "The record that it names is one of the reference.",
  isTrue: ({ recordId }, truth) => recordId === undefined || isOfReference(truth, recordId)
}

type ErrorOf<Tag extends TransferError["_tag"]> = Extract<TransferError, { readonly _tag: Tag }>

/** What the errors of `send` and `charge`, and of the later calls, state about the money. */
export const ofErrors: {
  readonly [Tag in TransferError["_tag"]]: ReadonlyArray<Statement<ErrorOf<Tag>, CallTruth>>
} = {
  PalommaInvalidInput: [nothingWasSent],
  TransferNotSent: [nothingWasSent],
  TransferRejected: [
    { says: "One request of this call left the process.", isTrue: (_, truth) => oneLeft(truth) },
    {
      says: "Palomma rejected it, and no record was made by it.",
      isTrue: ({ cause }, truth) =>
        cause.outcome === "rejected" && (truth.exceptions.refusesAfterEffect || madeByThisCall(truth).length === 0)
    }
  ],
  TransferOutcomeUnknown: [
    saysWhetherSent,
    namesItsRecord,
    {
      says: "Each record that may match exists at Palomma.",
      isTrue: ({ evidence }, truth) => evidence.records.every(({ id }) => exists(truth, id))
    },
    {
      says: "A later transfer is shown only if the account has a record that was made after the claim.",
      // A later version of the row may have another claim: `adopt` replaces it.
      isTrue: ({ evidence, version }, { byId, row }) =>
        !evidence.laterTransferShown ||
        (row !== undefined && version < row.version) ||
        [...byId.values()].some(
          ({ accountId, createdAt }) => accountId === row?.accountId && createdAt > (row.claim?.at ?? 0)
        ),
      onlyThen: true
    },
    {
      says: "The journal has or had the version and the state in the error, and does not know more.",
      isTrue: ({ state, version }, { row }) =>
        !isAtPalomma(state) &&
        row !== undefined &&
        (version < row.version || (version === row.version && state === row.state)),
      onlyThen: true
    }
  ],
  TransferConflict: [
    nothingWasSent,
    namesItsRecord,
    {
      says: "The journal or Palomma, according to the error, has the reference with other content.",
      isTrue: ({ found, recordId }, { byId, exceptions, intent, row }) => {
        if (found === "journal") return row?.amount !== intent?.amount || row?.accountId !== intent?.accountId
        const record = byId.get(recordId ?? "")
        const asked = intent ?? row
        return (
          record !== undefined &&
          (exceptions.showsFalsely || record.amount !== asked?.amount || record.accountId !== asked.accountId)
        )
      },
      onlyThen: true
    }
  ],
  TransferDuplicate: [
    {
      says: "Every record that it lists is one of the reference.",
      isTrue: ({ records }, truth) => records.every((id) => isOfReference(truth, id))
    },
    {
      says: "There are at least two of them, or one beside a valid claim.",
      isTrue: ({ records }, { row }) =>
        new Set(records).size >= 2 || (records.length === 1 && row?.state === "sending"),
      onlyThen: true
    }
  ],
  TransferJournalError: [saysWhetherSent, namesItsRecord],
  TransferInvalidState: [
    nothingWasSent,
    {
      says: "Each record in the refusal exists at Palomma.",
      isTrue: ({ records }, truth) => records.every((id) => exists(truth, id))
    },
    {
      says: "The send of a transfer is refused only if it was withdrawn.",
      isTrue: (_, { maySend, row }) => !maySend || row?.state === "withdrawn",
      onlyThen: true
    }
  ]
}

const isAtPalomma = (state: TransferState): boolean =>
  state === "accepted" || state === "approved" || state === "partial" || state === "cancelled"

const sameDifference = (row: Transfer, record: LedgerRecord): boolean =>
  row.differs?.recordId === record.id &&
  (row.differs.amount ?? row.amount) === record.amount &&
  (row.differs.accountId ?? row.accountId) === record.accountId

const recordOf = ({ recordId }: Transfer, { records }: Truth): LedgerRecord | undefined =>
  records.find(({ id }) => id === recordId)

const hasItsRecord: Statement<Transfer> = {
  says: "Palomma has its record, under the reference as it was sent.",
  isTrue: (row, truth) => recordOf(row, truth) !== undefined
}

const isSamePayment: Statement<Transfer> = {
  says: "That record has the same account and amount, or a person accepted the difference, or an alarm reports it.",
  isTrue: (row, truth) => {
    const record = recordOf(row, truth)
    return (
      record !== undefined &&
      ((record.amount === row.amount && record.accountId === row.accountId) ||
        sameDifference(row, record) ||
        row.alarm !== undefined ||
        truth.exceptions.showsFalsely)
    )
  }
}

const wasInStatus = (status: string): Statement<Transfer> => ({
  says: `Palomma has or had that record as ${status}.`,
  isTrue: (row, truth) => recordOf(row, truth)?.statuses.includes(status) === true
})

const isCollected: Statement<Transfer> = {
  says: "The collected amount is Palomma's, as long as Palomma reports the same status.",
  isTrue: (row, truth) => {
    const record = recordOf(row, truth)
    return (
      row.amountCollected === undefined ||
      record?.statuses.at(-1) !== row.state ||
      record.amountCollected === row.amountCollected
    )
  }
}

// `intend` looks nothing up, so after a restore it writes what the journal knows.
const isGivenAsRestored = ({ carriedBy, state }: Transfer, restored: Transfer | undefined): boolean =>
  state === "intended" && carriedBy !== undefined && (restored === undefined || restored.state === "rejected")

// No statement is made about a restored row until it has another state, or is claimed.
const isAsRestored = (row: Transfer, { restored }: Truth): boolean =>
  restored !== undefined &&
  (row.state === "withdrawn" ||
    (row.claims === (restored.row?.claims ?? 0) &&
      (row.state === restored.row?.state || isGivenAsRestored(row, restored.row))))

// A call returns the row as it wrote or read it. If its process was stopped before it returned, others have claimed the
// transfer since, and each claim sends at most once.
const claimsSince = ({ claims }: Transfer, { row }: Truth): number => (row === undefined ? 0 : row.claims - claims)

const nothingOfOurs: Statement<Transfer> = {
  says:
    "No request of this reference made a record, except those that a person ruled out, those of later claims, and " +
    "the exceptions.",
  isTrue: (row, truth) =>
    isAsRestored(row, truth) ||
    truth.exceptions.refusesAfterEffect ||
    ourRecords(truth).filter(({ id }) => !row.notOurs.includes(id)).length <= claimsSince(row, truth)
}

const hasClaim: Statement<Transfer> = {
  says: "A process has claimed it.",
  isTrue: ({ claim, claims }) => claim !== undefined && claims > 0
}

const hasReason: Statement<Transfer> = {
  says: "It was sent or claimed, or Palomma shows a record that matches or may match.",
  isTrue: ({ claims, evidence, recordId }) => claims > 0 || recordId !== undefined || evidence.length > 0
}

const withdrawnIsTrue: Statement<Transfer> = {
  says: "No request of this reference made a record, or an alarm reports it, or a person was informed of it.",
  isTrue: (row, truth) =>
    nothingOfOurs.isTrue(row, truth) || row.alarm !== undefined || row.resolution?.as === "acknowledged"
}

/** What a row states about the money, by its state. */
export const ofRows: { readonly [State in TransferState]: ReadonlyArray<Statement<Transfer>> } = {
  intended: [nothingOfOurs],
  rejected: [nothingOfOurs],
  sending: [hasClaim],
  unknown: [hasReason],
  needsReview: [hasReason],
  accepted: [hasItsRecord, isSamePayment],
  approved: [hasItsRecord, isSamePayment, wasInStatus("approved"), isCollected],
  partial: [hasItsRecord, isSamePayment, wasInStatus("partial"), isCollected],
  cancelled: [hasItsRecord, isSamePayment, wasInStatus("cancelled")],
  withdrawn: [withdrawnIsTrue]
}

/** What every row states, in any state. */
export const ofEveryRow: ReadonlyArray<Statement<Transfer>> = [
  {
    says: "The record that it names is one of the reference.",
    isTrue: ({ recordId }, truth) => recordId === undefined || isOfReference(truth, recordId)
  },
  {
    says: "Each record that may match exists at Palomma.",
    isTrue: ({ evidence }, truth) => evidence.every((id) => exists(truth, id))
  },
  {
    says: "Each record of its alarm is one of the reference.",
    isTrue: ({ alarm }, truth) => (alarm?.records ?? []).every((id) => isOfReference(truth, id))
  },
  {
    says: "At most one body was handed over for each claim, of this row or later ones.",
    isTrue: (row, truth) =>
      truth.requests.filter(({ isHandedOver }) => isHandedOver).length - (truth.restored?.handedOver ?? 0) <=
      row.claims + claimsSince(row, truth) - (truth.restored?.row?.claims ?? 0)
  },
  {
    says: "If the program counts as told, it was told of this state, each record of this alarm, and this amount.",
    isTrue: ({ alarm, amountCollected, state, toldAt }, { told }) =>
      toldAt === undefined ||
      told.some(
        (known) =>
          known.state === state &&
          known.amountCollected === amountCollected &&
          (alarm === undefined ||
            (known.alarm?.kind === alarm.kind && alarm.records.every((id) => known.alarm?.records.includes(id))))
      )
  }
]

/** What a transfer states that `send` or `charge` returned. */
export const ofResults: ReadonlyArray<Statement<Transfer, CallTruth>> = [
  { says: "Palomma has it in progress or has finished it.", isTrue: ({ state }) => isAtPalomma(state) },
  {
    says: "It has the account and amount of this call.",
    isTrue: ({ accountId, amount }, { intent }) =>
      intent === undefined || (intent.accountId === accountId && intent.amount === amount)
  }
]

/** Law 6: what must be true of the money, with any result. */
export const ofMoney: ReadonlyArray<Statement<undefined>> = [
  {
    says: "Money moved at most once: the requests of a reference made at most one record.",
    isTrue: (_, truth) => ourRecords(truth).length <= 1
  },
  {
    says: "A worker sent only what was given to it.",
    isTrue: (_, { byWorkers, isForWorker }) => byWorkers.length === 0 || isForWorker
  }
]

const hidden = (text: string): string => text.replace(/[.,_'\u00a0\u202f ]/gu, "")

/** What no text may contain or advise. */
export const ofTexts: ReadonlyArray<Statement<string>> = [
  {
    says: "It contains no amount.",
    isTrue: (text, { requests, row }) =>
      [...requests, ...(row === undefined ? [] : [row])].every(({ amount }) => !hidden(text).includes(String(amount)))
  },
  {
    says: "It contains no account.",
    isTrue: (text, { requests, row }) =>
      [...requests, ...(row === undefined ? [] : [row])].every(({ accountId }) => !text.includes(accountId))
  },
  {
    says: "It advises no new reference while Palomma has a record of this one that is not cancelled.",
    isTrue: (text, { records }) =>
      !/\b(new|another|different|other|fresh) reference\b/iu.test(text) ||
      records.every(({ statuses }) => statuses.at(-1) === "cancelled"),
    onlyThen: true
  }
]
