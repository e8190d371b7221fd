/**
 * Runs a Worker in workerd, the runtime of Cloudflare Workers.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { Readable } from "node:stream"
import type { Start } from "./toolbox.ts"

// "local" is this machine, where the simulator is.
const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      compatibilityDate = "2026-11-01"
    )),
    (name = "internet", network = (allow = ["local"]))
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`

/** Starts `worker.js` of a folder, calls it once, and returns its answer. */
export const callWorker = async ({ binary }: Start, folder: string, query: string): Promise<string> => {
  writeFileSync(join(folder, "config.capnp"), config)
  const workerd = spawn(binary, ["serve", "--control-fd=3", "config.capnp"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe", "pipe"]
  })
  let printed = ""
  workerd.stderr?.setEncoding("utf8").on("data", (text) => (printed += text))
  const ended = once(workerd, "exit")
  try {
    // workerd reports its port on the fourth file descriptor.
    const lines = createInterface({ input: workerd.stdio[3] as Readable })
    const line = await Promise.race([
      once(lines, "line"),
      ended.then(() => Promise.reject(new Error(`workerd ended:\n${printed}`)))
    ])
    const { port }: { readonly port: number } = JSON.parse(String(line[0]))
    const response = await fetch(`http://127.0.0.1:${port}/?${query}`, { signal: AbortSignal.timeout(300_000) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${text}\n${printed}`)
    return text
  } finally {
    workerd.kill("SIGKILL")
    await ended
  }
}
