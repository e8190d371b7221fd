/**
 * Serves a folder on a port of this machine, as a plain file server does.
 */
import { existsSync, readFileSync, statSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join, normalize } from "node:path"

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2"
}

export interface Served {
  readonly origin: string
  readonly close: () => void
}

export const serve = (folder: string, base: string): Promise<Served> =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost")
      const inside = pathname.startsWith(base) ? decodeURIComponent(pathname.slice(base.length)) : undefined
      const path = inside === undefined ? "" : join(folder, normalize(`/${inside}`))
      const file = path !== "" && existsSync(path) && statSync(path).isDirectory() ? join(path, "index.html") : path
      if (!existsSync(file) || !statSync(file).isFile()) {
        response.writeHead(404).end()
        return
      }
      response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" })
      response.end(readFileSync(file))
    })
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      resolve({
        origin: `http://127.0.0.1:${port}`,
        close: () => {
          server.closeAllConnections()
          server.close()
        }
      })
    })
  })
