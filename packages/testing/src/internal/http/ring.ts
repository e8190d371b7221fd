/** The latest items, numbered from 1. Older items are dropped. */
export interface Ring<A> {
  /** The number of the next item. */
  readonly next: () => number
  readonly push: (item: A) => void
  /** The items that are kept, oldest first. */
  readonly kept: () => ReadonlyArray<A>
}

/** The limits of a ring: a number of items, and a total size. */
export interface RingOptions<A> {
  readonly count: number
  readonly size: number
  readonly sizeOf: (item: A) => number
}

/** Makes an empty ring. */
export const makeRing = <A>(options: RingOptions<A>): Ring<A> => {
  const kept = new Map<number, A>()
  let next = 1
  let oldest = 1
  let size = 0
  const drop = (): void => {
    const item = kept.get(oldest)
    if (item !== undefined) size -= options.sizeOf(item)
    kept.delete(oldest)
    oldest++
  }
  return {
    next: () => next,
    push: (item) => {
      kept.set(next, item)
      next++
      size += options.sizeOf(item)
      while (kept.size > 0 && (kept.size > options.count || size > options.size)) drop()
    },
    kept: () => [...kept.values()]
  }
}
