/**
 * The types of a row: what breaks, what must come of it, and what did.
 */
import type { CallOptions, Outcome, PalommaError, TransferError, TransferState } from "@palomma-effect/client"
import type { Client } from "./client.ts"
import type { Running } from "./fault-server.ts"

/** What came of a transfer. */
export interface SeenTransfer {
  /** `Accepted`, the error's tag, or a defect. */
  readonly tag: "Accepted" | TransferError["_tag"] | "defect"
  /** What is said of this call; nothing is said of one that was accepted. */
  readonly sent: "no" | "yes" | "unknown" | undefined
  /** What the row says afterwards. */
  readonly state: TransferState | "none"
  readonly alarm: "duplicate" | "changed-final" | "differs" | undefined
  readonly handedOver: boolean
  /** POSTs that the server received whole. */
  readonly posts: number
  /** Payouts or debits that the server made. */
  readonly made: number
  readonly recordId: string | undefined
  readonly detail: string
  /** Whether any printed form of it holds the API key. */
  readonly leaks: boolean
}

/** What must come of it. What is left out does not matter. */
export interface ExpectedTransfer
  extends Pick<SeenTransfer, "tag" | "state" | "made">, Partial<Pick<SeenTransfer, "sent" | "posts" | "alarm">> {}

/** What came of a call, as the caller sees it and as the server counted it. */
export interface Seen {
  /** The error's tag, or `success`. */
  readonly error: PalommaError["_tag"] | "success" | "defect"
  /** The reason, the defect or the status, whichever the error has. */
  readonly detail: string
  readonly outcome: Outcome | "done"
  readonly isSafeToResend: boolean
  /** Whether the body of a create left the library. */
  readonly handedOver: boolean
  /** POSTs that the server received whole. */
  readonly posts: number
  /** Payouts that the server made. */
  readonly payouts: number
  readonly gets: number
  readonly connections: number
  /** Connections to where a redirect points. */
  readonly elsewhere: number
  readonly code: string | undefined
  readonly recordId: string | undefined
  /** How long Palomma asks to wait, in milliseconds. */
  readonly retryAfter: number | undefined
  /** Whether any printed form of the error holds the API key. */
  readonly leaks: boolean
}

/** What must come of it. What is left out does not matter. */
export interface Expected
  extends
    Pick<Seen, "error" | "detail" | "outcome" | "isSafeToResend" | "posts" | "payouts">,
    Partial<Pick<Seen, "handedOver" | "gets" | "connections" | "elsewhere" | "recordId" | "retryAfter">> {
  /** The codes that runtimes give it. */
  readonly codes?: ReadonlyArray<string | undefined>
}

/** One row of the matrix. */
export interface Row {
  readonly fault: string
  readonly server: () => Promise<Running>
  /** Default: the bare create. */
  readonly call?: "create" | "get" | "list"
  readonly client?: Client
  readonly retry?: CallOptions
  readonly rejectedStatuses?: ReadonlyArray<number>
  /** It needs Node: its `fetch`, which tells what it does, or its sockets. */
  readonly needs?: "node"
  /** `fetch` itself sends the request a second time: nothing of ours. */
  readonly fetchResends?: boolean
  /** A call that is made before and must succeed. */
  readonly before?: "get"
  /** What happens between that call and the one that is judged, in one turn of the event loop. */
  readonly between?: (server: Running) => Promise<void> | void
  /** More than one if versions of Node differ. */
  readonly expected: ReadonlyArray<Expected>
  /** What Bun makes of it, if that is something else. */
  readonly onBun?: ReadonlyArray<Expected>
  /** What must come of a payout and a debit that are sent once, if it does not follow from that. */
  readonly onTransfer?: ReadonlyArray<ExpectedTransfer>
}

/** Rows of one kind. */
export interface Section {
  readonly title: string
  readonly rows: ReadonlyArray<Row>
}
