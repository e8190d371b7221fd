// test/docs.test.ts runs the examples. This test requires one for each member of the simulator's service.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"

const interfaces = ["Ledger", "RecordControls", "SimulatedWebhooks", "SimulatorService", "StatusControls"]

describe("the examples of the simulator's service", () => {
  it.each(interfaces)("%s has one for each member", (name) => {
    const file = join(import.meta.dirname, "../src/internal/service", `${name}.ts`)
    const source = readFileSync(file, "utf8")
    const body = source.slice(source.indexOf(`export interface ${name} `))
    const members = [...body.matchAll(/(\/\*\*(?:(?!\*\/)[^])*\*\/)?\n {2}readonly (\w+): /g)]
    assert.isAbove(members.length, 3)
    const without = members.filter(([, docblock]) => !/\*\*Example\*\* \([^]*```ts\n/.test(docblock ?? ""))
    assert.deepStrictEqual(
      without.map(([, , member]) => member),
      []
    )
  })
})
