/**
 * One movement of money between two accounts of the ledger, in pesos.
 *
 * @category models
 * @since 0.1.0
 */
export interface Movement {
  /** When the money moved, in milliseconds since the epoch. */
  readonly at: number
  /** The account that the money left. */
  readonly from: LedgerAccount
  /** The account that the money went to. */
  readonly to: LedgerAccount
  readonly amount: number
  /** The id of the record that caused it, `opening balance` or `setBalance`. */
  readonly reason: string
}

/**
 * An account of the double-entry ledger.
 *
 * - `available:<id>`: what a merchant account can pay out.
 * - `unsettled:<id>`: what a merchant account has collected and what is not settled yet.
 * - `transit`: payouts on their way to a bank.
 * - `recipients`: what recipients of payouts have received.
 * - `payers`: the source of all collected money.
 * - `merchant-bank`: what settlements have transferred to the merchant's own bank.
 * - `fees`: Palomma's fees.
 * - `outside`: the source of opening balances and of `setBalance`.
 *
 * @category models
 * @since 0.1.0
 */
export type LedgerAccount =
  | `available:${string}`
  | `unsettled:${string}`
  | "transit"
  | "recipients"
  | "payers"
  | "merchant-bank"
  | "fees"
  | "outside"

/** A double-entry ledger: each movement takes money from one account and adds it to another. */
export interface Books {
  readonly movements: () => ReadonlyArray<Movement>
  readonly balance: (account: LedgerAccount) => number
  readonly move: (movement: Movement) => void
}

/** Makes an empty ledger. */
export const makeBooks = (): Books => {
  const movements: Array<Movement> = []
  const balances = new Map<LedgerAccount, number>()
  const add = (account: LedgerAccount, amount: number): void => {
    balances.set(account, (balances.get(account) ?? 0) + amount)
  }
  return {
    movements: () => movements.slice(),
    balance: (account) => balances.get(account) ?? 0,
    move: (movement) => {
      if (movement.amount === 0 || movement.from === movement.to) return
      movements.push(movement)
      add(movement.from, -movement.amount)
      add(movement.to, movement.amount)
    }
  }
}
