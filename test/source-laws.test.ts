// The rules for the source are configuration, which can break unnoticed. Each rule gets a file that violates it, in a
// copy of the layout, under the repository's own configuration.
import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"

const root = join(import.meta.dirname, "..")

const projects = ["packages/schema", "packages/client", "packages/testing", "packages/durable", "test"]

/** A rule of undefined means that the file is correct. */
type Law = readonly [file: string, code: string, rule: string | undefined]

const lint: ReadonlyArray<Law> = [
  [
    "packages/client/src/good.ts",
    'export * from "@palomma-effect/schema/Amount"\nexport * from "effect/http/HttpClient"',
    undefined
  ],
  [
    "packages/testing/src/good.ts",
    'export * from "node:http"\nexport * from "@palomma-effect/client/Webhooks"',
    undefined
  ],
  [
    "packages/durable/src/good.ts",
    'export * from "node:sqlite"\nexport * from "@palomma-effect/client/TransferJournal"',
    undefined
  ],
  ...["schema", "client", "testing", "durable"].flatMap((name): ReadonlyArray<Law> => [
    [`packages/${name}/src/barrel.ts`, 'export { Effect } from "effect"', "no-restricted-imports"],
    [
      `packages/${name}/src/barrel-http.ts`,
      'import * as Http from "effect/http"\nexport default Http',
      "no-restricted-imports"
    ],
    [`packages/${name}/src/barrel-own.ts`, 'export * from "./index.ts"', "no-restricted-imports"],
    [`packages/${name}/src/neighbour.ts`, 'export * from "../../bench/src/Thing.ts"', "no-restricted-imports"],
    [`packages/${name}/src/upward.ts`, 'export * from "@palomma-effect/testing/Simulator"', "no-restricted-imports"],
    [`packages/${name}/src/now.ts`, "export const now = Date.now()", "no-restricted-properties"],
    [`packages/${name}/src/now-passed.ts`, "export const now = [1].map(Date.now)", "no-restricted-properties"],
    [`packages/${name}/src/chance.ts`, "export const chance = Math.random()", "no-restricted-properties"],
    [`packages/${name}/src/any.ts`, "export const id = (a: any): unknown => a", "no-explicit-any"],
    [`packages/${name}/src/ignore.ts`, "// @ts-ignore\nexport const a: number = 1", "ban-ts-comment"],
    [`packages/${name}/src/unused.ts`, "export {}\nconst a = 1", "no-unused-vars"],
    [
      `packages/${name}/src/spread.ts`,
      "class Journal {\n  find() {\n    return 1\n  }\n}\nexport const copy = { ...new Journal() }",
      "no-misused-spread"
    ],
    [`packages/${name}/src/floating.ts`, "export {}\nPromise.resolve(1)", "no-floating-promises"],
    // A cycle of types alone is a cycle too: neither file can be read, or moved, without the other.
    [
      `packages/${name}/src/circle-there.ts`,
      'import type { Back } from "./circle-back.ts"\nexport interface There {\n  readonly back?: Back\n}',
      "no-cycle"
    ],
    [
      `packages/${name}/src/circle-back.ts`,
      'import type { There } from "./circle-there.ts"\nexport interface Back {\n  readonly there?: There\n}',
      "no-cycle"
    ]
  ]),
  ...["schema", "client"].flatMap((name): ReadonlyArray<Law> => [
    [`packages/${name}/src/node.ts`, 'export * from "node:crypto"', "no-nodejs-modules"],
    [`packages/${name}/src/node-bare.ts`, 'export * from "crypto"', "no-nodejs-modules"],
    [`packages/${name}/src/client.ts`, 'export * from "@palomma-effect/client/Webhooks"', "no-restricted-imports"]
  ]),
  ["packages/schema/src/schema.ts", 'export * from "@palomma-effect/schema/Amount"', "no-restricted-imports"],
  ["packages/client/src/internals.ts", 'export * from "@palomma-effect/schema/internal/text"', "no-restricted-imports"],
  [
    "packages/client/test/internals.ts",
    'export * from "@palomma-effect/schema/internal/text"',
    "no-restricted-imports"
  ],
  ["test/internals.ts", 'export * from "../packages/schema/src/Amount.ts"', "no-restricted-imports"],
  ...["packages/client/test", "test"].flatMap((folder): ReadonlyArray<Law> => [
    [`${folder}/expect.test.ts`, 'export { expect } from "vitest"', "no-restricted-imports"],
    [`${folder}/expect-effect.test.ts`, 'export { expect } from "@effect/vitest"', "no-restricted-imports"],
    [`${folder}/assert.test.ts`, 'export * from "node:assert/strict"', "no-restricted-imports"],
    [`${folder}/types.types.ts`, 'export { expectTypeOf } from "vitest"', undefined]
  ]),
  ["test/focus.test.ts", 'import { it } from "vitest"\nit.only("a", () => {})', "no-focused-tests"]
]

const compile: ReadonlyArray<Law> = [
  ["packages/schema/src/date.ts", "export const now = new Date()", "globalDate"],
  ["packages/client/src/date.ts", "export const now = new Date()", "globalDate"],
  ["packages/testing/src/date.ts", "export const now = new Date()", "globalDate"],
  ["packages/client/src/timer.ts", "export const timer = setTimeout(() => {}, 1)", "globalTimers"],
  ["packages/client/src/lost.ts", 'import * as Effect from "effect/Effect"\nEffect.void', "floatingEffect"],
  ["packages/client/src/env.ts", "export const env = process.env", "TS2591"],
  ["test/lost.test.ts", 'import * as Effect from "effect/Effect"\nEffect.void', "floatingEffect"],
  ["test/date.test.ts", "export const now = new Date()", undefined]
]

const complaints = (laws: ReadonlyArray<Law>, run: (directory: string) => string): string => {
  const directory = mkdtempSync(join(tmpdir(), "palomma-laws-"))
  try {
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"), "junction")
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }')
    for (const file of [".oxlintrc.json", "tsconfig.base.json"]) copyFileSync(join(root, file), join(directory, file))
    for (const project of projects) {
      mkdirSync(join(directory, project), { recursive: true })
      const base = relative(project, "tsconfig.base.json")
      writeFileSync(join(directory, project, "tsconfig.json"), JSON.stringify({ extends: base }))
    }
    for (const [file, code] of laws) {
      mkdirSync(join(directory, dirname(file)), { recursive: true })
      writeFileSync(join(directory, file), `${code}\n`)
    }
    return run(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const node = (directory: string, ...args: ReadonlyArray<string>): string =>
  spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" }).stdout

const check = (laws: ReadonlyArray<Law>, run: (directory: string) => string) => {
  const output = complaints(laws, run).replaceAll("\\", "/").split("\n")
  for (const [file, , rule] of laws) {
    it(`${file} ${rule === undefined ? "passes" : `breaks ${rule}`}`, () => {
      const own = output.filter((line) => line.includes(file))
      assert.strictEqual(own.length > 0, rule !== undefined, own.join("\n"))
      if (rule !== undefined) assert.include(own.join("\n"), rule)
    })
  }
}

describe("lint", () => {
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint")
  check(lint, (directory) => node(directory, oxlint, "--format=unix", "packages", "test"))
})

describe("tsc", () => {
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  check(compile, (directory) => node(directory, tsc, "-b", ...projects, "--pretty", "false"))
})
