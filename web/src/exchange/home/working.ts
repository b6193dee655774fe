// How much working time is left until something is due, by the calendar that the server gives.
import type { Schemas } from "../../api/client"

type Calendar = Pick<Schemas["Calendar"], "year" | "hours" | "days">
const ZONE_MS = 7 * 3600_000 // Viet Nam, no summer time
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const minuteOf = (time: string) => {
  const [hour = 0, minute = 0] = time.split(":").map(Number)
  return hour * 60 + minute
}

function works(day: number, { days }: Calendar): boolean {
  const written = new Date(day).toISOString().slice(0, 10)
  const special = days.find((one) => one.day === written)
  if (special) return special.works
  const weekday = new Date(day).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/** In minutes; nothing for times outside the year of the calendar, and 0 for what is over. */
export function workingMinutes(calendar: Calendar, from: Date, to: Date): number | undefined {
  const begin = from.getTime() + ZONE_MS
  const end = to.getTime() + ZONE_MS
  if ([begin, end].some((time) => new Date(time).getUTCFullYear() !== calendar.year)) return undefined
  let sum = 0
  for (let day = begin - (begin % DAY_MS); day < end; day += DAY_MS) {
    if (!works(day, calendar)) continue
    for (const hours of calendar.hours) {
      const opens = Math.max(begin, day + minuteOf(hours.from) * MINUTE_MS)
      const closes = Math.min(end, day + minuteOf(hours.to) * MINUTE_MS)
      sum += Math.max(0, closes - opens)
    }
  }
  return Math.floor(sum / MINUTE_MS)
}
