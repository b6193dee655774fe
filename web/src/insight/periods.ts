// Periods of figures: days of Viet Nam, written as in addresses ("2026-11-22").
import { dayText } from "../language/dates"
import type { Language } from "../language/language"

export interface Period {
  from: string
  to: string // the last day
}

const DAY = 86_400_000
const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const written = (moment: number) => new Date(moment).toISOString().slice(0, 10)

/** The day in Viet Nam. */
export const dayOf = (now: Date) => written(now.getTime() + 7 * 3_600_000)

export const daysIn = ({ from, to }: Period) => Math.round((at(to) - at(from)) / DAY) + 1

/** As long, and just before. */
export function periodBefore({ from, to }: Period): Period {
  return { from: written(at(from) - daysIn({ from, to }) * DAY), to: written(at(from) - DAY) }
}

/** "24/10/2026 – 22/11/2026" */
export const periodText = ({ from, to }: Period, language: Language) =>
  from === to ? dayText(from, language) : `${dayText(from, language)} – ${dayText(to, language)}`

/** "2026-10" as "10/2026". */
export const monthText = (month: string) => `${month.slice(5)}/${month.slice(0, 4)}`

export const PRESETS = ["week", "days30", "month", "lastMonth", "year"] as const
export type Preset = (typeof PRESETS)[number]

/** What somebody means by these words on that day. */
export function presetPeriod(preset: Preset, today: string): Period {
  const [year = 0, month = 1] = today.split("-").map(Number)
  switch (preset) {
    case "week":
      return { from: written(at(today) - 6 * DAY), to: today }
    case "days30":
      return { from: written(at(today) - 29 * DAY), to: today }
    case "month":
      return { from: written(Date.UTC(year, month - 1, 1)), to: today }
    case "lastMonth":
      return { from: written(Date.UTC(year, month - 2, 1)), to: written(Date.UTC(year, month - 1, 0)) }
    case "year":
      return { from: written(Date.UTC(year, 0, 1)), to: today }
  }
}

/** The last month that is over: "2026-10". */
export const lastMonth = (today: string) => presetPeriod("lastMonth", today).from.slice(0, 7)

export interface Bucket extends Period {
  value: number
  part: number
}

const MOST_BARS = 62

/** Days put together so that there are no more than 62 bars; days on which nothing happened are there as well. */
export function buckets(days: readonly { day: string; value: number; part: number }[], { from, to }: Period): Bucket[] {
  const length = Math.ceil(daysIn({ from, to }) / MOST_BARS)
  const made: Bucket[] = []
  for (let begin = at(from); begin <= at(to); begin += length * DAY)
    made.push({ from: written(begin), to: written(Math.min(at(to), begin + (length - 1) * DAY)), value: 0, part: 0 })
  for (const { day, value, part } of days) {
    const bucket = made[Math.floor((at(day) - at(from)) / DAY / length)]
    if (!bucket) continue
    bucket.value += value
    bucket.part += part
  }
  return made
}
