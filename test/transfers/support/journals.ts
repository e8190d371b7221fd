/**
 * One journal in memory that several processes share. Each process has its own hooks. The journal can be restored from
 * a backup.
 */
import {
  TransferJournal,
  TransferJournalError,
  type Transfer,
  type TransferJournalService
} from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

/** A call of the journal by one process. */
export interface JournalCall {
  readonly operation: "find" | "findByRecordId" | "insert" | "replace" | "list" | "now"
  /** The row that is written. */
  readonly row?: Transfer | undefined
}

/** Effects before and after each call of one process. They can be changed while the process runs. */
export interface JournalHooks {
  before?: ((call: JournalCall) => Effect.Effect<void, TransferJournalError>) | undefined
  after?: ((call: JournalCall) => Effect.Effect<void, TransferJournalError>) | undefined
}

/** The journal of a test. */
export interface SharedJournal {
  readonly service: TransferJournalService
  /** A copy of every current row. */
  readonly backup: Effect.Effect<ReadonlyArray<Transfer>>
  /** Replaces all rows with these. */
  readonly restore: (rows: ReadonlyArray<Transfer>) => Effect.Effect<void, never, Scope.Scope>
}

const fresh = Effect.map(Layer.build(Layer.fresh(TransferJournal.layerMemory)), (context) =>
  Context.get(context, TransferJournal)
)

/** Makes a journal. A durable one outlives the process. */
export const makeJournal = Effect.fnUntraced(function* (isDurable: boolean) {
  let current = yield* fresh
  const written = new Map<string, Transfer>()
  const keep = <A extends { readonly _tag: string }>(stored: A): A => {
    if ("value" in stored) {
      const row = stored.value as Transfer
      written.set(JSON.stringify([row.namespace, row.kind, row.reference]), row)
    }
    return stored
  }
  const service: TransferJournalService = {
    isDurable,
    now: Effect.suspend(() => current.now),
    find: (key) => Effect.suspend(() => current.find(key)),
    findByRecordId: (namespace, kind, id) => Effect.suspend(() => current.findByRecordId(namespace, kind, id)),
    insert: (row) => Effect.suspend(() => Effect.map(current.insert(row), keep)),
    replace: (row) => Effect.suspend(() => Effect.map(current.replace(row), keep)),
    list: (query) => Effect.suspend(() => current.list(query))
  }
  const journal: SharedJournal = {
    service,
    backup: Effect.sync(() => [...written.values()]),
    restore: Effect.fnUntraced(function* (rows) {
      current = yield* fresh
      written.clear()
      for (const row of rows) yield* Effect.orDie(service.insert(row))
    })
  }
  return journal
})

/** The journal as one process accesses it. It uses the store's clock, never the clock of the process. */
export const seenThrough = (
  journal: TransferJournalService,
  hooks: JournalHooks,
  clock: Clock.Clock,
  noted: (step: string) => void
): TransferJournalService => {
  const hooked = <A>(call: JournalCall, run: Effect.Effect<A, TransferJournalError>) =>
    Effect.suspend(() => {
      noted(call.row === undefined ? call.operation : `${call.operation} ${call.row.state}`)
      const { after, before } = hooks
      const stored = Effect.provideService(run, Clock.Clock, clock)
      const begun = before === undefined ? stored : Effect.andThen(before(call), stored)
      return after === undefined ? begun : Effect.tap(begun, () => after(call))
    })
  return {
    isDurable: journal.isDurable,
    now: hooked({ operation: "now" }, journal.now),
    find: (key) => hooked({ operation: "find" }, journal.find(key)),
    findByRecordId: (namespace, kind, id) =>
      hooked({ operation: "findByRecordId" }, journal.findByRecordId(namespace, kind, id)),
    insert: (row) => hooked({ operation: "insert", row }, journal.insert(row)),
    replace: (row) => hooked({ operation: "replace", row }, journal.replace(row)),
    list: (query) => hooked({ operation: "list" }, journal.list(query))
  }
}

/** The error of a store that fails. */
export const broken = (operation: string): TransferJournalError =>
  new TransferJournalError({ operation, reason: "the disk is full" })
