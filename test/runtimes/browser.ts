/**
 * Runs a bundle in Chromium: a server on loopback has the page, and gets what the page reports.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { chromiumOptions } from "../../scripts/chromium.ts"

/** Runs a script in a new Chromium, and returns the text that the script posts to `/report`. */
export const runInChromium = async (chromium: string, script: string, profile: string): Promise<string> => {
  const reported = Promise.withResolvers<string>()
  const server = createServer((request, response) => {
    if (request.url === "/report") {
      response.end()
      text(request).then(reported.resolve, reported.reject)
    } else if (request.url === "/script.js") {
      response.setHeader("content-type", "text/javascript").end(script)
    } else if (request.url === "/") {
      const page = '<!doctype html><script type="module" src="/script.js"></script>'
      response.setHeader("content-type", "text/html; charset=utf-8").end(page)
    } else response.writeHead(404).end()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  const args = [...chromiumOptions, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`]
  const browser = spawn(chromium, args, { stdio: ["ignore", "ignore", "pipe"] })
  let printed = ""
  browser.stderr.setEncoding("utf8").on("data", (chunk) => (printed += chunk))
  browser.on("error", (error) => reported.reject(error))
  const exited = once(browser, "exit").then(() => reported.reject(new Error(`Chromium ended:\n${printed}`)))
  const timeout = setTimeout(() => reported.reject(new Error(`Chromium did not report:\n${printed}`)), 300_000)
  try {
    return await reported.promise
  } finally {
    clearTimeout(timeout)
    browser.kill("SIGKILL")
    await exited
    server.closeAllConnections()
    server.close()
  }
}
