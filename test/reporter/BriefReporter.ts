// Prints failures and totals, so that the output of a successful run fits on a screen.
import { DefaultReporter, type TestCase, type TestModule } from "vitest/node"

type Log = Parameters<DefaultReporter["onUserConsoleLog"]>[0]

/** The format of an error in Effect's default logger. */
const loggedError = /^\[[\d:.]+\] ERROR \(#\d+\): /

const isRepeated = (testModule: TestModule, log: Log): boolean => {
  for (const test of testModule.children.allTests("failed")) {
    if ((test.result().errors ?? []).some(({ message }) => log.content.includes(message))) return true
  }
  return false
}

export default class BriefReporter extends DefaultReporter {
  readonly #held = new Map<string, Array<Log>>()

  protected override printTestModule(testModule: TestModule): void {
    if (testModule.state() === "failed") super.printTestModule(testModule)
  }

  protected override printTestCase(moduleState: ReturnType<TestModule["state"]>, test: TestCase): void {
    if (test.result().state === "failed") super.printTestCase(moduleState, test)
  }

  /** `it.effect` logs the failure of a test, which Vitest also reports, with its location and a diff. */
  override onUserConsoleLog(log: Log, state?: ReturnType<TestCase["result"]>["state"]): void {
    const task = log.taskId === undefined ? undefined : this.ctx.state.idMap.get(log.taskId)
    const test = task && this.ctx.state.getReportedEntity(task)
    if (test?.type !== "test" || !loggedError.test(log.content)) return super.onUserConsoleLog(log, state)
    const { id } = test.module
    // Vitest does not know which of several concurrent tests logs, so the error may belong to another test of the
    // module.
    this.#held.set(id, [...(this.#held.get(id) ?? []), log])
  }

  override onTestModuleEnd(testModule: TestModule): void {
    for (const log of this.#held.get(testModule.id) ?? []) {
      if (!isRepeated(testModule, log)) super.onUserConsoleLog(log)
    }
    this.#held.delete(testModule.id)
    super.onTestModuleEnd(testModule)
  }
}
