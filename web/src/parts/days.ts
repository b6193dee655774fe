// A day as somebody types or pastes it, and as the API writes it: "2026-11-20".
const EARLIEST = 1900

function written(year: string, month: string, day: string): string | undefined {
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`
  const read = new Date(`${iso}T00:00:00Z`)
  const exists = !Number.isNaN(read.getTime()) && read.toISOString().startsWith(iso)
  return exists && isYear(Number(year)) ? iso : undefined
}

/** Years of fewer figures are still being typed. */
export const isYear = (year: number) => year >= EARLIEST && year <= 9999

/** "20/11/2026", "20-11-2026", "20.11.2026", "20112026" and "2026-11-20", "2026/11/20"; nothing for anything else. */
export function readDay(text: string): string | undefined {
  const plain = text.trim()
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(plain)
  if (iso) return written(iso[1] ?? "", iso[2] ?? "", iso[3] ?? "")
  const usual = /^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})$/.exec(plain) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(plain)
  return usual ? written(usual[3] ?? "", usual[2] ?? "", usual[1] ?? "") : undefined
}
