/**
 * One movement of money between two places, in pesos.
 *
 * @category models
 * @since 0.1.0
 */
export interface Movement {
  /** When, in milliseconds since the epoch. */
  readonly at: number
  /** Where the money was. */
  readonly from: Place
  /** Where the money went. */
  readonly to: Place
  readonly amount: number
  /** The record that caused it, or a word for what did. */
  readonly reason: string
}

/**
 * Where money can be.
 *
 * `available` is what a merchant account can pay out, `unsettled` what it collected and has not been handed over. `transit` is on its
 * way to a bank, `recipients` got it, `payers` gave it, `withdrawn` went to the merchant's own bank, `fees` are Palomma's, and
 * `outside` is where opening balances come from.
 *
 * @category models
 * @since 0.1.0
 */
export type Place =
  | `available:${string}`
  | `unsettled:${string}`
  | "transit"
  | "recipients"
  | "payers"
  | "withdrawn"
  | "fees"
  | "outside"

/** Double-entry books: whatever leaves one place arrives at another. */
export interface Books {
  readonly movements: () => ReadonlyArray<Movement>
  readonly balance: (place: Place) => number
  readonly move: (movement: Movement) => void
}

/** Opens the books. */
export const makeBooks = (): Books => {
  const movements: Array<Movement> = []
  const balances = new Map<Place, number>()
  const add = (place: Place, amount: number): void => {
    balances.set(place, (balances.get(place) ?? 0) + amount)
  }
  return {
    movements: () => movements.slice(),
    balance: (place) => balances.get(place) ?? 0,
    move: (movement) => {
      if (movement.amount === 0 || movement.from === movement.to) return
      movements.push(movement)
      add(movement.from, -movement.amount)
      add(movement.to, movement.amount)
    }
  }
}
