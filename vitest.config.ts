import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "examples/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "test/.snippets/**"],
    // Importing effect costs a third of a second. Files share it, which is five times as fast on two cores, so no test may
    // leave anything behind in a module or a global.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000
  }
})
