/**
 * The pages of the site: their order in the sidebar, and the texts of the site itself.
 *
 * `test/site.test.ts` fails if a page of `docs/` is not listed here, or if a listed page does not exist.
 */

export interface Section {
  readonly title: string
  /** The files of the section, relative to the root of the repository. */
  readonly files: ReadonlyArray<string>
}

/** The sidebar. A new guide is one line here, in the order of the guides in README.md. */
export const sections: ReadonlyArray<Section> = [
  { title: "Start", files: ["README.md", "docs/getting-started.md"] },
  {
    title: "Money",
    files: [
      "docs/collecting.md",
      "docs/paying.md",
      "docs/paying-once.md",
      "docs/durable.md",
      "docs/moving-in.md",
      "docs/errors.md"
    ]
  },
  {
    title: "Your program",
    files: ["docs/webhooks.md", "docs/promises.md", "docs/validation.md", "docs/testing.md"]
  },
  {
    title: "In production",
    files: ["docs/when-palomma-changes.md", "docs/open-questions.md", "docs/runtimes.md", "docs/versions.md"]
  },
  { title: "Look up", files: ["docs/faq.md", "docs/glossary.md"] },
  {
    title: "Packages",
    files: [
      "packages/client/README.md",
      "packages/schema/README.md",
      "packages/testing/README.md",
      "packages/durable/README.md"
    ]
  },
  {
    title: "The project",
    files: ["docs/architecture.md", "examples/README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md"]
  }
]

/** Spanish titles of the sections. */
export const spanishSections: Readonly<Record<string, string>> = {
  Start: "Para empezar",
  Money: "El dinero",
  "Your program": "Su programa",
  "In production": "En producción",
  "Look up": "Consulta",
  Packages: "Paquetes",
  "The project": "El proyecto"
}

/** Spanish pages without an English one, at the end of the first section. */
export const spanishOnly: ReadonlyArray<string> = ["docs/es/terms.md"]

/** The file of the Spanish translation of a page, if there is to be one. */
export const spanishOf = (file: string): string | undefined => {
  if (file === "README.md") return "README.es.md"
  return /^docs\/[^/]+\.md$/.test(file) ? file.replace("docs/", "docs/es/") : undefined
}

/** Returns the link of a page on the site. */
export const linkOf = (file: string): string => `/${routeOf(file).replace(/(^|\/)index$/, "$1")}`

/** Returns the path of a page on the site, without extension: `docs/es/x.md` is `es/x`. */
export const routeOf = (file: string): string => {
  if (file === "README.md") return "index"
  if (file === "README.es.md") return "es/index"
  const [, name] = /^(?:docs\/)?(.*?)(?:\/README)?\.md$/.exec(file) ?? []
  if (name === undefined) throw new Error(`${file} is not Markdown`)
  return name.startsWith("packages/") ? name : name.toLowerCase().replaceAll("_", "-")
}

export const guides: ReadonlyArray<string> = sections.flatMap(({ files }) => files)

/** The buttons of the landing page. A page that does not exist has no button. */
export const actions: ReadonlyArray<{ readonly en: string; readonly es: string; readonly file: string }> = [
  { en: "Get started", es: "Empezar", file: "docs/getting-started.md" },
  { en: "Collect", es: "Recaudar", file: "docs/collecting.md" },
  { en: "Pay", es: "Pagar", file: "docs/paying.md" },
  { en: "Pay once", es: "Pagar una sola vez", file: "docs/paying-once.md" },
  { en: "Errors", es: "Errores", file: "docs/errors.md" }
]
