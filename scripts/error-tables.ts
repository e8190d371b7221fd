// Writes the rows of the error table in docs/errors.md into every page that has markers for them.
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "./files.ts"
import { source, withErrorTables } from "../test/support/errorTable.ts"

const root = join(import.meta.dirname, "..")
const page = readFileSync(join(root, source), "utf8")

for (const file of filesOf(root, "*.md", "docs/*.md", "packages/*/README.md")) {
  const text = readFileSync(join(root, file), "utf8")
  const written = withErrorTables(file, text, page)
  if (written !== text) writeFileSync(join(root, file), written)
}
