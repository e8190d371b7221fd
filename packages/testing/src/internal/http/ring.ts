/** The latest of many things, numbered from 1. What is too old for it is forgotten. */
export interface Ring<A> {
  /** The number of the next one. */
  readonly next: () => number
  readonly push: (item: A) => void
  /** What is kept, oldest first. */
  readonly kept: () => ReadonlyArray<A>
}

/** How much a ring keeps: so many things, and so much in all by some measure of their size. */
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
