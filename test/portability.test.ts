// This is developed on Linux, so the test searches the sources for code that breaks on macOS or Windows.
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesOf } from "../scripts/files.ts"

const root = join(import.meta.dirname, "..")
const read = (file: string): string => readFileSync(join(root, file), "utf8")

// The searched words are data in this file.
const own = "test/portability.test.ts"

const sources = filesOf(
  root,
  "*.ts",
  "packages/*/{src,test,scripts}/**/*.ts",
  "examples/{src,test}/**/*.ts",
  "scripts/**/*.ts",
  "site/*.ts",
  "site/{reference,.vitepress}/**/*.ts",
  "test/*.ts",
  "test/!(node_modules|.snippets)/**/*.ts"
).filter((file) => file !== own)

const withoutComments = (source: string): string =>
  source.replace(/^\s*\/\*[^]*?\*\//gm, "").replace(/^\s*\/\/.*$/gm, "")

const codes = new Map(sources.map((file) => [file, withoutComments(read(file))]))

interface Rule {
  readonly what: string
  readonly pattern: RegExp
  /** What to write instead. */
  readonly instead: string
  /** The files that may use it, and why it is harmless in each. */
  readonly but?: Readonly<Record<string, string>>
}

const rules: ReadonlyArray<Rule> = [
  {
    what: "a second loopback address",
    pattern: /127\.0\.0\.(?!1\b)\d+/,
    instead: "127.0.0.1 or ::1: macOS has no other",
    but: { "packages/client/test/baseUrl.test.ts": "The address is only read: nothing connects to it." }
  },
  {
    what: "npm_execpath",
    pattern: /npm_execpath/,
    instead: "`npx -y pnpm@…` in a shell: on Windows npm and pnpm are scripts, which no program can start"
  },
  {
    what: "the path of a file's URL",
    pattern: /import\.meta\.url\s*\)?\.pathname/,
    instead: "fileURLToPath or import.meta.dirname: on Windows the path of a URL begins with /C:"
  },
  {
    what: "a path that is joined by hand",
    pattern: /import\.meta\.(?:dirname|filename)(?:\s*\+|\})/,
    instead: "join of node:path: Windows writes a backslash between the parts"
  },
  {
    what: "a folder that exists only on Unix",
    pattern: /["'`]\/(?:bin|dev|etc|home|proc|tmp|usr|var)\b/,
    instead: "tmpdir of node:os, or an option of the command"
  },
  {
    what: "a variable that exists only on Unix",
    pattern: /env(?:\.|\[")(?:HOME|PWD|SHELL|TMPDIR|USER)\b/,
    instead: "homedir and tmpdir of node:os, process.cwd()"
  },
  {
    what: "globSync",
    pattern: /\bglobSync\b/,
    instead: "filesOf: the names that globSync gives have backslashes on Windows",
    but: { "scripts/files.ts": "It is where they are replaced." }
  },
  {
    what: "a symbolic link",
    pattern: /\bsymlink(?:Sync)?\((?![^\n]*"junction")/,
    instead: '"junction" as the third argument: on Windows any other kind needs the rights of an administrator'
  },
  {
    what: "file permissions",
    pattern: /\b[fl]?chmod(?:Sync)?\b/,
    instead: "nothing: Windows does not have them"
  },
  {
    what: "a signal other than SIGKILL",
    pattern: /\bkill\([^)\n]*"SIG(?!KILL)/,
    instead: "a skip on Windows with a printed reason: the signal does not exist, or it ends the process immediately",
    but: {
      "examples/test/express.test.ts": "The test of SIGTERM is skipped on Windows, and says so.",
      "examples/test/pay-from-csv.test.ts": "The test of Ctrl-C is skipped on Windows, and says so.",
      "examples/test/refund-service.test.ts": "The test of SIGTERM is skipped on Windows, and says so.",
      "packages/testing/test/server.test.ts": "On Windows the exit code is not tested, and the test says so.",
      "test/kills/support/stopped.ts": "Only stops.test.ts runs it, which is skipped on Windows, and says so.",
      "test/kills/support/stops.ts": "Only stops.test.ts uses it, which is skipped on Windows, and says so."
    }
  },
  {
    what: "a program other than Node",
    pattern: /\b(?:spawn|execFile)(?:Sync)?\((?!process\.execPath)|(?<![.\w])exec(?:Sync)?\(/,
    instead: "process.execPath and a script: what else is installed, and how it is started, differs",
    but: {
      "packages/testing/test/server.test.ts": "The shell commands of the README, skipped if the shell does not exist.",
      "scripts/api/git.ts": "git: without it the check reports that the changes are unknown.",
      "scripts/check-publish.ts": "The commands of a README, started by the system's own shell.",
      "scripts/commands.ts": "npm and npx, started by the system's own shell; tar is part of all three systems.",
      "scripts/check-peers.ts": "git, which a contributor has already.",
      "test/api-report.test.ts": "git, which a contributor has already.",
      "test/runtimes/browser.ts": "A Chromium that was found; without one its row is skipped, and says so.",
      "test/runtimes/consumer.ts": "Node, or a binary of the toolbox, whose row is skipped on other systems.",
      "test/runtimes/runOn.ts": "The binaries of the toolbox. It rejects any system but Linux.",
      "test/runtimes/workerd.ts": "A binary of the toolbox. On other systems its row is skipped, and says so.",
      "test/kills/support/stops.ts": "`ps`; only stops.test.ts uses it, which is skipped on Windows, and says so."
    }
  }
]

describe("code that breaks on other systems", () => {
  for (const { but = {}, instead, pattern, what } of rules) {
    const found = [...codes].flatMap(([file, code]) => (pattern.test(code) ? [file] : []))

    it(`${what} is not used`, () => {
      const wrong = found.filter((file) => but[file] === undefined)
      assert.deepStrictEqual(wrong, [], `use ${instead}`)
    })

    for (const file of Object.keys(but)) {
      it(`${what} is still used by ${file}, which is an exception`, () => assert.include(found, file))
    }
  }

  it("is not used in the scripts of package.json, which cmd.exe runs on Windows", () => {
    const { scripts }: { readonly scripts: Record<string, string> } = JSON.parse(read("package.json"))
    for (const [name, line] of Object.entries(scripts)) {
      for (const command of line.split(" && ")) {
        assert.match(command, /^(?:changeset|effect-tsgo|node|oxfmt|oxlint|tsc|vitest)(?: [\w./:-]+)*$/, name)
      }
    }
  })

  it("includes no different line ends: every text file is checked out with the same", () => {
    assert.include(read(".gitattributes").split("\n"), "* text=auto eol=lf")
    const pages = filesOf(
      root,
      "*.md",
      ".changeset/*.md",
      ".github/**/*.{md,yml}",
      "docs/*.md",
      "examples/*.md",
      "packages/*/*.md"
    )
    const wrong = [...sources, ...pages].filter((file) => read(file).includes("\r"))
    assert.deepStrictEqual(wrong, [])
  })
})

describe("PostgreSQL", () => {
  it("is configured in one module", () => {
    const deciding = [...codes].flatMap(([file, code]) =>
      /localhost:5432|127\.0\.0\.1:5432|env(?:\.|\[")DATABASE_URL/.test(code) ? [file] : []
    )
    assert.deepStrictEqual(deciding, ["test/support/database.ts"])
  })
})
