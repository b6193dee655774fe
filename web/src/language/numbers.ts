// Numbers and money. Intl's compact form of money ("154 T") is ambiguous in Vietnamese and not used.
import type { Language } from "./language"

const locale = (language: Language) => (language === "vi" ? "vi-VN" : "en-GB")

/**
 * Whether both languages write it as a program does: a whole number below a thousand. An Intl.NumberFormat reads the
 * numbers of all languages when the first one is made (30 ms, 110 on an old machine), which the first page can do without.
 */
export const writtenAlike = (value: number) => Number.isInteger(value) && value >= 0 && value < 1000

/** "1.305,5", "1,305.5" */
export function numberText(value: number, language: Language, decimals = 1): string {
  return writtenAlike(value) ? String(value) : new Intl.NumberFormat(locale(language), { maximumFractionDigits: decimals }).format(value)
}

/** To the dong, for tables: "154.300.000.000 ₫", "VND 154,300,000,000". */
export function moneyText(dong: number, language: Language): string {
  const amount = numberText(dong, language, 0)
  return language === "vi" ? `${amount}\u00a0₫` : `VND\u00a0${amount}`
}

/** For prose: "154,3 tỷ đồng", "VND 154.3 billion"; below a billion in millions. */
export function moneyProse(dong: number, language: Language): string {
  const billions = Math.abs(dong) >= 1e9
  const amount = numberText(dong / (billions ? 1e9 : 1e6), language)
  if (language === "en") return `VND ${amount} ${billions ? "billion" : "million"}`
  return `${amount} ${billions ? "tỷ" : "triệu"} đồng`
}

/** "48,2 kB" */
export function bytesText(bytes: number, language: Language): string {
  const units = ["B", "kB", "MB", "GB", "TB"]
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${numberText(bytes / 1000 ** step, language)} ${units[step]}`
}
