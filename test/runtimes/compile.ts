/**
 * Compiles every module of the packages, and the programs, with another TypeScript.
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { run } from "./consumer.ts"
import type { Place } from "./run.ts"
import { refusedResolutions, resolutions } from "./platforms.ts"
import { toolbox } from "./toolbox.ts"

/** Returns what a compiler prints, or nothing if it finds no error. */
const compileWith = async (
  compiler: string,
  project: string,
  module: string,
  moduleResolution: string
): Promise<string> => {
  const tsc = join(toolbox(), compiler, "bin/tsc")
  const config = `tsconfig.${compiler}.${moduleResolution}.json`
  writeFileSync(
    join(project, config),
    JSON.stringify({
      compilerOptions: {
        target: "ES2023",
        lib: ["ES2024", "DOM", "DOM.Iterable"],
        module,
        moduleResolution,
        strict: true,
        skipLibCheck: false,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        allowImportingTsExtensions: true,
        noEmit: true,
        types: ["node"]
      },
      include: ["programs/*.ts"]
    })
  )
  return run(process.execPath, [tsc, "-p", config, "--pretty", "false"], project).then(() => "", String)
}

/** Compiles with each `moduleResolution`, without `skipLibCheck`, and returns what is not as the pages say. */
export const compile = async (compiler: string, { project }: Place): Promise<ReadonlyArray<string>> => {
  const problems: Array<string> = []
  for (const [module, resolution] of resolutions) {
    const errors = await compileWith(compiler, project, module, resolution)
    if (errors !== "") problems.push(`${resolution}: ${errors}`)
  }
  for (const resolution of refusedResolutions) {
    const errors = await compileWith(compiler, project, "ESNext", resolution)
    // Either the compiler does not have it any more, or it does not find the packages.
    if (!/error TS(?:2307|2792|5\d{3}|6046):/.test(errors)) {
      problems.push(`${resolution}: it should not compile, but: ${errors === "" ? "it does" : errors}`)
    }
  }
  return problems
}
