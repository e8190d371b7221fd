/**
 * Processes that tests start and kill.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"

/** A process that repeatedly writes one row of a store, or another program that reports numbers. */
export class Writer {
  private said = ""
  private complained = ""
  private readonly child: ChildProcess

  constructor(place: ReadonlyArray<string>, program = "writer.ts") {
    const path = join(import.meta.dirname, program)
    this.child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", path, ...place], {
      stdio: ["ignore", "pipe", "pipe"]
    })
    this.child.stdout?.on("data", (part: Buffer) => (this.said += part.toString()))
    this.child.stderr?.on("data", (part: Buffer) => (this.complained += part.toString()))
  }

  /** The last version that it reported as written. */
  get version(): number {
    return Number(this.said.split("\n").at(-2) ?? 0)
  }

  /** Waits until it has written a version. */
  async wrote(version: number): Promise<void> {
    while (this.version < version) {
      if (this.child.exitCode !== null) throw new Error(this.complained)
      await new Promise((resume) => setTimeout(resume, 5))
    }
  }

  /** Kills it without any clean-up. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    this.child.kill("SIGKILL")
    await once(this.child, "close")
  }
}

/** Runs a check while such a process runs, and kills the process afterwards. */
export const withWriter = async <A>(
  place: ReadonlyArray<string>,
  check: (writer: Writer) => Promise<A>,
  program?: string
): Promise<A> => {
  const writer = new Writer(place, program)
  try {
    return await check(writer)
  } finally {
    await writer.kill()
  }
}
