/** Faults in the body of a 200: paid, but the response cannot be read. */
import { createGzip, gzipSync } from "node:zlib"
import type { Socket } from "node:net"
import { paid, timedOut, unreadable } from "../expected.ts"
import { answer, type Exchange, nowhere, recordOf, start } from "../fault-server.ts"
import { type Expected, impatience, payout, type Row, type Section } from "../matrix.ts"

const row = (
  fault: string,
  received: (exchange: Exchange) => void,
  expected: Expected,
  more: Partial<Row> = {}
): Row => ({ fault, server: () => start({ received }), expected: [expected], ...more })

const reset = (wire: Socket) => wire.resetAndDestroy()
const close = (wire: Socket) => wire.end()

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"

// The response without its last bytes.
const cutByLength = (body: string) => answer(200, body).subarray(0, -20)
const cutByChunk = (body: string) =>
  `${head}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body.slice(0, -20)}`
const cutBetweenChunks = (body: string) =>
  `${head}transfer-encoding: chunked\r\n\r\n${(body.length - 20).toString(16)}\r\n${body.slice(0, -20)}\r\n`
const cutWithoutLength = (body: string) => `${head}connection: close\r\n\r\n${body.slice(0, -20)}`

const cut = (bytes: (body: string) => string | Buffer, then: (wire: Socket) => void) => (exchange: Exchange) => {
  const { carryOut, onceHeadIsRead, wire } = exchange
  wire.write(bytes(carryOut()))
  // A reset may overtake bytes that were written before it, including the head of this response.
  onceHeadIsRead(() => then(wire))
}

// Pays, and responds with another body.
const respondsWith =
  (body: string | Buffer | ((record: string) => string | Buffer), headers: Record<string, string> = {}) =>
  ({ carryOut, wire }: Exchange) => {
    const record = carryOut()
    wire.write(answer(200, typeof body === "function" ? body(record) : body, headers))
  }

const forever = () => new Promise<void>(() => {})

const gzip = { "content-encoding": "gzip" }

const without = (field: string) => (record: string) => {
  const { [field]: _, ...rest } = JSON.parse(record) as Record<string, unknown>
  return JSON.stringify(rest)
}

const wrongly = (fields: object) => (record: string) => JSON.stringify({ ...(JSON.parse(record) as object), ...fields })

/** About 200 kB that decompress to 200 MB, generated as a stream. */
export const bomb = async (): Promise<Buffer> => {
  const packer = createGzip({ level: 9 })
  const packed: Array<Buffer> = []
  packer.on("data", (chunk: Buffer) => packed.push(chunk))
  const megabyte = Buffer.alloc(1_000_000, " ")
  const write = (bytes: string | Buffer) => new Promise<void>((done) => packer.write(bytes, () => done()))
  await write(JSON.stringify(recordOf("payout-1", payout)).slice(0, -1))
  for (let megabytes = 0; megabytes < 200; megabytes++) await write(megabyte)
  await new Promise<void>((done) => packer.end("}", () => done()))
  return Buffer.concat(packed)
}

/** The row of the bomb, which is also measured. */
export const bombRow: Row = {
  fault: "body: 200 kB of gzip that decompress to 200 MB",
  server: async () => {
    const packed = await bomb()
    return start({ received: respondsWith(packed, gzip) })
  },
  expected: [unreadable("too-large")]
}

export const body: Section = {
  title: "The body of a 200",
  rows: [
    row("body: cut, closed", cut(cutByLength, close), unreadable("cut-short")),
    row("body: cut, reset", cut(cutByLength, reset), unreadable("cut-short")),
    row("body: cut in a chunk, closed", cut(cutByChunk, close), unreadable("cut-short")),
    row("body: cut in a chunk, reset", cut(cutByChunk, reset), unreadable("cut-short")),
    row("body: cut between chunks, closed", cut(cutBetweenChunks, close), unreadable("cut-short")),
    row("body: cut, delimited only by the end", cut(cutWithoutLength, close), unreadable("not-json")),
    row(
      "body: complete, delimited only by the end",
      ({ carryOut, wire }) => {
        wire.end(`${head}connection: close\r\n\r\n${carryOut()}`)
      },
      paid()
    ),
    row(
      "body: stops until our timeout",
      cut(cutByLength, () => {}),
      timedOut(),
      { retry: impatience }
    ),
    row(
      "body: stops in a chunk until our timeout",
      cut(cutByChunk, () => {}),
      timedOut(),
      { retry: impatience }
    ),
    row(
      "body: stops until undici's timeout",
      cut(cutByLength, () => {}),
      unreadable("cut-short"),
      {
        client: { bodyTimeout: 500 }
      }
    ),
    row(
      "body: one byte at a time, without end",
      ({ carryOut, often, wire }) => {
        carryOut()
        wire.write(`${head}transfer-encoding: chunked\r\n\r\n`)
        often(() => wire.write("1\r\n \r\n"))
      },
      timedOut(),
      { retry: impatience }
    ),
    row(
      "body: no chunk at all",
      ({ carryOut, wire }) => {
        carryOut()
        wire.write(`${head}transfer-encoding: chunked\r\n\r\nnot a chunk\r\n`)
      },
      unreadable("cut-short")
    ),
    row(
      "body: a length that is too small",
      ({ carryOut, wire }) => {
        const record = carryOut()
        wire.write(answer(200, record, { "content-length": String(record.length - 20) }))
      },
      unreadable("not-json")
    ),
    row("body: empty", respondsWith(""), unreadable("not-json")),
    row("body: text", respondsWith("OK"), unreadable("not-json")),
    row(
      "body: HTML",
      respondsWith("<html><body>Welcome</body></html>", { "content-type": "text/html" }),
      unreadable("not-json")
    ),
    row(
      "body: JSON and further bytes",
      respondsWith((record) => `${record}${record}`),
      unreadable("not-json")
    ),
    row("body: null", respondsWith("null"), unreadable("wrong-shape")),
    row(
      "body: a list",
      respondsWith((record) => `[${record}]`),
      unreadable("wrong-shape", { recordId: undefined })
    ),
    row("body: an empty object", respondsWith("{}"), unreadable("wrong-shape")),
    row(
      "body: nested 100,000 deep",
      respondsWith("[".repeat(100_000) + "]".repeat(100_000)),
      unreadable("wrong-shape")
    ),
    row("body: an error's", respondsWith('{"message":"Internal server error"}'), unreadable("wrong-shape")),
    row("body: without its id", respondsWith(without("id")), unreadable("wrong-shape")),
    row(
      "body: without its status",
      respondsWith(without("status")),
      unreadable("wrong-shape", { recordId: "payout-1" })
    ),
    row(
      "body: an amount that is a string",
      respondsWith(wrongly({ amount: "50000" })),
      unreadable("wrong-shape", {
        recordId: "payout-1"
      })
    ),
    row(
      "body: __proto__ and unknown fields",
      respondsWith((record) => `{"__proto__":{"id":7},"new":1,${record.slice(1)}`),
      paid()
    ),
    row("body: an unknown status", respondsWith(wrongly({ status: "on-hold" })), paid()),
    row(
      "body: a byte order mark",
      respondsWith((record) => `\u{FEFF}${record}`),
      paid()
    ),
    row(
      "body: called HTML, but JSON",
      respondsWith((record) => record, { "content-type": "text/html" }),
      paid()
    ),
    row(
      "body: over 1 MiB",
      respondsWith((record) => record + " ".repeat(1_048_577)),
      unreadable("too-large")
    ),
    row(
      "body: over 1 MiB in chunks without end",
      ({ carryOut, often, wire }) => {
        wire.write(`${head}transfer-encoding: chunked\r\n\r\n`)
        carryOut()
        often(() => wire.write(`10000\r\n${" ".repeat(65_536)}\r\n`))
      },
      unreadable("too-large")
    ),
    row(
      "body: a little under 1 MiB",
      respondsWith((record) => record.padEnd(1_048_576)),
      paid()
    ),
    row(
      "body: gzip",
      respondsWith((record) => gzipSync(record), gzip),
      paid()
    ),
    row(
      "body: called gzip, but none",
      respondsWith((record) => record, gzip),
      unreadable("cut-short")
    ),
    row(
      "body: gzip with a wrong checksum",
      respondsWith((record) => {
        const packed = gzipSync(record)
        packed.writeUInt32LE(7, packed.length - 8)
        return packed
      }, gzip),
      unreadable("cut-short")
    ),
    row(
      "body: gzip, cut",
      respondsWith((record) => gzipSync(record).subarray(0, -40), gzip),
      unreadable("not-json"),
      { onBun: [unreadable("cut-short")] }
    ),
    row(
      "body: called brotli, but none",
      respondsWith((record) => record, { "content-encoding": "br" }),
      unreadable("cut-short")
    ),
    row(
      "body: compressed in an unknown way",
      respondsWith((record) => gzipSync(record), { "content-encoding": "x-own" }),
      unreadable("not-json")
    ),
    bombRow,
    {
      fault: "body: stops and cannot be cancelled, as on no known runtime (recorded)",
      server: async () => nowhere("http://127.0.0.1:4000/v0"),
      client: {
        fetch: async (_, init) => {
          await new Response(init?.body).text()
          return new Response(new ReadableStream({ pull: forever, cancel: forever }))
        }
      },
      retry: impatience,
      expected: [timedOut({ posts: 0, payouts: 0 })]
    }
  ]
}
