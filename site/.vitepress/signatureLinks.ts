import type { MarkdownOptions } from "vitepress"

type Transformer = NonNullable<MarkdownOptions["codeTransformers"]>[number]
type Child = Parameters<NonNullable<Transformer["span"]>>[0]["children"][number]

/** Turns the names in a fence that is marked `signature:<route>` into links to their declarations. */
export const signatureLinks = (
  find: (route: string, name: string) => string | undefined,
  base: string
): Transformer => ({
  name: "signature-links",
  span(node) {
    const [, route] = /signature:(\S+)/.exec(this.options.meta?.__raw ?? "") ?? []
    const [child] = node.children
    if (route === undefined || child?.type !== "text" || /^\s*(\/\*|\*|\/\/)/.test(child.value)) return
    const parts = child.value.split(/([A-Za-z_$][\w$]*)/)
    node.children = parts.flatMap((value): Array<Child> => {
      const text: Child = { type: "text", value }
      const target = find(route, value)
      if (value === "" || target === undefined) return value === "" ? [] : [text]
      const [page = "", anchor = ""] = target.split("#")
      const href = `${base}${page}.html#${anchor}`
      return [{ type: "element", tagName: "a", properties: { href }, children: [text] }]
    })
  }
})
