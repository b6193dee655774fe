export type Language = "vi" | "en"

export const STORED = "truc.language"

/** Vietnamese, unless this reader has chosen otherwise. */
export function storedLanguage(): Language {
  return localStorage.getItem(STORED) === "en" ? "en" : "vi"
}
