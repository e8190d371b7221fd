import { Transfer } from "@palomma-effect/client/Transfer"

export const namespace = "sandbox"

export const aRow = (reference: string, more: Partial<Transfer> = {}): Transfer =>
  new Transfer({
    namespace,
    kind: "payout",
    reference,
    accountId: "01JDTARGET",
    amount: 50_000,
    state: "intended",
    version: 1,
    claims: 0,
    evidence: [],
    notOurs: [],
    lookUps: 0,
    createdAt: 0,
    updatedAt: 0,
    ...more
  })

/** Returns the next version of a row. */
export const next = (row: Transfer, more: Partial<Transfer> = {}): Transfer =>
  new Transfer({ ...row, version: row.version + 1, ...more })

/** Returns a row without the times that a journal sets. */
export const timeless = ({ createdAt: _, leftSendingAt: __, updatedAt: ___, ...row }: Transfer): object => row
