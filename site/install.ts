// Installs what builds the site, and links it as `site/node_modules`, where the modules of this folder look for it.
import { rmSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { installTools } from "../scripts/tools.ts"

const modules = installTools(import.meta.dirname)
const link = join(import.meta.dirname, "node_modules")
rmSync(link, { recursive: true, force: true })
symlinkSync(modules, link, "junction")
