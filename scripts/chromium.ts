/**
 * The Chromium of the system, in which some commands open pages.
 */
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"

/** The options with which it has no window and asks nothing of the network. */
export const chromiumOptions: ReadonlyArray<string> = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
]

const names = ["chromium", "chromium-browser", "google-chrome"]

/**
 * Returns the path of Chromium: the one that the variable `CHROMIUM` names, or the one among the commands of the
 * system, if there is one.
 */
export const chromiumPath = (): string | undefined => {
  const named = process.env["CHROMIUM"] ?? ""
  if (named !== "") {
    if (!existsSync(named)) throw new Error(`There is no file ${named}, which the variable CHROMIUM names.`)
    return named
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync)
}
