import { describe, expect, it } from "vitest"
import { maxKilobytes, oneCall } from "../src/bundle.ts"

describe("a program that makes one call, minified and gzipped", () => {
  it.each(["get", "create"] as const)("has at most the allowed size with one %s", async (call) => {
    expect((await oneCall(call, "deep")) / 1_000).toBeLessThanOrEqual(maxKilobytes)
  })
})
