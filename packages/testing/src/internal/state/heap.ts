/** Things in the order of a number, such as a time; of the same number in the order in which they were added. */
export interface Heap<A> {
  readonly add: (key: number, item: A) => void
  /** The least number. */
  readonly next: () => number | undefined
  /** Takes the first thing, if its number is not greater. */
  readonly take: (until: number) => { readonly key: number; readonly item: A } | undefined
  readonly size: () => number
  /** How many comparisons it has taken so far. */
  readonly steps: () => number
}

interface Node<A> {
  readonly key: number
  readonly item: A
  readonly turn: number
}

/** Makes an empty heap: to add and to take cost no more than the logarithm of what is in it. */
export const makeHeap = <A>(): Heap<A> => {
  const nodes: Array<Node<A>> = []
  let turn = 0
  let steps = 0

  const isBefore = (a: Node<A>, b: Node<A>): boolean => {
    steps++
    return a.key === b.key ? a.turn < b.turn : a.key < b.key
  }

  const rise = (node: Node<A>): void => {
    let index = nodes.length
    while (index > 0) {
      const above = (index - 1) >>> 1
      const parent = nodes[above]
      if (parent === undefined || !isBefore(node, parent)) break
      nodes[index] = parent
      index = above
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
    add: (key, item) => rise({ key, item, turn: turn++ }),
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
