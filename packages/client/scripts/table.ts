/**
 * Prints the life of a transfer anew into docs/paying-once.md, from the code that decides it.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { withTable } from "../test/transfer/support/printed.ts"

const page = join(import.meta.dirname, "../../../docs/paying-once.md")
writeFileSync(page, withTable(readFileSync(page, "utf8")))
