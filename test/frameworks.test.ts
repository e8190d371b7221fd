/**
 * The programs of docs/webhooks.md, one for each framework: each answers 200 to a signed webhook, and 401 to a forged
 * one. The page shows how to try the first of them, and this file tries all.
 */
import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { extract, type Snippet, Written } from "./support/snippets.ts"

const page = "docs/webhooks.md"
const text = readFileSync(join(import.meta.dirname, "..", page), "utf8")

const signed = `
import { WebhookSigner } from "@palomma-effect/testing"
import { once } from "node:events"
const { headers } = WebhookSigner.signText(
  '{"webhookId":"01HPR","eventType":"payout-request.update","event":{"id":"01HPR8"}}',
  "my-integrity-key"
)
const forged = { ...headers, "x-signature": "0".repeat(64) }
`

const listening = `
await once(server, "listening")
const address = server.address()
const url = \`http://127.0.0.1:\${typeof address === "object" ? address?.port : 0}/webhooks/palomma\`
const post = (headers: HeadersInit) => fetch(url, { method: "POST", headers, body: "{}" })
const statuses = [(await post(headers)).status, (await post(forged)).status]
statuses // => [200, 401]
await new Promise((resolve) => void server.close(resolve))
await palomma.dispose()
`

const answers = (post: string, end = "await palomma.dispose()"): string => `
const post = async (headers: Record<string, string>): Promise<number> => ${post}
const statuses = [await post(headers), await post(forged)]
statuses // => [200, 401]
${end}
`

const request = 'new Request("https://shop.example/webhooks/palomma", { method: "POST", headers })'

/** How each program is tried, by its heading. */
const trials: Readonly<Record<string, string>> = {
  Express: `const server = app.listen(0, "127.0.0.1")\n${listening}`,
  Fastify: answers(
    '(await app.inject({ method: "POST", url: "/webhooks/palomma", headers, payload: "{}" })).statusCode',
    "await app.close()"
  ),
  "Node's own server": `server.listen(0, "127.0.0.1")\n${listening}`,
  Hono: answers('(await app.request("/webhooks/palomma", { method: "POST", headers })).status'),
  "Next.js": answers(`(await POST(${request})).status`),
  "AWS Lambda": `${answers("(await handler({ headers } as unknown as APIGatewayProxyEventV2)).statusCode", "")}
const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
const { statusCode } = await behindLoadBalancer({ multiValueHeaders: lists } as unknown as ALBEvent)
statusCode // => 200
await palomma.dispose()`,
  "Cloudflare Workers": answers(
    `(await worker.fetch(
  ${request},
  { PALOMMA_INTEGRITY_KEY: "my-integrity-key" },
  { waitUntil: (promise) => void promise }
)).status`,
    ""
  )
}

const [, frameworks = ""] = /^## In your framework$([^]*?)^## /m.exec(text) ?? []
const sections = frameworks.split(/^### /m).slice(1)
const titles = sections.map((section) => section.slice(0, section.indexOf("\n")))

it("has a trial for each framework of the page but Effect, which the page tries", () => {
  assert.deepStrictEqual(titles, ["Effect", ...Object.keys(trials)])
})

const programs = sections.flatMap((section, i): ReadonlyArray<Snippet> => {
  const trial = trials[titles[i] ?? ""]
  const [snippet] = extract(page, section)
  if (trial === undefined || snippet === undefined) return []
  return [{ ...snippet, line: i + 1, code: `${snippet.code}\n${signed}\n${trial}` }]
})

const written = new Written("frameworks", programs)
const running = written.execute()
const compiled = written.compile()
const executed = await running

for (const program of programs) {
  it(`${titles[program.line - 1]} answers a signed webhook, and refuses a forged one`, () => {
    assert.isUndefined(compiled.get(program))
    assert.isUndefined(executed.get(program))
  })
}
