const simplify = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")

// Edit distance in which swapping two neighbouring letters costs one, since it is a common typing error.
const distance = (a: string, b: string): number => {
  const rows: Array<Array<number>> = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(at(i, j), at(i - 2, j - 2) + 1)
      }
    }
  }
  return at(a.length, b.length)
}

/** Returns the candidate that is most similar to `input`, or `undefined` if none is similar enough. */
export const nearest = <A extends string>(candidates: ReadonlyArray<A>, input: string): A | undefined => {
  // The values of banks have at most 20 letters, so a longer text is no misspelling of one. The cut limits the cost of
  // the distance.
  const wanted = simplify(input.slice(0, 64))
  if (wanted === "") return undefined
  let best: A | undefined
  let least = Math.max(1, Math.floor(wanted.length / 4)) + 1
  for (const candidate of candidates) {
    const steps = distance(wanted, simplify(candidate))
    if (steps < least) {
      best = candidate
      least = steps
    }
  }
  return best
}
