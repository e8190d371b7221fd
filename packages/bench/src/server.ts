// A server that accepts any body and answers with a payout. It sends its port to the process that started it.
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
  // The address is an object, since the server listens on a port and not on a pipe.
  process.send?.((server.address() as AddressInfo).port)
})
process.on("disconnect", () => process.exit())
