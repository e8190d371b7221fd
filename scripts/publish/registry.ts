/**
 * An npm registry on this machine. It has what is published to it under `@palomma-effect`, and everything else from the
 * registry that npm is configured with.
 */
import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { npm } from "../commands.ts"
import { root } from "../packages.ts"
import { installTools } from "../tools.ts"

export interface Registry {
  /** The environment variables with which npm uses this registry, and no configuration or cache of the user. */
  readonly env: NodeJS.ProcessEnv
  readonly stop: () => void
}

/** Installs Verdaccio outside the workspace, and starts it. What it keeps is in the folder. */
export const startRegistry = async (folder: string): Promise<Registry> => {
  const modules = installTools(join(root, "scripts/registry"))

  // JSON is YAML too.
  const config = join(folder, "verdaccio.yaml")
  const all = { access: "$all", publish: "$all" }
  writeFileSync(
    config,
    JSON.stringify({
      storage: join(folder, "storage"),
      web: { enable: false },
      auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: -1 } },
      uplinks: { upstream: { url: npm("config get registry", folder).trim() } },
      // Without a proxy: a package of this scope that is not published here does not exist.
      packages: { "@palomma-effect/*": all, "**": { ...all, proxy: "upstream" } },
      log: { type: "stdout", format: "pretty", level: "error" }
    })
  )
  const server = fork(join(root, "scripts/publish/serveRegistry.ts"), [modules, config])
  const exited = once(server, "exit").then(([code]) => {
    if (!server.killed) throw new Error(`The registry ended with exit code ${code}.`)
    return []
  })
  const port = await Promise.race([once(server, "message"), exited]).then(([port]) => String(port))

  mkdirSync(join(folder, "home"), { recursive: true })
  const userConfig = join(folder, "home/.npmrc")
  // npm publishes only with a token. This registry accepts any.
  writeFileSync(userConfig, `//127.0.0.1:${port}/:_authToken=none\n`)
  const own = Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name))
  return {
    env: {
      ...Object.fromEntries(own),
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_userconfig: userConfig,
      npm_config_cache: join(folder, "home/cache"),
      npm_config_update_notifier: "false",
      npm_config_audit: "false",
      npm_config_fund: "false"
    },
    stop: () => server.kill()
  }
}
