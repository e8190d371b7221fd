/** The types of a row: the fault, the expected result, and the observed one. */
import type { CallOptions, Outcome, PalommaError, TransferError, TransferState } from "@palomma-effect/client"
import type { Client } from "./client.ts"
import type { Running } from "./fault-server.ts"

/** The result of a transfer. */
export interface SeenTransfer {
  /** `Accepted`, the error's tag, or a defect. */
  readonly tag: "Accepted" | TransferError["_tag"] | "defect"
  /** The `sent` field of the error; undefined for an accepted transfer. */
  readonly sent: "no" | "yes" | "unknown" | undefined
  /** The state of the row afterwards. */
  readonly state: TransferState | "none"
  readonly alarm: "duplicate" | "changed-final" | "differs" | undefined
  readonly handedOver: boolean
  /** POSTs that the server received completely. */
  readonly posts: number
  /** Payouts or debits that the server made. */
  readonly made: number
  readonly recordId: string | undefined
  readonly detail: string
  /** Whether any printed form of it contains the API key. */
  readonly leaks: boolean
}

/** The expected result. Missing fields are not checked. */
export interface ExpectedTransfer
  extends Pick<SeenTransfer, "tag" | "state" | "made">, Partial<Pick<SeenTransfer, "sent" | "posts" | "alarm">> {}

/** The result of a call, as the caller gets it and as the server counted it. */
export interface Seen {
  /** The error's tag, or `success`. */
  readonly error: PalommaError["_tag"] | "success" | "defect"
  /** The reason, the defect or the status, whichever the error has. */
  readonly detail: string
  readonly outcome: Outcome | "done"
  readonly isSafeToResend: boolean
  /** Whether the body of a create was handed over. */
  readonly handedOver: boolean
  /** POSTs that the server received completely. */
  readonly posts: number
  /** Payouts that the server made. */
  readonly payouts: number
  readonly gets: number
  readonly connections: number
  /** Connections to the destination of a redirect. */
  readonly elsewhere: number
  readonly code: string | undefined
  readonly recordId: string | undefined
  /** How long Palomma asks to wait, in milliseconds. */
  readonly retryAfter: number | undefined
  /** Whether any printed form of the error contains the API key. */
  readonly leaks: boolean
}

/** The expected result. Missing fields are not checked. */
export interface Expected
  extends
    Pick<Seen, "error" | "detail" | "outcome" | "isSafeToResend" | "posts" | "payouts">,
    Partial<Pick<Seen, "handedOver" | "gets" | "connections" | "elsewhere" | "recordId" | "retryAfter">> {
  /** The error codes of the runtimes. */
  readonly codes?: ReadonlyArray<string | undefined>
}

/** One row of the matrix. */
export interface Row {
  readonly fault: string
  readonly server: () => Promise<Running>
  /** Default: the plain create. */
  readonly call?: "create" | "get" | "list"
  readonly client?: Client
  readonly retry?: CallOptions
  readonly rejectedStatuses?: ReadonlyArray<number>
  /** It needs Node: its `fetch`, which publishes its steps, or its sockets. */
  readonly needs?: "node"
  /** `fetch` itself sends the request a second time, independent of this library. */
  readonly fetchResends?: boolean
  /** A call that is made before and must succeed. */
  readonly before?: "get"
  /** Runs between that call and the one that is judged, in the same round of the event loop. */
  readonly between?: (server: Running) => Promise<void> | void
  /** More than one if versions of Node differ. */
  readonly expected: ReadonlyArray<Expected>
  /** The expected result on Bun, if it differs. */
  readonly onBun?: ReadonlyArray<Expected>
  /** The expected result of a payout and a debit that are sent once, if it does not follow from `expected`. */
  readonly onTransfer?: ReadonlyArray<ExpectedTransfer>
}

/** Rows of one kind. */
export interface Section {
  readonly title: string
  readonly rows: ReadonlyArray<Row>
}
