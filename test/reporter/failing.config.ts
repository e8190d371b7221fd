import { join } from "node:path"
import { defineConfig, mergeConfig } from "vitest/config"
import base from "../../vitest.config.ts"

const { include: _, ...test } = base.test ?? {}

export default mergeConfig(
  { ...base, test },
  defineConfig({ root: join(import.meta.dirname, "../.."), test: { include: ["test/reporter/failing.ts"] } })
)
