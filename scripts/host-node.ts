// The commands of this workspace run on the Node 24 that it installs on Linux. `node scripts/host-node.ts` removes that
// one from their path until the next installation, so that they run on the Node of the machine. With a version, say
// `host-node.ts 22.19`, it fails if it runs on another one itself.
import { rmSync } from "node:fs"
import { join } from "node:path"

const [wanted] = process.argv.slice(2)

if (wanted === undefined) rmSync(join(import.meta.dirname, "../node_modules/.bin/node"), { force: true })
else if (!`${process.versions.node}.`.startsWith(`${wanted}.`)) {
  console.error(`This is Node ${process.versions.node}, not ${wanted}.`)
  process.exitCode = 1
}
