/**
 * The reports of a program while it pays and debits, one line of JSON each: facts that a person could read in its log,
 * and facts that only the program knows.
 */
import type { TransferKind, TransferState } from "@palomma-effect/client"
import { writeSync } from "node:fs"

/** The program is about to write a claim into its journal. */
export interface Claiming {
  readonly is: "claiming"
  readonly kind: TransferKind
  readonly reference: string
  readonly claim: string
}

/** The program has handed over the body of a request. */
export interface HandedOver {
  readonly is: "handedOver"
  /** The run of the program that it belongs to. */
  readonly run: string
  readonly kind: TransferKind
  readonly reference: string
}

/** The library's result for one intent. */
export interface Result {
  readonly is: "result"
  readonly run: string
  readonly kind: TransferKind
  readonly reference: string
  /** `Accepted`, `Skipped`, or the tag of the error. */
  readonly tag: string
  readonly state?: TransferState
  readonly accountId?: string
  readonly amount?: number
  readonly recordId?: string
  /** The `sent` field of an error, about this call. */
  readonly sent?: "no" | "yes" | "unknown"
  /** Every other record that the error names. */
  readonly records?: ReadonlyArray<string>
  readonly message?: string
}

/** The program is about to be stopped. */
export interface Stopping {
  readonly is: "stopping"
  readonly kind: TransferKind
  readonly reference: string
}

/** The program sends itself a signal. */
export interface Signalling {
  readonly is: "signalling"
  readonly signal: string
  readonly point: string
}

/** The orders without a transfer and the transfers without an order, when the program began. */
export interface Halves {
  readonly is: "orders"
  readonly halves: ReadonlyArray<string>
}

/** How many transfers needed a job at one moment, and which of them had none. */
export interface Jobs {
  readonly is: "jobs"
  readonly count: number
  readonly jobless: ReadonlyArray<string>
}

/** The program was told of a transfer, outside of its database. */
export interface Told {
  readonly is: "told"
  readonly kind: TransferKind
  readonly reference: string
  readonly version: number
}

/** A report about one transfer. */
export type TransferReport = Claiming | HandedOver | Result | Stopping | Told

/** One report. */
export type Report = TransferReport | Signalling | Halves | Jobs

const cell = new Int32Array(new SharedArrayBuffer(4))

// The pipe is full for a moment, because the reader is slow.
const isFull = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EAGAIN"

/** Writes a report synchronously, so that a kill loses nothing of it. */
export const writeReport = (reports: Report): void => {
  const bytes = Buffer.from(`${JSON.stringify(reports)}\n`)
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(1, bytes, written)
    } catch (error) {
      if (!isFull(error)) throw error
      Atomics.wait(cell, 0, 0, 1)
    }
  }
}

/** The complete reports in a program's output. A kill may leave an incomplete line, and other lines are for people. */
export const parseReports = (text: string): ReadonlyArray<Report> =>
  text
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith("{"))
    .map((line): Report => JSON.parse(line))
