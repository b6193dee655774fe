// Light, dark or high contrast: what the reader chose, otherwise what the machine says.
export const THEMES = ["system", "light", "dark", "contrast"] as const
export type Theme = (typeof THEMES)[number]

export const STORED = "truc.theme"

export function storedTheme(): Theme {
  const found = localStorage.getItem(STORED)
  return THEMES.find((theme) => theme === found) ?? "system"
}

/** Puts the chosen theme on the page. */
export function showTheme() {
  const theme = storedTheme()
  const fallback = theme === "system" && matchMedia("(prefers-contrast: more)").matches ? "contrast" : undefined
  const shown = theme === "system" ? fallback : theme
  if (shown) document.documentElement.dataset.theme = shown
  else delete document.documentElement.dataset.theme
}
