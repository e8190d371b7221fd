// The tables of docs/durable.md, compared with the code of the worker.
import { assert, describe, it } from "@effect/vitest"
import { TransferDouble } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { toldStates } from "../src/internal/transfersTable.ts"
import { delayOf, toldDelayOf, endSearchOf, isOverdue } from "../src/internal/worker/times.ts"
import { root } from "../../../scripts/packages.ts"

const read = (file: string): string => readFileSync(join(root, file), "utf8")
const page = read("docs/durable.md")
const source = (file: string): string => read(`packages/durable/src/${file}`)

/** Returns the rows of the table whose first column has this title. */
const table = (title: string): ReadonlyArray<ReadonlyArray<string>> => {
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim())
  const lines = page.split("\n")
  const head = lines.findIndex((line) => line.startsWith("|") && cells(line)[0] === title)
  assert.isAtLeast(head, 0, `the page has no table whose first column is called ${title}`)
  const end = lines.findIndex((line, i) => i > head && !line.startsWith("|"))
  return lines.slice(head + 2, end).map(cells)
}

const codeOf = (cell: string | undefined): string => /`([^`]+)`/.exec(cell ?? "")?.[1] ?? ""

const units = [
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000]
] as const

/** Writes a time as the page does, without what is less than a minute in times of hours. */
const text = (millis: number): string => {
  let rest = millis >= 3_600_000 ? millis - (millis % 60_000) : millis
  const parts = units.flatMap(([unit, length]) => {
    const count = Math.floor(rest / length)
    rest %= length
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return parts.length === 0 ? "at once" : parts.join(" ")
}

const rows = {
  unsent: TransferDouble.make({ state: "intended", carriedBy: "worker" }),
  inDoubt: TransferDouble.make({ state: "unknown", carriedBy: "worker" }),
  accepted: TransferDouble.make({ state: "accepted", carriedBy: "worker" }),
  untold: TransferDouble.make({ state: "approved", carriedBy: "worker" })
}

const delay = (row: keyof typeof rows, turn: number): number =>
  Duration.toMillis(
    (row === "untold" ? toldDelayOf(turn) : delayOf(rows[row], turn)) ?? assert.fail(`${row} has no turn ${turn}`)
  )

/** The time until a turn, from the moment at which the row changed. */
const until = (row: keyof typeof rows, turn: number): number =>
  Array.from({ length: turn + 1 }, (_, i) => delay(row, i)).reduce((sum, one) => sum + one, 0)

/** The delays of all turns: those that differ, and the one that is repeated. */
const turnsOf = (row: keyof typeof rows): string => {
  const all = Array.from({ length: 100 }, (_, turn) => delay(row, turn))
  const last = all.at(-1) ?? 0
  // Each list ends with the delay that is repeated, and most lists have it once before.
  const from = all.findLastIndex((one) => one !== last) + 1
  const different = all.slice(0, row === "inDoubt" || row === "accepted" ? from : from + 1)
  return `${different.map(text).join(", ")}, then every ${text(last)}`
}

const overdueAfter = (row: keyof typeof rows): string => {
  const turn = Array.from({ length: 100 }, (_, i) => i).find((i) => isOverdue(rows[row], i))
  return turn === undefined ? "" : text(until(row, turn))
}

describe("docs/durable.md", () => {
  it("has the times of the worker", () => {
    assert.deepStrictEqual(
      table("a transfer").map(([, turns, overdue]) => [turns, overdue]),
      (["unsent", "inDoubt", "accepted", "untold"] as const).map((row) => [turnsOf(row), overdueAfter(row)])
    )
  })

  it("says when the search of a transfer in doubt ends", () => {
    const turns = Array.from({ length: 100 }, (_, turn) => turn)
    const first = turns.find((turn) => endSearchOf(turn) === "if-complete") ?? -1
    const always = turns.find((turn) => endSearchOf(turn) === "always") ?? -1
    const plain = page.replace(/\s+/g, " ")
    assert.include(plain, `is due after ${text(until("inDoubt", first))} is the last one`)
    assert.include(
      plain,
      `every ${text(delay("inDoubt", always)).replace("1 h", "hour")}, at most ${always - first} times`
    )
  })

  it("has a row for each state that onEnd is called with", () => {
    const states = table("`transfer`").map(([cell]) => codeOf(cell))
    assert.sameMembers(states, ["alarm", ...toldStates])
  })

  it("has the options of the layers, with their defaults", () => {
    const [, own = ""] = /export interface DurableOptions [^{]*\{([^]*?)^\}/m.exec(source("DurableOptions.ts")) ?? []
    const checks = source("internal/worker/options.ts")
    const options = [...own.matchAll(/readonly (\w+)\?:/g)].map(([, name = ""]) => [
      name,
      new RegExp(`${name} = "([^"]+)"`).exec(checks)?.[1] ?? ""
    ])
    assert.isNotEmpty(options)
    assert.deepStrictEqual(
      table("option").map(([name, value]) => [codeOf(name), codeOf(value)]),
      options
    )
  })

  it("has the metrics of the worker", () => {
    const text = source("internal/worker/metrics.ts")
    const metrics = [...text.matchAll(/(?:= counter\("|"palomma_transfers_)([a-z_]+)"/g)]
    assert.sameMembers(
      table("metric").map(([name]) => codeOf(name)),
      metrics.map(([, name = ""]) => `palomma_transfers_${name}`)
    )
  })

  it("has every operation of the service", () => {
    const [, operations = ""] = /export interface DurableService \{([^]*)^\}/m.exec(source("DurableService.ts")) ?? []
    for (const [, name = ""] of operations.matchAll(/^ {2}readonly (\w+):/gm)) {
      const isShown = name === "work" ? page.includes("layerWorker") : new RegExp(`\`${name}[\`(]`).test(page)
      assert.isTrue(isShown, `the page does not name ${name}`)
    }
  })
})
