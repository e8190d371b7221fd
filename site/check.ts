// Looks at the built site as a reader does: `npx -y pnpm@12.21.0 docs:check`, after `docs`.
//
// It follows every link, and opens the pages in Chromium, dark and light. Without Chromium it only follows the links,
// and says so. `--all` also opens all pages of the API reference, `--only <text>` only the pages with this text in their
// path, and `--screenshots <folder>` keeps pictures.
import axe from "axe-core"
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { chromiumOptions, chromiumPath } from "../scripts/chromium.ts"
import { filesOf } from "../scripts/files.ts"
import { deadLinks } from "./deadLinks.ts"
import { serve } from "./server.ts"

const { values } = parseArgs({
  options: {
    base: { type: "string", default: "/" },
    all: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    screenshots: { type: "string" }
  }
})
const base = `/${values.base}/`.replace(/\/+/g, "/")
const folder = join(import.meta.dirname, "dist")
const problems: Array<string> = []

const schemes = ["light", "dark"] as const
const widths = { wide: { width: 1280, height: 900 }, phone: { width: 375, height: 740 } }

/** Every page of the API has the same parts, so the check opens the start pages and every tenth of the others. */
const opened = (page: string, index: number): boolean =>
  page.includes(values.only) &&
  (values.all || values.only !== "" || !page.startsWith("api/") || page.endsWith("index.html") || index % 10 === 0)

const checkAccess = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(axe.source)
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run(document, {
      resultTypes: ["violations"]
    })
    return violations.map(({ help, id, impact, nodes }) => ({
      id,
      help,
      impact,
      where: nodes.slice(0, 3).map(({ html, target }) => `${target.join(" ")} ${html.slice(0, 120)}`)
    }))
  })
  for (const { help, id, impact, where } of found) {
    if (impact === "serious" || impact === "critical") problems.push(`${name}: ${id}: ${help}\n  ${where.join("\n  ")}`)
  }
}

const checkWidth = async (page: Page, name: string): Promise<void> => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 0) problems.push(`${name}: the page is ${wide} px wider than the screen of a phone`)
}

const watch = (context: BrowserContext, origin: string): void => {
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(`${message.page()?.url() ?? ""}: the console shows: ${message.text()}`)
    }
  })
  context.on("weberror", (error) => problems.push(`${error.page()?.url() ?? ""}: ${error.error().message}`))
  context.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) {
      problems.push(`${request.frame().url()}: a request to another host: ${request.url()}`)
    }
  })
  context.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.url()}: status ${response.status()}`)
  })
}

const contextOf = async (browser: Browser, scheme: "light" | "dark", origin: string): Promise<BrowserContext> => {
  const context = await browser.newContext({ colorScheme: scheme, viewport: widths.wide, reducedMotion: "reduce" })
  // A time limit is there for what never ends.
  context.setDefaultTimeout(300_000)
  watch(context, origin)
  return context
}

const picture = async (page: Page, name: string): Promise<void> => {
  if (values.screenshots === undefined) return
  mkdirSync(values.screenshots, { recursive: true })
  await page.screenshot({ path: join(values.screenshots, `${name.replaceAll("/", "-")}.png`) })
}

/** Opens a page, and waits until its scripts run and its diagrams are drawn. */
const open = async (page: Page, url: string): Promise<void> => {
  await page.goto(url, { waitUntil: "load" })
  await page.waitForFunction(() => {
    const app: (Element & { readonly __vue_app__?: unknown }) | null = document.querySelector("#app")
    return app?.__vue_app__ !== undefined && document.querySelector("pre.diagram") === null
  })
}

const checkPages = async (browser: Browser, origin: string, scheme: "light" | "dark", pages: ReadonlyArray<string>) => {
  const context = await contextOf(browser, scheme, origin)
  const page = await context.newPage()
  for (const file of pages) {
    const name = `${file} (${scheme})`
    await page.setViewportSize(widths.wide)
    await open(page, `${origin}${base}${file}`)
    await checkAccess(page, name)
    await picture(page, `${file}-${scheme}-wide`)
    await page.setViewportSize(widths.phone)
    await checkWidth(page, name)
    await picture(page, `${file}-${scheme}-phone`)
  }
  await context.close()
}

/** Searches a word, and opens the first result. */
const checkSearch = async (browser: Browser, origin: string, home: string, word: string, result: RegExp) => {
  const context = await contextOf(browser, "light", origin)
  const page = await context.newPage()
  await open(page, `${origin}${base}${home}`)
  await page.locator(".DocSearch-Button").first().click()
  await page.locator("#localsearch-input").fill(word)
  const links = page.locator("#localsearch-list a.result")
  await links.first().waitFor()
  await picture(page, `search-${word}`)
  const hrefs = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""))
  if (!hrefs.some((href) => result.test(href))) {
    problems.push(`The search for ${word} does not find ${String(result)}, but ${hrefs.slice(0, 5).join(" ")}`)
  }
  await context.close()
}

if (!existsSync(folder)) throw new Error("There is no built site. Run `npx -y pnpm@12.21.0 run docs` first.")
problems.push(...deadLinks(folder, base).map((link) => `dead link: ${link}`))

const internal = filesOf(folder, "api/**/*.html").filter((page) => /(^|\/)internal/.test(page))
problems.push(...internal.map((page) => `${page} is about a module that cannot be imported`))

const executablePath = chromiumPath()
if (executablePath === undefined) {
  console.log("The pages were not opened: there is no Chromium. Install it, or name it in the variable CHROMIUM.")
} else {
  const pages = filesOf(folder, "**/*.html")
    .filter((page) => page !== "404.html")
    .filter(opened)
  const { close, origin } = await serve(folder, base)
  const browser = await chromium.launch({ executablePath, args: [...chromiumOptions], timeout: 300_000 })
  try {
    await Promise.all(schemes.map((scheme) => checkPages(browser, origin, scheme, pages)))
    await checkSearch(browser, origin, "index.html", "quiet time", /glossary|paying-once/)
    await checkSearch(browser, origin, "index.html", "TransferOutcomeUnknown", /errors|TransferError/)
    await checkSearch(browser, origin, "es/index.html", "llave de integridad", /\/es\//)
  } finally {
    await browser.close()
    close()
  }
  console.log(`Pages opened, light and dark: ${pages.length}.`)
}
for (const problem of new Set(problems)) console.log(problem)
if (problems.length > 0) {
  console.log(`${problems.length} problems.`)
  process.exitCode = 1
} else console.log("Every link leads somewhere, and nothing else is wrong.")
