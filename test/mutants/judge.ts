/**
 * What a mutation run means: which mutants survived that should not have, and which entries of the list are out of date.
 */

/** A change that no test can notice, and why. */
export interface Survivor {
  /** The file, from the root of the repository. */
  readonly file: string
  /** Stryker's name for the kind of change. */
  readonly mutator: string
  /** The line on which the changed code begins, without the spaces around it: it tells the same code in two places apart. */
  readonly line: string
  /** The code that was changed, with each run of white space as one space. */
  readonly original: string
  /** What it was changed into, written the same way. */
  readonly replacement: string
  /** Which one it is of several such changes on the line, counted from 1. Left out for the first one. */
  readonly nth?: number
  /** Why no input can tell the difference. That it is rare is no reason. */
  readonly reason: string
}

interface Position {
  readonly line: number
  readonly column: number
}

/** A mutant and what became of it. */
export interface Mutant extends Omit<Survivor, "reason"> {
  readonly lineNumber: number
  /** Where it stands, as Stryker is told it. */
  readonly range: string
  readonly fate: "survived" | "noticed" | "never ended"
}

/** The part of Stryker's JSON report that is read here. */
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

/** What a run found. */
export interface Verdict {
  /** Mutants that survived and are listed. */
  readonly listed: ReadonlyArray<Mutant>
  /** Mutants that survived and are not. */
  readonly unlisted: ReadonlyArray<Mutant>
  /** Entries of the list whose mutant a test notices after all. */
  readonly killed: ReadonlyArray<Survivor>
  /** Entries of the list that no mutant answers to any more. */
  readonly gone: ReadonlyArray<Survivor>
}

const oneLine = (code: string): string => code.replace(/\s+/g, " ").trim()

// Lines and columns count from one; the end is behind the last character.
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
  // The module cannot even be loaded.
  RuntimeError: "noticed",
  Timeout: "never ended"
}

const isSameChange = (a: Omit<Survivor, "reason">, b: Omit<Survivor, "reason">): boolean =>
  a.file === b.file &&
  a.mutator === b.mutator &&
  a.line === b.line &&
  a.original === b.original &&
  a.replacement === b.replacement

/** The mutants of a report, in the order in which they stand in the code. */
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

/** The mutants of a first run, in which some were tried again: what was noticed once is noticed. */
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

/** Compares what survived with the list. Entries of other files than those that were changed are left alone. */
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
