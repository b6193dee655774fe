// What the first page of a paper says of itself, by the places that Decree 30/2020/ND-CP gives it. It is offered to
// whoever sends and held against what they type; it is never taken without them.
import { KINDS } from "./kinds"

export interface Readings {
  code_number?: string
  code_notation?: string
  place?: string
  promulgation_date?: string // "2026-11-20"
  type_name?: string
  subject?: string
  recipients?: string[] // of an edXML file
}

const CODE = /Số\s*:\s*(\d+[a-zđ]?)\s*\/\s*([\p{Lu}\d][\p{L}\d&.\-–]*(?:\/[\p{L}\d&.\-–]+)*)/u
const DATED = /(?:([\p{Lu}][\p{L} .]*?),\s*)?ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})/u
const ABOUT = /^(?:V\/v|Về việc)[:\s]/iu
const SUBJECT_LINES = 4
const two = (digits: string) => digits.padStart(2, "0")

/** From the lines of the first page; columns are kept apart by tabs. */
export function readLines(lines: readonly string[]): Readings {
  const found: Readings = {}
  const cells = lines.flatMap((line) => line.split("\t")).map((cell) => cell.trim())
  const all = cells.join("\n")
  const code = CODE.exec(all)
  if (code) Object.assign(found, { code_number: code[1], code_notation: code[2] })
  const dated = DATED.exec(all)
  if (dated) {
    const [, place, day = "", month = "", year] = dated
    found.promulgation_date = `${year}-${two(month)}-${two(day)}`
    if (place) found.place = place.trim()
  }
  const upper = new Map<string, string>(KINDS.map((kind) => [kind.toLocaleUpperCase("vi"), kind]))
  const titled = cells.map((cell) => upper.get(cell)).find((kind) => kind !== undefined)
  const subject = subjectIn(lines)
  if (subject) found.subject = subject
  if (titled) found.type_name = titled
  else if (cells.some((cell) => /^V\/v/u.test(cell))) found.type_name = "Công văn"
  return found
}

// "V/v …" goes on below itself until the next part of the paper begins.
function subjectIn(lines: readonly string[]): string | undefined {
  const rows = lines.map((line) => line.split("\t").map((cell) => cell.trim()))
  const first = rows.findIndex((cells) => cells.some((cell) => ABOUT.test(cell)))
  if (first < 0) return undefined
  const words: string[] = []
  for (const cells of rows.slice(first, first + SUBJECT_LINES)) {
    const cell = words.length === 0 ? cells.find((one) => ABOUT.test(one)) : cells[0]
    if (!cell || /^(Kính gửi|Căn cứ|Thực hiện|_{2,}|-{3,})|:$/u.test(cell)) break
    words.push(cell)
    if (/\.$/u.test(cell)) break
  }
  const said = words.join(" ").replace(/^V\/v[:\s]*/iu, "Về việc ")
  return said.replace(/\.$/u, "").replace(/\s+/g, " ")
}

const member = (header: string, name: string) =>
  new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(header)?.[1]?.trim() || undefined

const XML = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" } as const
const plain = (text: string) => text.replace(/&(?:lt|gt|quot|apos|amp);/g, (one) => XML[one as keyof typeof XML])

/** From the beginning of an edXML file; what it says is sent as it is. */
export function readEdxml(beginning: string): Readings {
  const found: Readings = {}
  const take = (to: "code_number" | "code_notation" | "place" | "type_name" | "subject", name: string) => {
    const value = member(beginning, name)
    if (value) found[to] = plain(value)
  }
  take("code_number", "CodeNumber")
  take("code_notation", "CodeNotation")
  take("place", "Place")
  take("type_name", "TypeName")
  take("subject", "Subject")
  const day = member(beginning, "PromulgationDate")?.replaceAll("/", "-")
  if (day && /^\d{4}-\d{2}-\d{2}$/.test(day)) found.promulgation_date = day
  const to = [...beginning.matchAll(/<(?:\w+:)?To(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?To>/g)]
  found.recipients = to.map(([, one = ""]) => plain(member(one, "OrganName") ?? member(one, "OrganId") ?? "")).filter(Boolean)
  return found
}
