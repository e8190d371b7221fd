// Tables and links of the documentation, compared with the code.
import { assert, describe, it } from "@effect/vitest"
import * as client from "@palomma-effect/client"
import * as schema from "@palomma-effect/schema"
import { Fault } from "@palomma-effect/testing"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { filesOf } from "../scripts/files.ts"
import { anchorsOf, linksOf, otherLinksOf } from "../scripts/markdown.ts"
import { publishedFolders, readManifest, root } from "../scripts/packages.ts"

const read = (file: string): string => readFileSync(join(root, file), "utf8")

type Row = ReadonlyArray<string>

const cells = (line: string): Row =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

/** Returns the rows of a table whose first column has this title: the first such table, or the one after `skip` others. */
const table = (file: string, title: string, skip = 0): ReadonlyArray<Row> => {
  const lines = read(file).split("\n")
  const heads = lines.flatMap((line, i) => (line.startsWith("|") && cells(line)[0] === title ? [i] : []))
  const head = heads[skip] ?? -1
  const end = lines.findIndex((line, i) => i > head && !line.startsWith("|"))
  assert.isAtLeast(head, 0, `${file} has no table whose first column is called ${title}`)
  return lines.slice(head + 2, end).map(cells)
}

const markdown = (rows: ReadonlyArray<Row>): string => rows.map((row) => `| ${row.join(" | ")} |`).join("\n")

interface AnEnum {
  readonly values: ReadonlyArray<string>
  readonly raw: unknown
  readonly isFinal?: (value: string) => boolean
}

const isEnum = (exported: unknown): exported is AnEnum =>
  Predicate.hasProperty(exported, "values") && Predicate.hasProperty(exported, "raw")

const codeOf = (cell: string | undefined): string => (cell ?? "").replaceAll("`", "")

// The path after that of the service, by operation. The sentence above the table of operations documents it too.
const below: { readonly [operation: string]: RegExp } = { create: /^$/, list: /^$/, get: /^\/:\w+$/ }

const operations = (): ReadonlyArray<Row> =>
  Object.values(schema.PalommaApi.groups).map(({ annotations, endpoints, identifier }) => {
    const all: ReadonlyArray<{ readonly identifier: string; readonly path: string }> = Object.values(endpoints)
    const path = all.find((endpoint) => endpoint.identifier === "list")?.path ?? ""
    for (const endpoint of all) {
      const name = `${identifier}.${endpoint.identifier} goes to ${endpoint.path}`
      const said = below[endpoint.identifier]
      assert.isDefined(
        said,
        `${name}: say so in the sentence above the table of README.md, and in \`below\` of this test`
      )
      assert.match(endpoint.path.slice(path.length), said ?? /^$/, name)
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

  it("begins with the commands that need nothing else", () => {
    const [, shell = ""] = /^```sh\n([^]*?)^```$/m.exec(read("README.md")) ?? []
    const { packageManager } = readManifest(root)
    assert.deepStrictEqual(
      shell
        .trim()
        .split("\n")
        .map((line) => line.replace(/ +#.*/, "")),
      [`npx -y ${packageManager} demo`, `npx -y ${packageManager} test`]
    )
  })

  it("lists every package", () => {
    const names = filesOf(root, "packages/*/package.json")
      .map((file): { readonly name: string; readonly private?: boolean } => JSON.parse(read(file)))
      .filter((manifest) => manifest.private !== true)
      .map(({ name }) => `[\`${name}\`](packages/${name.replace("@palomma-effect/", "")}/README.md)`)
    assert.sameMembers(
      table("README.md", "package", 1).map(([name]) => name),
      names
    )
  })
})

describe("the list of guides in README.md", () => {
  it("has every guide once", () => {
    const [, list = ""] = /^## Guides$([^]*?)^## /m.exec(read("README.md")) ?? []
    assert.sameMembers(
      linksOf(list).map(({ target }) => target),
      [...filesOf(root, "docs/*.md")]
    )
  })
})

describe("examples/README.md", () => {
  // The test of an example is listed with it.
  const examples = filesOf(root, "examples/src/*.ts")
  const isTest = (file: string): boolean => file.endsWith(".test.ts")

  it("lists every example", () => {
    assert.sameMembers(
      table("examples/README.md", "file").map(([name]) => `examples/src/${codeOf(name).replace(/^\[|\].*/g, "")}`),
      examples.filter((file) => !isTest(file))
    )
  })

  it("promises that each is on one screen", () => {
    const lengths = examples.map((file) => ({ file, lines: read(file).split("\n").length - 1 }))
    assert.deepStrictEqual(
      lengths.filter(({ lines }) => lines > 75),
      []
    )
  })
})

describe("packages/schema/README.md", () => {
  const file = "packages/schema/README.md"
  const coded = (names: ReadonlyArray<string>): string => names.map((name) => `\`${name}\``).join(" ")

  it("lists the values of every enum, or their number", () => {
    const enums = Object.entries<unknown>(schema).flatMap(([name, exported]) =>
      isEnum(exported) ? [{ name, exported }] : []
    )
    const rows = table(file, "enum")
    assert.sameMembers(
      rows.map(([name]) => codeOf(name)),
      enums.map(({ name }) => name)
    )
    for (const { exported, name } of enums) {
      const [, values = "", final = ""] = rows.find(([row]) => codeOf(row) === name) ?? []
      const all = coded(exported.values)
      if (values !== all) {
        assert.match(
          values,
          new RegExp(`^${exported.values.length}\\b`),
          `${name} has ${exported.values.length} values: begin with that number, or list them all: ${all}`
        )
      }
      const finals = exported.values.filter((value) => exported.isFinal?.(value) === true)
      const others = exported.values.filter((value) => !finals.includes(value))
      const ways = [
        coded(finals),
        ...(others.length === 0 ? ["both"] : []),
        ...(others.length === 1 ? [`all but ${coded(others)}`] : [])
      ]
      assert.include(ways, final, `the final values of ${name}`)
    }
  })
})

describe("packages/testing/README.md", () => {
  it("lists every fault", () => {
    const file = "packages/testing/README.md"
    const isFault = (exported: unknown): boolean =>
      typeof exported === "function" || Predicate.hasProperty(exported, "_tag")
    const names = Object.entries<unknown>(Fault).flatMap(([name, exported]) => (isFault(exported) ? [name] : []))
    const rows = [...table(file, "`Fault.`"), ...table(file, "`Fault.`", 1)].map(([cell]) =>
      codeOf(cell).replace(/\(.*/, "")
    )
    assert.sameMembers(rows, names, 'the tables below "Faults"')
  })
})

describe("the table at the top of a README", () => {
  for (const folder of publishedFolders()) {
    it(`of ${folder} agrees with its package.json`, () => {
      const manifest = readManifest(join(root, "packages", folder))
      const { dependencies = {}, engines, peerDependencies = {}, peerDependenciesMeta = {} } = manifest
      const rows = new Map(table(`packages/${folder}/README.md`, "at a glance").map(([name, value]) => [name, value]))
      const isOptional = (peer: string): boolean => peerDependenciesMeta[peer]?.optional === true
      const peers = Object.entries(peerDependencies).toSorted(
        ([a], [b]) => Number(isOptional(a)) - Number(isOptional(b))
      )
      assert.strictEqual(
        rows.get("peer dependencies"),
        peers.map(([peer, range]) => `${isOptional(peer) ? "optional: " : ""}\`${peer}\` ${range}`).join(", ")
      )
      const names = Object.keys(dependencies).map((name) => `\`${name}\``)
      assert.strictEqual(rows.get("dependencies"), names.length === 0 ? "none" : names.join(", "))
      assert.match(rows.get("Node") ?? "", new RegExp(`^${engines?.node?.replace(">=", "")} or later`))
    })
  }
})

describe("links", () => {
  for (const file of filesOf(root, "*.md", ".github/*.md", "docs/**/*.md", "examples/*.md", "packages/*/README.md")) {
    it(`of ${file} are valid`, () => {
      assert.deepStrictEqual(otherLinksOf(read(file)), [], "links of a form that is not checked")
      for (const link of linksOf(read(file)).filter(({ target }) => !/^https?:/.test(target))) {
        const [target = "", anchor] = link.target.split("#")
        const path = target === "" ? file : join(dirname(file), target)
        assert.isTrue(existsSync(join(root, path)), `${target} does not exist`)
        if (anchor !== undefined) assert.include(anchorsOf(read(path)), anchor, `${path} has no heading for #${anchor}`)
      }
    })
  }
})

it("CONTRIBUTING.md names files that exist", () => {
  const named = [...read("CONTRIBUTING.md").matchAll(/`((?:packages|test|scripts)\/[\w./-]+\.(?:ts|yaml|md))`/g)]
  assert.isNotEmpty(named)
  for (const [, file = ""] of named) assert.isTrue(existsSync(join(root, file)), `${file} does not exist`)
})

const refund = { kind: "payout", reference: "refund-4711" } as const
const recordId = client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS")

const withoutKey = await Effect.runPromise(
  Layer.build(client.Palomma.layerConfig()).pipe(
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({}))),
    Effect.scoped,
    Effect.catchTag("ConfigError", Effect.die),
    Effect.flip
  )
)

// At least one of each error, as docs/errors.md shows it.
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
  withoutKey,
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
    problems: [{ field: "status", code: "text", rule: "must be text: a value of PayoutStatus" }],
    recordId: client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS")
  }),
  new client.TransferNotSent({ ...refund, cause: new client.TransferClaimEnded(refund) }),
  new client.TransferNotSent({
    ...refund,
    cause: new client.PalommaUnauthorized({ operation: "PayoutRequests.list", outcome: "none", status: 401 })
  }),
  new client.TransferRejected({
    ...refund,
    cause: new client.PalommaBadRequest({
      operation: "PayoutRequests.create",
      outcome: "rejected",
      status: 400,
      serverMessage: client.SafeText.make("The payout target is not active")
    })
  }),
  new client.TransferOutcomeUnknown({
    ...refund,
    state: "unknown",
    version: 3,
    sent: "yes",
    evidence: new client.TransferEvidence({ records: [], laterTransferShown: false }),
    lastError: "PayoutRequests.create: PalommaServerError 502."
  }),
  new client.TransferConflict({ ...refund, found: "journal", recordId }),
  new client.TransferConflict({ ...refund, found: "palomma", recordId }),
  new client.TransferDuplicate({ ...refund, records: [recordId, client.SafeText.id("01HPR8RF9BDBPM8VAYJSTFT8HF")] }),
  new client.TransferInvalidState({
    ...refund,
    operation: "Payouts.resolve",
    reason: "quiet-time",
    state: "needsReview",
    version: 3,
    records: [],
    waitFor: Duration.minutes(18)
  }),
  new client.TransferJournalError({
    operation: "replace",
    reference: "refund-4711",
    recordId,
    sent: "yes",
    reason: "the disk is full"
  }),
  new client.TransferJournalError({
    operation: "open",
    sent: "no",
    reason:
      "/data/transfers.db: unable to open database file (SQLite 14): check that the directory exists, and that this " +
      "user may read and write the file"
  }),
  new client.TransferClaimEnded(refund),
  new client.TransferLookUpIncomplete({ ...refund, limit: "lookUpPages", pages: 100 }),
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
  new client.WebhookRejected({ reason: "signature-mismatch", problems: [] }),
  new client.WebhookInboxError({
    webhookId: client.SafeText.id("01HPR8QBF5QKA313RPBSKYB7DS"),
    reason: "the disk is full"
  })
]

describe("docs/paying-once.md", () => {
  const page = "docs/paying-once.md"
  const columnOf = (title: string, at = 0): Array<string> => table(page, title).map((row) => codeOf(row[at]))

  it("lists every state", () => {
    assert.deepStrictEqual(columnOf("state"), [...client.transferStates])
  })

  it("lists every option", () => {
    const source = read("packages/client/src/TransferOptions.ts")
    assert.sameMembers(
      columnOf("what takes how long", 2),
      [...source.matchAll(/readonly (\w+)\?:/g)].map(([, name = ""]) => name)
    )
  })

  it("lists every counter", () => {
    const source = read("packages/client/src/internal/transfer/counters.ts")
    assert.sameMembers(
      columnOf("counter"),
      [...source.matchAll(/ counter\("(\w+)"/g)].map(([, name = ""]) => `palomma_transfers_${name}`)
    )
  })

  it("lists every kind of alarm", () => {
    assert.sameMembers(columnOf("alarm"), [...client.TransferAlarm.fields.kind.literals])
  })
})

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

  it.each([
    [0, "PalommaConnectionError", client.PalommaConnectionError.fields.reason.literals],
    [1, "TransferInvalidState", client.TransferInvalidState.fields.reason.literals],
    [2, "WebhookRejected", client.WebhookRejected.fields.reason.literals]
  ] as const)("explains every reason in table %i, of %s", (skip, _, literals) => {
    const reasons = table("docs/errors.md", "`reason`", skip).map(([reason]) => codeOf(reason))
    assert.deepStrictEqual<ReadonlyArray<string>>(reasons, literals)
  })

  for (const error of errors) {
    it(`shows the message of ${error._tag}`, () => {
      assert.include(plain, error.message.replace(/\s+/g, " "), `the page has to show\n${error.message}\n`)
    })
  }
})
