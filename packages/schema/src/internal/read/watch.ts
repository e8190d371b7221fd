/**
 * One difference between an answer and the documentation.
 *
 * @category models
 * @since 0.1.0
 */
export interface Drift {
  /**
   * `unreadable`: a documented field holds what it should not, and counts as absent; or an id is a number, and is read as its text;
   * or a time is not written as ISO 8601, and is kept as it came.
   * `unrecognized`: an enum holds a value that this version does not know. `undocumented`: the field is not in the documentation.
   */
  readonly kind: "unreadable" | "unrecognized" | "undocumented"
  /**
   * Where, by names of the documentation: `customerDetails.email`, `items.status`.
   *
   * An undocumented field is told by its name if that can only be a name, `^[a-z][A-Za-z]{0,39}$`, else by `other`.
   */
  readonly field: string
}

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
