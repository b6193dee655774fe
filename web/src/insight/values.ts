// How figures are written, by their unit.
import type { Schemas } from "../api/client"
import { minutesText } from "../language/dates"
import type { Language } from "../language/language"
import { moneyProse, numberText } from "../language/numbers"

export type Figure = Schemas["Figure"]

/** "45 giây", "12 phút 05 giây", "2 giờ 05 phút", "3 ngày 4 giờ": two units at most. */
export function durationText(seconds: number, language: Language): string {
  const [second, minute, hour, day] = language === "vi" ? ["giây", "phút", "giờ", "ngày"] : ["s", "min", "h", "d"]
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} ${second}`
  if (whole < 3600) {
    const rest = whole % 60
    return `${Math.floor(whole / 60)} ${minute}${rest === 0 ? "" : ` ${String(rest).padStart(2, "0")} ${second}`}`
  }
  if (whole < 2 * 86_400) return minutesText(whole / 60, language)
  const hours = Math.round(whole / 3600)
  const days = `${numberText(Math.floor(hours / 24), language)} ${day}`
  return hours % 24 === 0 ? days : `${days} ${hours % 24} ${hour}`
}

export function valueText(unit: Figure["unit"], value: number, language: Language): string {
  switch (unit) {
    case "seconds":
      return durationText(value, language)
    case "permille":
      return language === "vi" ? `${numberText(value / 10, language)}\u00a0%` : `${numberText(value / 10, language)}%`
    case "dong":
      return moneyProse(value, language)
    default:
      return numberText(value, language)
  }
}

/** Against the period before; by how much of it only where that says something. */
export function changeOf({ value, previous, unit }: Pick<Figure, "value" | "previous" | "unit">) {
  if (value === undefined || previous === undefined) return undefined
  const way = value === previous ? "same" : value > previous ? "more" : "less"
  const share = unit === "permille" || previous <= 0 ? undefined : Math.round((1000 * Math.abs(value - previous)) / previous)
  return { way, share } as const
}

/** The page with the list that makes a figure, from the address that the server names. */
export function listAddress(query: string | undefined): string | undefined {
  const asked = query?.split("?")[1]
  return asked === undefined ? undefined : `/figures/list?${asked}`
}

/** A decimal number as somebody writes it in this language, as the API takes it: "28.760,5" is "28760.5". */
export function decimalOf(typed: string, language: Language): string | undefined {
  const bare = typed.replaceAll(/[\s\u00a0]/g, "")
  const plain = language === "vi" ? bare.replaceAll(".", "").replace(",", ".") : bare.replaceAll(",", "")
  return /^\d{1,12}(\.\d{1,6})?$/.test(plain) ? plain : undefined
}

/** The other way round: "28760.5" is "28.760,5". */
export const decimalText = (decimal: string, language: Language) => numberText(Number(decimal), language, 6)
