/**
 * Collects the drift that is reported during one decoding.
 */

/**
 * One difference between an answer and the documentation.
 *
 * @category models
 * @since 0.1.0
 */
export interface Drift {
  /**
   * The kind of the difference.
   *
   * - `unreadable`: a documented field has an unexpected value and counts as absent. Or an id is a number, which
   *   becomes text. Or a time is not in the form of ISO 8601 and is kept unchanged.
   * - `unrecognized`: an enum has a value that this version does not know.
   * - `undocumented`: the documentation does not contain the field.
   */
  readonly kind: "unreadable" | "unrecognized" | "undocumented"
  /**
   * The path of the field, in names of the documentation: `customerDetails.email`, `items.status`.
   *
   * An undocumented field has its own name if the name matches `^[a-z][A-Za-z]{0,39}$`. Any other name may be personal
   * data, and is replaced by `other`.
   */
  readonly field: string
}

// Decoding is synchronous, so one variable for the whole module is enough: it is set during one decoding and restored
// afterwards.
let found: Array<Drift> | undefined
let path = ""

/** Runs a decoding and collects its drift. Outside of a call of this function no drift is collected. */
export const collectDrift = <A>(read: () => A): readonly [A, ReadonlyArray<Drift>] => {
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

/** Decodes without reporting drift. A value that is decoded again, to find its problems, has been reported before. */
export const withoutDrift = <A>(read: () => A): A => collectDrift(read)[0]

/** Reports that a field differs from the documentation. */
export const reportDrift = (kind: Drift["kind"], field: string): void => {
  found?.push({ kind, field: path + field })
}

/** Adds a field to the path of all reports, until `leaveField` is called with the result. */
export const enterField = (field: string): string => {
  const outer = path
  if (found !== undefined) path = `${outer}${field}.`
  return outer
}

/** Restores the path from before a call of `enterField`. */
export const leaveField = (outer: string): void => {
  path = outer
}
