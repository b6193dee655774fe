// Gives React Aria its words in the language of the page. To be imported before any of its components: it looks for
// these two symbols once.
import { ariaVietnamese } from "./aria.vi"

let english: Record<string, Record<string, unknown>> = {}

/** To be awaited before the page becomes English. */
export async function loadAriaEnglish() {
  const both = await Promise.all([import("react-aria/i18n/en-US"), import("react-aria-components/i18n/en-US")])
  english = { ...both[0].default, ...both[1].default }
}

const inEnglish = () => document.documentElement.lang === "en"

/** As React Aria reads it; each text is looked up when it is said, so that a change of language needs no new start. */
function strings() {
  const packages: Record<string, Record<string, unknown>> = {}
  for (const [name, vietnamese] of Object.entries(ariaVietnamese)) {
    const texts: Record<string, unknown> = {}
    for (const key of Object.keys(vietnamese))
      Object.defineProperty(texts, key, {
        enumerable: true,
        get: () => (inEnglish() ? english[name]?.[key] : vietnamese[key]),
      })
    packages[name] = texts
  }
  return packages
}

Object.assign(window, {
  [Symbol.for("react-aria.i18n.locale")]: "vi-VN",
  [Symbol.for("react-aria.i18n.strings")]: strings(),
})
