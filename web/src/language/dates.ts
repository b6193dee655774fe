// Dates and times as the administration writes them, in Viet Nam's time (UTC+7, no summer time), whatever the clock of
// the machine is set to. Intl's short forms are of no use here: they say "12/3/19".
import type { Language } from "./language"
import { numberText } from "./numbers"

const ZONE_MS = 7 * 3600_000
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
const two = (number: number) => String(number).padStart(2, "0")

interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

function partsOf(instant: Date): Parts {
  const local = new Date(instant.getTime() + ZONE_MS)
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  }
}

function day({ year, month, day }: Pick<Parts, "year" | "month" | "day">, language: Language) {
  return language === "vi" ? `${two(day)}/${two(month)}/${year}` : `${day} ${MONTHS[month - 1]} ${year}`
}

/** "12/03/2019", "12 Mar 2019" */
export function dateText(instant: Date | string, language: Language): string {
  return day(partsOf(new Date(instant)), language)
}

/** Of a day without time, as the API writes it: "2019-03-12". */
export function dayText(written: string, language: Language): string {
  const [year = 0, month = 1, date = 1] = written.split("-").map(Number)
  return day({ year, month, day: date }, language)
}

/** "10:35" */
export function timeText(instant: Date | string): string {
  const { hour, minute } = partsOf(new Date(instant))
  return `${two(hour)}:${two(minute)}`
}

/** "10:35 12/03/2019", "10:35, 12 Mar 2019": the time first, as in registers. */
export function momentText(instant: Date | string, language: Language): string {
  return `${timeText(instant)}${language === "vi" ? " " : ", "}${dateText(instant, language)}`
}

/**
 * "ngày 05 tháng 02 năm 2020": as on official papers (Decree 30/2020), where days below 10 and months below 3 have a
 * zero in front. In English "5 February 2020".
 */
export function officialDateText(written: string, language: Language): string {
  const [year = 0, month = 1, date = 1] = written.split("-").map(Number)
  if (language === "en") {
    const name = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" }).format(Date.UTC(year, month - 1, 1))
    return `${date} ${name} ${year}`
  }
  return `ngày ${two(date)} tháng ${month < 3 ? two(month) : month} năm ${year}`
}

/** Whether both are on the same day in Viet Nam. */
export function isSameDay(a: Date, b: Date): boolean {
  return dateText(a, "vi") === dateText(b, "vi")
}

/** Whether both are in the same week in Viet Nam, which begins on Monday. */
export function isSameWeek(a: Date, b: Date): boolean {
  const WEEK_MS = 7 * 86_400_000
  const MONDAY_MS = 4 * 86_400_000 // 5 January 1970 was one
  const weekOf = (instant: Date) => Math.floor((instant.getTime() + ZONE_MS - MONDAY_MS) / WEEK_MS)
  return weekOf(a) === weekOf(b)
}

/** The start of a day in Viet Nam, for the API: "2019-03-12" is 2019-03-11T17:00:00Z. */
export function startOfDay(written: string, days = 0): string {
  return new Date(Date.parse(`${written}T00:00:00Z`) + days * 86_400_000 - ZONE_MS).toISOString()
}

/** "2 giờ 05 phút", "2 h 05 min"; below an hour the minutes alone. */
export function minutesText(minutes: number, language: Language): string {
  const whole = Math.max(0, Math.round(minutes))
  const hours = Math.floor(whole / 60)
  const rest = whole % 60
  const [hour, minute] = language === "vi" ? ["giờ", "phút"] : ["h", "min"]
  if (hours === 0) return `${rest} ${minute}`
  const amount = numberText(hours, language)
  return rest === 0 ? `${amount} ${hour}` : `${amount} ${hour} ${two(rest)} ${minute}`
}
