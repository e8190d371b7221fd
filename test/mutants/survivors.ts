import type { Survivor } from "./judge.ts"

/** The mutants that survive since no input can tell them from the code. */
export const survivors: ReadonlyArray<Survivor> = [
  {
    file: "packages/client/src/internal/webhooks/delivery.ts",
    mutator: "ObjectLiteral",
    line: "return { encodedData: undefined, signature: undefined }",
    original: "{ encodedData: undefined, signature: undefined }",
    replacement: "{}",
    because: "its two fields are only read, and read as undefined either way"
  },
  {
    file: "packages/client/src/internal/webhooks/event.ts",
    mutator: "EqualityOperator",
    line: "for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)",
    original: "i < bytes.length",
    replacement: "i <= bytes.length",
    because: "a typed array ignores what is written past its end"
  },
  {
    file: "packages/client/src/internal/webhooks/signature.ts",
    mutator: "EqualityOperator",
    line: "for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)",
    original: "i < bytes.length",
    replacement: "i <= bytes.length",
    because: "a typed array ignores what is written past its end"
  }
]
