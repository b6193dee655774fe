// The language of the page, and how a component says something in it.
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react"
import { I18nProvider } from "react-aria-components"
import { createIntl, createIntlCache, IntlProvider, useIntl } from "react-intl"
import { loadAriaEnglish } from "./aria"
import type vietnamese from "../../messages/vi.json"

export type Language = "vi" | "en"
export type MessageKey = keyof typeof vietnamese
export type Values = Record<string, string | number | Date>
type Catalogue = Record<MessageKey, string>

const STORED = "truc.language"
const loaders: Record<Language, () => Promise<{ default: unknown }>> = {
  vi: () => import("../../messages/vi.json"),
  en: async () => {
    await loadAriaEnglish()
    return import("../../messages/en.json")
  },
}

/** Vietnamese, unless this reader has chosen otherwise. */
export function storedLanguage(): Language {
  return localStorage.getItem(STORED) === "en" ? "en" : "vi"
}

export async function loadMessages(language: Language): Promise<Catalogue> {
  return (await loaders[language]()).default as Catalogue
}

const Chosen = createContext<{ language: Language; choose: (language: Language) => void }>({
  language: "vi",
  choose: () => undefined,
})

/** The language now, and the function that changes it. */
export const useLanguage = () => use(Chosen)

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
  const chosen = useMemo(() => ({ language: now.language, choose }), [now.language, choose])
  const locale = now.language === "vi" ? "vi-VN" : "en-GB"
  return (
    <Chosen value={chosen}>
      <IntlProvider locale={locale} defaultLocale="vi-VN" messages={now.messages} onError={fail}>
        <I18nProvider locale={locale}>{children}</I18nProvider>
      </IntlProvider>
    </Chosen>
  )
}

// A message that is missing or wrong is a fault of ours; the checks of the catalogue find it before a reader does.
function fail(error: Error) {
  throw error
}

export type Say = (key: MessageKey, values?: Values) => string

/** `say("trace.title")` */
export function useSay(): Say {
  const intl = useIntl()
  return useCallback((key, values) => intl.formatMessage({ id: key }, values), [intl])
}

/** Outside of components. */
export function sayIn(language: Language, messages: Catalogue): Say {
  const intl = createIntl({ locale: language, messages, onError: fail }, createIntlCache())
  return (key, values) => intl.formatMessage({ id: key }, values)
}
