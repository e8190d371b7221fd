import { describe, expect, it } from "vitest"
import { mostKilobytes, oneCall } from "../src/bundle.ts"

describe("a program that makes one call, minified and gzipped", () => {
  it.each(["get", "create"] as const)("weighs at most what is allowed with one %s", async (call) => {
    expect((await oneCall(call, "deep")) / 1_000).toBeLessThanOrEqual(mostKilobytes)
  })
})
