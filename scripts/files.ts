/**
 * Finds files by glob, with the same names on every system.
 */
import { globSync } from "node:fs"
import { sep } from "node:path"

/** Returns the paths in a folder that match any of the globs: sorted, and with `/` as separator, also on Windows. */
export const filesOf = (folder: string, ...globs: ReadonlyArray<string>): ReadonlyArray<string> =>
  globSync([...globs], { cwd: folder })
    .map((file) => file.split(sep).join("/"))
    .toSorted()
