import { assert, describe, it } from "@effect/vitest"
import { mostKilobytes, oneCall } from "../src/bundle.ts"

describe("a program that makes one call, minified and gzipped", () => {
  it.each(["get", "create"] as const)("weighs at most what is allowed with one %s", async (call) => {
    assert.isAtMost((await oneCall(call, "deep")) / 1_000, mostKilobytes)
  })
})
