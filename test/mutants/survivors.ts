import type { Survivor } from "./judge.ts"
import { survivorsOfTransfers } from "./survivorsOfTransfers.ts"

/** The mutants that survive because no input distinguishes them from the code. */
export const survivors: ReadonlyArray<Survivor> = [
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "StringLiteral",
    line: 'const reasonOf = ({ code = "", syscall = "" }: Evidence): ConnectionFailure => {',
    original: '""',
    replacement: '"Stryker was here!"',
    reason:
      "no set contains the empty string or this one, and they are compared with neither: both count as an unknown code"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "StringLiteral",
    line: 'const isProof = ({ code = "", syscall = "" }: Evidence): boolean =>',
    original: '""',
    replacement: '"Stryker was here!"',
    reason: "as a code, it is compared with codes that are neither; as a syscall, a test distinguishes it"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "ConditionalExpression",
    line: "code: code !== undefined && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : undefined,",
    original: "code !== undefined",
    replacement: "true",
    reason: "the pattern reads undefined as a string in lower case, which it does not match"
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
      "it is a second check: the proof is read when the attempt has ended, and `within` interrupts the attempt's interruptible fiber in the same step, so this line is never reached"
  },
  {
    file: "packages/client/src/internal/http/attempt.ts",
    mutator: "BooleanLiteral",
    line: "isClosed = true",
    original: "true",
    replacement: "false",
    reason: "it belongs to the second check, whose line is never reached"
  },
  {
    file: "packages/client/src/internal/http/attempt.ts",
    mutator: "ConditionalExpression",
    line: "return drifts.length === 0 ? ended : Effect.andThen(report(operation, drifts), ended)",
    original: "drifts.length === 0",
    replacement: "false",
    reason: "reporting an empty list counts and logs nothing: the condition only saves work for a documented response"
  },
  {
    file: "packages/client/src/internal/http/attempts.ts",
    mutator: "ConditionalExpression",
    line: "if (!isRetryable(error)) return Effect.fail(error)",
    original: "!isRetryable(error)",
    replacement: "false",
    reason:
      "the retry after it checks the same of the same failure: the condition only saves that work for most failures"
  },
  {
    file: "packages/client/src/internal/http/span.ts",
    mutator: "ConditionalExpression",
    line: 'if (span?._tag === "Span") span.attribute(key, value)',
    original: 'span?._tag === "Span"',
    replacement: "true",
    reason: "a call runs in a span that it made, even if tracing is off, and never in another program's span"
  },
  {
    file: "packages/client/src/internal/http/span.ts",
    mutator: "OptionalChaining",
    line: 'if (span?._tag === "Span") span.attribute(key, value)',
    original: "span?._tag",
    replacement: "span._tag",
    reason: "a call runs in a span that it made, even if tracing is off, so there always is one"
  },
  {
    file: "packages/client/src/RetryPolicy.ts",
    mutator: "StringLiteral",
    line: 'const isInvalid = (options: RetryOptions): boolean => checkRetryOptions("", options).length > 0',
    original: '""',
    replacement: '"Stryker was here!"',
    reason: "only the number of problems is used, and the string is the prefix of their names"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "BlockStatement",
    line: "} catch {",
    original: "{ return undefined }",
    replacement: "{}",
    reason: "a function without a return value returns undefined"
  },
  {
    file: "packages/client/src/internal/http/transportFailure.ts",
    mutator: "ArrayDeclaration",
    line: "return visit(root, [])",
    original: "[]",
    replacement: '["Stryker was here"]',
    reason: "the list is only checked for an object, which is never a string"
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
    reason: "a typed array ignores writes past its end"
  },
  {
    file: "packages/client/src/internal/webhooks/signature.ts",
    mutator: "EqualityOperator",
    line: "for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)",
    original: "i < bytes.length",
    replacement: "i <= bytes.length",
    reason: "a typed array ignores writes past its end"
  },
  ...survivorsOfTransfers
]
