import { expect, test } from "vitest"
import { cellsOf, linesOf, pairsOf } from "./csv"

const HEAD = "period,as_of,organisation,direction,figure,definition,unit,value,at_least,low,high,numerator,denominator,source\r\n"
const row = (organisation: string, figure: string, unit: string, value: string, definition = "1") =>
  `2026-10,2026-11-22T23:32:08Z,${organisation},,${figure},${definition},${unit},${value},,,,0,0,\r\n`

test("cells with commas, quotes and line ends in them", () => {
  expect(cellsOf('\ufeffa,b\r\n"1,5","một ""hai""\r\nba"\r\n,\r\n')).toEqual([
    ["a", "b"],
    ["1,5", 'một "hai"\r\nba'],
    ["", ""],
  ])
  expect(cellsOf("a,b\nc,d")).toEqual([["a", "b"], ["c", "d"]])
  expect(cellsOf("")).toEqual([])
})

test("figures of the whole exchange alone, and nothing where there is no value", () => {
  const csv = `\ufeff${HEAD}${row("", "deliveries", "deliveries", "12")}${row("", "arrival.p50", "seconds", "")}${row("H49", "deliveries", "deliveries", "7")}${row("", "assumption.post.price", "dong/delivery", "28760", "0")}`
  expect(linesOf(csv)).toEqual([
    { figure: "deliveries", definition: "1", unit: "deliveries", value: 12 },
    { figure: "arrival.p50", definition: "1", unit: "seconds" },
  ])
  expect(linesOf("no report at all")).toEqual([])
})

test("two months side by side, and whether they can be compared", () => {
  const before = linesOf(HEAD + row("", "deliveries", "deliveries", "10") + row("", "late.share", "permille", "30"))
  const after = linesOf(HEAD + row("", "deliveries", "deliveries", "12") + row("", "late.share", "permille", "31", "2") + row("", "documents", "documents", "3"))
  expect(pairsOf(before, after)).toEqual([
    { figure: "deliveries", unit: "deliveries", before: 10, after: 12, alike: true },
    { figure: "late.share", unit: "permille", before: 30, after: 31, alike: false },
    { figure: "documents", unit: "documents", before: undefined, after: 3, alike: false },
  ])
})
