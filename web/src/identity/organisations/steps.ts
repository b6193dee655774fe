// The times at which the directory changed, as days of Viet Nam.
import type { Schemas } from "../../api/client"
import { startOfDay } from "../../language/dates"

export interface Step {
  day: string
  began: number
  ended: number
  organisations: Schemas["ChangedOrganisation"][]
}

const DAY_MS = 86_400_000
const ZONE_MS = 7 * 3_600_000

/** The day of Viet Nam: of "2026-06-30T17:00:00Z" 2026-07-01. */
export const dayOf = (instant: string | Date) => new Date(new Date(instant).getTime() + ZONE_MS).toISOString().slice(0, 10)

const dayBefore = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10)

/** The last moment of a day, for `at`: what changed on it has changed. */
export const endOf = (day: string) => new Date(Date.parse(startOfDay(day, 1)) - 1).toISOString()

/** Changes of a day put together, the earliest first. */
export function stepsOf(changes: readonly Schemas["DirectoryChange"][]): Step[] {
  const byDay = new Map<string, Step>()
  for (const { at, began, ended, organisations } of changes) {
    const day = dayOf(at)
    const step = byDay.get(day) ?? { day, began: 0, ended: 0, organisations: [] }
    byDay.set(day, { day, began: step.began + began, ended: step.ended + ended, organisations: [...step.organisations, ...organisations] })
  }
  return [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
}

/** Where the slider stops: before the first change, at each, and today. */
export function pointsOf(steps: readonly Step[], today: string): string[] {
  const first = steps[0]
  const days = [...(first ? [dayBefore(first.day)] : []), ...steps.map(({ day }) => day), today]
  return [...new Set(days)].sort()
}

/** The stop that shows the same as that day. */
export function pointAt(points: readonly string[], day: string): number {
  return Math.max(0, points.findLastIndex((point) => point <= day))
}
