// Prints what failed and the totals: a green run fits on a screen, a console in CI included.
import { DefaultReporter, type TestCase, type TestModule } from "vitest/node"

type Log = Parameters<DefaultReporter["onUserConsoleLog"]>[0]

/** How Effect's default logger prints an error that is logged. */
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

  /** `it.effect` logs what a test failed with, which Vitest reports too, with its place and the difference. */
  override onUserConsoleLog(log: Log, state?: ReturnType<TestCase["result"]>["state"]): void {
    const task = log.taskId === undefined ? undefined : this.ctx.state.idMap.get(log.taskId)
    const test = task && this.ctx.state.getReportedEntity(task)
    if (test?.type !== "test" || !loggedError.test(log.content)) return super.onUserConsoleLog(log, state)
    const { id } = test.module
    // Of tests that run at the same time Vitest does not know which one logs, so it may be the error of another one of the module.
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
