/**
 * Runs a platform, and checks what it reports against the ledger of the simulator.
 */
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import { Effect } from "effect"
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { chromiumPath } from "../../scripts/chromium.ts"
import { runInChromium } from "./browser.ts"
import { install, run, type Tarballs } from "./consumer.ts"
import type { Check, Platform } from "./platforms.ts"
import { type Start, startOf, toolbox } from "./toolbox.ts"
import { callWorker } from "./workerd.ts"

/** What a platform needs that all of them share. */
export interface Place {
  /** The folder of everything that is made. */
  readonly folder: string
  /** The project that pnpm has installed. */
  readonly project: string
  readonly tarballs: Tarballs
}

/** What came of a platform: `done` or a problem for each check, or why there are none. */
export type Outcome =
  | { readonly kind: "ran"; readonly reports: Readonly<Partial<Record<Check, string>>> }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "skipped"; readonly reason: string }

interface Simulated {
  readonly url: string
  /** How many payouts and debits there are. */
  readonly count: () => Promise<string>
}

// Every platform has its own simulator, in this process. So it also knows what really happened.
const withSimulator = <A>(use: (simulated: Simulated) => Promise<A>): Promise<A> =>
  Effect.gen(function* () {
    const { ledger, url } = yield* PalommaSimulator
    const counted = Effect.all([ledger.payouts, ledger.payins]).pipe(
      Effect.map(([payouts, payins]) => `${payouts.length} payouts, ${payins.length} debits`)
    )
    return yield* Effect.promise(() => use({ url, count: () => Effect.runPromise(counted) }))
  }).pipe(Effect.provide(layerServer()), Effect.runPromise)

const bundle = async (place: Place, program: string, out: string, options: ReadonlyArray<string>): Promise<void> => {
  const esbuild = join(toolbox(), "esbuild/bin/esbuild")
  const args = [`programs/${program}`, "--bundle", `--outfile=${out}`, "--log-level=warning", ...options]
  await run(process.execPath, [esbuild, ...args], place.project)
}

// Nothing is external: an import of a `node:` module would fail.
const webBundle = (place: Place, program: string, out: string): Promise<void> =>
  bundle(place, program, out, ["--format=esm", "--platform=browser", "--target=es2023"])

const workspace: Start = { binary: process.execPath, args: [] }

const skipped = (reason: string): Outcome => ({ kind: "skipped", reason })

// The report is the last line: the forged webhook is logged before.
const parse = (text: string): Outcome => ({ kind: "ran", reports: JSON.parse(text.trim().split("\n").at(-1) ?? "") })

/** Runs a program that moves money twice: with a journal in memory, and in SQLite. */
const runCommand = (start: Start, script: string, folder: string, cwd: string): Promise<Outcome> =>
  withSimulator(async ({ count, url }) => {
    mkdirSync(folder, { recursive: true })
    const outcome = parse(await run(start.binary, [...start.args, script, url, folder], cwd))
    const counted = await count()
    if (counted !== "2 payouts, 2 debits") throw new Error(`the simulator has ${counted}, not two of each`)
    return outcome
  })

const onlyOnLinux = "there is no binary of it for this system"

const runHow = async (platform: Platform, place: Place): Promise<Outcome> => {
  const { how, name } = platform
  const folder = join(place.folder, name)
  const script = "programs/command.ts"
  switch (how.kind) {
    case "command": {
      if (how.on === "workspace" && process.versions.node !== platform.version)
        return skipped(`this command runs on Node ${process.versions.node}`)
      const start = how.on === "workspace" ? workspace : startOf(how.on)
      return start === undefined ? skipped(onlyOnLinux) : runCommand(start, script, folder, place.project)
    }
    case "commonjs": {
      const start = startOf(how.on)
      if (start === undefined) return skipped(onlyOnLinux)
      const options = ["--format=cjs", "--platform=node", "--packages=external"]
      await bundle(place, "command.ts", "programs/command.cjs", options)
      return runCommand(start, "programs/command.cjs", folder, place.project)
    }
    case "rolldown": {
      const rolldown = join(toolbox(), "rolldown/bin/cli.mjs")
      mkdirSync(folder)
      const out = join(folder, "bundle.mjs")
      await run(
        process.execPath,
        [rolldown, script, "--platform", "node", "--format", "esm", "--file", out],
        place.project
      )
      // Outside the project there is no `node_modules`.
      return runCommand(workspace, out, folder, folder)
    }
    case "install": {
      const start = how.by === "bun" ? startOf("bun") : workspace
      if (start === undefined) return skipped(onlyOnLinux)
      await install(how.by, folder, place.tarballs)
      return runCommand(start, script, join(folder, "journal"), folder)
    }
    case "workerd": {
      const start = startOf("workerd")
      if (start === undefined) return skipped(onlyOnLinux)
      await webBundle(place, "worker.ts", join(folder, "worker.js"))
      return withSimulator(async ({ count, url }) => {
        const outcome = parse(await callWorker(start, folder, new URLSearchParams({ baseUrl: url }).toString()))
        const counted = await count()
        if (counted !== "1 payouts, 1 debits") throw new Error(`the simulator has ${counted}, not one of each`)
        return outcome
      })
    }
    case "chromium": {
      const chromium = chromiumPath()
      if (chromium === undefined) return skipped("there is no Chromium; the variable CHROMIUM can name one")
      const out = join(folder, "script.js")
      await webBundle(place, "browser.ts", out)
      return parse(await runInChromium(chromium, readFileSync(out, "utf8"), join(folder, "profile")))
    }
  }
}

/** Runs a platform. */
export const runPlatform = (platform: Platform, place: Place): Promise<Outcome> =>
  runHow(platform, place).catch((error: unknown) => ({ kind: "failed", reason: String(error) }))
