import type { Survivor } from "./judge.ts"

/** The mutants that survive since no input can tell them from the code. */
export const survivors: ReadonlyArray<Survivor> = [
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "StringLiteral",
    line: 'const reasonOf = ({ code = "", syscall = "" }: Evidence): ConnectionFailure => {',
    original: '""',
    replacement: '"Stryker was here!"',
    reason:
      "no set holds the empty text or that one, and no comparison is with either: both are a code that is not known"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "StringLiteral",
    line: 'const isProof = ({ code = "", syscall = "" }: Evidence): boolean =>',
    original: '""',
    replacement: '"Stryker was here!"',
    reason: "as a code, it is compared with codes that are neither; as a syscall it is told apart by a test"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "ConditionalExpression",
    line: "code: code !== undefined && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : undefined,",
    original: "code !== undefined",
    replacement: "true",
    reason: "the pattern reads undefined as a text in small letters, which it does not match"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "ObjectLiteral",
    line: "const unproven: Evidence = { code: undefined, syscall: undefined }",
    original: "{ code: undefined, syscall: undefined }",
    replacement: "{}",
    reason: "its two fields are only read, and read as undefined either way"
  },
  {
    file: "packages/client/src/internal/http/attempt.ts",
    mutator: "ConditionalExpression",
    line: "if (isClosed) return Effect.fail(notStarted)",
    original: "isClosed",
    replacement: "false",
    reason:
      "it is a second lock: the proof is read when the attempt has ended, and `within` interrupts the attempt's fiber, which is interruptible, in that same step, so that this line is not reached any more"
  },
  {
    file: "packages/client/src/internal/http/attempt.ts",
    mutator: "BooleanLiteral",
    line: "isClosed = true",
    original: "true",
    replacement: "false",
    reason: "it closes the second lock, whose line is not reached after it"
  },
  {
    file: "packages/client/src/internal/http/attempt.ts",
    mutator: "ConditionalExpression",
    line: "return drifts.length === 0 ? ended : Effect.andThen(report(operation, drifts), ended)",
    original: "drifts.length === 0",
    replacement: "false",
    reason: "to report an empty list is to count and to log nothing: it only spares an answer as documented the work"
  },
  {
    file: "packages/client/src/internal/http/attempts.ts",
    mutator: "ConditionalExpression",
    line: "if (!isRetryable(error)) return Effect.fail(error)",
    original: "!isRetryable(error)",
    replacement: "false",
    reason: "the retry that follows asks the same of the same failure: it only spares most failures its cost"
  },
  {
    file: "packages/client/src/internal/http/span.ts",
    mutator: "ConditionalExpression",
    line: 'if (span?._tag === "Span") span.attribute(key, value)',
    original: 'span?._tag === "Span"',
    replacement: "true",
    reason: "a call is run in a span that it made, also if tracing is off, and that is never another program's"
  },
  {
    file: "packages/client/src/internal/http/span.ts",
    mutator: "OptionalChaining",
    line: 'if (span?._tag === "Span") span.attribute(key, value)',
    original: "span?._tag",
    replacement: "span._tag",
    reason: "a call is run in a span that it made, also if tracing is off, so there always is one"
  },
  {
    file: "packages/client/src/RetryPolicy.ts",
    mutator: "StringLiteral",
    line: 'const isInvalid = (options: RetryOptions): boolean => checkRetryOptions("", options).length > 0',
    original: '""',
    replacement: '"Stryker was here!"',
    reason: "it is only asked how many problems there are, and the text is the beginning of their names"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "BlockStatement",
    line: "} catch {",
    original: "{ return undefined }",
    replacement: "{}",
    reason: "a function that ends without a value gives undefined"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "ArrayDeclaration",
    line: "return visit(root, [])",
    original: "[]",
    replacement: '["Stryker was here"]',
    reason: "the list is only asked whether it holds an object, which is never a text"
  },
  {
    file: "packages/client/src/internal/webhooks/delivery.ts",
    mutator: "ObjectLiteral",
    line: "return { encodedData: undefined, signature: undefined }",
    original: "{ encodedData: undefined, signature: undefined }",
    replacement: "{}",
    reason: "its two fields are only read, and read as undefined either way"
  },
  {
    file: "packages/client/src/internal/webhooks/verify.ts",
    mutator: "ObjectLiteral",
    line: "return { encodedData: undefined, signature: undefined }",
    original: "{ encodedData: undefined, signature: undefined }",
    replacement: "{}",
    reason: "its two fields are only read, and read as undefined either way"
  },
  {
    file: "packages/client/src/internal/webhooks/event.ts",
    mutator: "EqualityOperator",
    line: "for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)",
    original: "i < bytes.length",
    replacement: "i <= bytes.length",
    reason: "a typed array ignores what is written past its end"
  },
  {
    file: "packages/client/src/internal/webhooks/signature.ts",
    mutator: "EqualityOperator",
    line: "for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)",
    original: "i < bytes.length",
    replacement: "i <= bytes.length",
    reason: "a typed array ignores what is written past its end"
  },
  {
    file: "packages/client/src/internal/transfer/decisionStep.ts",
    mutator: "ConditionalExpression",
    line: "const isOwnRuledOut = recordId !== undefined && notOurs.includes(recordId)",
    original: "recordId !== undefined",
    replacement: "true",
    reason: "no list of ids holds undefined, so a row without a record is in none: the comparison is for the compiler"
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
    reason: "a sum with undefined is no number, which is not above zero: it only spares the journal's clock"
  },
  {
    file: "packages/client/src/internal/transfer/record.ts",
    mutator: "StringLiteral",
    line: 'try: () => JSON.stringify(raw) ?? "",',
    original: '""',
    replacement: '"Stryker was here!"',
    reason: "an item of a list was read from JSON, so it has a text: the other one is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/record.ts",
    mutator: "StringLiteral",
    line: 'status: "unrecognised",',
    original: '"unrecognised"',
    replacement: '""',
    reason: "a record that cannot be read is similar at most, and the status of such a one is never read"
  },
  {
    file: "packages/client/src/internal/transfer/sender.ts",
    mutator: "LogicalOperator",
    line: '("status" in error ? ` ${error.status}` : "code" in error && error.code !== undefined ? ` ${error.code}` : "")',
    original: '"code" in error && error.code !== undefined',
    replacement: '"code" in error || error.code !== undefined',
    reason: "an error has the field only if it has a code, so both sides say the same"
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
    reason: "it is asked only of a row whose alarm says that there is more than one record"
  },
  {
    file: "packages/client/src/internal/transfer/sender.ts",
    mutator: "ArrayDeclaration",
    line: "records: [...new Set([...(recordId === undefined ? [] : [recordId]), ...(alarm?.records ?? [])])].map((id) =>",
    original: "[]",
    replacement: '["Stryker was here"]',
    nth: 2,
    reason: "it is asked only of a row whose alarm says that there is more than one record"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "StringLiteral",
    line: 'case "PalommaInvalidInput":',
    original: '"PalommaInvalidInput"',
    replacement: '""',
    reason: "a function that ends without a value gives undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "StringLiteral",
    line: 'case "TransferConflict":',
    original: '"TransferConflict"',
    replacement: '""',
    reason: "a function that ends without a value gives undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "StringLiteral",
    line: 'case "TransferDuplicate":',
    original: '"TransferDuplicate"',
    replacement: '""',
    reason: "a function that ends without a value gives undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "StringLiteral",
    line: 'case "TransferInvalidState":',
    original: '"TransferInvalidState"',
    replacement: '""',
    reason: "a function that ends without a value gives undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "ConditionalExpression",
    line: 'case "TransferInvalidState":',
    original: 'case "TransferInvalidState": return false',
    replacement: 'case "TransferInvalidState":',
    reason: "a function that ends without a value gives undefined, which stops no run either"
  },
  {
    file: "packages/client/src/internal/transfer/many.ts",
    mutator: "EqualityOperator",
    line: "if (end > until) until = end",
    original: "end > until",
    replacement: "end >= until",
    reason: "to set it to what it is changes nothing"
  },
  {
    file: "packages/client/src/internal/transfer/service.ts",
    mutator: "ConditionalExpression",
    line: "const next = rows.length < pageSize || last === undefined ? Option.none() : Option.some(last.reference)",
    original: "last === undefined",
    replacement: "false",
    reason:
      "a page has room for one at least, so one without a last row is not full: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/service.ts",
    mutator: "StringLiteral",
    line: 'Effect.flatMap(Options.readDecision(`${service}.acknowledge`, acknowledgement, "acknowledgement"), (read) =>',
    original: '"acknowledgement"',
    replacement: '""',
    reason: "it only counts that it is neither a decision nor a withdrawal"
  },
  {
    file: "packages/client/src/internal/transfer/sendOnce.ts",
    mutator: "ConditionalExpression",
    line: 'error._tag === "PalommaInvalidResponse" ? error.recordId : undefined',
    original: 'error._tag === "PalommaInvalidResponse"',
    replacement: "true",
    reason: "no other error of a create has an id of a record: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/claim.ts",
    mutator: "ConditionalExpression",
    line: "Option.exists((row) => hasClaim(row, claimId) && row.evidence.length === 0 && row.recordId === undefined)",
    original: "row.recordId === undefined",
    replacement: "true",
    reason:
      "it is a second lock: only a row without a record is claimed, and every event that gives a row a record gives it another state too"
  },
  {
    file: "packages/client/src/internal/transfer/claim.ts",
    mutator: "ConditionalExpression",
    line: "if (firstSeen.size >= maxSeen && oldest !== undefined) firstSeen.delete(oldest)",
    original: "oldest !== undefined",
    replacement: "true",
    reason: "a map that holds anything has a first key: the comparison is for the compiler"
  },
  {
    file: "packages/client/src/internal/transfer/search.ts",
    mutator: "ConditionalExpression",
    line: 'return row.recordId !== undefined && own?.likeness === "differs" && progress.sent === "no"',
    original: "row.recordId !== undefined",
    replacement: "true",
    reason:
      "no record has an undefined id, so the look-up shows no record of a row without one: the comparison is for the compiler"
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
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "ObjectLiteral",
    line: ": Effect.forEach(records, (record) => addRecord(record, listNames[filter.by]), { discard: true })",
    original: "{ discard: true }",
    replacement: "{}",
    reason: "the value of the loop is never read: the option only avoids that a list of empty values is built"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "BooleanLiteral",
    line: ": Effect.forEach(records, (record) => addRecord(record, listNames[filter.by]), { discard: true })",
    original: "true",
    replacement: "false",
    reason: "the value of the loop is never read: the option only avoids that a list of empty values is built"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "ObjectLiteral",
    line: 'const wide = Effect.forEach(accounts, (account) => read({ by: "account", accountId: account }), { discard: true })',
    original: "{ discard: true }",
    replacement: "{}",
    reason: "the value of the loop is never read: the option only avoids that a list of empty values is built"
  },
  {
    file: "packages/client/src/internal/transfer/lookUp.ts",
    mutator: "BooleanLiteral",
    line: 'const wide = Effect.forEach(accounts, (account) => read({ by: "account", accountId: account }), { discard: true })',
    original: "true",
    replacement: "false",
    reason: "the value of the loop is never read: the option only avoids that a list of empty values is built"
  },
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
  }
]
