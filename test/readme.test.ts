// Tables of the documentation that say again what the code says.
import { assert, describe, it } from "@effect/vitest"
import * as client from "@palomma-effect/client"
import { PalommaApi } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as OpenApi from "effect/http-api/OpenApi"
import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

const root = join(import.meta.dirname, "..")
const read = (file: string): string => readFileSync(join(root, file), "utf8")

type Row = ReadonlyArray<string>

const cells = (line: string): Row =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The rows of the first table, or the one after as many, whose first column bears this title. */
const table = (file: string, title: string, skip = 0): ReadonlyArray<Row> => {
  const lines = read(file).split("\n")
  const heads = lines.flatMap((line, i) => (line.startsWith("|") && cells(line)[0] === title ? [i] : []))
  const head = heads[skip] ?? -1
  const end = lines.findIndex((line, i) => i > head && !line.startsWith("|"))
  assert.isAtLeast(head, 0, `${file} has no table whose first column is called ${title}`)
  return lines.slice(head + 2, end).map(cells)
}

const markdown = (rows: ReadonlyArray<Row>): string => rows.map((row) => `| ${row.join(" | ")} |`).join("\n")

const operations = (): ReadonlyArray<Row> =>
  Object.values(PalommaApi.groups).map(({ annotations, endpoints, identifier }) => {
    const all: ReadonlyArray<{ readonly identifier: string; readonly path: string }> = Object.values(endpoints)
    const path = all.find((endpoint) => endpoint.identifier === "list")?.path ?? ""
    for (const endpoint of all) {
      // What the sentence above the table says of the paths.
      assert.match(endpoint.path.slice(path.length), endpoint.identifier === "get" ? /^\/:\w+$/ : /^$/)
    }
    const description = annotations.mapUnsafe.get(OpenApi.Description.key)
    assert.isString(description)
    return [
      `\`${identifier.charAt(0).toUpperCase()}${identifier.slice(1)}\``,
      String(description).replace(/\.$/, ""),
      `\`${path.replace(/:(\w+)/g, "{$1}")}\``,
      all.map((endpoint) => `\`${endpoint.identifier}\``).join(" ")
    ]
  })

describe("README.md", () => {
  it("lists the operations of the contract", () => {
    const rows = operations()
    assert.deepStrictEqual(table("README.md", "service"), rows, `the rows have to be\n${markdown(rows)}`)
  })

  it("lists every error of a call", () => {
    const tags = Object.keys(client).filter((name) => client.isPalommaError(Object.assign(new Error(), { _tag: name })))
    assert.deepStrictEqual(
      table("README.md", "error").map(([tag]) => tag),
      tags.map((tag) => `\`${tag}\``)
    )
  })

  it("lists every package", () => {
    const names = globSync("packages/*/package.json", { cwd: root })
      .map((file): { readonly name: string; readonly private?: boolean } => JSON.parse(read(file)))
      .filter((manifest) => manifest.private !== true)
      .map(({ name }) => `[\`${name}\`](packages/${name.replace("@palomma-effect/", "")}/README.md)`)
    assert.sameMembers(
      table("README.md", "package", 1).map(([name]) => name),
      names
    )
  })
})

describe("links", () => {
  for (const file of globSync(["*.md", "docs/*.md", "packages/*/README.md"], { cwd: root })) {
    it(`of ${file} lead somewhere`, () => {
      for (const [, target = ""] of read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        assert.isTrue(existsSync(join(root, dirname(file), target)), `${target} does not exist`)
      }
    })
  }
})

// One of each, as docs/errors.md shows them.
const errors = [
  new client.PalommaInvalidInput({
    operation: "PayoutTargets.create",
    outcome: "not-sent",
    problems: [
      {
        field: "bankAccount.bank",
        code: "payout-bank",
        rule: 'must be a bank that Palomma pays out to; did you mean "bancolombia"?'
      },
      { field: "bankAccount.accountNumber", code: "text", rule: "must be a non-empty string" }
    ],
    more: 0
  }),
  new client.PalommaBadRequest({
    operation: "PayoutRequests.create",
    outcome: "rejected",
    status: 400,
    serverMessage: client.SafeText.make("The payout target is not active")
  }),
  new client.PalommaUnauthorized({
    operation: "PayoutRequests.create",
    outcome: "rejected",
    status: 401,
    serverMessage: client.SafeText.make("Unauthorized")
  }),
  new client.PalommaNotFound({
    operation: "PayoutRequests.get",
    outcome: "none",
    status: 404,
    serverMessage: client.SafeText.make("Not found")
  }),
  new client.PalommaRateLimited({
    operation: "PayoutRequests.create",
    outcome: "unknown",
    status: 429,
    retryAfter: Duration.seconds(30)
  }),
  new client.PalommaServerError({ operation: "PayoutRequests.create", outcome: "unknown", status: 502 }),
  new client.PalommaUnexpectedStatus({ operation: "Customers.get", outcome: "none", status: 302 }),
  new client.PalommaConnectionError({
    operation: "PayoutRequests.create",
    outcome: "not-sent",
    reason: "dns",
    code: "ENOTFOUND"
  }),
  new client.PalommaConnectionError({
    operation: "PayoutRequests.create",
    outcome: "unknown",
    reason: "reset",
    code: "ECONNRESET"
  }),
  new client.PalommaTimeout({
    operation: "PayoutRequests.create",
    outcome: "unknown",
    waited: Duration.seconds(60)
  }),
  new client.PalommaInvalidResponse({
    operation: "PayoutRequests.create",
    outcome: "unknown",
    status: 200,
    defect: "wrong-shape",
    problems: [{ field: "status", code: "text", rule: "must be a string of PayoutStatus" }],
    recordId: client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS")
  }),
  new client.PayoutOutcomeUnknown({
    reference: "refund-4711",
    payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P",
    amount: 50_000,
    lastError: "PayoutRequests.create: Palomma answered 502."
  }),
  new client.PayoutReferenceConflict({
    reference: "refund-4711",
    payoutRequestId: client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS")
  }),
  new client.PayoutDuplicateDetected({
    reference: "refund-4711",
    payoutRequestIds: ["01HPR8QBF5QKA313RPBSKYB7DS", "01HPR8RF9BDBPM8VAYJSTFT8HF"].map((id) => client.SafeText.id(id))
  }),
  new client.PayoutJournalError({
    operation: "replace",
    reference: "refund-4711",
    payoutRequestId: client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS"),
    reason: "the disk is full"
  }),
  new client.PayoutWrongState({ operation: "Payouts.resolve", reference: "refund-4711", state: "approved" }),
  new client.PayoutContradiction({
    reference: "refund-4711",
    payoutRequestId: client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS"),
    recorded: "approved",
    status: client.SafeText.make("cancelled")
  }),
  new client.PalommaStillPending({
    operation: "Payouts.awaitFinal",
    recordId: client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS"),
    status: client.SafeText.make("processing"),
    waited: Duration.minutes(15)
  }),
  new client.PayoutTargetCancelled({
    payoutTargetId: client.SafeText.id("01HPR8S7YF43PV3QV16TZDC80P"),
    statusMessage: client.SafeText.make("INVALID_ACCOUNT")
  }),
  new client.PayinSourceCancelled({
    payinSourceId: client.SafeText.id("01HPR92T6KKTXWAGYV4T9GB9AK"),
    statusMessage: client.SafeText.make("EXPIRED")
  }),
  new client.WebhookRejected({ reason: "SignatureMismatch", problems: [] }),
  new client.WebhookInboxError({
    webhookId: client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS"),
    reason: "the disk is full"
  })
]

describe("docs/errors.md", () => {
  const page = read("docs/errors.md")
  const plain = page.replace(/\s+/g, " ")
  const sections = [...page.matchAll(/^### `(\w+)`$/gm)].map(([, tag]) => tag)

  it("has a section for every error", () => {
    const isError = (exported: unknown): boolean =>
      typeof exported === "function" && exported.prototype instanceof Error
    const tags = Object.entries<unknown>(client).flatMap(([name, exported]) => (isError(exported) ? [name] : []))
    assert.sameMembers(sections, tags)
    assert.deepStrictEqual(sections, [...new Set<string>(errors.map((error) => error._tag))])
  })

  for (const error of errors) {
    it(`shows what ${error._tag} says`, () => {
      assert.include(plain, error.message.replace(/\s+/g, " "), `the page has to show\n${error.message}\n`)
    })
  }
})
