// A calendar of what ends when, by month in Viet Nam.
import { dateText } from "../language/dates"
import type { Language } from "../language/language"

/** "03/2029", "March 2029" */
export function monthText(instant: string, language: Language): string {
  const [, month = "", year = ""] = dateText(instant, "vi").split("/")
  if (language === "vi") return `${month}/${year}`
  const name = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" }).format(Date.UTC(Number(year), Number(month) - 1, 1))
  return `${name} ${year}`
}

export interface Month<T> {
  /** Of it; nothing for those whose end is not known. */
  first: string | undefined
  rows: T[]
}

/** One after the other as they come, which is by their end; those without one at last. */
export function byMonth<T extends { not_after?: string }>(rows: readonly T[]): Month<T>[] {
  const months: (Month<T> & { key: string })[] = []
  for (const row of rows) {
    const key = row.not_after === undefined ? "" : monthText(row.not_after, "vi")
    const last = months.at(-1)
    if (last?.key === key) last.rows.push(row)
    else months.push({ key, first: row.not_after, rows: [row] })
  }
  return months
}

/** Within so many days somebody should have ordered a new one: authorities take weeks. */
const SOON_DAYS = 90

export type Left = "over" | "soon" | "good" | "unknown"

export function leftOf(days: number | undefined): Left {
  if (days === undefined) return "unknown"
  return days < 0 ? "over" : days <= SOON_DAYS ? "soon" : "good"
}
