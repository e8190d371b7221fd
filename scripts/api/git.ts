// Finds what changed since the branch was created from the main branch.
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

export type Since =
  | {
      readonly _tag: "Known"
      /**
       * The paths of the reports that were changed or deleted. A new report does not count, since its package is new.
       */
      readonly reports: ReadonlyArray<string>
      /** The texts of the changesets that were added or changed. */
      readonly changesets: ReadonlyArray<string>
    }
  | { readonly _tag: "NotKnown"; readonly reason: string }

export const changedSince = (root: string, main: string): Since => {
  const git = (...args: ReadonlyArray<string>): string | undefined => {
    try {
      return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
    } catch {
      return undefined
    }
  }
  const list = (...args: ReadonlyArray<string>) => (git(...args) ?? "").split("\0").filter((path) => path !== "")

  if (git("rev-parse", "HEAD") === undefined) return { _tag: "NotKnown", reason: "this is not a git checkout" }
  const branches = [`origin/${main}`, main].filter(
    (name) => git("rev-parse", "--verify", `${name}^{commit}`) !== undefined
  )
  if (branches.length === 0) return { _tag: "NotKnown", reason: `this checkout has no branch ${main}` }
  const base = branches.map((name) => git("merge-base", "HEAD", name)?.trim()).find((commit) => commit !== undefined)
  if (base === undefined) {
    const why = git("rev-parse", "--is-shallow-repository")?.trim() === "true" ? ": the clone is shallow" : ""
    return { _tag: "NotKnown", reason: `this branch and ${main} have no commit in common${why}` }
  }
  // The working tree counts too, so that the check has the same result before and after the commit.
  const changed = ["diff", "--name-only", "--no-renames", "-z"]
  const reports = list(...changed, "--diff-filter=MD", base, "--", "packages/*/api.md")
  const changesets = [
    ...list(...changed, "--diff-filter=AM", base, "--", ".changeset/*.md"),
    ...list("ls-files", "--others", "--exclude-standard", "-z", "--", ".changeset/*.md")
  ]
  return {
    _tag: "Known",
    reports,
    changesets: changesets
      .map((path) => join(root, path))
      .filter(existsSync)
      .map((path) => readFileSync(path, "utf8"))
  }
}
