/** Code whose tests must notice every change, and the tests that are asked. */
export interface Part {
  /** The files to change, as globs from the root of the repository. */
  readonly files: ReadonlyArray<string>
  /** The test files that are asked, as globs from the root, in the order in which they are asked: the likeliest first. */
  readonly tests: ReadonlyArray<string>
}

/** What `mutants` covers if it is told no files. */
export const scope: ReadonlyArray<Part> = [
  {
    files: ["packages/client/src/RetryPolicy.ts", "packages/client/src/internal/options/retry.ts"],
    tests: ["packages/client/test/{retry,options}*.test.ts", "packages/client/test/**/*.test.ts"]
  },
  {
    files: ["packages/client/src/Webhook{s,sService,Rejected}.ts", "packages/client/src/internal/webhooks/**/*.ts"],
    tests: ["packages/client/test/webhooks*.test.ts"]
  },
  {
    files: ["packages/schema/src/OpenEnum.ts"],
    tests: ["packages/schema/test/OpenEnum*.test.ts", "packages/schema/test/**/*.test.ts"]
  },
  {
    // What decides by data alone, and the one writer.
    files: [
      "packages/client/src/internal/transfer/{change,counters,decisionStep,event,samePayment,store,transition}.ts"
    ],
    tests: ["packages/client/test/transfer/*.test.ts"]
  },
  {
    files: [
      "packages/client/src/internal/transfer/!(change|counters|decisionStep|event|samePayment|store|transition).ts"
    ],
    tests: [
      "test/transfers/*.test.ts",
      "packages/client/test/transfers-*.test.ts",
      "packages/client/test/transfer/*.test.ts"
    ]
  },
  {
    files: ["packages/client/src/internal/http/**/*.ts"],
    tests: ["packages/client/test/**/*.test.ts"]
  }
]

/** The tests of a file that is not in the scope. */
export const otherTests: ReadonlyArray<string> = ["packages/{schema,client}/test/**/*.test.ts"]

/** How many of all mutants may be listed as survivors. */
export const mostListed = 0.03
