/** Journals that violate a law of finding. */
import { Transfer, type TransferKind, TransferResolution } from "@palomma-effect/client/Transfer"
import { ClassJournal } from "./ClassJournal.ts"
import { type Broken, byRecord, drop, keyed, onReference, replacing, storing } from "./parts.ts"

const base = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "")

const found = {
  namespaces: "keeps namespaces apart",
  kinds: "keeps payouts and debits apart",
  references: "distinguishes references that differ in any character",
  record: "finds a row by the exact id of its record",
  recordNow: "finds a row only by its current record id",
  newFields: "returns every field of a new row as it was written",
  fields: "returns every field of a replaced row as it was written",
  left: "removes a field that a new version omits",
  states: "accepts every state after every other"
}

/** Ways to lose or change a part of a row. */
const losses: ReadonlyArray<readonly [string, (row: Transfer) => Transfer]> = [
  ...(
    [
      "merchantAccountId",
      "claim",
      "recordId",
      "amountCollected",
      "differs",
      "alarm",
      "resolution",
      "lastError",
      "carriedBy",
      "toldAt"
    ] as const
  ).map((field) => [`loses ${field}`, (row: Transfer) => drop(row, field)] as const),
  ["has 32 bits for an amount", (row) => new Transfer({ ...row, amount: row.amount | 0 })],
  [
    "has no room for an amount of 16 digits",
    (row) => new Transfer({ ...row, amount: Number(String(row.amount).slice(0, 15)) })
  ],
  ["treats evidence as a set", (row) => new Transfer({ ...row, evidence: [...new Set(row.evidence)].sort() })],
  ["joins ids by commas", (row) => new Transfer({ ...row, notOurs: row.notOurs.join(",").split(",").filter(Boolean) })],
  ["treats an empty string as none", (row) => (row.lastError === "" ? drop(row, "lastError") : row)],
  [
    "cuts a long text",
    (row) => (row.lastError === undefined ? row : new Transfer({ ...row, lastError: row.lastError.slice(0, 255) }))
  ],
  ["cuts a long id", (row) => new Transfer({ ...row, accountId: row.accountId.slice(0, 255) })],
  [
    "replaces some characters",
    (row) => new Transfer({ ...row, accountId: row.accountId.replaceAll(/[\u{10000}-\u{10ffff}]/gu, "?") })
  ],
  [
    "treats false as undefined",
    (row) => {
      if (row.resolution?.incomplete !== false) return row
      const { incomplete: _, ...rest } = row.resolution
      return new Transfer({ ...row, resolution: new TransferResolution(rest) })
    }
  ],
  [
    "has whole seconds",
    (row) => (row.toldAt === undefined ? row : new Transfer({ ...row, toldAt: Math.floor(row.toldAt / 1000) * 1000 }))
  ],
  ["counts claims up to 255", (row) => new Transfer({ ...row, claims: Math.min(row.claims, 255) })]
]

export const finding: ReadonlyArray<Broken> = [
  ["has one namespace", found.namespaces, keyed(({ kind, reference }) => JSON.stringify([kind, reference]))],
  [
    "concatenates the parts of a key",
    found.namespaces,
    keyed(({ kind, namespace, reference }) => kind + namespace + reference)
  ],
  [
    "ignores the case of namespaces",
    found.namespaces,
    keyed((key) => JSON.stringify([key.namespace.toLowerCase(), key.kind, key.reference]))
  ],
  [
    "finds records in every namespace",
    found.namespaces,
    () =>
      new (class extends ClassJournal {
        protected override isOf(row: Transfer, _: string, kind: TransferKind) {
          return row.kind === kind
        }
      })()
  ],
  ["has one kind", found.kinds, keyed(({ namespace, reference }) => JSON.stringify([namespace, reference]))],
  [
    "finds records of every kind",
    found.kinds,
    () =>
      new (class extends ClassJournal {
        protected override isOf(row: Transfer, namespace: string) {
          return row.namespace === namespace
        }
      })()
  ],
  ["ignores case", found.references, onReference((text) => text.toLowerCase())],
  ["ignores accents", found.references, onReference(base)],
  ["normalizes references", found.references, onReference((text) => text.normalize("NFKC"))],
  ["cuts long references", found.references, onReference((text) => text.slice(0, 199))],
  [
    "cuts references at 255 bytes",
    found.references,
    onReference((text) => Buffer.from(text).subarray(0, 255).toString("hex"))
  ],
  ["ignores blanks and signs", found.references, onReference((text) => text.replaceAll(/[\s_.-]+(?=.)/gu, ""))],
  [
    "treats digits as numbers",
    found.references,
    onReference((text) => (/^[\d.]+$/.test(text) ? String(Number(text)) : text))
  ],
  [
    "ignores the case of records",
    found.record,
    byRecord((row, id) => row.recordId?.toLowerCase() === id.toLowerCase())
  ],
  ["treats an id as a pattern", found.record, byRecord((row, id) => row.recordId === id || id === "%")],
  ["cuts the ids of records", found.record, byRecord((row, id) => row.recordId?.slice(0, 100) === id.slice(0, 99))],
  ["finds any row by an empty id", found.record, byRecord((row, id) => (row.recordId ?? "") === id)],
  [
    "remembers the first record of a row",
    found.recordNow,
    () => {
      const first = new Map<string, string>()
      return byRecord((row, id) => {
        if (row.recordId !== undefined && !first.has(row.reference)) first.set(row.reference, row.recordId)
        return first.get(row.reference) === id
      })()
    }
  ],
  ...losses.flatMap(([fault, lose]): ReadonlyArray<Broken> => [
    [fault, found.newFields, storing(lose)],
    [fault, found.fields, replacing((stored) => lose(stored))]
  ]),
  [
    "writes only the state and the version",
    found.fields,
    replacing((stored, before) => new Transfer({ ...before, state: stored.state, version: stored.version }))
  ],
  [
    "keeps fields that a new version omits",
    found.left,
    replacing((stored, before) => new Transfer({ ...before, ...stored }))
  ],
  [
    "does not leave a final state",
    found.states,
    replacing((stored, before) =>
      before.state === "cancelled" ? new Transfer({ ...stored, state: "cancelled" }) : stored
    )
  ]
]
