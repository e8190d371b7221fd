import { assert, describe, it } from "@effect/vitest"
import { maxKilobytes, oneCall } from "../src/bundle.ts"

describe("a program that makes one call, minified and gzipped", () => {
  it.each(["get", "create"] as const)("has at most the allowed size with one %s", async (call) => {
    assert.isAtMost((await oneCall(call, "deep")) / 1_000, maxKilobytes)
  })
})
