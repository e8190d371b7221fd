/**
 * Measures importing the library, each time in a new process.
 */
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compare, type Effort, type Subject, type Table } from "./measure.ts"

const root = join(import.meta.dirname, "../../..")

// Measures the built files: the sources would be compiled during the import, which does not happen for users of the
// packages.
const publish = (temp: string): void => {
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", "tsconfig.build.json"], {
    cwd: root
  })
  for (const name of ["schema", "client"]) {
    const source = join(root, "packages", name)
    const target = join(temp, "node_modules/@palomma-effect", name)
    mkdirSync(target, { recursive: true })
    cpSync(join(source, "dist"), join(target, "dist"), { recursive: true })
    const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"))
    writeFileSync(
      join(target, "package.json"),
      JSON.stringify({ name: manifest.name, type: "module", exports: manifest.publishConfig.exports })
    )
  }
  for (const name of ["effect", "stripe"]) {
    symlinkSync(join(import.meta.dirname, "../node_modules", name), join(temp, "node_modules", name), "junction")
  }
}

/** Measures an import. */
export const importing = async ({ rounds }: Effort): Promise<ReadonlyArray<Table>> => {
  const temp = mkdtempSync(join(tmpdir(), "palomma-import-"))
  const subject = (name: string, ...modules: ReadonlyArray<string>): Subject => {
    const file = join(temp, `${name.replace(/\W+/g, "-")}.mjs`)
    writeFileSync(
      file,
      `const cpu = process.cpuUsage()
const start = performance.now()
${modules.map((one) => `await import("${one}")`).join("\n")}
const clock = 1_000 * (performance.now() - start)
const { system, user } = process.cpuUsage(cpu)
process.stdout.write(JSON.stringify({ processor: user + system, clock }))`
    )
    return { name, run: () => JSON.parse(execFileSync(process.execPath, [file], { encoding: "utf8" })) }
  }
  try {
    publish(temp)
    return [
      {
        title: "import, in a new process",
        rows: await compare(
          [
            subject("effect/http", "effect/http/FetchHttpClient", "effect/http/HttpClientResponse", "effect/Schema"),
            subject("stripe", "stripe"),
            subject(
              "palomma-effect, by module",
              "@palomma-effect/client/Palomma",
              "@palomma-effect/client/PayoutRequests"
            ),
            subject("palomma-effect, by entry", "@palomma-effect/client")
          ],
          { rounds, roundMillis: 0, warmUpMillis: 0 }
        )
      }
    ]
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}
