// test/docs.test.ts runs the examples. This test requires one for each member of the simulator's service.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"

const interfaces = ["Ledger", "RecordControls", "SimulatedWebhooks", "SimulatorService", "StatusControls"]

describe("the examples of the simulator's service", () => {
  it.each(interfaces)("%s has one for each member", (name) => {
    const file = join(import.meta.dirname, "../src/internal/service", `${name}.ts`)
    const source = readFileSync(file, "utf8")
    const body = source.slice(source.indexOf(`export interface ${name} `))
    const members = [...body.matchAll(/(\/\*\*(?:(?!\*\/)[^])*\*\/)?\n {2}readonly (\w+): /g)]
    expect(members.length).toBeGreaterThan(3)
    const without = members.filter(([, docblock]) => !/\*\*Example\*\* \([^]*```ts\n/.test(docblock ?? ""))
    expect(without.map(([, , member]) => member)).toEqual([])
  })
})
