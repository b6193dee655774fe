// What a delegation is on a given day, and the days that are typed for one.
import type { Schemas } from "../../api/client"
import { dateText, momentText, startOfDay, timeText } from "../../language/dates"
import type { Language } from "../../language/language"
import type { Permission } from "../me"

export type Delegation = Schemas["Delegation"]
export type OwnPost = Schemas["OwnPost"]
export type Standing = "coming" | "running" | "over" | "ended"

export function standingOf({ from, to, ended_at }: Pick<Delegation, "from" | "to" | "ended_at">, now: number): Standing {
  if (ended_at !== undefined) return "ended"
  if (Date.parse(to) <= now) return "over"
  return now < Date.parse(from) ? "coming" : "running"
}

/** Those that hold or will, the nearest first, before those that are past, the latest first. */
export function inOrder<T extends Pick<Delegation, "from" | "to" | "ended_at">>(all: readonly T[], now: number): T[] {
  const rank = (one: T) => (["running", "coming", "over", "ended"].indexOf(standingOf(one, now)) < 2 ? 0 : 1)
  const begins = (one: T) => Date.parse(one.from)
  return [...all].sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? begins(a) - begins(b) : begins(b) - begins(a)))
}

/** "25/11/2026", as it is typed, is "2026-11-25"; nothing for what is no day. */
export function dayOf(typed: string): string | undefined {
  const found = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(typed.trim())
  if (!found) return undefined
  const [day, month, year] = found.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : undefined
}

/** From the beginning of the first day, or from now on when that is today, to the end of the last. */
export function timesOf(first: string, last: string, now: Date): { from?: string; to: string } {
  const to = startOfDay(last, 1)
  const from = startOfDay(first)
  return Date.parse(from) <= now.getTime() ? { to } : { from, to }
}

/** Its last day; to the minute when it does not end with a day. */
export function lastText(to: string, language: Language): string {
  return timeText(to) === "00:00" ? dateText(new Date(Date.parse(to) - 1), language) : momentText(to, language)
}

// What speaks for the organisation, its signed documents going out and taken back, is handed on only when it is meant.
const SIGNED_OFF: readonly Permission[] = ["documents.send", "documents.recall"]

export const usual = ({ delegable }: Pick<OwnPost, "delegable">): Permission[] => delegable.filter((one) => !SIGNED_OFF.includes(one))
