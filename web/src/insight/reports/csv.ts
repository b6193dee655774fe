// A monthly report as its CSV says it (docs/formats/insight.md).
import type { Figure } from "../values"

export interface Line {
  figure: string
  definition: string
  unit: Figure["unit"]
  value?: number
}

/** RFC 4180, with or without a byte order mark. */
export function cellsOf(csv: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, bare, end] of csv.replace(/^\ufeff/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare ?? "")
    if (end === ",") continue
    if (row.length > 1) rows.push(row)
    row = []
    if (end === "") break
  }
  return rows
}

const UNITS = ["seconds", "documents", "deliveries", "permille", "dong"] as const

/** The figures of the whole exchange, without those of single organisations and without assumptions. */
export function linesOf(csv: string): Line[] {
  const [heads = [], ...rows] = cellsOf(csv)
  const at = (name: string) => heads.indexOf(name)
  const [organisation, figure, definition, unit, value] = [at("organisation"), at("figure"), at("definition"), at("unit"), at("value")]
  return rows.flatMap((row) => {
    const known = UNITS.find((one) => one === row[unit])
    if (known === undefined || row[organisation] !== "" || (row[figure] ?? "").startsWith("assumption.")) return []
    const written = row[value] ?? ""
    const line: Line = { figure: row[figure] ?? "", definition: row[definition] ?? "", unit: known }
    return [written === "" ? line : { ...line, value: Number(written) }]
  })
}

export interface Pair {
  figure: string
  unit: Figure["unit"]
  before: number | undefined
  after: number | undefined
  /** Both were computed by the same definition, and so can be compared. */
  alike: boolean
}

/** Figure by figure, in the order of the later month. */
export function pairsOf(before: readonly Line[], after: readonly Line[]): Pair[] {
  const earlier = new Map(before.map((one) => [one.figure, one]))
  return after.map(({ figure, unit, value, definition }) => {
    const one = earlier.get(figure)
    return { figure, unit, before: one?.value, after: value, alike: one?.definition === definition }
  })
}
