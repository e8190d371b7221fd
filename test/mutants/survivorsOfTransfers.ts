import type { Survivor } from "./judge.ts"

/** The survivors in the code of a transfer. */
export const survivorsOfTransfers: ReadonlyArray<Survivor> = [
  {
    file: "packages/client/src/internal/transfer/decisionStep.ts",
    mutator: "ConditionalExpression",
    line: "const isOwnRuledOut = recordId !== undefined && notOurs.includes(recordId)",
    original: "recordId !== undefined",
    replacement: "true",
    reason:
      "no list of ids contains undefined, so a row without a record is in none: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/decide.ts",
    mutator: "StringLiteral",
    line: 'content: "wrong-state",',
    original: '"wrong-state"',
    replacement: '""',
    reason: "only a claim is refused for its content, and a decision of a person claims nothing"
  },
  {
    file: "packages/client/src/internal/transfer/decide.ts",
    mutator: "ConditionalExpression",
    line: 'const records = step.reason === "record" && row.recordId !== undefined ? [row.recordId] : []',
    original: "row.recordId !== undefined",
    replacement: "true",
    reason: "a decision is refused for its record only if the row has one: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/decide.ts",
    mutator: "ConditionalExpression",
    line: "if (leftAt !== undefined) {",
    original: "leftAt !== undefined",
    replacement: "true",
    reason:
      "a sum with undefined is NaN, which is not above zero: the condition only saves a read of the journal's clock"
  },
  {
    file: "packages/client/src/internal/transfer/record.ts",
    mutator: "StringLiteral",
    line: 'try: () => JSON.stringify(raw) ?? "",',
    original: '""',
    replacement: '"Stryker was here!"',
    reason: "an item of a list was read from JSON, so it has a text: the default is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/record.ts",
    mutator: "StringLiteral",
    line: 'status: "unrecognised",',
    original: '"unrecognised"',
    replacement: '""',
    reason: "a record that cannot be read is at most similar, and the status of a similar one is never read"
  },
  {
    file: "packages/client/src/internal/transfer/sender.ts",
    mutator: "LogicalOperator",
    line: '("status" in error ? ` ${error.status}` : "code" in error && error.code !== undefined ? ` ${error.code}` : "")',
    original: '"code" in error && error.code !== undefined',
    replacement: '"code" in error || error.code !== undefined',
    reason: "an error has the field only if it has a code, so both sides are equal"
  },
  {
    file: "packages/client/src/internal/transfer/sender.ts",
    mutator: "ConditionalExpression",
    line: '("status" in error ? ` ${error.status}` : "code" in error && error.code !== undefined ? ` ${error.code}` : "")',
    original: "error.code !== undefined",
    replacement: "true",
    reason: "an error has the field only if it has a code: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/sender.ts",
    mutator: "OptionalChaining",
    line: "records: [...new Set([...(recordId === undefined ? [] : [recordId]), ...(alarm?.records ?? [])])].map((id) =>",
    original: "alarm?.records",
    replacement: "alarm.records",
    reason: "it is called only for a row whose alarm has more than one record"
  },
  {
    file: "packages/client/src/internal/transfer/sender.ts",
    mutator: "ArrayDeclaration",
    line: "records: [...new Set([...(recordId === undefined ? [] : [recordId]), ...(alarm?.records ?? [])])].map((id) =>",
    original: "[]",
    replacement: '["Stryker was here"]',
    nth: 2,
    reason: "it is called only for a row whose alarm has more than one record"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "StringLiteral",
    line: 'case "PalommaInvalidInput":',
    original: '"PalommaInvalidInput"',
    replacement: '""',
    reason: "a function without a return value returns undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "StringLiteral",
    line: 'case "TransferConflict":',
    original: '"TransferConflict"',
    replacement: '""',
    reason: "a function without a return value returns undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "StringLiteral",
    line: 'case "TransferDuplicate":',
    original: '"TransferDuplicate"',
    replacement: '""',
    reason: "a function without a return value returns undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "StringLiteral",
    line: 'case "TransferInvalidState":',
    original: '"TransferInvalidState"',
    replacement: '""',
    reason: "a function without a return value returns undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "ConditionalExpression",
    line: 'case "TransferInvalidState":',
    original: 'case "TransferInvalidState": return false',
    replacement: 'case "TransferInvalidState":',
    reason: "a function without a return value returns undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "EqualityOperator",
    line: "if (end > until) until = end",
    original: "end > until",
    replacement: "end >= until",
    reason: "an assignment of the same value changes nothing"
  },
  {
    file: "packages/client/src/internal/transfer/service.ts",
    mutator: "ConditionalExpression",
    line: "const next = rows.length < pageSize || last === undefined ? Option.none() : Option.some(last.reference)",
    original: "last === undefined",
    replacement: "false",
    reason: "a page has at least one row, so one without a last row is not full: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/service.ts",
    mutator: "StringLiteral",
    line: 'Effect.flatMap(Options.readDecision(`${service}.acknowledge`, acknowledgement, "acknowledgement"), (read) =>',
    original: '"acknowledgement"',
    replacement: '""',
    reason: "the value only has to differ from a decision and a withdrawal"
  },
  {
    file: "packages/client/src/internal/transfer/sendOnce.ts",
    mutator: "ConditionalExpression",
    line: 'error._tag === "PalommaInvalidResponse" ? error.recordId : undefined',
    original: 'error._tag === "PalommaInvalidResponse"',
    replacement: "true",
    reason: "no other error of a create has a record id: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/claim.ts",
    mutator: "ConditionalExpression",
    line: "Option.exists((row) => hasClaim(row, claimId) && row.evidence.length === 0 && row.recordId === undefined)",
    original: "row.recordId === undefined",
    replacement: "true",
    reason:
      "it is a second check: only a row without a record is claimed, and every event that gives a row a record also changes its state"
  },
  {
    file: "packages/client/src/internal/transfer/claim.ts",
    mutator: "ConditionalExpression",
    line: "if (firstSeen.size >= maxSeen && oldest !== undefined) firstSeen.delete(oldest)",
    original: "oldest !== undefined",
    replacement: "true",
    reason: "a non-empty map has a first key: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "ConditionalExpression",
    line: "const isLater = claimedAt !== undefined && record.createdAt !== undefined && record.createdAt > claimedAt",
    original: "claimedAt !== undefined",
    replacement: "true",
    reason: "no time is greater than undefined: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "ConditionalExpression",
    line: "const isLater = claimedAt !== undefined && record.createdAt !== undefined && record.createdAt > claimedAt",
    original: "record.createdAt !== undefined",
    replacement: "true",
    reason: "undefined is greater than no time: the comparison is for the compiler"
  },
  ...[
    ": Effect.forEach(records, (record) => addRecord(record, listNames[filter.by]), { discard: true })",
    'const wide = Effect.forEach(accounts, (account) => read({ by: "account", accountId: account }), { discard: true })'
  ].flatMap((line) =>
    [
      { mutator: "ObjectLiteral", original: "{ discard: true }", replacement: "{}" },
      { mutator: "BooleanLiteral", original: "true", replacement: "false" }
    ].map((change) => ({
      file: "packages/client/src/internal/transfer/lookUp.ts",
      line,
      ...change,
      reason: "the value of the loop is never read: the option only avoids a list of empty values"
    }))
  ),
  {
    file: "packages/client/src/internal/transfer/decide.ts",
    mutator: "OptionalChaining",
    line: 'alarm?.kind === "duplicate"',
    original: "alarm?.kind",
    replacement: "alarm.kind",
    reason: "it is called only for a row that has an alarm: the question is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/decide.ts",
    mutator: "OptionalChaining",
    line: "if (belongsToOther || row.alarm?.records.includes(recordId) !== true) {",
    original: "row.alarm?.records",
    replacement: "row.alarm.records",
    reason: "it is called only for a row that has an alarm: the question is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "ConditionalExpression",
    line: "const isLater = claimedAt !== undefined && record.createdAt !== undefined && record.createdAt > claimedAt",
    original: "claimedAt !== undefined && record.createdAt !== undefined",
    replacement: "true",
    reason: "no comparison with undefined is true: both checks are for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "LogicalOperator",
    line: "const isLater = claimedAt !== undefined && record.createdAt !== undefined && record.createdAt > claimedAt",
    original: "claimedAt !== undefined && record.createdAt !== undefined",
    replacement: "claimedAt !== undefined || record.createdAt !== undefined",
    reason: "no comparison with undefined is true: both checks are for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "OptionalChaining",
    line: 'if (isLater && seenIn === "account-list") claimBeforeOther = row.claim?.id',
    original: "row.claim?.id",
    replacement: "row.claim.id",
    reason: "a record is later than a claim only if there is one: the question is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "EqualityOperator",
    line: 'const count = likeness === "similar" ? "similar" : "ours"',
    original: 'likeness === "similar"',
    replacement: 'likeness !== "similar"',
    reason: "both counters start at zero and have the same limit, so it does not matter if they are exchanged"
  },
  {
    file: "packages/client/src/internal/transfer/follow.ts",
    mutator: "ConditionalExpression",
    line: 'if (row.state === "sending" && lostClaim !== undefined) {',
    original: "lostClaim !== undefined",
    replacement: "true",
    reason: "a row in sending has a claim, which is not undefined: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/carry.ts",
    mutator: "ConditionalExpression",
    line: 'if (advanced._tag === "Wait" && !Duration.isZero(waitFor)) return { ...advanced, waitFor }',
    original: 'advanced._tag === "Wait"',
    replacement: "true",
    reason:
      "only a transfer that waits needs a request, so only for it there is a pause: the comparison is for the compiler"
  }
]
