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

export default defineConfig({
  plugins: [messages(), ariaLanguages(), react()],
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
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/language/aria.ts", "tests/setup.ts"],
    server: { deps: { inline: [/react-aria/, /react-stately/, /@internationalized/] } },
  },
})
