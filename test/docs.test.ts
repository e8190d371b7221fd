import { assert, describe, it } from "@effect/vitest"
import { collect, Written } from "./support/snippets.ts"

// The snippets of a translation are those of its original: test/site.test.ts.
const written = new Written(
  "docs",
  collect(["README.md", "docs/*.md", "packages/*/README.md", "packages/*/src/**/*.ts"])
)
const running = written.execute()
const compiled = written.compile()
const executed = await running

const none = (problem: string | undefined) => {
  if (problem !== undefined) assert.fail(problem)
}

for (const snippet of written.snippets) {
  describe(`${snippet.file}:${snippet.line}`, async () => {
    it("compiles", () => none(compiled.get(snippet)))
    if (snippet.kind === "program") it("runs", () => none(executed.get(snippet)))
    if (snippet.kind !== "suite") return
    // A suite that does not load must not hide the problems of the other ones.
    const problem = await written.load(snippet).then(
      () => undefined,
      (error: unknown) => error
    )
    it("loads", () => {
      if (problem !== undefined) throw problem
    })
  })
}
