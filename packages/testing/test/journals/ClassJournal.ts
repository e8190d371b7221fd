/** A journal written as a class, whose methods need `this`, with parts that can be broken separately. */
import { Transfer, type TransferKey, type TransferKind } from "@palomma-effect/client/Transfer"
import type { TransferJournalQuery, TransferJournalService } from "@palomma-effect/client/TransferJournal"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

export class ClassJournal implements TransferJournalService {
  protected rows = new Map<string, Transfer>()
  readonly isDurable: boolean = false

  get now(): Effect.Effect<number> {
    return this.time
  }

  protected get time(): Effect.Effect<number> {
    return Clock.currentTimeMillis
  }

  protected keyOf({ kind, namespace, reference }: TransferKey): string {
    return JSON.stringify([namespace, kind, reference])
  }

  protected read(key: TransferKey): Transfer | undefined {
    return this.rows.get(this.keyOf(key))
  }

  protected write(row: Transfer): void {
    this.rows.set(this.keyOf(row), row)
  }

  protected mayInsert(before: Transfer | undefined): boolean {
    return before === undefined
  }

  protected mayReplace(before: Transfer, row: Transfer): boolean {
    return before.version === row.version - 1
  }

  protected inserted(row: Transfer, at: number): Transfer {
    const { leftSendingAt: _, ...rest } = row
    return new Transfer({ ...rest, createdAt: at, updatedAt: at })
  }

  protected left(before: Transfer, row: Transfer, at: number): number | undefined {
    return before.state === "sending" && row.state !== "sending" ? at : before.leftSendingAt
  }

  protected replaced(before: Transfer, row: Transfer, at: number): Transfer {
    const { leftSendingAt: _, ...rest } = row
    const left = this.left(before, row, at)
    return new Transfer({
      ...rest,
      ...(left === undefined ? {} : { leftSendingAt: left }),
      createdAt: before.createdAt,
      updatedAt: at
    })
  }

  /** Runs between the check and the write. */
  protected get pause(): Effect.Effect<void> {
    return Effect.void
  }

  find(key: TransferKey): Effect.Effect<Option.Option<Transfer>> {
    return Effect.sync(() => Option.fromUndefinedOr(this.read(key)))
  }

  protected hasRecord(row: Transfer, recordId: string): boolean {
    return row.recordId === recordId
  }

  protected isOf(row: Transfer, namespace: string, kind: TransferKind): boolean {
    return row.namespace === namespace && row.kind === kind
  }

  findByRecordId(namespace: string, kind: TransferKind, recordId: string): Effect.Effect<Option.Option<Transfer>> {
    return Effect.sync(() =>
      Option.fromUndefinedOr(
        [...this.rows.values()].find((row) => this.isOf(row, namespace, kind) && this.hasRecord(row, recordId))
      )
    )
  }

  insert(row: Transfer): Effect.Effect<Option.Option<Transfer>> {
    return Effect.gen({ self: this }, function* () {
      const at = yield* this.time
      if (!this.mayInsert(this.read(row))) return Option.none()
      yield* this.pause
      const stored = this.inserted(row, at)
      this.write(stored)
      return Option.some(stored)
    })
  }

  replace(row: Transfer): Effect.Effect<Option.Option<Transfer>> {
    return Effect.gen({ self: this }, function* () {
      const at = yield* this.time
      const before = this.read(row)
      if (before === undefined || !this.mayReplace(before, row)) return Option.none()
      yield* this.pause
      const stored = this.replaced(before, row, at)
      this.write(stored)
      return Option.some(stored)
    })
  }

  protected isOld(row: Transfer, olderThan: Duration.Duration, at: number): boolean {
    return at - row.updatedAt >= Duration.toMillis(olderThan)
  }

  protected isWanted(row: Transfer, { alarmed, states }: TransferJournalQuery): boolean {
    return (
      (states === undefined || states.includes(row.state)) &&
      (alarmed === undefined || (row.alarm !== undefined) === alarmed)
    )
  }

  protected compare(a: Transfer, b: Transfer): number {
    return a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0
  }

  protected isAfter(row: Transfer, after: string): boolean {
    return row.reference > after
  }

  protected page(rows: ReadonlyArray<Transfer>, { limit }: TransferJournalQuery): ReadonlyArray<Transfer> {
    return rows.slice(0, limit)
  }

  list(query: TransferJournalQuery): Effect.Effect<ReadonlyArray<Transfer>> {
    const { after, kind, namespace, olderThan } = query
    return Effect.map(this.time, (at) =>
      this.page(
        [...this.rows.values()]
          .filter(
            (row) =>
              this.isOf(row, namespace, kind) &&
              this.isWanted(row, query) &&
              (olderThan === undefined || this.isOld(row, olderThan, at)) &&
              (after === undefined || this.isAfter(row, after))
          )
          .sort((a, b) => this.compare(a, b)),
        query
      )
    )
  }
}
