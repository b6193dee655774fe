import { useCallback, useSyncExternalStore } from "react"
import { showTheme, STORED, storedTheme, type Theme } from "./shown"

export { THEMES, type Theme } from "./shown"

const listeners = new Set<() => void>()

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore((changed) => {
    listeners.add(changed)
    return () => listeners.delete(changed)
  }, storedTheme)
  const choose = useCallback((chosen: Theme) => {
    localStorage.setItem(STORED, chosen)
    showTheme()
    for (const changed of listeners) changed()
  }, [])
  return [theme, choose]
}
