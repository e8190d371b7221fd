/**
 * Finds files by glob, with the same names on every system.
 */
import { globSync } from "node:fs"
import { sep } from "node:path"

/** The paths below a folder that match any of the globs: sorted, and with `/` between their parts on Windows too. */
export const filesOf = (folder: string, ...globs: ReadonlyArray<string>): ReadonlyArray<string> =>
  globSync([...globs], { cwd: folder })
    .map((file) => file.split(sep).join("/"))
    .toSorted()
