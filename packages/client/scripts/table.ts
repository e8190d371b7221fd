/**
 * Writes the state diagram and table of transfers to docs/paying-once.md, from the code of the state machine.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { withTable } from "../test/transfer/support/printed.ts"

const page = join(import.meta.dirname, "../../../docs/paying-once.md")
writeFileSync(page, withTable(readFileSync(page, "utf8")))
