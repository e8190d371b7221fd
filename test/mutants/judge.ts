/** The result of a mutation run: mutants that survived and are not listed, and outdated entries of the list. */

/** A change that no test can notice, and why. */
export interface Survivor {
  /** The file, relative to the root of the repository. */
  readonly file: string
  /** Stryker's name for the kind of change. */
  readonly mutator: string
  /**
   * The line on which the changed code begins, without leading and trailing spaces. It distinguishes equal code in two
   * places.
   */
  readonly line: string
  /** The code that was changed, with each run of white space as one space. */
  readonly original: string
  /** The replacement, in the same form. */
  readonly replacement: string
  /** The number of this change among equal changes on the line, counted from 1. Undefined for the first one. */
  readonly nth?: number
  /** Why no input can show the difference. A rare input is not a reason. */
  readonly reason: string
}

interface Position {
  readonly line: number
  readonly column: number
}

/** A mutant and its result. */
export interface Mutant extends Omit<Survivor, "reason"> {
  readonly lineNumber: number
  /** Its location, in the format of Stryker's options. */
  readonly range: string
  readonly fate: "survived" | "noticed" | "never ended"
}

/** The part of Stryker's JSON report that is used here. */
export interface Report {
  readonly files: {
    readonly [file: string]: {
      readonly source: string
      readonly mutants: ReadonlyArray<{
        readonly mutatorName: string
        readonly replacement?: string
        readonly status: string
        readonly location: { readonly start: Position; readonly end: Position }
      }>
    }
  }
}

/** The result of a run. */
export interface Verdict {
  /** Mutants that survived and are listed. */
  readonly listed: ReadonlyArray<Mutant>
  /** Mutants that survived and are not listed. */
  readonly unlisted: ReadonlyArray<Mutant>
  /** Entries of the list whose mutant a test detects. */
  readonly killed: ReadonlyArray<Survivor>
  /** Entries of the list without a mutant. */
  readonly gone: ReadonlyArray<Survivor>
}

const oneLine = (code: string): string => code.replace(/\s+/g, " ").trim()

// Lines and columns count from one. The end is after the last character.
const cut = (lines: ReadonlyArray<string>, start: Position, end: Position): string =>
  lines
    .slice(start.line - 1, end.line)
    .map((line, i) =>
      line.slice(i === 0 ? start.column - 1 : 0, start.line + i === end.line ? end.column - 1 : undefined)
    )
    .join("\n")

const fates: { readonly [status: string]: Mutant["fate"] } = {
  Survived: "survived",
  // No test reaches it.
  NoCoverage: "survived",
  Killed: "noticed",
  // The module cannot be loaded.
  RuntimeError: "noticed",
  Timeout: "never ended"
}

const isSameChange = (a: Omit<Survivor, "reason">, b: Omit<Survivor, "reason">): boolean =>
  a.file === b.file &&
  a.mutator === b.mutator &&
  a.line === b.line &&
  a.original === b.original &&
  a.replacement === b.replacement

/** The mutants of a report, in the order of the code. */
export const mutantsOf = (report: Report): ReadonlyArray<Mutant> =>
  Object.entries(report.files).flatMap(([file, { mutants, source }]) => {
    const lines = source.split("\n")
    const inOrder = mutants.toSorted(
      ({ location: { start: a } }, { location: { start: b } }) => a.line - b.line || a.column - b.column
    )
    const found: Array<Mutant> = []
    for (const { location, mutatorName, replacement = "", status } of inOrder) {
      const { end, start } = location
      const fate = fates[status]
      if (fate === undefined) throw new Error(`${file}:${start.line} was not tried: ${status}`)
      const mutant: Mutant = {
        file,
        lineNumber: start.line,
        range: `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`,
        mutator: mutatorName,
        line: (lines[start.line - 1] ?? "").trim(),
        original: oneLine(cut(lines, start, end)),
        replacement: oneLine(replacement),
        fate
      }
      const before = found.filter((one) => one.lineNumber === start.line && isSameChange(one, mutant)).length
      found.push(before === 0 ? mutant : { ...mutant, nth: before + 1 })
    }
    return found
  })

/** The mutants of a first run with the results of a second one. A mutant that was detected once counts as detected. */
export const withSecondRun = (first: ReadonlyArray<Mutant>, second: ReadonlyArray<Mutant>): ReadonlyArray<Mutant> =>
  first.map((mutant) =>
    mutant.fate === "survived"
      ? (second.find(
          (again) =>
            again.range === mutant.range && again.mutator === mutant.mutator && again.replacement === mutant.replacement
        ) ?? mutant)
      : mutant
  )

const isOf = (mutant: Mutant, entry: Survivor): boolean => isSameChange(mutant, entry) && mutant.nth === entry.nth

/** Compares the surviving mutants with the list. Entries of files that were not changed are skipped. */
export const judge = (
  mutants: ReadonlyArray<Mutant>,
  list: ReadonlyArray<Survivor>,
  files: ReadonlyArray<string>
): Verdict => {
  const survived = mutants.filter((mutant) => mutant.fate === "survived")
  const entries = list.filter((entry) => files.includes(entry.file))
  const isListed = (mutant: Mutant): boolean => entries.some((entry) => isOf(mutant, entry))
  return {
    listed: survived.filter(isListed),
    unlisted: survived.filter((mutant) => !isListed(mutant)),
    killed: entries.filter((entry) => mutants.some((mutant) => mutant.fate !== "survived" && isOf(mutant, entry))),
    gone: entries.filter((entry) => !mutants.some((mutant) => isOf(mutant, entry)))
  }
}
