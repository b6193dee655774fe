// Light, dark or high contrast: what the reader chose, otherwise what the machine says.
import { useCallback, useSyncExternalStore } from "react"

export const THEMES = ["system", "light", "dark", "contrast"] as const
export type Theme = (typeof THEMES)[number]

const STORED = "truc.theme"
const listeners = new Set<() => void>()

function stored(): Theme {
  const found = localStorage.getItem(STORED)
  return THEMES.find((theme) => theme === found) ?? "system"
}

/** Puts the chosen theme on the page. */
export function showTheme() {
  const theme = stored()
  const fallback = theme === "system" && matchMedia("(prefers-contrast: more)").matches ? "contrast" : undefined
  const shown = theme === "system" ? fallback : theme
  if (shown) document.documentElement.dataset.theme = shown
  else delete document.documentElement.dataset.theme
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore((changed) => {
    listeners.add(changed)
    return () => listeners.delete(changed)
  }, stored)
  const choose = useCallback((chosen: Theme) => {
    localStorage.setItem(STORED, chosen)
    showTheme()
    for (const changed of listeners) changed()
  }, [])
  return [theme, choose]
}
