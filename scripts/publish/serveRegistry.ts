// Starts Verdaccio on a free port of this machine, and sends the port to the process that started this one. Arguments:
// the `node_modules` with Verdaccio, and its configuration.
import { once } from "node:events"
import type { Server } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import { join } from "node:path"

const [modules = "", config = ""] = process.argv.slice(2)

const require = createRequire(join(modules, "verdaccio/package.json"))
const verdaccio: { readonly runServer: (config: string) => Promise<Server> } = require("verdaccio")

const server = await verdaccio.runServer(config)
server.listen(0, "127.0.0.1")
await once(server, "listening")
const address: AddressInfo | string | null = server.address()
if (typeof address === "object") process.send?.(address?.port)
// It ends with the process that started it.
process.on("disconnect", () => process.exit())
