// Builds the site: `npx -y pnpm@12.21.0 run docs`. `--base /docs/` is for a site that is not at the root of its host,
// and `--out <folder>` is where it is written.
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { build } from "vitepress"
import { stage } from "./stage.ts"

const { values } = parseArgs({ options: { base: { type: "string", default: "/" }, out: { type: "string" } } })
const base = `/${values.base}/`.replace(/\/+/g, "/")
const outDir = resolve(values.out ?? join(import.meta.dirname, "dist"))

// The configuration reads the base, and what is staged.
process.env["SITE_BASE"] = base
await stage(join(import.meta.dirname, ".pages"))
await build(import.meta.dirname, { base, outDir })
console.log(`The site is in ${outDir}. Any file server can serve it at ${base}.`)
