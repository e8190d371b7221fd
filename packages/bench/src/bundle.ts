/**
 * Measures the size of a program that makes one call: bundled by esbuild for browsers and workers, minified, gzipped.
 */
import { build, type Metafile } from "esbuild"
import { join } from "node:path"
import { gzipSync } from "node:zlib"

/** The imports of a program: of single modules (`deep`), or of the entry points. */
export type Imports = "deep" | "entry"

/** The maximum size of the program with one `get` and deep imports, in kilobytes of 1000 bytes. */
export const maxKilobytes = 79

/** The maximum size of a form that validates the body of a request, without the client. */
export const maxFormKilobytes = 36

const calls = {
  get: `payoutRequests.get(PayoutRequestId.make(id))`,
  create: `payoutRequests.create({ payoutTargetId: PayoutTargetId.make(id), amount: 50_000, reference: "rent" })`
}

const imports: { readonly [K in Imports]: string } = {
  deep: `
import * as Palomma from "@palomma-effect/client/Palomma"
import { PayoutRequests } from "@palomma-effect/client/PayoutRequests"
import { PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema/Id"`,
  entry: `
import { Palomma, PayoutRequests } from "@palomma-effect/client"
import { PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema"`
}

const program = (call: keyof typeof calls, how: Imports): string => `
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"${imports[how]}
const id = globalThis.prompt("id") ?? ""
PayoutRequests.use((payoutRequests) => ${calls[call]}).pipe(
  Effect.provide(Palomma.layerFetch({ apiKey: Redacted.make(globalThis.prompt("key") ?? "") })),
  Effect.runPromise
).then(console.log)`

const form = `
import { CreatePayoutTarget } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
const check = Schema.toStandardSchemaV1(CreatePayoutTarget)["~standard"].validate
console.log(check({ customerId: globalThis.prompt("id") }))`

// One get with the same time limit.
const peerProgram = `
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
const Payout = Schema.Struct({ id: Schema.String, status: Schema.String, amount: Schema.Number })
const key = Redacted.make(globalThis.prompt("key") ?? "")
HttpClientRequest.get("https://sandbox.v0.api.palomma.com/v0/payoutRequests/" + globalThis.prompt("id")).pipe(
  HttpClientRequest.bearerToken(key),
  HttpClient.execute,
  Effect.flatMap(HttpClientResponse.filterStatusOk),
  Effect.flatMap(HttpClientResponse.schemaBodyJson(Payout)),
  Effect.timeout("7 seconds"),
  Effect.withSpan("get"),
  Effect.provide(FetchHttpClient.layer),
  Effect.runPromise
).then(console.log)`

/** The gzipped bytes of a program, and the bytes of each package in it before gzip. */
export const weigh = async (code: string) => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(import.meta.dirname, ".."), loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    write: false,
    metafile: true,
    legalComments: "none"
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error("esbuild wrote no output")
  return { gzipped: gzipSync(output.contents, { level: 9 }).byteLength, minified: output.contents.byteLength, metafile }
}

/** Returns the size of a program that makes one call, in bytes after gzip. */
export const oneCall = async (call: keyof typeof calls, how: Imports): Promise<number> =>
  (await weigh(program(call, how))).gzipped

/** Returns the size of a form that validates the body of a request, in bytes after gzip. */
export const oneForm = async (): Promise<number> => (await weigh(form)).gzipped

/** Returns the largest parts of a bundle, in minified bytes: the package and the module or its folder. */
const heaviest = (metafile: Metafile, count: number): ReadonlyArray<readonly [name: string, bytes: number]> => {
  const bytes = new Map<string, number>()
  for (const output of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = file.replace(/^.*(?:node_modules|packages)\//, "").replace(/\/(?:dist|src)\//, "/")
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput)
    }
  }
  return [...bytes].sort(([, a], [, b]) => b - a).slice(0, count)
}

const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(1)

/** Describes the size of a program that makes one call, and its largest parts. */
export const bundle = async (): Promise<ReadonlyArray<string>> => {
  const lines: Array<string> = []
  const peer = (await weigh(peerProgram)).gzipped
  lines.push(`effect/http alone: ${kilobytes(peer)} KB`)
  for (const call of ["get", "create"] as const) {
    for (const how of ["deep", "entry"] as const) {
      const size = (await weigh(program(call, how))).gzipped
      const by = how === "deep" ? "by module" : "by the entry"
      lines.push(`one ${call}, imported ${by}: ${kilobytes(size)} KB, ${(size / peer).toFixed(2)} of effect/http alone`)
    }
  }
  lines.push(`a form that validates a body: ${kilobytes(await oneForm())} KB (at most ${maxFormKilobytes})`)
  const { metafile, minified } = await weigh(program("get", "deep"))
  lines.push(`the heaviest of the ${kilobytes(minified)} KB, before gzip, that one get is:`)
  for (const [name, bytes] of heaviest(metafile, 15)) lines.push(`${kilobytes(bytes).padStart(8)}  ${name}`)
  return [
    `size of a program, minified and gzipped, KB of 1000 bytes (at most ${maxKilobytes})\n  ${lines.join("\n  ")}`
  ]
}
