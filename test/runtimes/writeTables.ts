// Writes the tables of what runs where into every page that has markers for them.
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../../scripts/files.ts"
import { root } from "../../scripts/packages.ts"
import { withTables } from "./tables.ts"

for (const file of filesOf(root, "*.md", "docs/*.md", "packages/*/README.md")) {
  const text = readFileSync(join(root, file), "utf8")
  const written = withTables(file, text)
  if (written !== text) writeFileSync(join(root, file), written)
}
