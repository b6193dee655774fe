import { isLiteralElement, type MessageFormatElement, parse } from "@formatjs/icu-messageformat-parser"
import react from "@vitejs/plugin-react"
import { fileURLToPath } from "node:url"
import type { Plugin } from "vite"
import { defineConfig } from "vitest/config"

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What is said without values stays text; the rest is read here, so that no browser has to load what reads it. */
function said(text: string): string | MessageFormatElement[] {
  const parts = parse(text, { captureLocation: false })
  return parts.every(isLiteralElement) ? parts.map(({ value }) => value).join("") : parts
}

/** The catalogue without what only translators and checks read. */
function messages(): Plugin {
  return {
    name: "messages",
    enforce: "pre",
    transform(code, id) {
      if (!/\/web\/messages\/(vi|en)\.json$/.test(id)) return null
      const entries = Object.entries(JSON.parse(code) as Record<string, string | { text: string }>)
      const all = entries.map(([key, one]) => [key, said(typeof one === "string" ? one : one.text)])
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
 * React Aria asks the browser as it is loaded whether it knows the language, and in which direction it is written, which
 * reads the names of all languages (20 ms, 80 on an old machine). Ours are named in src/language, and go to the right.
 */
function ariaDirection(): Plugin {
  const known: [RegExp, RegExp, string][] = [
    [/useDefaultLocale\.mjs$/, /Intl\.DateTimeFormat\.supportedLocalesOf\(\[\s*locale\s*\]\);/, ""],
    [/i18n\/utils\.mjs$/, /(function [$\w]+\(localeString\) \{)/, "$1 return false;"],
  ]
  return {
    name: "aria-direction",
    enforce: "pre",
    transform(code, id) {
      if (!/\/react-aria\/.*\/private\/i18n\//.test(id)) return null
      const one = known.find(([file]) => file.test(id))
      if (!one) return null
      const [, from, to] = one
      if (!from.test(code)) throw new Error(`${id} is not as it was: look at ariaDirection() again`)
      return { code: code.replace(from, to), map: null }
    },
  }
}

/** Packages of which every page needs something: one file and not six. */
const FIRST = /\/node_modules\/(react|react-dom|scheduler|@tanstack|@formatjs|intl-messageformat|openapi-fetch|openapi-react-query)\//

/** The browser is told with the page itself of what the first page needs, and does not find it out in three steps. */
function early(): Plugin {
  const first = ["src/start.tsx", "src/exchange/home/Home.tsx", "messages/vi.json"]
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
        const entry = chunks.find(({ isEntry }) => isEntry)
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

export default defineConfig({
  plugins: [messages(), ariaLanguages(), ariaDirection(), early(), react()],
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
    // By itself: what runs first needs it, and nothing else of what it would stand among.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "preload", test: /preload-helper/ }, { name: "first", test: FIRST }] } } },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/language/aria.ts", "tests/setup.ts"],
    server: { deps: { inline: [/react-aria/, /react-stately/, /@internationalized/] } },
  },
})
