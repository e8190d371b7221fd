/**
 * What a program says while it pays and debits, one line of JSON each: what a person could read in its log, and what only it can know.
 */
import type { TransferKind, TransferState } from "@palomma-effect/client"
import { writeSync } from "node:fs"

/** It is about to write a claim into its journal. */
export interface Claiming {
  readonly is: "claiming"
  readonly kind: TransferKind
  readonly reference: string
  readonly claim: string
}

/** It has handed the body of a request over. */
export interface HandedOver {
  readonly is: "handedOver"
  /** Which run of the program it belongs to. */
  readonly run: string
  readonly kind: TransferKind
  readonly reference: string
}

/** What the library told it of one intent. */
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
  /** What an error says of this call. */
  readonly sent?: "no" | "yes" | "unknown"
  /** Every other record that the error names. */
  readonly records?: ReadonlyArray<string>
  readonly message?: string
}

/** It is about to be stopped. */
export interface Stopping {
  readonly is: "stopping"
  readonly kind: TransferKind
  readonly reference: string
}

/** One line. */
export type Said = Claiming | HandedOver | Result | Stopping

const cell = new Int32Array(new SharedArrayBuffer(4))

// The pipe is full for a moment, since the other side is slow to read.
const isFull = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EAGAIN"

/** Says a line, which is out before the program goes on: a kill loses nothing of it. */
export const say = (said: Said): void => {
  const bytes = Buffer.from(`${JSON.stringify(said)}\n`)
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

/** The whole lines of what a program wrote. A kill may leave half a line behind, and other lines are for people. */
export const heard = (text: string): ReadonlyArray<Said> =>
  text
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith("{"))
    .map((line): Said => JSON.parse(line))
