import { isLiteralElement, type MessageFormatElement, parse } from "@formatjs/icu-messageformat-parser"
import react from "@vitejs/plugin-react"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Plugin } from "vite"
import { defineConfig } from "vitest/config"

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What is said without values stays text; the rest is read here, so that no browser has to load what reads it. */
function said(text: string): string | MessageFormatElement[] {
  const parts = parse(text, { captureLocation: false })
  return parts.every(isLiteralElement) ? parts.map(({ value }) => value).join("") : parts
}

/** The catalogue without what only translators and checks read, and without what only papers say (src/catalogue). */
function messages(): Plugin {
  return {
    name: "messages",
    enforce: "pre",
    transform(code, id) {
      if (!/\/web\/messages\/(vi|en)\.json$/.test(id)) return null
      const entries = Object.entries(JSON.parse(code) as Record<string, string | { text: string }>)
      const all = entries.filter(([key]) => !key.startsWith("paper.")).map(([key, one]) => [key, said(typeof one === "string" ? one : one.text)])
      return { code: JSON.stringify(Object.fromEntries(all)), map: null }
    },
  }
}

/** React Aria brings 34 languages; English is read by us, Vietnamese is our own (src/language/aria.vi.ts). */
function ariaLanguages(): Plugin {
  return {
    name: "aria-languages",
    enforce: "pre",
    load(id) {
      if (/\/(react-aria|react-stately|react-aria-components)\/.*\/intl\/.*\.mjs$/.test(id) && !/\/en-US\.mjs$/.test(id))
        return "export default undefined"
      return null
    },
  }
}

/**
 * What React Aria asks the browser as it is loaded, of which we know the answer: whether it knows the language and in
 * which direction it is written, which reads the names of all languages (20 ms, 80 on an old machine), and whether it
 * can choose the signs of numbers, which reads the numbers of all languages (30 ms, 110). Ours are named in src/language
 * and go to the right, and every browser that we are for can.
 */
function ariaAnswers(): Plugin {
  const known: [RegExp, RegExp, string][] = [
    [/i18n\/useDefaultLocale\.mjs$/, /Intl\.DateTimeFormat\.supportedLocalesOf\(\[\s*locale\s*\]\);/, ""],
    [/i18n\/utils\.mjs$/, /(function [$\w]+\(localeString\) \{)/, "$1 return false;"],
    [/number\/.*\/NumberFormatter\.mjs$/, /new Intl\.NumberFormat\('de-DE', \{[^}]*\}\)\.resolvedOptions\(\)\.signDisplay === 'exceptZero'/, "true"],
  ]
  return {
    name: "aria-answers",
    enforce: "pre",
    transform(code, id) {
      if (!/\/(react-aria|@internationalized\/number)\/.*\/private\//.test(id)) return null
      const one = known.find(([file]) => file.test(id))
      if (!one) return null
      const [, from, to] = one
      if (!from.test(code)) throw new Error(`${id} is not as it was: look at ariaAnswers() again`)
      return { code: code.replace(from, to), map: null }
    },
  }
}

/** What asks before anything else is here: by itself, with what loads the rest. */
const ASKS = /\/web\/(index\.html|src\/(main|api\/early|exchange\/home\/first|language\/stored|look\/shown)\.ts)|preload-helper/

/** The browser is told with the page itself of what the first page needs, and does not find it out in three steps. */
function early(): Plugin {
  const first = ["src/start.tsx", "messages/vi.json"]
  return {
    name: "early",
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((one) => one.type === "chunk")
        const files = new Set<string>()
        const take = (file: string) => {
          if (files.has(file)) return
          files.add(file)
          for (const one of chunks.find(({ fileName }) => fileName === file)?.imports ?? []) take(one)
        }
        for (const name of first) {
          const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId === here(name))
          if (chunk) take(chunk.fileName)
        }
        // What Vite itself has put there.
        const entry = chunks.find(({ isEntry, facadeModuleId }) => isEntry && facadeModuleId === here("index.html"))
        for (const file of [entry?.fileName ?? "", ...(entry?.imports ?? [])]) files.delete(file)
        const fonts = Object.keys(bundle).filter((file) => file.endsWith(".woff2"))
        const link = (attrs: Record<string, string>) => ({ tag: "link", attrs: { crossorigin: "", ...attrs }, injectTo: "head" as const })
        return [
          ...[...files].map((file) => link({ rel: "modulepreload", href: `/${file}` })),
          ...fonts.map((file) => link({ rel: "preload", as: "font", type: "font/woff2", href: `/${file}` })),
        ]
      },
    },
  }
}

/**
 * Nearly all of what the first page loads runs at once. A browser that is told so reads each function once, beside the
 * page, and not first roughly and then again when it is called (a fifth of a slow computer's wait; others see a comment).
 */
function hints(): Plugin {
  return {
    name: "hints",
    // The files as they are: Vite puts a line before some of them last of all.
    writeBundle({ dir = "" }, bundle) {
      for (const file of Object.keys(bundle).filter((one) => /\/(start|libraries)-[^/]*\.js$/.test(one))) {
        const path = join(dir, file)
        writeFileSync(path, `//# allFunctionsCalledOnLoad\n${readFileSync(path, "utf8")}`)
      }
    },
  }
}

export default defineConfig({
  plugins: [messages(), ariaLanguages(), ariaAnswers(), early(), hints(), react()],
  resolve: {
    alias: [
      { find: "@truc/client", replacement: here("../clients/typescript/src") },
      { find: /^@formatjs\/icu-messageformat-parser$/, replacement: "@formatjs/icu-messageformat-parser/no-parser.js" },
    ],
  },
  build: {
    outDir: here("../build/web"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "manifest.json",
    rolldownOptions: {
      input: { index: here("index.html"), start: here("src/start.tsx") },
      output: {
        // All that the first page needs in few files: each is a request, and some milliseconds before anything is seen.
        codeSplitting: {
          groups: [
            { name: "asks", test: ASKS, priority: 2 },
            { name: "libraries", test: /\/node_modules\//, tags: ["$initial"], priority: 1 }, // kept by browsers when only ours changes
            { name: "first", tags: ["$initial"] },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/language/aria.ts", "tests/setup.ts"],
    server: { deps: { inline: [/react-aria/, /react-stately/, /@internationalized/] } },
  },
})
