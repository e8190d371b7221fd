import type { Drift } from "../Drift.ts"

// Decoding is synchronous, so one place for the whole module is enough: it is set for the time of one decoding and put back after it.
let found: Array<Drift> | undefined
let path = ""

/** What differs from the documentation in whatever `read` decodes. Nothing is noted outside of a call of this. */
export const watch = <A>(read: () => A): readonly [A, ReadonlyArray<Drift>] => {
  const [outerFound, outerPath] = [found, path]
  const drifts: Array<Drift> = []
  found = drifts
  path = ""
  try {
    return [read(), drifts]
  } finally {
    found = outerFound
    path = outerPath
  }
}

/** Decodes without noting anything: what is decoded a second time, to say why it was refused, has been noted already. */
export const silently = <A>(read: () => A): A => watch(read)[0]

/** Notes that a field differs from the documentation. */
export const note = (kind: Drift["kind"], field: string): void => {
  found?.push({ kind, field: path + field })
}

/** Puts the fields that are noted from here on under a field, until `leave` is given what this returned. */
export const enter = (field: string): string => {
  const outer = path
  if (found !== undefined) path = `${outer}${field}.`
  return outer
}

/** Ends what `enter` began. */
export const leave = (outer: string): void => {
  path = outer
}
