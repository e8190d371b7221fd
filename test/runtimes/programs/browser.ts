/** The script of the page: it sends what it did to the server that the page is from. */
import { Effect } from "effect"
import { inBundle } from "./inBundle.ts"

const text = await Effect.runPromise(inBundle).then(JSON.stringify, (cause: unknown) => `failed: ${String(cause)}`)
await fetch("/report", { method: "POST", body: text })
