// The language of the page, and how a component says something in it.
import { IntlMessageFormat } from "intl-messageformat"
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react"
import { I18nProvider } from "react-aria-components"
import { loadAriaEnglish } from "./aria"
import { formatters } from "./formatters"
import { type Language, STORED } from "./stored"
import type vietnamese from "../../messages/vi.json"

export type { Language } from "./stored"
export type MessageKey = keyof typeof vietnamese
export type Values = Record<string, string | number | Date>

type Parts = Exclude<ConstructorParameters<typeof IntlMessageFormat>[0], string>
/** Texts, and what was read of those with values when the application was built (vite.config.ts). */
type Catalogue = Record<MessageKey, string | Parts>

const loaders: Record<Language, () => Promise<{ default: unknown }>> = {
  vi: () => import("../../messages/vi.json"),
  en: async () => {
    await loadAriaEnglish()
    return import("../../messages/en.json")
  },
}

export async function loadMessages(language: Language): Promise<Catalogue> {
  return (await loaders[language]()).default as Catalogue
}

export type Say = (key: MessageKey, values?: Values) => string

interface Chosen {
  language: Language
  choose: (language: Language) => void
  say: Say
}
const Chosen = createContext<Chosen | undefined>(undefined)

function useChosen(): Chosen {
  const found = use(Chosen)
  if (!found) throw new Error("nothing is said outside of LanguageProvider")
  return found
}

/** The language now, and the function that changes it. */
export const useLanguage = useChosen

/** `say("trace.title")` */
export const useSay = (): Say => useChosen().say

/** Below it everything is said in one language; `first` and its messages are what the page starts with. */
export function LanguageProvider({ first, messages, children }: { first: Language; messages: Catalogue; children: ReactNode }) {
  const [now, setNow] = useState({ language: first, messages })
  useEffect(() => {
    document.documentElement.lang = now.language
  }, [now.language])
  const choose = useCallback((language: Language) => {
    localStorage.setItem(STORED, language)
    void loadMessages(language).then((loaded) => {
      document.documentElement.lang = language // before anything is said again
      setNow({ language, messages: loaded })
    })
  }, [])
  const locale = now.language === "vi" ? "vi-VN" : "en-GB"
  const shown = useMemo(() => ({ language: now.language, choose, say: saying(now.messages, locale) }), [now, choose, locale])
  return (
    <Chosen value={shown}>
      <I18nProvider locale={locale}>{children}</I18nProvider>
    </Chosen>
  )
}

// It would ask the browser whether it knows the language, for readers of texts which are read before they come here.
IntlMessageFormat.resolveLocale = (locale) => new Intl.Locale(String(locale))

/** A message or value that is missing throws: a fault of ours, which the checks of the catalogue find before a reader. */
function saying(messages: Catalogue, locale: string): Say {
  const formats = new Map<MessageKey, IntlMessageFormat>()
  return (key, values) => {
    const message = messages[key]
    if (typeof message === "string") return message
    const format = formats.get(key) ?? new IntlMessageFormat(message, locale, undefined, { formatters })
    formats.set(key, format)
    return String(format.format(values))
  }
}
