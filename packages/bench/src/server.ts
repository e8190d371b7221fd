// A server that takes any body and answers with a payout. It tells the process that started it its port.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { payout } from "./fixtures.ts"

const answer = JSON.stringify(payout())

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(request.method === "POST" ? 201 : 200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(answer)
    })
    response.end(answer)
  })
})
server.listen(0, "127.0.0.1", () => {
  // It listens on a port, not on a pipe, whose address would be a string.
  process.send?.((server.address() as AddressInfo).port)
})
process.on("disconnect", () => process.exit())
