import react from "@vitejs/plugin-react"
import { fileURLToPath } from "node:url"
import type { Plugin } from "vite"
import { defineConfig } from "vitest/config"

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The catalogue without what only translators and checks read. */
function messages(): Plugin {
  return {
    name: "messages",
    enforce: "pre",
    transform(code, id) {
      if (!/\/web\/messages\/vi\.json$/.test(id)) return null
      const entries = Object.entries(JSON.parse(code) as Record<string, { text: string }>)
      return { code: JSON.stringify(Object.fromEntries(entries.map(([key, { text }]) => [key, text]))), map: null }
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
  resolve: { alias: { "@truc/client": here("../clients/typescript/src") } },
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
