/** State that outlives a process: Palomma, the journal, and a log of requests and results. */
import type { Transfer, TransferKind, TransferOptions } from "@palomma-effect/client"
import { PayinStatus, PayoutStatus, Timestamp } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type JournalDefects, type LawJournal, makeJournal } from "./journal.ts"
import { judgeMoney, judgeRow } from "./judge.ts"
import type { Exceptions, LedgerRecord, Truth } from "./oracle.ts"
import { makeWire, type MoneyRequest, requestHeader, type Wire } from "./wire.ts"

/** Payouts and debits. */
export const kinds: ReadonlyArray<TransferKind> = ["payout", "payin"]

/** The base URL of the client, which is the namespace too. */
export const baseUrl = "http://127.0.0.1/v0"

/** The operations of a kind in Palomma's contract. */
export const operationsOf = {
  payout: { create: "payoutRequests.create", list: "payoutRequests.list", get: "payoutRequests.get" },
  payin: { create: "payinRequests.create", list: "payinRequests.list", get: "payinRequests.get" }
} as const

/** A call as it was made, and how it ended. */
export interface Call {
  readonly id: number
  readonly operation: string
  readonly kind: TransferKind
  readonly reference: string
  readonly intent: { readonly accountId: string; readonly amount: number } | undefined
  /** Whether it does the work itself: a call may join another one. */
  isOwnWork: boolean
  /** The call whose result it shares. */
  workOf: number | undefined
}

/** State that outlives a process. */
export interface World {
  readonly simulator: PalommaSimulator["Service"]
  readonly clock: Clock.Clock
  readonly journal: LawJournal
  readonly wire: Wire
  readonly accounts: { readonly [kind in TransferKind]: string }
  readonly transfers: TransferOptions
  readonly calls: Array<Call>
  /** The laws that were violated in the background. */
  readonly broken: Array<unknown>
  exceptions: Exceptions
  /** The transfers whose process or journal was killed, stopped or broken while it may have worked on them. */
  readonly troubled: Set<string>
  /** The rows that a backup restored last, by kind and reference. */
  restored: ReadonlyMap<string, NonNullable<Truth["restored"]>> | undefined
  /** The rows that the program was told of, by kind and reference. */
  readonly told: Map<string, Array<Transfer>>
  /** Every status that each record has had. */
  readonly statuses: Map<string, Array<string>>
  /** The requests that made records, by the id of the record. */
  readonly makers: Map<string, MoneyRequest>
  /** Reads Palomma's own records. */
  readonly books: Effect.Effect<Books>
}

/** Palomma's own records: every record of a kind by its id. */
export type Books = { readonly [kind in TransferKind]: ReadonlyMap<string, LedgerRecord> }

/** Options of a world. */
export interface WorldOptions {
  readonly transfers?: TransferOptions | undefined
  readonly journal?: JournalDefects | undefined
}

interface Shown {
  readonly id: string
  readonly reference?: string
  readonly createdAt?: Timestamp
}

const timeOf = ({ createdAt }: Shown): number =>
  createdAt === undefined
    ? 0
    : Option.getOrElse(Option.map(Timestamp.toDateTime(createdAt), DateTime.toEpochMillis), () => 0)

/** Makes a world with one account of each kind. */
export const makeWorld = Effect.fnUntraced(function* (options: WorldOptions = {}) {
  const simulator = yield* PalommaSimulator
  const clock = yield* Clock.Clock
  const journal = makeJournal(clock, options.journal)
  const wire = makeWire(simulator.httpClient, clock)
  const accounts = { payout: (yield* simulator.addPayoutTarget()).id, payin: (yield* simulator.addPayinSource()).id }
  const statuses = new Map<string, Array<string>>()
  const makers = new Map<string, MoneyRequest>()

  const statusesOf = (id: string, status: string): ReadonlyArray<string> => {
    const all = statuses.get(id) ?? []
    if (all.at(-1) !== status) all.push(status)
    statuses.set(id, all)
    return all
  }

  // The request that made a record never changes, so it is found only once.
  const makerOf = Effect.fnUntraced(function* (id: string) {
    const known = makers.get(id)
    if (known !== undefined) return known
    const number = yield* simulator.ledger.createdBy(id)
    if (number === undefined) return undefined
    const received = (yield* simulator.ledger.requests).find((request) => request.number === number)
    const maker = wire.requests[Number(received?.headers[requestHeader])]
    if (maker !== undefined) makers.set(id, maker)
    return maker
  })

  const recordOf = Effect.fnUntraced(function* (
    shown: Shown,
    status: string,
    fields: { readonly accountId: string; readonly amount: number; readonly amountCollected: number | undefined }
  ): Effect.fn.Return<LedgerRecord> {
    const request = yield* makerOf(shown.id)
    const reference = request === undefined ? shown.reference : request.reference
    const { id, reference: storedReference } = shown
    const createdAt = timeOf(shown)
    return { ...fields, id, reference, storedReference, statuses: statusesOf(id, status), createdAt, request }
  })

  const books = Effect.gen(function* () {
    const payout = new Map<string, LedgerRecord>()
    const payin = new Map<string, LedgerRecord>()
    for (const shown of yield* simulator.ledger.payouts) {
      const { amount, id, payoutTargetId, status } = shown
      const fields = { accountId: payoutTargetId, amount, amountCollected: undefined }
      payout.set(id, yield* recordOf(shown, PayoutStatus.raw(status), fields))
    }
    for (const shown of yield* simulator.ledger.payins) {
      const { amount = 0, amountCollected, id, payinSourceId = "", status } = shown
      payin.set(
        id,
        yield* recordOf(shown, PayinStatus.raw(status), { accountId: payinSourceId, amount, amountCollected })
      )
    }
    return { payout, payin }
  })

  const world: World = {
    simulator,
    clock,
    journal,
    wire,
    accounts,
    transfers: options.transfers ?? {},
    calls: [],
    broken: [],
    troubled: new Set(),
    exceptions: { refusesAfterEffect: false, showsFalsely: false },
    restored: undefined,
    told: new Map(),
    statuses,
    makers,
    books
  }
  return world
})

/** The unique name of a transfer in a world. */
export const nameOf = (kind: TransferKind, reference: string): string => `${kind} ${reference}`

/** The current row of a transfer. */
export const rowOf = (world: World, kind: TransferKind, reference: string): Transfer | undefined =>
  world.journal.rows().find((row) => row.kind === kind && row.reference === reference)

/** The facts about a transfer. */
export const truthOf = (world: World, books: Books, kind: TransferKind, reference: string): Truth => {
  const requests = world.wire.requests.filter((request) => request.kind === kind && request.reference === reference)
  const operationOf = ({ call }: MoneyRequest) => (call === undefined ? undefined : world.calls[call]?.operation)
  return {
    records: [...books[kind].values()].filter((record) => record.reference === reference),
    byId: books[kind],
    requests,
    row: rowOf(world, kind, reference),
    restored: world.restored?.get(nameOf(kind, reference)),
    exceptions: world.exceptions,
    isForWorker: world.calls.some(
      (call) => call.operation === "intend" && call.kind === kind && call.reference === reference
    ),
    byWorkers: requests.filter((request) => operationOf(request) === "carry"),
    told: world.told.get(nameOf(kind, reference)) ?? []
  }
}

/** Restores a backup of the journal, made at a moment without a request in flight. */
export const restore = (world: World, backup: () => void): void => {
  backup()
  const names = new Set([
    ...world.journal.rows().map(({ kind, reference }) => nameOf(kind, reference)),
    ...world.wire.requests.map(({ kind, reference }) => nameOf(kind, reference))
  ])
  world.restored = new Map(
    [...names].map((name) => {
      const isIt = (of: { readonly kind: TransferKind; readonly reference: string }) =>
        nameOf(of.kind, of.reference) === name
      const handedOver = world.wire.requests.filter((request) => isIt(request) && request.isHandedOver).length
      return [name, { row: world.journal.rows().find(isIt), handedOver }]
    })
  )
}

/**
 * Compares every row, and all the money, with the facts. Fails with the first law that is violated, here or in the
 * background.
 */
export const check = Effect.fnUntraced(function* (world: World) {
  const [broken] = world.broken
  if (broken !== undefined) return yield* Effect.die(broken)
  const books = yield* world.books
  const names = new Map<string, { readonly kind: TransferKind; readonly reference: string }>()
  for (const { kind, reference } of [...world.journal.rows(), ...world.wire.requests]) {
    names.set(nameOf(kind, reference), { kind, reference })
  }
  for (const { kind, reference } of names.values()) {
    const truth = truthOf(world, books, kind, reference)
    judgeMoney(truth)
    if (truth.row !== undefined) judgeRow(truth.row, truth)
  }
})
