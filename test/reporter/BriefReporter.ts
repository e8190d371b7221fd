// Prints what failed and the totals: a green run fits on a screen, a console in CI included.
import { DefaultReporter, type TestCase, type TestModule } from "vitest/node"

type Log = Parameters<DefaultReporter["onUserConsoleLog"]>[0]

/** How Effect's default logger prints an error that is logged. */
const loggedError = /^\[[\d:.]+\] ERROR \(#\d+\): /

const isRepeated = (test: TestCase, log: Log): boolean =>
  (test.result().errors ?? []).some(({ message }) => log.content.includes(message))

export default class BriefReporter extends DefaultReporter {
  readonly #held = new Map<string, Array<Log>>()

  protected override printTestModule(testModule: TestModule): void {
    if (testModule.state() === "failed") super.printTestModule(testModule)
  }

  protected override printTestCase(moduleState: ReturnType<TestModule["state"]>, test: TestCase): void {
    if (test.result().state === "failed") super.printTestCase(moduleState, test)
  }

  /** `it.effect` logs what a test failed with, which Vitest reports too, with its place and the difference. */
  override onUserConsoleLog(log: Log, state?: "passed" | "failed" | "skipped" | "pending"): void {
    const task = log.taskId === undefined ? undefined : this.ctx.state.idMap.get(log.taskId)
    const test = task && this.ctx.state.getReportedEntity(task)
    if (test?.type !== "test" || !loggedError.test(log.content)) return super.onUserConsoleLog(log, state)
    if (test.result().state !== "pending") return this.#print(test, log)
    this.#held.set(test.id, [...(this.#held.get(test.id) ?? []), log])
  }

  override onTestCaseResult(test: TestCase): void {
    super.onTestCaseResult(test)
    for (const log of this.#held.get(test.id) ?? []) this.#print(test, log)
    this.#held.delete(test.id)
  }

  #print(test: TestCase, log: Log): void {
    if (!isRepeated(test, log)) super.onUserConsoleLog(log, test.result().state)
  }
}
