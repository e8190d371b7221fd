import * as SchemaIssue from "effect/SchemaIssue"
import type { InputProblem } from "../PalommaError.ts"
import { scrub } from "./scrub.ts"

const rules = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    if (issue._tag === "MissingKey") return "is missing"
    if (issue._tag === "UnexpectedKey") return "is not a field of this request"
    const said = SchemaIssue.defaultLeafHook(issue)
    return said.startsWith("Expected ") ? `must be ${said.slice("Expected ".length)}` : said
  }
})

/** Lists what is wrong, a field and a rule each. Values never appear in it. */
export const problems = (issue: SchemaIssue.Issue): ReadonlyArray<InputProblem> => {
  const found = new Map<string, InputProblem>()
  for (const { message, path = [] } of rules(issue).issues) {
    const field = path
      .map((step) => (typeof step === "object" ? step.key : step))
      // The name of a field that does not belong there may be data: somebody's map, keyed by phone number.
      .map((step) => scrub(String(step), []))
      .join(".")
    found.set(`${field}: ${message}`, { field, rule: message })
  }
  return [...found.values()]
}
