import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "examples/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "test/.snippets/**"],
    // Importing effect costs a third of a second. Files share it, which is five times as fast on two cores, so no test
    // may leave anything behind in a module or a global.
    isolate: false,
    // The tests of one file that run at the same time mostly wait, for a server that does not answer.
    maxConcurrency: 20,
    reporters: ["./test/reporter/BriefReporter.ts"],
    // What a text lacks is only seen beside the text.
    chaiConfig: { truncateThreshold: 300 },
    // A time limit is there for what never ends. No machine is so slow that a test that ends comes near it.
    testTimeout: 300_000,
    hookTimeout: 300_000
  }
})
