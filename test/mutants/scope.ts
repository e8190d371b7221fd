/** Code whose tests must detect every change, and these tests. */
export interface Part {
  /** The files to change, as globs from the root of the repository. */
  readonly files: ReadonlyArray<string>
  /** The test files, as globs from the root, in their order of execution: the most likely to fail first. */
  readonly tests: ReadonlyArray<string>
}

/** The files that `mutants` changes by default. */
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
    // Pure decisions, and the one writer.
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
  },
  {
    // The worker. The model only draws lives, which is too slow to run for each change.
    files: [
      "packages/durable/src/internal/checks.ts",
      "packages/durable/src/internal/worker/{awaitEnd,limitedLog,memory,metrics,options,service,job,tell,times,turn,work}.ts"
    ],
    tests: ["packages/durable/test/worker-!(model).test.ts"]
  }
]

/** The tests of a file that is not in the scope. */
export const otherTests: ReadonlyArray<string> = ["packages/{schema,client}/test/**/*.test.ts"]

/** The share of all mutants that may be listed as survivors. */
export const mostListed = 0.03
