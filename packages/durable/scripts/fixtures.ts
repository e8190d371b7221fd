/**
 * Writes the stores of test/fixtures: `current`, or a new folder for a release if its version is the argument.
 */
import * as Effect from "effect/Effect"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { databases, empty, folder, make } from "../test/support/fixture.ts"

const [version] = process.argv.slice(2)
if (version !== undefined && !/^\d+\.\d+\.\d+[-.\w]*$/.test(version)) throw new Error(`${version} is no version`)
if (version !== undefined && existsSync(join(folder, version))) {
  throw new Error(`The fixture ${version} exists. A fixture of a release never changes.`)
}

const stores = await Effect.runPromise(
  Effect.forEach(databases, (name) => Effect.map(Effect.provide(make, empty[name]), (store) => ({ name, ...store })))
)
if (new Set(stores.map(({ rows }) => rows)).size > 1) throw new Error("The databases returned different rows.")

for (const directory of version === undefined ? ["current"] : ["current", version]) {
  const path = join(folder, directory)
  mkdirSync(path, { recursive: true })
  for (const { name, rows, sql } of stores) {
    writeFileSync(join(path, `${name}.sql`), sql)
    writeFileSync(join(path, "rows.json"), rows)
  }
  console.log(`Wrote ${path}`)
}
