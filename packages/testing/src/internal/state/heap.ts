/** A priority queue: items in the order of their keys, and of the same key in the order in which they were added. */
export interface Heap<A> {
  readonly add: (key: number, item: A) => void
  /** The smallest key. */
  readonly next: () => number | undefined
  /** Removes and returns the first item if its key is at most `until`. */
  readonly take: (until: number) => { readonly key: number; readonly item: A } | undefined
  readonly size: () => number
  /** The number of comparisons so far. */
  readonly steps: () => number
}

interface Node<A> {
  readonly key: number
  readonly item: A
  readonly order: number
}

/** Makes an empty heap. To add or to take an item costs the logarithm of the size. */
export const makeHeap = <A>(): Heap<A> => {
  const nodes: Array<Node<A>> = []
  let added = 0
  let steps = 0

  const isBefore = (a: Node<A>, b: Node<A>): boolean => {
    steps++
    return a.key === b.key ? a.order < b.order : a.key < b.key
  }

  const rise = (node: Node<A>): void => {
    let index = nodes.length
    while (index > 0) {
      const parentIndex = (index - 1) >>> 1
      const parent = nodes[parentIndex]
      if (parent === undefined || !isBefore(node, parent)) break
      nodes[index] = parent
      index = parentIndex
    }
    nodes[index] = node
  }

  const sink = (node: Node<A>): void => {
    let index = 0
    for (;;) {
      const left = nodes[2 * index + 1]
      const right = nodes[2 * index + 2]
      const least = left !== undefined && right !== undefined && isBefore(right, left) ? right : left
      if (least === undefined || !isBefore(least, node)) break
      nodes[index] = least
      index = least === left ? 2 * index + 1 : 2 * index + 2
    }
    nodes[index] = node
  }

  return {
    add: (key, item) => rise({ key, item, order: added++ }),
    next: () => nodes[0]?.key,
    take: (until) => {
      const first = nodes[0]
      if (first === undefined || first.key > until) return undefined
      const last = nodes.pop()
      if (last !== undefined && last !== first) sink(last)
      return first
    },
    size: () => nodes.length,
    steps: () => steps
  }
}
