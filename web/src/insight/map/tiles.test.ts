import { expect, test } from "vitest"
import { COLUMNS, placed, ROWS, shade, thresholds, TILES } from "./tiles"

test("34 provinces, each of the 63 codes of before once, and no two in one place", () => {
  expect(TILES.length).toBe(34)
  expect(TILES.flatMap((one) => one.codes).sort((a, b) => a - b)).toEqual(Array.from({ length: 63 }, (_, i) => i + 1))
  const places = [...TILES, ...TILES.flatMap((one) => one.zone ?? [])].map(({ column, row }) => `${column} ${row}`)
  expect(new Set(places).size).toBe(36)
  for (const { column, row } of TILES) expect(column < COLUMNS && row < ROWS).toBe(true)
  expect(new Set(TILES.map((one) => one.short)).size).toBe(34)
})

test("Hoàng Sa is a part of Đà Nẵng, Trường Sa of Khánh Hòa", () => {
  expect(TILES.filter((one) => one.zone).map((one) => [one.zone?.name, one.name])).toEqual([
    ["Hoàng Sa", "Đà Nẵng"],
    ["Trường Sa", "Khánh Hòa"],
  ])
})

const one = (code: string, deliveries: number, late = 0) => ({ organisation: { code, name: `Tên ${code}` }, deliveries, answered_late: 1, late_now: late })

test("what became one province is counted together, with what is below it", () => {
  const { provinces, central, elsewhere } = placed([one("H24", 5), one("H23.01", 2, 3), one("H49.06", 4), one("G12.01", 1), one("G12", 7), one("K97", 9), one("H64", 1), one("", 1)])
  expect(provinces.get("hph")).toMatchObject({ deliveries: 7, late: 5 })
  expect(provinces.get("hph")?.organisations.length).toBe(2)
  expect(provinces.get("qni")?.deliveries).toBe(4)
  expect(central).toMatchObject([{ code: "G12", name: "Tên G12", deliveries: 8 }])
  expect(elsewhere.map(({ organisation }) => organisation.code)).toEqual(["K97", "H64", ""])
})

test("shades are thirds of the greatest, and nothing has none", () => {
  const at = thresholds(90)
  expect([0, 1, 29, 30, 59, 60, 90].map((value) => shade(value, at))).toEqual([0, 1, 1, 2, 2, 3, 3])
  expect([0, 1, 2, 3].map((value) => shade(value, thresholds(1)))).toEqual([0, 1, 2, 3])
})
