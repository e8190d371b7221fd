import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { maxFormKilobytes, maxKilobytes, oneCall, oneForm, weigh } from "../src/bundle.ts"

describe("a program that makes one call, minified and gzipped", () => {
  it.each(["get", "create"] as const)("has at most the allowed size with one %s", async (call) => {
    assert.isAtMost((await oneCall(call, "deep")) / 1_000, maxKilobytes)
  })
})

it("a form that validates a body has at most the allowed size", async () => {
  assert.isAtMost((await oneForm()) / 1_000, maxFormKilobytes)
})

describe("the READMEs show the allowed size", () => {
  it.each([
    ["client", "a program with one call", maxKilobytes],
    ["schema", "a form that validates a body", maxFormKilobytes]
  ] as const)("of %s", (name, what, kilobytes) => {
    const page = readFileSync(join(import.meta.dirname, "../..", name, "README.md"), "utf8")
    assert.match(page, new RegExp(`^\\| ${what}, minified and gzipped +\\| at most ${kilobytes} KB`, "m"))
  })
})

describe("a program that checks a body", () => {
  const modulesOf = async (code: string): Promise<ReadonlyArray<string>> => {
    const { metafile } = await weigh(code)
    return Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
        bytesInOutput > 0 ? [file.replace(/^.*\//, "").replace(/\.[jt]s$/, "")] : []
      )
    )
  }
  const checks = (imports: string, schema: string) => `
import { ${imports} } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
console.log(Schema.decodeUnknownResult(${schema})(globalThis.prompt("body")))`

  it("contains the forms and the Spanish texts only if it uses them", async () => {
    const plain = await modulesOf(checks("CreatePayoutRequest", "CreatePayoutRequest"))
    assert.include(plain, "PayoutRequest")
    for (const module of ["Form", "FormField", "Spanish", "Nit"]) assert.notInclude(plain, module)
    const form = await modulesOf(checks("Form", "Form.payoutRequest()"))
    assert.include(form, "Form")
    assert.notInclude(form, "Spanish")
  })
})
